"""The three kinds of file, read right; wrong files, told of in one line."""

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from bot.evaluate import EvaluationError
from bot.evaluate.evidence import FoldedText, Span, fold, states
from bot.evaluate.questions import Question, QuestionSet, Split, read_questions
from corpus.page import Page
from tests.fakes import make_page

PAGE = make_page("Siden", "Kontoret har åbent kl. 9–15.", "Det ligger i »Huset«.", id="side", headings=("Siden",))


def row(**changes: Any) -> dict[str, Any]:
    fields = {"id": "a", "question": "Hvornår?", "kind": "direct", "answerable": True, "evidence": ["åbent kl. 9-15"]}
    return {name: value for name, value in (fields | changes).items() if value is not None}


def page_row(question: dict[str, Any]) -> dict[str, Any]:
    return {"id": "p", "sections": [{"sentences": ["A."]}], "questions": [question]}


def squad_row(question: dict[str, Any]) -> dict[str, Any]:
    return {"data": [{"title": "T", "paragraphs": [{"context": "A.", "qas": [question]}]}]}


def write(folder: Path, *rows: Any, name: str = "q.jsonl") -> Path:
    file = folder / name
    file.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in rows), "utf-8")
    return file


def read(file: Path, *pages: Page, split: Split = "all") -> QuestionSet:
    return read_questions(file, lambda: pages or (PAGE,), split=split)


def asked(questions: QuestionSet) -> list[Question]:
    return [question for task in questions.tasks() for question in task.questions]


def test_evidence_is_found_whatever_the_dashes_quotes_and_capitals(tmp_path: Path) -> None:
    questions = read(write(tmp_path, row(evidence=["ÅBENT  kl. 9-15"]), row(id="b", evidence=['ligger i "huset"'])))
    first, second = asked(questions)
    assert PAGE.text[first.spans[0].start : first.spans[0].end] == "åbent kl. 9–15"
    assert PAGE.text[second.spans[0].start : second.spans[0].end] == "ligger i »Huset«"
    assert questions.unfound == ()


def test_folding_keeps_places() -> None:
    text = FoldedText("p", "  A\u00adB  İx \n c")
    assert text.find("ab") == (Span("p", 2, 5),)
    assert text.find("c") == (Span("p", 12, 13),)
    assert text.find("") == ()
    assert fold("A\u030a") == "å"
    assert states("Prisen er 75.000 KR.", ("20 kr.", "75.000 kr."))


def test_evidence_that_is_not_on_the_page_is_told_of_and_cannot_be_hit(tmp_path: Path) -> None:
    questions = read(write(tmp_path, row(evidence=["står ingen steder"])))
    assert questions.unfound == ("a: står ingen steder",)
    assert asked(questions)[0].spans == ()


def test_a_split_holds_its_own_questions_only(tmp_path: Path) -> None:
    file = write(tmp_path, row(split="tune"), row(id="b", split="report"), row(id="c"))
    assert [question.id for question in asked(read(file, split="tune"))] == ["a"]
    assert read(file).count == 3


def test_a_page_beside_the_questions_is_an_index_by_itself(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "museum.md").write_text("# Museet\n\nMuseet er lukket om mandagen.\n", "utf-8")
    file = write(tmp_path, row(id="m", page="museum", evidence=["lukket om mandagen"]), row(), row(id="s", page="side"))
    tasks = list(read(file).tasks())
    assert [[page.id for page in task.pages] for task in tasks] == [["side"], ["museum"]]
    assert [[question.id for question in task.questions] for task in tasks] == [["a", "s"], ["m"]]
    assert read(tmp_path).count == 3


def test_pages_with_questions(tmp_path: Path) -> None:
    page = {
        "id": "p1",
        "title": "Prisen",
        "sections": [
            {"heading": "", "sentences": ["Den er rød.", "Den er stor."]},
            {"heading": "Pris", "sentences": ["Den koster 5 kr."]},
        ],
        "questions": [
            {"kind": "direct", "q": "Hvad koster den?", "answer": "5 kr.", "evidence": [[1, 0]]},
            {
                "kind": "followup",
                "q": "Og hvor stor?",
                "answer": "stor",
                "evidence": [[0, 1]],
                "history": ["Hvilken farve?"],
            },
            {"kind": "near", "q": "Hvem lavede den?", "tempting": [0, 0]},
        ],
    }
    (task,) = read(write(tmp_path, page)).tasks()
    first, second, third = task.questions
    assert [task.pages[0].text[q.spans[0].start : q.spans[0].end] for q in (first, second)] == [
        "Den koster 5 kr.",
        "Den er stor.",
    ]
    assert first.facts == (("5 kr.",),)
    assert second.history == ("Hvilken farve?",)
    assert (third.id, third.answerable, third.spans) == ("p1#3", False, ())


