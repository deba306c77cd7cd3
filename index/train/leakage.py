"""Shows that no evaluation text is among the training texts: exact match, case and white space folded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from index.train.texts import PARALLEL, read_debates, read_pairs, read_paragraphs, read_questions

SHORTEST = 4


def find_leaks(data: Path, own_pages: Path) -> tuple[int, int, list[str]]:
    """(training texts, evaluation texts, those in both); texts under four words, such as names, don't count."""
    training = {_fold(text) for text in (*_training_texts(data), *_question_texts(own_pages))}
    held_out = {folded for text in _held_out_texts(data) if len((folded := _fold(text)).split()) >= SHORTEST}
    return len(training), len(held_out), sorted(held_out & training)


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())


def _training_texts(data: Path) -> Iterator[str]:
    for source in PARALLEL:
        for pair in read_pairs(data, source):
            yield from (pair.english, pair.danish)
    for heading, text in read_paragraphs(data):
        yield from (heading, text)
    yield from read_debates(data)
    yield from _question_texts(data / "pages" / "train.jsonl")


def _held_out_texts(data: Path) -> Iterator[str]:
    folder = data / "eval"
    for path in sorted(folder.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield from line.split("\t")
    for path in sorted((folder / "xquad-da-dev").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["text"]
    for path in sorted(folder.glob("*.json")):
        for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
            for paragraph in article["paragraphs"]:
                yield paragraph["context"]
                yield from (row["question"] for row in paragraph["qas"])
    yield from _question_texts(data / "pages" / "dev.jsonl")


def _question_texts(pages: Path) -> Iterator[str]:
    for questions in read_questions(pages):
        for question in questions:
            yield from (question.text, question.right, *question.wrong)
