"""The training data, read from its folder; its README says what each file is. Leaves out anything under `eval/`."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Place = TypeVar("Place", int, tuple[int, int])
PARALLEL = ("europarl", "microsoft_docs", "microsoft_courses", "tatoeba", "copenhagen_treebank", "udhr")


@dataclass(frozen=True)
class Pair:
    """The same text in both languages."""

    english: str
    danish: str


@dataclass(frozen=True)
class Question:
    """A question, a text that answers it, and texts of the same page and size that don't."""

    text: str
    right: str
    wrong: tuple[str, ...]


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        for line in file:
            yield line.rstrip("\n")


def read_pairs(data: Path, source: str) -> list[Pair]:
    """Aligned sentences in the file's order, so that neighbours often belong to one text.

    :raises ValueError: when a line has not two columns.
    """
    pairs = []
    for number, line in enumerate(_lines(data / "parallel" / f"{source}.tsv.gz"), 1):
        columns = line.split("\t")
        if len(columns) != 2:
            raise ValueError(f"{source}.tsv.gz line {number} has {len(columns)} columns; there must be 2")
        pairs.append(Pair(*columns))
    return pairs


def read_paragraphs(data: Path) -> list[tuple[str, str]]:
    """(heading, paragraph) of the manuals, the heading led by its page's title."""
    rows = (line.split("\t") for line in _lines(data / "paragraphs" / "microsoft_docs.tsv.gz"))
    return [(heading if heading == title else f"{title}: {heading}", text) for title, heading, text in rows]


def read_debates(data: Path) -> list[str]:
    """The paragraphs of parliament's debates."""
    return list(_lines(data / "paragraphs" / "folketinget_2023.txt.gz"))


def read_page_texts(data: Path) -> list[str]:
    """Headings and sentences of the training pages."""
    texts = []
    for line in (data / "pages" / "train.jsonl").read_text(encoding="utf-8").splitlines():
        for section in json.loads(line)["sections"]:
            texts += [section["heading"], *section["sentences"]]
    return texts


def read_questions(pages: Path) -> tuple[list[Question], list[Question]]:
    """The answerable questions of a file of pages, with passages and with sentences, each under its heading.

    A follow-up is led by the question before it. A question with two sentences of evidence comes twice.
    """
    by_passage: list[Question] = []
    by_sentence: list[Question] = []
    for line in pages.read_text(encoding="utf-8").splitlines():
        page = json.loads(line)
        sentences = {
            (number, place): f"{section['heading']}\n{sentence}"
            for number, section in enumerate(page["sections"])
            for place, sentence in enumerate(section["sentences"])
        }
        passages = {
            number: f"{section['heading']}\n{' '.join(section['sentences'])}"
            for number, section in enumerate(page["sections"])
        }
        for row in page["questions"]:
            text = " ".join([*row.get("history", [])[-1:], row["q"]])
            evidence = {(section, place) for section, place in row.get("evidence") or ()}
            by_sentence += _questions(text, sentences, evidence)
            by_passage += _questions(text, passages, {section for section, _ in evidence})
    return by_passage, by_sentence


def _questions(text: str, units: Mapping[Place, str], right: Set[Place]) -> list[Question]:
    wrong = tuple(unit for place, unit in units.items() if place not in right)
    return [Question(text, units[place], wrong) for place in sorted(right)]