@pytest.mark.parametrize("indent", [None, 1])
def test_squad(tmp_path: Path, indent: int | None) -> None:
    context = "Oslo er Norges hovedstad. Før hed Oslo Kristiania."
    answerable = {
        "id": "1",
        "question": "Hvad hed den?",
        "answers": [{"text": "Oslo", "answer_start": 34}] * 2 + [{"text": "", "answer_start": 0}],
        "is_impossible": False,
    }
    impossible = {"id": "2", "question": "Hvem?", "answers": [], "is_impossible": True, "plausible_answers": []}
    data = {
        "version": "v2.0",
        "data": [{"title": "By_er", "paragraphs": [{"context": context, "qas": [answerable, impossible]}]}],
    }
    file = tmp_path / "squad.json"
    file.write_text(json.dumps(data, indent=indent), "utf-8")
    (task,) = read(file).tasks()
    first, second = task.questions
    assert task.pages[0].title == "By er"
    (span,) = first.spans
    assert task.pages[0].text[span.start - 4 : span.end] == "hed Oslo"
    assert (first.kind, second.kind, second.answerable) == ("direct", "near", False)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], "holds no questions"),
        (["", "  "], "holds no questions"),
        (["{}"], 'q.jsonl:1: "answerable" is None'),
        (["not json"], "q.jsonl:1 is not JSON"),
        (["[1]"], "q.jsonl:1: [1] is no JSON object"),
        ([row(), row()], "the id 'a' stands twice"),
        ([row(), row(id=None)], 'q.jsonl:2: "id" is missing'),
        ([row(question=" ")], '"question" is " "; it must be a text'),
        ([row(question=7)], '"question" is 7; it must be a text'),
        ([row(question="\ud800")], "half a character"),
        ([row(answerable="ja")], "\"answerable\" is 'ja'; it must be true or false"),
        ([row(evidence=None)], 'needs "evidence" or "facts"'),
        ([row(evidence="x")], '"evidence" is "x"; it must be a list'),
        ([row(facts=["Norge"])], '"facts" holds "Norge"; it must hold lists of texts'),
        ([row(page="findes-ikke")], "unknown page 'findes-ikke'; the source has side"),
        ([row(page="../../etc/passwd")], "unknown page '../../etc/passwd'"),
        (["[" * 100_000], "q.jsonl:1 is"),
        ([{"id": "p", "sections": [{"sentences": ["A."]}]}] * 2, "the page id 'p' stands twice"),
        ([{"id": "p", "sections": []}], "has no sentences"),
        ([page_row({"kind": "direct", "q": "?", "evidence": [[0, 1]]})], "no [section, sentence]"),
        ([page_row({"kind": "direct", "q": "?"})], 'needs "evidence"'),
        ([squad_row({"id": "1", "question": "?", "answers": [{"text": "B", "answer_start": 0}]})], "answer_start, 0"),
    ],
)
def test_a_wrong_file_is_told_of_in_one_line(tmp_path: Path, lines: list[Any], says: str) -> None:
    with pytest.raises(EvaluationError) as told:
        read(write(tmp_path, *lines))
    assert says in str(told.value)
    assert "\n" not in str(told.value)


def test_files_that_are_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="can't be read: No such file"):
        read(tmp_path / "nej.jsonl")
    with pytest.raises(EvaluationError, match=r"folder without \.jsonl"):
        read(tmp_path)
    (tmp_path / "binær.jsonl").write_bytes(b"\x89PNG\xff\xfe\x00")
    with pytest.raises(EvaluationError, match="not UTF-8"):
        read(tmp_path / "binær.jsonl")


def test_a_hundred_thousand_rows_are_not_held_in_memory(tmp_path: Path) -> None:
    file = tmp_path / "mange.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for number in range(100_000):
            out.write(json.dumps(row(id=str(number), history=["x" * 300])) + "\n")
    assert file.stat().st_size > 40_000_000
    tracemalloc.start()
    questions = read(file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert questions.count == 100_000
    assert peak < 25_000_000
