"""Figures for Prometheus: answers by outcome, seconds, thumbs. Never a question.

With several workers (`bot.workers`) prometheus_client keeps the counts in files, and any worker tells the sum of all.
"""

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector

from bot.answer import Answer, Outcome

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The counts of one server, in a registry of its own, so that two servers in a process don't mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._answers = Counter("sidesvar_answers", "Answers by outcome", ["outcome"], registry=self.registry)
        self._seconds = Histogram(
            "sidesvar_answer_seconds", "Seconds from question to answer", buckets=_SECONDS, registry=self.registry
        )
        self._feedback = Counter("sidesvar_feedback", "Thumbs by kind", ["helpful"], registry=self.registry)
        for outcome in Outcome:
            self._answers.labels(outcome.value)
        for helpful in ("true", "false"):
            self._feedback.labels(helpful)

    def count_answer(self, answer: Answer, seconds: float) -> None:
        """One answer more, of its outcome, and the time the visitor waited for it."""
        self._answers.labels(Outcome(answer.outcome).value).inc()
        self._seconds.observe(seconds)

    def count_feedback(self, helpful: bool) -> None:
        """One thumb more, up or down."""
        self._feedback.labels(str(helpful).lower()).inc()

    def to_text(self) -> bytes:
        """All figures in Prometheus' text format."""
        if values.ValueClass is values.MutexValue:
            return generate_latest(self.registry)
        summed = CollectorRegistry()
        MultiProcessCollector(summed)  # type: ignore[no-untyped-call]
        return generate_latest(summed)
