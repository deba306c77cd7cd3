"""Figures of a run, each with a 95 % interval, in total and by kind of question.

Owns what each figure counts and over which questions; the arithmetic is `index.measures`. The interval is
the percentile bootstrap (Efron 1979): the questions are drawn with replacement 1,000 times (200, where there are
over 20,000) and the figure is taken anew. It says how much the figure depends on which questions were asked, not
on which pages.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.evaluate.judge import SHOWN, Verdict
from index import measures
from index.measures import Floats

RESAMPLES = 1000
FEW_RESAMPLES = 200
MANY_QUESTIONS = 20_000
SEED = 20261124
Statistic = Callable[[Floats | None], Floats]


@dataclass(frozen=True)
class Figure:
    """A value and its interval; all are None where there is nothing to count.

    :param n: how many questions it is about.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int


Figures = dict[str, Figure]
NAMES = (
    "evidence_at_1",
    "evidence_at_3",
    "facts",
    "answered_rate",
    "refused_rate",
    "correct",
    "right_when_answered",
    "auroc",
    "auroc_near",
    "auroc_off",
    "aurc",
    "ece",
    "quotes_verbatim",
    "latency_ms.p50",
    "latency_ms.p95",
)


class Columns:
    """Verdicts as one array a field, in their order."""

    def __init__(self, verdicts: Sequence[Verdict]) -> None:
        self.kind = np.array([verdict.kind for verdict in verdicts], dtype=object)
        self.answerable = _flags(verdict.answerable for verdict in verdicts)
        self.answered = _flags(verdict.answered for verdict in verdicts)
        self.refused = _flags(verdict.refused for verdict in verdicts)
        self.found = _flags(verdict.found for verdict in verdicts)
        self.right = _flags(verdict.right for verdict in verdicts)
        self.confidence = _numbers(verdict.confidence for verdict in verdicts)
        self.rank = _numbers(math.nan if verdict.rank is None else verdict.rank for verdict in verdicts)
        self.facts = _numbers(math.nan if verdict.facts is None else verdict.facts for verdict in verdicts)
        self.quotes = _numbers(verdict.quotes for verdict in verdicts)
        self.verbatim = _numbers(verdict.verbatim for verdict in verdicts)
        self.latency_ms = _numbers(verdict.latency_ms for verdict in verdicts)

    def __len__(self) -> int:
        return len(self.answerable)


def _flags(values: Any) -> NDArray[np.bool_]:
    return np.fromiter(values, dtype=np.bool_)


def _numbers(values: Any) -> Floats:
    return np.fromiter(values, dtype=np.float64)


def measure(verdicts: Sequence[Verdict]) -> tuple[Figures, dict[str, Figures]]:
    """The figures of all the questions, and of each kind in the order of their first question."""
    columns = Columns(verdicts)
    groups = {"": statistics(columns)}
    for kind in dict.fromkeys(columns.kind):
        groups[kind] = statistics(columns, columns.kind == kind)
    values = {
        (group, name): statistic(None) for group, named in groups.items() for name, (statistic, _) in named.items()
    }
    resampled: dict[tuple[str, str], list[Floats]] = {key: [] for key in values}
    for weights in measures.draws(len(columns), resamples(len(columns)), SEED):
        for group, name in resampled:
            resampled[group, name].append(groups[group][name][0](weights))
    figures = {
        group: {name: figure(values[group, name], resampled[group, name], n) for name, (_, n) in named.items()}
        for group, named in groups.items()
    }
    return figures.pop(""), figures


def resamples(n: int) -> int:
    """How often n questions are drawn: 1,000 times, and 200 for so many that their interval is narrow anyhow."""
    return RESAMPLES if n <= MANY_QUESTIONS else FEW_RESAMPLES


