"""The questions that ship, each row against the page it is about."""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import corpus
from corpus.page import Page
from corpus.readers import read_source
from corpus.split import Sentence, split_sentences

CORPUS = Path(corpus.__file__).parent
FOLDER = CORPUS / "questions"
SHIPPED = "samarbejde"
FURTHER = sorted(path.stem for path in (FOLDER / "pages").glob("*.md"))
NAMES = [SHIPPED, *FURTHER]
UNANSWERABLE = {"near", "off"}
ANSWERABLE = {
    "direct", "paraphrase", "colloquial", "typo", "ascii", "keyword", "english", "yesno", "followup", "list", "why",
}  # fmt: skip
FIELDS = {"id", "page", "question", "kind", "answerable", "facts", "evidence", "split"}

Row = dict[str, Any]


@cache
def rows_of(name: str) -> list[Row]:
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@cache
def page_of(name: str) -> Page:
    path = CORPUS / "pages" / "samarbejde.txt" if name == SHIPPED else FOLDER / "pages" / f"{name}.md"
    (page,) = read_source(str(path))
    return page


@cache
def sentences_of(name: str) -> list[Sentence]:
    return split_sentences(page_of(name))


def cited_sentences(row: Row) -> list[str]:
    """The page's sentences that the row's evidence touches."""
    page = page_of(row["page"])
    ranges = [(start := page.text.index(part), start + len(part)) for part in row["evidence"]]
    return [
        sentence.text
        for sentence in sentences_of(row["page"])
        if any(sentence.start < end and start < sentence.end for start, end in ranges)
    ]


def test_every_page_has_its_questions_and_every_file_its_page() -> None:
    assert {path.stem for path in FOLDER.glob("*.jsonl")} == set(NAMES)
    assert len(FURTHER) >= 6


def test_the_shipped_page_has_questions_enough_of_every_kind() -> None:
    kinds = Counter(row["kind"] for row in rows_of(SHIPPED))
    assert set(kinds) == ANSWERABLE | UNANSWERABLE
    assert kinds.total() >= 160
    assert kinds["near"] + kinds["off"] >= 55
    assert min(kinds.values()) >= 8


@pytest.mark.parametrize("name", FURTHER)
def test_a_further_page_has_questions_enough(name: str) -> None:
    kinds = Counter(row["kind"] for row in rows_of(name))
    assert kinds.total() >= 20
    assert kinds["near"] >= 5
    assert kinds["off"] >= 2
    assert sum(kinds[kind] for kind in ANSWERABLE) >= 13


def test_ids_are_unique_and_say_page_and_kind() -> None:
    rows = [row for name in NAMES for row in rows_of(name)]
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        page, kind, number = row["id"].rsplit("-", 2)
        assert (page, kind) == (row["page"], row["kind"])
        assert number.isdecimal()


@pytest.mark.parametrize("name", NAMES)
def test_rows_have_the_fields_of_the_contract_and_no_other(name: str) -> None:
    for row in rows_of(name):
        assert set(row) - {"history"} == FIELDS, row["id"]
        assert row["page"] == name, row["id"]
        assert row["kind"] in ANSWERABLE | UNANSWERABLE, row["id"]
        assert row["split"] in {"tune", "report"}, row["id"]
        assert row["question"].strip() == row["question"] != "", row["id"]


@pytest.mark.parametrize("name", NAMES)
def test_no_page_is_asked_the_same_twice(name: str) -> None:
    asked = Counter((row["question"].casefold(), *row.get("history", [])) for row in rows_of(name))
    assert [question for question, times in asked.items() if times > 1] == []


@pytest.mark.parametrize("name", NAMES)
def test_kind_evidence_and_facts_agree_on_what_is_answerable(name: str) -> None:
    for row in rows_of(name):
        told = (row["kind"] in ANSWERABLE, bool(row["evidence"]), bool(row["facts"]))
        assert told == (row["answerable"],) * 3, row["id"]
        assert all(group and all(group) for group in row["facts"]), row["id"]


@pytest.mark.parametrize("name", NAMES)
def test_followups_and_they_alone_have_a_history(name: str) -> None:
    for row in rows_of(name):
        assert bool(row.get("history")) is ("history" in row) is (row["kind"] == "followup"), row["id"]
        assert all(earlier.strip() for earlier in row.get("history", [])), row["id"]


@pytest.mark.parametrize("name", NAMES)
def test_evidence_stands_word_for_word_and_once_on_the_page(name: str) -> None:
    text = page_of(name).text
    counts = {(row["id"], part): text.count(part) for row in rows_of(name) for part in row["evidence"]}
    assert {part: count for part, count in counts.items() if count != 1} == {}


@pytest.mark.parametrize("name", NAMES)
def test_evidence_is_in_sentences_that_can_be_cited(name: str) -> None:
    for row in rows_of(name):
        assert len(cited_sentences(row)) >= len(set(row["evidence"])), row["id"]


@pytest.mark.parametrize("name", NAMES)
def test_every_fact_stands_in_a_sentence_of_its_evidence(name: str) -> None:
    for row in rows_of(name):
        sentences = [sentence.casefold() for sentence in cited_sentences(row)]
        for group in row["facts"]:
            met = any(word.casefold() in sentence for word in group for sentence in sentences)
            assert met, (row["id"], group, sentences)


@pytest.mark.parametrize("names", [[SHIPPED], FURTHER], ids=["shipped", "further"])
def test_two_rows_of_five_of_every_kind_are_for_tuning(names: list[str]) -> None:
    rows = [row for name in names for row in rows_of(name)]
    for kind in ANSWERABLE | UNANSWERABLE:
        splits = Counter(row["split"] for row in rows if row["kind"] == kind)
        assert abs(splits["tune"] - 0.4 * splits.total()) < 0.5, kind


def test_readme_counts_every_kind_and_every_page() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for kind in ANSWERABLE | UNANSWERABLE:
        shipped = sum(row["kind"] == kind for row in rows_of(SHIPPED))
        further = sum(row["kind"] == kind for name in FURTHER for row in rows_of(name))
        assert f"| {kind} | {shipped} | {further} |" in readme
    for name in NAMES:
        (line,) = [line for line in readme.splitlines() if line.startswith(f"| `{name}.jsonl` |")]
        assert line.endswith(f"| {len(rows_of(name))} |")
