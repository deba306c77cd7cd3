"""What an evaluation counts: ranking measures, and measures of a confidence.

Ranking (nDCG, reciprocal rank, recall) is `ir_measures`' work. The measures of a confidence are here, each
with its source, because they take `weights`: how many times each question is drawn, shape `(..., n)`.
With one row of weights for each bootstrap resample, a whole interval is one call; without weights each
question counts once. Where a measure has no value (no questions, or one class only) it is NaN.
"""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
RANKING_MEASURES = {
    "nDCG@10": "nDCG@10",
    "MRR@10": "RR@10",
    "recall@1": "R@1",
    "recall@5": "R@5",
    "recall@10": "R@10",
    "recall@100": "R@100",
}


def ranking_measures(
    relevant: Mapping[str, Mapping[str, int]], ranked: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[str, float]]:
    """Each measure's value for each query of `relevant`; a query without results counts 0.

    nDCG is Järvelin & Kekäläinen (2002) with linear gain, as trec_eval has it; documents of equal score
    are ordered by their id, last first.

    :param relevant: query -> document -> grade (0 is not relevant).
    :param ranked: query -> document -> score, higher is better.
    """
    import ir_measures

    measures = {str(ir_measures.parse_measure(text)): name for name, text in RANKING_MEASURES.items()}
    values: dict[str, dict[str, float]] = {name: dict.fromkeys(relevant, 0.0) for name in RANKING_MEASURES}
    parsed = [ir_measures.parse_measure(text) for text in RANKING_MEASURES.values()]
    scored = {query: scores for query, scores in ranked.items() if scores and query in relevant}
    for metric in ir_measures.iter_calc(parsed, relevant, scored):
        values[measures[str(metric.measure)]][metric.query_id] = float(metric.value)
    return values


def mean(values: ArrayLike, weights: ArrayLike | None = None) -> Floats:
    """The mean; NaN values (questions the figure is not about) are left out."""
    value = np.asarray(values, dtype=np.float64)
    weight = _weights(weights, value.size)
    known = ~np.isnan(value)
    return _divide(weight[..., known] @ value[known], weight[..., known].sum(axis=-1))


def ratio(parts: ArrayLike, wholes: ArrayLike, weights: ArrayLike | None = None) -> Floats:
    """The sum of `parts` over the sum of `wholes`."""
    part, whole = np.asarray(parts, dtype=np.float64), np.asarray(wholes, dtype=np.float64)
    weight = _weights(weights, part.size)
    return _divide(weight @ part, weight @ whole)


def quantile(values: ArrayLike, q: float, weights: ArrayLike | None = None) -> Floats:
    """The `q` quantile between the two nearest values, linearly (Hyndman & Fan 1996, type 7).

    >>> float(quantile([10.0, 20.0, 40.0], 0.75))
    30.0
    """
    value = np.asarray(values, dtype=np.float64)
    weight = _weights(weights, value.size)
    if value.size == 0:
        return np.full(weight.shape[:-1], np.nan)
    order = np.argsort(value, kind="stable")
    value, reached = value[order], np.cumsum(weight[..., order], axis=-1)
    position = (reached[..., -1] - 1) * q
    below = np.floor(position)
    low = value[_first_above(reached, below)]
    high = value[_first_above(reached, np.ceil(position))]
    return np.where(reached[..., -1] > 0, low + (high - low) * (position - below), np.nan)


def auroc(positive: ArrayLike, scores: ArrayLike, weights: ArrayLike | None = None) -> Floats:
    """The chance that a positive scores above a negative, ties counting half (Hanley & McNeil 1982).

    >>> float(auroc([True, True, False], [0.9, 0.4, 0.4]))
    0.75
    """
    score = np.asarray(scores, dtype=np.float64)
    label = np.asarray(positive, dtype=bool)
    weight = _weights(weights, score.size)
    order = np.argsort(score, kind="stable")
    starts = _starts(score[order])
    weight, label = weight[..., order], label[order]
    ups = _sum_groups(weight * label, starts)
    downs = _sum_groups(weight * ~label, starts)
    beaten = np.cumsum(downs, axis=-1) - downs / 2
    return _divide((ups * beaten).sum(axis=-1), ups.sum(axis=-1) * downs.sum(axis=-1))


