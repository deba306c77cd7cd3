"""Why the bot answers as it does: each candidate's scores, and whether it was used."""

from collections.abc import Sequence
from typing import Any

from bot.answer import Answer
from bot.bot import Judged


def explain(judged: Sequence[Judged], answer: Answer, threshold: float) -> dict[str, Any]:
    """The question's parts with their candidates, best first, as JSON values.

    `used` is "cited", or why not: "refused" (the gate), "outscored" (another sentence was better).
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
    return {
        "asked": part.question.asked,
        "alone": part.question.alone,
        "confidence": round(part.confidence, 4),
        "candidates": [
            {
                "sentence": candidate.placed.sentence.text,
                "start": candidate.placed.sentence.start,
                "end": candidate.placed.sentence.end,
                "page": candidate.placed.page.id,
                "heading": candidate.placed.sentence.heading,
                "lexical": round(candidate.lexical, 3),
                "dense": round(candidate.dense, 3),
                "passage": round(candidate.passage, 3),
                "reader": None if candidate.reader is None else round(candidate.reader, 3),
                "score": round(candidate.score, 3),
                "used": _use((candidate.placed.page.id, candidate.placed.sentence.start) in cited, refused),
            }
            for candidate in part.candidates
        ],
    }


def _use(is_cited: bool, refused: bool) -> str:
    if is_cited:
        return "cited"
    return "refused" if refused else "outscored"
