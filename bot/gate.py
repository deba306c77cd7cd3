"""The gate: the probability that the page answers, and the line between answering and refusing.

A logistic regression over what the reader and the search found and what the question asks for, read from
`gate.json` beside this file. `bot.calibrate` fits it, on pages that the reader was not trained on. Each question
stands for itself: nothing of the conversation is counted, so the gate does not fade with it.

Errors: `GateError` for a `gate.json` of another format, or without weights for the reader in use.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.answerers import Question
from bot.asking import Asked, asked_for, holds, numbers_in
from bot.dialogue import content_words
from bot.unknown import unknown_names
from index.danish import Vocabulary, stem, words
from index.search import Candidate

FORMAT = 1
GATES = Path(__file__).resolve().parent / "gate.json"
# Logits beyond this say no more than that the reader is sure.
_SURE = 12.0
_TOLD = (Asked.WHO, Asked.WHEN, Asked.WHERE, Asked.HOW_MANY, Asked.HOW_MUCH, Asked.CONTACT, Asked.WHY, Asked.YES_NO)


class GateError(Exception):
    """No gate to be had; the message says why, and what to do."""


@dataclass(frozen=True)
class Risk:
    """What answering at and above a confidence brings, as counted on the calibration questions.

    :param answered: share of the questions that are answered.
    :param wrong: share of the questions that are answered wrongly: without the right sentence among those told, or
        though the page does not answer.
    """

    confidence: float
    answered: float
    wrong: float


def gate_features(question: Question, candidates: Sequence[Candidate], vocabulary: Vocabulary) -> dict[str, float]:
    """What tells an answered question from another, for candidates best first, at least one.

    Shares are in [0, 1], reader logits in [-12, 12]; without a reader the search's score is told instead.
    """
    best = candidates[0]
    asked = {stem(vocabulary.correct(word)) for word in content_words(question.alone)}
    known = {word for word in asked if vocabulary.knows(word)}
    kind = asked_for(question.asked)
    numbers = set(numbers_in(question.alone))
    total = max(1, len(asked))
    features = {
        "known_words": len(known) / total,
        "words_here": len(asked & _words_around(best)) / total,
        "lexical": math.log1p(best.lexical),
        "lexical_gap": math.log1p(max(other.lexical for other in candidates)) - math.log1p(best.lexical),
        "dense": best.dense,
        "dense_gap": max(other.dense for other in candidates) - best.dense,
        "length": math.log1p(len(asked)),
        "unknown_names": float(bool(unknown_names(question.alone, vocabulary))),
        "unknown_numbers": float(any(not vocabulary.knows(number) for number in numbers)),
        "holds": float(holds(kind, best.placed.sentence.text)),
        "english": float(question.language == "en"),
        **{f"asks_{told}": float(kind is told) for told in _TOLD},
    }
    return features | _reader_features(candidates)


def _words_around(candidate: Candidate) -> set[str]:
    """The stems of the candidate's sentence, the one before it, its heading and title."""
    placed = candidate.placed
    before = placed.previous.sentence.text if placed.previous else ""
    near = f"{placed.page.title} {placed.sentence.heading} {before} {placed.sentence.text}"
    return {stem(word) for word in words(near)}


def _reader_features(candidates: Sequence[Candidate]) -> dict[str, float]:
    logits = sorted((candidate.reader for candidate in candidates if candidate.reader is not None), reverse=True)
    if not logits:
        return {"search": candidates[0].score}
    best = candidates[0].reader if candidates[0].reader is not None else logits[0]
    others = [logit for logit in logits if logit != best] or [-_SURE]
    any_of = logits[0] + math.log(math.fsum(math.exp(logit - logits[0]) for logit in logits))
    return {
        "reader": _within(best),
        "reader_lead": _within(best - others[0]),
        "reader_any": _within(any_of),
        "reader_unsure": 1 / (1 + math.exp(abs(_within(best)))),
    }


def _within(logit: float) -> float:
    return max(-_SURE, min(_SURE, logit))


@dataclass(frozen=True)
class Gate:
    """Tells how sure it is, in [0, 1]; at `threshold` and above the bot answers.

    :param weights: one a feature, by its name; features that are not named count nothing.
    :param risks: by rising confidence.
    """

    intercept: float
    weights: Mapping[str, float]
    risks: tuple[Risk, ...] = ()
    threshold: float = 0.5

    def confidence(self, question: Question, candidates: Sequence[Candidate], vocabulary: Vocabulary) -> float:
        """The probability that the right sentence is among the first three; 0 without candidates."""
        if not candidates:
            return 0.0
        return self.probability(gate_features(question, candidates, vocabulary))

    def probability(self, features: Mapping[str, float]) -> float:
        """The same of features; one that is missing counts 0."""
        logit = self.intercept + math.fsum(weight * features.get(name, 0.0) for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-_within(logit)))


def threshold_for(risks: Sequence[Risk], max_wrong: float) -> float:
    """The lowest confidence at which at most `max_wrong` of the questions are answered wrongly; 1 where there is none.

    With .4 wrong at .2, .1 at .6 and .02 at .8, and `max_wrong` .05, it is .8.
    """
    return min((risk.confidence for risk in risks if risk.wrong <= max_wrong), default=1.0)


def load_gate(reader: str, max_wrong: float, *, path: Path = GATES) -> Gate:
    """The gate for a reader by its name, or for none (""), with the threshold for a stated error rate.

    :param max_wrong: share of the questions that may be answered wrongly, in (0, 1).
    :raises GateError: when the file can't be read, or has no gate for that reader.
    """
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise GateError(f"{path} can't be read: {error}; check the file out again") from error
    if stored.get("gate_format") != FORMAT:
        raise GateError(f"{path} is of format {stored.get('gate_format')}; this program reads format {FORMAT}")
    if reader not in stored["gates"]:
        names = ", ".join(repr(name) for name in stored["gates"])
        raise GateError(f"{path} has no gate for reader {reader!r}, but for {names}: run `python -m bot.calibrate`")
    gate = stored["gates"][reader]
    risks = tuple(Risk(*row) for row in gate["risks"])
    return Gate(gate["intercept"], gate["weights"], risks, threshold_for(risks, max_wrong))
