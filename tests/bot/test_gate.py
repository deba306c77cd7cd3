import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from bot.answerers import Question
from bot.gate import GATES, Gate, GateError, Risk, gate_features, load_gate, threshold_for
from index.build import build_index
from index.search import Candidate, search_sentences
from tests.fakes import HashEmbedder, make_page

PAGE = make_page(
    "Biblioteket",
    "Biblioteket åbner klokken 10 hver dag.",
    "Et lånerkort koster 50 kr. for voksne.",
    "Spørg Anne Holm ved skranken.",
    headings=("Biblioteket",),
)
INDEX = build_index([PAGE], embedder=HashEmbedder())
VOCABULARY = INDEX.by_sentence.lexical.vocabulary
RISKS = (Risk(0.2, 0.9, 0.4), Risk(0.6, 0.5, 0.1), Risk(0.8, 0.3, 0.02))


def ask(question: str) -> Question:
    return Question(question, question, "da")


def found(question: str, *logits: float) -> list[Candidate]:
    candidates = search_sentences(INDEX, question)
    return [
        replace(candidate, reader=logits[number] if number < len(logits) else None)
        for number, candidate in enumerate(candidates)
    ]


def features(question: str, *logits: float) -> dict[str, float]:
    return gate_features(ask(question), found(question, *logits), VOCABULARY)


def test_words_and_names_that_the_page_lacks_are_counted() -> None:
    told = features("Hvornår åbner biblioteket?")
    missing = features("Hvornår åbner NATO i Bruxelles?")
    assert (told["known_words"], told["unknown_names"]) == (1.0, 0.0)
    assert missing["known_words"] < 1.0
    assert missing["unknown_names"] == 1.0
    assert features("Hvad skete der i 1987?")["unknown_numbers"] == 1.0
    assert features("Hvad koster 50 kr.?")["unknown_numbers"] == 0.0


def test_the_kind_of_thing_asked_for_is_told_and_looked_for() -> None:
    price = features("Hvad koster et lånerkort?")
    assert (price["asks_how_much"], price["asks_who"], price["holds"]) == (1.0, 0.0, 1.0)
    assert features("Hvem er Anne Holm?")["holds"] == 1.0


def test_what_the_reader_said_is_told_within_bounds() -> None:
    told = features("Hvad koster det?", 2.0, -1.0, 0.5)
    assert told["reader"] == 2.0
    assert told["reader_lead"] == 1.5
    assert told["reader_any"] == pytest.approx(math.log(math.exp(2) + math.exp(-1) + math.exp(0.5)))
    assert features("Hvad koster det?", 1e6, -1e6)["reader"] == 12.0


def test_without_a_reader_its_features_are_left_out() -> None:
    assert not [name for name in features("Hvad koster det?") if name.startswith("reader")]


def test_one_candidate_and_odd_questions_have_features() -> None:
    for question in ("", "?", "🙂", "a" * 10_000, "HVAD KOSTER DET"):
        for candidates in (found(question, 1.0), found(question, 1.0)[:1]):
            told = gate_features(ask(question), candidates, VOCABULARY)
            assert all(math.isfinite(value) for value in told.values())


def test_confidence_is_the_logistic_of_the_weighted_features() -> None:
    gate = Gate(-1.0, {"reader": 0.5})
    question = "Hvad koster det?"
    assert gate.confidence(ask(question), found(question, 4.0), VOCABULARY) == pytest.approx(1 / (1 + math.exp(-1.0)))


def test_without_candidates_it_is_sure_of_nothing() -> None:
    assert Gate(9.0, {}).confidence(ask("Hvad?"), [], VOCABULARY) == 0.0


def test_the_threshold_is_the_lowest_that_keeps_the_error_rate() -> None:
    assert threshold_for(RISKS, 0.05) == 0.8
    assert threshold_for(RISKS, 0.1) == 0.6
    assert threshold_for(RISKS, 0.5) == 0.2
    assert threshold_for(RISKS, 0.01) == 1.0
    assert threshold_for((), 0.05) == 1.0


def test_a_gate_is_read_with_its_threshold(tmp_path: Path) -> None:
    path = tmp_path / "gate.json"
    stored = {"intercept": -1.0, "weights": {"reader": 0.5}, "risks": [[0.2, 0.9, 0.4], [0.6, 0.5, 0.1]]}
    path.write_text(json.dumps({"gate_format": 1, "gates": {"tiny": stored}}))
    gate = load_gate("tiny", 0.2, path=path)
    assert (gate.intercept, gate.threshold, gate.risks[0]) == (-1.0, 0.6, Risk(0.2, 0.9, 0.4))
    with pytest.raises(GateError, match="no gate for reader 'other', but for 'tiny'"):
        load_gate("other", 0.2, path=path)


def test_a_gate_of_another_format_or_damaged_is_told(tmp_path: Path) -> None:
    path = tmp_path / "gate.json"
    with pytest.raises(GateError, match="can't be read"):
        load_gate("", 0.05, path=path)
    path.write_text('{"gate_format": 7}')
    with pytest.raises(GateError, match="format 7"):
        load_gate("", 0.05, path=path)


@pytest.mark.parametrize("name", sorted(json.loads(GATES.read_text(encoding="utf-8"))["gates"]))
def test_the_gates_that_ship_know_their_features_and_risks(name: str) -> None:
    gate = load_gate(name, 0.05)
    question = "Hvad koster et lånerkort?"
    told = features(question, *([1.0, 0.0] if name else []))
    assert set(gate.weights) <= set(told)
    assert [risk.confidence for risk in gate.risks] == sorted(risk.confidence for risk in gate.risks)
    assert all(0 <= risk.wrong <= 1 and 0 <= risk.answered <= 1 for risk in gate.risks)
    assert load_gate(name, 0.01).threshold >= load_gate(name, 0.2).threshold
