"""Two runs of the same questions: paired differences with intervals, and which answers changed.

Pairing takes out how hard the questions are: both runs are resampled with the same draws (Efron &
Tibshirani 1993, ch. 8), so a difference's interval is about the change alone.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.evaluate import EvaluationError
from bot.evaluate.figures import SEED, Columns, Figure, Figures, figure, resamples, statistics, to_json
from bot.evaluate.judge import Verdict
from index import measures


@dataclass(frozen=True)
class Comparison:
    """This run minus the baseline, over the questions that both asked.

    :param better: ids of the questions that are right now and were not; `worse` the other way round.
    :param left_out: how many questions only one of the runs asked.
    """

    differences: Figures
    better: tuple[str, ...]
    worse: tuple[str, ...]
    left_out: int

    def to_json(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self) | {"differences": to_json(self.differences)}


def compare(verdicts: Sequence[Verdict], baseline: Sequence[Verdict]) -> Comparison:
    """Compare a run with a baseline.

    :raises EvaluationError: when they have no question in common.
    """
    before = {verdict.id: verdict for verdict in baseline}
    pairs = [(verdict, before[verdict.id]) for verdict in verdicts if verdict.id in before]
    if not pairs:
        raise EvaluationError("the baseline has no question in common with this run; was it made from another file?")
    now, then = statistics(Columns([new for new, _ in pairs])), statistics(Columns([old for _, old in pairs]))
    differences: dict[str, list[Any]] = {name: [] for name in now}
    for weights in measures.draws(len(pairs), resamples(len(pairs)), SEED):
        for name in now:
            differences[name].append(now[name][0](weights) - then[name][0](weights))
    figures: dict[str, Figure] = {
        name: figure(statistic(None) - then[name][0](None), differences[name], n)
        for name, (statistic, n) in now.items()
    }
    return Comparison(
        figures,
        better=tuple(new.id for new, old in pairs if new.right and not old.right),
        worse=tuple(new.id for new, old in pairs if old.right and not new.right),
        left_out=len(verdicts) + len(baseline) - 2 * len(pairs),
    )
