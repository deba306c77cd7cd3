import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.calibrate import Observation, count_risks, fit_gate, observe, predict_unseen, report, summarise, write_gate
from bot.gate import Gate, Risk, load_gate
from tests.fakes import HashEmbedder

PAGE = {
    "id": "side-1",
    "title": "Kaffe",
    "sections": [
        {"heading": "Priser", "sentences": ["Kaffe koster ti kroner.", "Te er gratis for alle."]},
        {"heading": "Tider", "sentences": ["Vi åbner klokken otte.", "Køkkenet lukker tidligt."]},
    ],
    "questions": [
        {"kind": "direct", "q": "Hvad koster kaffe?", "answer": "ti kroner", "evidence": [[0, 0]]},
        {"kind": "followup", "q": "Og hvad med te?", "history": ["Hvad koster kaffe?"], "evidence": [[0, 1]]},
        {"kind": "off", "q": "Hvem vandt valget i Norge?"},
    ],
}


def observations(count: int = 400) -> list[Observation]:
    """Questions whose reader logit x is right with probability 1 / (1 + exp(-x))."""
    generator = np.random.default_rng(1)
    made = []
    for number in range(count):
        logit = float(generator.normal(0, 2))
        right = bool(generator.random() < 1 / (1 + np.exp(-logit)))
        made.append(
            Observation(
                f"page-{number % 20}", "direct" if right else "near", {"reader": logit}, right, right, right, right
            )
        )
    return made


def test_a_page_is_asked_its_questions() -> None:
    rows = observe([PAGE], HashEmbedder(), None)
    assert [row.kind for row in rows] == ["direct", "followup", "off"]
    assert rows[0].first
    assert [row.answerable for row in rows] == [True, True, False]
    assert not rows[2].among_three
    assert rows[0].features["known_words"] == 1.0 > rows[2].features["known_words"]


def test_the_fit_finds_the_weights_that_made_the_answers() -> None:
    gate = fit_gate(observations(4000))
    assert gate.weights["reader"] == pytest.approx(1.0, abs=0.15)
    assert gate.intercept == pytest.approx(0.0, abs=0.15)


def test_a_page_is_predicted_by_a_gate_that_has_not_seen_it() -> None:
    rows = observations()
    seen: list[set[str]] = []

    def fit(train: list[Observation]) -> Gate:
        seen.append({row.page for row in train})
        return Gate(0.0, {"reader": 1.0})

    confidences = predict_unseen(rows, fit)
    assert len(seen) == 10
    assert all(len(pages) == 18 for pages in seen)
    assert confidences[0] == pytest.approx(1 / (1 + np.exp(-rows[0].features["reader"])))


def test_unseen_predictions_are_calibrated() -> None:
    rows = observations(2000)
    figures = summarise(rows, predict_unseen(rows, fit_gate))
    assert figures["ece"] < 0.04
    assert figures["auroc_near"] > 0.8


def test_risks_by_hand() -> None:
    confidences = np.array([0.97, 0.92, 0.51, 0.12])
    risks = {risk.confidence: risk for risk in count_risks(confidences, [True, False, True, True])}
    assert (risks[0.96].answered, risks[0.96].wrong) == (0.25, 0.0)
    assert (risks[0.9].answered, risks[0.9].wrong) == (0.5, 0.25)
    assert (risks[0.5].answered, risks[0.5].wrong) == (0.75, 0.25)
    assert (risks[0.1].answered, risks[0.1].wrong) == (1.0, 0.25)


def test_gates_for_several_readers_share_a_file(tmp_path: Path) -> None:
    path = tmp_path / "gate.json"
    write_gate(Gate(0.5, {"dense": 1.0}), "", path)
    write_gate(Gate(0.25, {"reader": 1.0}), "tiny", path)
    assert load_gate("", 0.05, path=path).intercept == 0.5
    assert load_gate("tiny", 0.05, path=path).weights == {"reader": 1.0}
    assert json.loads(path.read_text())["gate_format"] == 1


def test_what_an_error_rate_brings_is_counted_on_the_reported_pages() -> None:
    risks = (Risk(0.2, 0.9, 0.3), Risk(0.6, 0.5, 0.04))
    gate = Gate(0.0, {"reader": 1.0}, risks=risks)
    logits = {"right, sure": 2.0, "right, unsure": -0.1, "wrong, sure": 1.0, "near, unsure": -2.0}
    rows = [
        Observation(
            "p", "near" if "near" in name else "direct", {"reader": logit}, first, first, first, "near" not in name
        )
        for (name, logit), first in zip(logits.items(), (True, True, False, False), strict=True)
    ]
    told = report(gate, rows)
    row = next(row for row in told["risks"] if row["max_wrong_answers"] == 0.05)
    assert row["threshold"] == 0.6
    assert row["wrong"] == 1 / 4  # 1.0 -> .73, answered, and not right
    assert row["answered_rate"] == pytest.approx(2 / 3)
    assert row["refused_rate"] == 1.0
    assert told["first_by_kind"] == {"direct": pytest.approx(2 / 3)}


def test_a_gate_may_be_fitted_on_some_features_alone() -> None:
    rows = [replace(row, features={**row.features, "holds": 1.0}) for row in observations()]
    assert set(fit_gate(rows).weights) == {"reader", "holds"}
    assert set(fit_gate(rows, ["reader"]).weights) == {"reader"}
