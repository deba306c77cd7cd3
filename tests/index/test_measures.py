"""Every measure against an implementation that is not ours, and against numbers worked out by hand."""

import itertools
import math

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import roc_auc_score

from index import measures

RANDOM = np.random.default_rng(7)


def sample(n: int, levels: int) -> tuple[np.ndarray, np.ndarray]:
    """Labels of both classes, and confidences with many ties when `levels` is small."""
    labels = RANDOM.random(n) < 0.6
    labels[:2] = True, False
    return labels, np.round(RANDOM.random(n) * levels) / levels


@pytest.mark.parametrize("levels", [3, 20, 10**9])
def test_auroc_equals_sklearn(levels: int) -> None:
    for n in (2, 7, 300):
        labels, scores = sample(n, levels)
        assert measures.auroc(labels, scores) == pytest.approx(roc_auc_score(labels, scores), abs=1e-12)


@pytest.mark.parametrize("levels", [3, 20, 10**9])
def test_weights_count_a_question_as_many_times_as_it_was_drawn(levels: int) -> None:
    labels, scores = sample(60, levels)
    latency = RANDOM.random(60) * 100
    weights = next(iter(measures.draws(60, 5, seed=1)))
    for row in weights:
        drawn = np.repeat(np.arange(60), row.astype(int))
        for measure in (measures.auroc, measures.aurc, measures.ece):
            expected = measure(labels[drawn], scores[drawn])
            assert measure(labels, scores, weights=row) == pytest.approx(float(expected), abs=1e-12)
        for q in (0.0, 0.5, 0.95, 1.0):
            assert measures.quantile(latency, q, row) == pytest.approx(np.quantile(latency[drawn], q), abs=1e-9)
        assert measures.mean(latency, row) == pytest.approx(latency[drawn].mean(), abs=1e-9)
        assert measures.ratio(latency, scores + 1, row) == pytest.approx(
            latency[drawn].sum() / (scores[drawn] + 1).sum(), abs=1e-9
        )


def test_many_rows_of_weights_give_what_each_gives_alone() -> None:
    labels, scores = sample(40, 10)
    weights = next(iter(measures.draws(40, 6, seed=2)))
    for measure in (measures.auroc, measures.aurc, measures.ece):
        together = measure(labels, scores, weights=weights)
        assert together == pytest.approx([float(measure(labels, scores, weights=row)) for row in weights], abs=1e-12)


@pytest.mark.parametrize("levels", [2, 5, 10**9])
def test_ece_equals_sklearns_calibration_curve(levels: int) -> None:
    labels, confidences = sample(400, levels)
    observed, stated = calibration_curve(labels, confidences, n_bins=10, strategy="uniform")
    counts = np.bincount(np.searchsorted(np.linspace(0, 1, 11)[1:-1], confidences), minlength=10)
    counts = counts[counts > 0]
    assert measures.ece(labels, confidences) == pytest.approx(
        (np.abs(observed - stated) * counts).sum() / 400, abs=1e-12
    )


def test_aurc_is_the_mean_risk_over_coverages() -> None:
    right, confidences = sample(200, 10**9)
    order = sorted(range(200), key=lambda number: -confidences[number])
    wrong = [not right[number] for number in order]
    risks = [sum(wrong[:k]) / k for k in range(1, 201)]
    assert measures.aurc(right, confidences) == pytest.approx(sum(risks) / 200, abs=1e-12)


def test_aurc_of_ties_is_the_mean_over_their_orders() -> None:
    right, confidences = [True, False, False, True, True], [0.9, 0.5, 0.5, 0.5, 0.1]
    areas = []
    for middle in itertools.permutations([1, 2, 3]):
        wrong = [not right[number] for number in (0, *middle, 4)]
        areas.append(sum(sum(wrong[:k]) / k for k in range(1, 6)) / 5)
    assert measures.aurc(right, confidences) == pytest.approx(sum(areas) / len(areas), abs=1e-12)


def test_worked_numbers() -> None:
    # 1/2 wrong at two of three coverages: (0 + 1/2 + 1/3) / 3.
    assert measures.aurc([True, False, True], [0.9, 0.8, 0.7]) == pytest.approx(5 / 18)
    # Of 2 x 2 pairs: one won, one lost, two tied.
    assert measures.auroc([True, True, False, False], [0.5, 0.5, 0.4, 0.5]) == pytest.approx((2 + 2 * 0.5) / 4)
    # Half of the questions at .9 are right, and all at .2: (.4 x 2 + .8 x 1) / 3.
    assert measures.ece([True, False, True], [0.9, 0.9, 0.2]) == pytest.approx((0.4 * 2 + 0.8) / 3)
    assert measures.quantile([1.0, 2.0, 4.0], 0.75) == pytest.approx(3.0)


def test_what_cannot_be_measured_is_nan() -> None:
    assert math.isnan(measures.auroc([True, True], [0.1, 0.2]))
    assert math.isnan(measures.mean([], None))
    assert math.isnan(measures.mean([math.nan], None))
    assert math.isnan(measures.aurc([], []))
    assert math.isnan(measures.quantile([], 0.5))
    assert np.isnan(measures.quantile([1.0], 0.5, np.zeros((2, 1)))).all()


def test_too_few_weights_are_an_error() -> None:
    with pytest.raises(ValueError, match="2 weights for 3 values"):
        measures.mean([1, 2, 3], [1, 1])


def test_draws_are_the_same_for_the_same_seed_and_bounded_in_memory() -> None:
    blocks = list(measures.draws(1000, 50, seed=3, cells=10_000))
    assert [block.shape for block in blocks] == [(10, 1000)] * 5
    assert (np.concatenate(blocks).sum(axis=1) == 1000).all()
    again = np.concatenate(list(measures.draws(1000, 50, seed=3, cells=10_000)))
    assert (again == np.concatenate(blocks)).all()


def test_ranking_measures_equal_their_definitions() -> None:
    documents = [f"d{number}" for number in range(150)]
    relevant: dict[str, dict[str, int]] = {}
    ranked: dict[str, dict[str, float]] = {}
    orders: dict[str, list[str]] = {}
    for number in range(30):
        query = f"q{number}"
        relevant[query] = {str(document): 1 for document in RANDOM.choice(documents, size=3, replace=False)}
        orders[query] = [str(document) for document in RANDOM.permutation(documents)][:100]
        ranked[query] = {document: -float(place) for place, document in enumerate(orders[query])}
    values = measures.ranking_measures(relevant, ranked)
    for query, order in orders.items():
        hits = [document in relevant[query] for document in order]
        gain = sum(1 / math.log2(place + 2) for place in range(10) if hits[place])
        ideal = sum(1 / math.log2(place + 2) for place in range(3))
        first = next((place for place in range(10) if hits[place]), None)
        assert values["nDCG@10"][query] == pytest.approx(gain / ideal, abs=1e-9)
        assert values["MRR@10"][query] == pytest.approx(0 if first is None else 1 / (first + 1), abs=1e-9)
        for k in (1, 5, 10, 100):
            assert values[f"recall@{k}"][query] == pytest.approx(sum(hits[:k]) / 3, abs=1e-9)


def test_a_query_without_results_counts_nothing() -> None:
    values = measures.ranking_measures({"a": {"x": 1}, "b": {"y": 1}}, {"a": {"x": 1.0}, "b": {}})
    assert values["nDCG@10"] == {"a": 1.0, "b": 0.0}
