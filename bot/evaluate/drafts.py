"""Feedback from the chat made into drafts of questions, for an editor to judge.

A draft has what is known: the question, what the answer cited where a visitor called it helpful, the comment. Each is
marked with `to_judge`, and the evaluation passes over it until that field is gone: a visitor's thumb decides no figure.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from bot.answer import Outcome
from bot.feedback import Feedback
from bot.text import Text, load_text


@dataclass(frozen=True)
class Drafts:
    """The drafts, and how many thumbs had no question to make one of.

    :param rows: as own questions are written, oldest first.
    """

    rows: tuple[dict[str, Any], ...]
    without_question: int

    def lines(self) -> Iterator[str]:
        """Each as a line of JSON."""
        return (json.dumps(row, ensure_ascii=False) + "\n" for row in self.rows)


def draft_questions(feedback: Iterable[Feedback], language: str = "da") -> Drafts:
    """One draft for each question, whichever answers it got.

    :param feedback: oldest first; a later thumb for the same question and answer goes before an earlier one.
    :param language: of what the editor is told to decide.
    """
    text = load_text(language)
    latest: dict[tuple[str, tuple[str, ...], str], Feedback] = {}
    without = 0
    for thumb in feedback:
        if not thumb.question:
            without += 1
            continue
        key = (" ".join(thumb.question.lower().split()), thumb.history, thumb.answer_id)
        before = latest.get(key)
        latest[key] = thumb if thumb.comment or before is None else replace(thumb, comment=before.comment)
    rows = tuple(_draft(number, thumb, text) for number, thumb in enumerate(latest.values(), 1))
    return Drafts(rows, without)


def _draft(number: int, thumb: Feedback, text: Text) -> dict[str, Any]:
    answered = thumb.outcome == Outcome.ANSWERED
    case = ("helpful" if thumb.helpful else "unhelpful") + ("_answer" if answered else "_refusal")
    draft: dict[str, Any] = {
        "id": f"feedback-{thumb.answer_id[:8]}-{number}",
        "question": thumb.question,
        "kind": "other",
        "answerable": answered,
        "facts": [],
        "evidence": [quote for _, quote in thumb.cited] if thumb.helpful and answered else [],
    }
    if thumb.history:
        draft["history"] = list(thumb.history)
    if thumb.comment:
        draft["comment"] = thumb.comment
    return draft | {"to_judge": text[f"drafts.{case}"]}