def aurc(right: ArrayLike, confidences: ArrayLike, weights: ArrayLike | None = None) -> Floats:
    """The area under the risk-coverage curve: the mean, over k = 1..n, of the share of wrong answers among
    the k most confident (Geifman, Uziel & El-Yaniv 2019, https://openreview.net/forum?id=SJfb5jCqKm).

    0 is best. Equal confidences have no order, so each counts as its group's mean: the expected value over
    every order of the ties.

    >>> round(float(aurc([True, False, True], [0.9, 0.8, 0.7])), 4)  # (0/1 + 1/2 + 1/3) / 3
    0.2778
    """
    confidence = np.asarray(confidences, dtype=np.float64)
    wrong = 1.0 - np.asarray(right, dtype=np.float64)
    weight = _weights(weights, confidence.size)
    order = np.argsort(-confidence, kind="stable")
    starts = _starts(confidence[order])
    weight = weight[..., order]
    size = _sum_groups(weight, starts)
    lost = _sum_groups(weight * wrong[order], starts)
    seen, lost_before = np.cumsum(size, axis=-1), np.cumsum(lost, axis=-1) - lost
    before = seen - size
    share = np.divide(lost, size, out=np.zeros_like(lost), where=size > 0)
    # The risk after j more of a group is (L + j m) / (c + j) = m + (L - m c) / (c + j): summed over j, a
    # multiple of the group's size and a difference of harmonic numbers.
    total = weight.sum(axis=-1)
    longest = int(total.max(initial=0.0))
    harmonic = np.concatenate([[0.0], np.cumsum(1.0 / np.arange(1, longest + 1))])
    spread = harmonic[seen.astype(np.intp)] - harmonic[before.astype(np.intp)]
    return _divide((size * share + (lost_before - share * before) * spread).sum(axis=-1), total)


def ece(right: ArrayLike, confidences: ArrayLike, weights: ArrayLike | None = None, *, bins: int = 10) -> Floats:
    """Expected calibration error over bins of equal width, (0, .1], (.1, .2] ... with 0 in the first
    (Naeini, Cooper & Hauskrecht 2015; Guo et al. 2017, https://arxiv.org/abs/1706.04599).

    >>> float(ece([True, False], [0.75, 0.75]))
    0.25
    """
    confidence = np.asarray(confidences, dtype=np.float64)
    weight = _weights(weights, confidence.size)
    member = confidence_bins(confidence, bins)[:, None] == np.arange(bins)
    gap = np.asarray(right, dtype=np.float64) - confidence
    return _divide(np.abs(weight @ (gap[:, None] * member)).sum(axis=-1), weight.sum(axis=-1))


def confidence_bins(confidences: ArrayLike, bins: int = 10) -> NDArray[np.intp]:
    """The number of each confidence's bin, from 0; edges belong to the bin below."""
    edges = np.linspace(0.0, 1.0, bins + 1)[1:-1]
    return np.asarray(np.searchsorted(edges, confidences, side="left"), dtype=np.intp)


def draws(n: int, resamples: int, seed: int, *, cells: int = 2_000_000) -> Iterable[Floats]:
    """Weights of bootstrap resamples (Efron 1979): n questions drawn with replacement, again and again.

    In blocks of at most about `cells` numbers, so that memory does not grow with n; the same numbers give
    the same draws.
    """
    random = np.random.default_rng(seed)
    block = max(1, cells // max(n, 1))
    for start in range(0, resamples, block):
        rows = min(block, resamples - start)
        drawn = random.integers(0, n, size=(rows, n)) + n * np.arange(rows)[:, None]
        yield np.bincount(drawn.ravel(), minlength=rows * n).reshape(rows, n).astype(np.float64)


def _weights(weights: ArrayLike | None, n: int) -> Floats:
    weight = np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64)
    if weight.shape[-1] != n:
        raise ValueError(f"{weight.shape[-1]} weights for {n} values")
    return weight


def _divide(above: ArrayLike, below: ArrayLike) -> Floats:
    top, bottom = np.asarray(above, dtype=np.float64), np.asarray(below, dtype=np.float64)
    quotient: Floats = np.divide(top, bottom, out=np.full(bottom.shape, np.nan), where=bottom > 0)
    return quotient


def _starts(ordered: Floats) -> NDArray[np.intp]:
    """Where each group of equal values begins."""
    if ordered.size == 0:
        return np.zeros(0, dtype=np.intp)
    return np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))


def _sum_groups(values: Floats, starts: NDArray[np.intp]) -> Floats:
    return np.add.reduceat(values, starts, axis=-1) if starts.size else values


def _first_above(reached: Floats, position: Floats) -> NDArray[np.intp]:
    """The first index whose cumulative weight is above `position`, along the last axis."""
    return np.asarray((reached > np.expand_dims(position, -1)).argmax(axis=-1))
