"""Why the bot answers as it does: each candidate's scores, and whether it was used, in plain words."""

from collections.abc import Sequence
from typing import Any

from bot.answer import Answer
from bot.answerers.extractive import WORTH_TELLING, choose, shares_of
from bot.asking import asked_for
from bot.bot import Judged
from bot.text import load_text
from index.search import Candidate


def explain(judged: Sequence[Judged], answer: Answer, threshold: float) -> dict[str, Any]:
    """The question's parts with their candidates, best first, as JSON values.

    `used` is "cited", or why not: "refused" (the gate), "outscored" (others were likelier by far), "unread" (the search
    put too many before it). `why` says the same in a sentence, with the numbers that decided.
    """
    cited = {(citation.page, citation.start) for citation in answer.citations}
    return {
        "question": answer.question,
        "outcome": answer.outcome,
        "threshold": round(threshold, 4),
        "parts": [_part(part, cited, threshold) for part in judged],
    }


def _part(part: Judged, cited: set[tuple[str, int]], threshold: float) -> dict[str, Any]:
    refused = part.confidence < threshold
    told = {candidate.placed.number for candidate in choose(part.candidates)}
    shares = shares_of(part.candidates)
    return {
        "asked": part.question.asked,
        "alone": part.question.alone,
        "also_read_as": part.question.also,
        "asks_for": asked_for(part.question.asked),
        "confidence": round(part.confidence, 4),
        "decision": _decision(part.confidence, threshold),
        "candidates": [
            _candidate(candidate, share, _use(candidate, share, cited=cited, told=told, refused=refused))
            for candidate, share in zip(part.candidates, shares, strict=True)
        ],
    }


def _candidate(candidate: Candidate, share: float | None, use: tuple[str, str]) -> dict[str, Any]:
    sentence = candidate.placed.sentence
    return {
        "sentence": sentence.text,
        "start": sentence.start,
        "end": sentence.end,
        "page": candidate.placed.page.id,
        "heading": sentence.heading,
        "lexical": round(candidate.lexical, 3),
        "dense": round(candidate.dense, 3),
        "passage": round(candidate.passage, 3),
        "reader": None if candidate.reader is None else round(candidate.reader, 3),
        "score": round(candidate.score, 3),
        "share": None if share is None else round(share, 3),
        "used": use[0],
        "why": use[1],
    }


def _decision(confidence: float, threshold: float) -> str:
    text = load_text("da")
    key = "answered" if confidence >= threshold else "refused"
    return text[f"explain.{key}"].format(confidence=confidence, threshold=threshold)


def _use(
    candidate: Candidate, share: float | None, *, cited: set[tuple[str, int]], told: set[int], refused: bool
) -> tuple[str, str]:
    """(the word, the sentence)"""
    placed = candidate.placed
    if (placed.page.id, placed.sentence.start) in cited:
        word, reason = "cited", "chosen" if placed.number in told else "beside"
    elif refused:
        word, reason = "refused", "not_told"
    elif share is None:
        word = reason = "unread"
    else:
        word, reason = "outscored", "outscored" if share < WORTH_TELLING else "enough"
    return word, load_text("da")[f"explain.{reason}"].format(share=share or 0.0, least=WORTH_TELLING)
