import gzip
import json
import random
from pathlib import Path

import pytest

from index.packing import SentenceContext
from index.train.reader_data import (
    Example,
    Variation,
    hasten,
    is_tune,
    read_manuals,
    read_pages,
    read_squad,
    split_by_page,
    with_history,
)

PAGE = {
    "id": "side-1",
    "title": "Kaffe",
    "sections": [
        {"heading": "Priser", "sentences": ["Kaffe koster ti kroner.", "The er gratis."]},
        {"heading": "Tider", "sentences": ["Vi åbner kl. 8."]},
    ],
    "questions": [
        {"kind": "direct", "q": "Hvornår åbner I?", "answer": "kl. 8", "evidence": [[1, 0]]},
        {
            "kind": "followup",
            "q": "og the?",
            "history": ["Hvad er prisen?", "Hvad koster kaffe?"],
            "evidence": [[0, 1]],
        },
        {"kind": "near", "q": "Hvad koster kagen?", "tempting": [0, 0]},
    ],
}


def write_pages(folder: Path, *pages: dict[str, object]) -> Path:
    path = folder / "pages.jsonl"
    path.write_text("".join(json.dumps(page) + "\n" for page in pages), encoding="utf-8")
    return path


def make_example(question: str = "Hvad koster kaffe?", right: frozenset[int] = frozenset({3})) -> Example:
    contexts = tuple(SentenceContext(f"Sætning nummer {number} om kaffe.", "Om", "Kaffe") for number in range(20))
    return Example("side:0", "side", "direct", question, contexts, right)


def test_evidence_becomes_the_sentences_number_on_its_page(tmp_path: Path) -> None:
    direct, followup, near = read_pages(write_pages(tmp_path, PAGE))
    assert direct.contexts[2] == SentenceContext("Vi åbner kl. 8.", "Tider", "Kaffe")
    assert (direct.right, direct.answer) == (frozenset({2}), "kl. 8")
    assert (followup.right, followup.question) == (frozenset({1}), "Hvad koster kaffe? og the?")
    assert (near.right, near.tempting) == (frozenset(), 0)


def test_evidence_that_is_not_on_the_page_is_told(tmp_path: Path) -> None:
    wrong = PAGE | {"questions": [{"kind": "direct", "q": "Hvad?", "evidence": [[7, 0]]}]}
    with pytest.raises(ValueError, match=r"side-1 has no sentence \(7, 0\)"):
        read_pages(write_pages(tmp_path, wrong))


def test_squad_answers_are_found_in_their_sentence(tmp_path: Path) -> None:
    text = "Normannerne kom fra nord. De bosatte sig i Normandiet i 911. Senere drog de videre."
    questions = [
        {"id": "1", "question": "Hvornår?", "answers": [{"text": "911", "answer_start": text.index("911")}]},
        {"id": "2", "question": "Hvem?", "is_impossible": True, "answers": []},
    ]
    path = tmp_path / "squad.json"
    path.write_text(json.dumps({"data": [{"title": "Normans", "paragraphs": [{"context": text, "qas": questions}]}]}))
    answered, impossible = read_squad(path)
    (place,) = answered.right
    assert answered.contexts[place].text == "De bosatte sig i Normandiet i 911."
    assert (impossible.kind, impossible.right) == ("squad_near", frozenset())


def test_a_manuals_heading_asks_for_what_follows_it(tmp_path: Path) -> None:
    path = tmp_path / "manuals.tsv.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for number in range(5):
            file.write(f"Vejledning\tTrin nummer {number}\tGør sådan {number}.\n")
    examples = read_manuals(path)
    assert [example.question for example in examples] == ["Trin nummer 0", "Trin nummer 1", "Trin nummer 2"]
    assert all(example.contexts[number].text == f"Gør sådan {number}." for number, example in enumerate(examples))


def test_a_page_is_wholly_on_one_side_of_the_split() -> None:
    examples = [Example(str(n), f"page-{n % 50}", "direct", "?", ()) for n in range(200)]
    train, tune = split_by_page(examples)
    assert len(train) + len(tune) == 200
    assert {example.page for example in train}.isdisjoint(example.page for example in tune)
    assert all(is_tune(example.page) for example in tune)


def test_a_variation_keeps_what_is_right_and_what_tempts() -> None:
    example = make_example()
    vary = Variation([example], random.Random(1))
    for _ in range(100):
        varied = vary(example)
        if varied.right:
            assert [varied.contexts[place].text for place in varied.right] == ["Sætning nummer 3 om kaffe."]
        else:
            assert "Sætning nummer 3 om kaffe." not in [context.text for context in varied.contexts]
        numbers = [int(context.text.split()[2]) for context in varied.contexts]
        assert numbers == sorted(numbers)
        assert 6 <= len(numbers) <= 12


def test_some_variations_lack_the_answer_and_most_do_not() -> None:
    example = make_example()
    vary = Variation([example], random.Random(2))
    lacking = sum(not vary(example).right for _ in range(500))
    assert 20 < lacking < 90


def test_a_variation_never_leaves_out_the_tempting_sentence() -> None:
    near = Example("side:1", "side", "near", "Hvem?", make_example().contexts, tempting=17)
    vary = Variation([near], random.Random(3))
    for _ in range(50):
        assert any(context.text == "Sætning nummer 17 om kaffe." for context in vary(near).contexts)


def test_some_variations_have_sentences_of_another_page_around_the_right_one() -> None:
    example = make_example()
    other = Example(
        "b:0", "b", "off", "Hvem?", tuple(SentenceContext(f"Fremmed {number}.", "", "B") for number in range(9))
    )
    vary = Variation([example, other], random.Random(7))
    mixed = [varied for varied in (vary(example) for _ in range(300)) if "B" in {c.title for c in varied.contexts}]
    assert 5 < len(mixed) < 60
    for varied in mixed:
        assert {varied.contexts[place].text for place in varied.right} <= {"Sætning nummer 3 om kaffe."}


def test_a_page_of_one_sentence_keeps_it() -> None:
    lonely = Example("c:0", "c", "squad", "Hvem?", (SentenceContext("Det var os."),), frozenset({0}))
    vary = Variation([lonely], random.Random(8))
    assert all(vary(lonely).contexts for _ in range(200))


def test_the_same_seed_gives_the_same_variations() -> None:
    example = make_example()
    one, two = (Variation([example], random.Random(4)) for _ in range(2))
    assert [one(example) for _ in range(20)] == [two(example) for _ in range(20)]


@pytest.mark.parametrize("question", ["", "?", "Hva", "Æbler på øen å", "🙂" * 5, "a" * 10_000])
def test_any_question_can_be_hastened(question: str) -> None:
    generator = random.Random(5)
    assert all(isinstance(hasten(question, generator), str) for _ in range(200))


def test_most_questions_are_left_as_they_are() -> None:
    generator = random.Random(6)
    question = "Hvornår åbner skøjtebanen i Østerby?"
    assert sum(hasten(question, generator) == question for _ in range(1000)) > 500


def test_only_the_last_question_leads_a_followup() -> None:
    assert with_history("hvorfor?", ["Hvem?", "Hvornår?"]) == "Hvornår? hvorfor?"
    assert with_history("Hvem?", []) == "Hvem?"
