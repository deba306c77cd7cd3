"""The gate: the probability that the page answers, and the line between answering and refusing.

A first gate, without a reader: a logistic regression over four figures that need no model. Its
weights were fitted by `python -m index.train gate` on the training pages.
"""

import math
from collections.abc import Sequence

from bot.answerers import Question
from bot.dialogue import content_words
from index.danish import Vocabulary, stem, words
from index.search import Candidate

# Intercept, then one weight a feature.
WEIGHTS = (-4.0, 1.5, 2.5, 3.0, 0.3)
THRESHOLD = 0.5


def gate_features(question: Question, candidates: Sequence[Candidate], vocabulary: Vocabulary) -> tuple[float, ...]:
    """What tells an answered question from another, for candidates best first, at least one.

    - the share of the question's words that the page has at all, in [0, 1];
    - the share that the best sentence has with its heading and the sentence before it, in [0, 1];
    - the cosine of question and best sentence, in [-1, 1];
    - the best sentence's fused z-score.
    """
    best = candidates[0]
    asked = {stem(vocabulary.correct(word)) for word in content_words(question.alone)}
    known = {word for word in asked if vocabulary.knows(word)}
    before = best.placed.previous.sentence.text if best.placed.previous else ""
    near = f"{best.placed.page.title} {best.placed.sentence.heading} {before} {best.placed.sentence.text}"
    here = {stem(word) for word in words(near)}
    total = max(1, len(asked))
    return len(known) / total, len(asked & here) / total, best.dense, best.score


class Gate:
    """Tells how sure it is, in [0, 1]; at `threshold` and above the bot answers."""

    threshold = THRESHOLD

    def confidence(self, question: Question, candidates: Sequence[Candidate], vocabulary: Vocabulary) -> float:
        """The probability that the best candidate answers; 0 without candidates."""
        if not candidates:
            return 0.0
        features = gate_features(question, candidates, vocabulary)
        logit = WEIGHTS[0] + sum(weight * value for weight, value in zip(WEIGHTS[1:], features, strict=True))
        return 1 / (1 + math.exp(-logit))