def statistics(columns: Columns, among: NDArray[np.bool_] | None = None) -> dict[str, tuple[Statistic, int]]:
    """Each figure as a function of the weights of all the questions, and how many questions it is about.

    :param among: the questions to count, all when left out. AUROC then sets them against every question of
        the other class, so that it has a value by kind too.
    """
    every = np.ones(len(columns), dtype=np.bool_) if among is None else among
    asked, unanswerable = every & columns.answerable, every & ~columns.answerable
    at_1, at_3 = (_hits(columns.rank, k) for k in (1, SHOWN))
    near, off = columns.kind == "near", columns.kind == "off"
    sides = columns.answerable, columns.confidence
    known = ~np.isnan(columns.rank)
    return {
        "evidence_at_1": _over(asked & known, measures.mean, at_1),
        "evidence_at_3": _over(asked & known, measures.mean, at_3),
        "facts": _over(asked & ~np.isnan(columns.facts), measures.mean, columns.facts),
        "answered_rate": _over(asked, measures.mean, columns.answered),
        "refused_rate": _over(unanswerable, measures.mean, columns.refused),
        "correct": _over(asked, measures.mean, columns.right),
        "right_when_answered": _over(every & columns.answered, measures.mean, columns.right),
        "auroc": _over(_opposed(columns.answerable, every), measures.auroc, *sides),
        "auroc_near": _over(_opposed(columns.answerable, every, near), measures.auroc, *sides),
        "auroc_off": _over(_opposed(columns.answerable, every, off), measures.auroc, *sides),
        "aurc": _over(every, measures.aurc, columns.found, columns.confidence),
        "ece": _over(every, measures.ece, columns.found, columns.confidence),
        "quotes_verbatim": _over(every & (columns.quotes > 0), measures.ratio, columns.verbatim, columns.quotes),
        "latency_ms.p50": _over(every, partial(_quantile, q=0.5), columns.latency_ms),
        "latency_ms.p95": _over(every, partial(_quantile, q=0.95), columns.latency_ms),
    }


def figure(value: Floats, resampled: Sequence[Floats], n: int) -> Figure:
    """A figure from its value and its resampled values; NaN among these (nothing was drawn) is left out."""
    drawn = np.concatenate(resampled)
    drawn = drawn[~np.isnan(drawn)]
    if n == 0 or math.isnan(value) or drawn.size == 0:
        return Figure(None, None, None, n)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Figure(float(value), float(low), float(high), n)


def _hits(rank: Floats, k: int) -> Floats:
    return np.asarray((rank >= 1) & (rank <= k), dtype=np.float64)


def _opposed(
    answerable: NDArray[np.bool_], every: NDArray[np.bool_], negatives: NDArray[np.bool_] | None = None
) -> NDArray[np.bool_]:
    """The questions of both classes; the one that is not among `every` is taken whole."""
    yes, no = every & answerable, every & ~answerable
    yes = yes if yes.any() else answerable
    no = no if no.any() else ~answerable
    no = no if negatives is None else no & negatives
    return yes | no if yes.any() and no.any() else np.zeros_like(no)


def _over(mask: NDArray[np.bool_], measured: Callable[..., Floats], *values: NDArray[Any]) -> tuple[Statistic, int]:
    kept = [np.asarray(value, dtype=np.float64)[mask] for value in values]

    def statistic(weights: Floats | None) -> Floats:
        return measured(*kept, weights=None if weights is None else weights[..., mask])

    return statistic, int(mask.sum())


def _quantile(values: Floats, *, q: float, weights: Floats | None) -> Floats:
    return measures.quantile(values, q, weights)


def to_json(figures: Figures) -> dict[str, Any]:
    """The figures as JSON; `latency_ms` holds its two."""
    flat = {name: asdict(figure) for name, figure in figures.items()}
    latency = {name.partition(".")[2]: flat.pop(name) for name in list(flat) if name.startswith("latency_ms.")}
    return flat | {"latency_ms": latency}


def from_json(value: Mapping[str, Any]) -> Figures:
    """The figures that `to_json` wrote."""
    flat = {name: entry for name, entry in value.items() if name != "latency_ms"}
    flat |= {f"latency_ms.{name}": entry for name, entry in value["latency_ms"].items()}
    return {name: Figure(**entry) for name, entry in flat.items()}
