"""Sentences and passages of a page, with exact offsets.

`page.text[start:end]` is the sentence or passage, always. A sentence never reaches over a line of
the canonical text, and together the sentences hold every character of its body but spaces. Headings
are context, not sentences, except on a page that is nothing but headings.

The library sentencex finds the ends of sentences; `corpus.danish_ends` corrects it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from corpus.blocks import CELL_MARK
from corpus.danish_ends import sentence_ends
from corpus.page import Page

MAX_SENTENCE_CHARS = 1000
"""A longer sentence is cut at its last space before this."""


@dataclass(frozen=True)
class Sentence:
    """What is cited.

    :param heading: the nearest heading above, or "".
    :param block: the number of its line in the page's text, from 0, headings counted.
    :param lead: (start, end) of the sentence that introduces the list this is an item of
        ("Medlemmerne er:"), or of the column headings of the table this is a row of; or None.
    """

    text: str
    start: int
    end: int
    heading: str
    block: int
    lead: tuple[int, int] | None = None


@dataclass(frozen=True)
class Passage:
    """What is retrieved: consecutive sentences under one heading; `text` is the page's, line breaks and all."""

    text: str
    start: int
    end: int
    heading: str
    sentences: tuple[Sentence, ...]


def split_sentences(page: Page) -> list[Sentence]:
    """The page's sentences, in order."""
    headings = {heading.start for heading in page.headings}
    items = {start for start, _ in page.items}
    lines = list(_lines(page.text))
    body = [line for line in lines if line[1] not in headings] or lines
    sentences: list[Sentence] = []
    lead: tuple[int, int] | None = None
    for block, start, line in body:
        heading = page.heading_at(start)
        if start not in items or (sentences and sentences[-1].heading != heading):
            lead = None
        ranges = [(start + first, start + last) for first, last in _ranges(line)]
        sentences += [Sentence(page.text[a:b], a, b, heading, block, lead) for a, b in ranges]
        if line.endswith(":") or (CELL_MARK in line and start not in items):
            lead = ranges[-1]
    return sentences


def split_passages(page: Page, *, max_words: int = 120) -> list[Passage]:
    """The page's passages, in order; each sentence is in exactly one.

    A passage ends at a heading, else at the last end of a block that keeps it within `max_words`;
    only a block that is longer by itself is parted between its sentences. One sentence is never
    parted, however long.
    """
    passages: list[Passage] = []
    pack: list[Sentence] = []
    for piece in _pieces(split_sentences(page), max_words):
        same = bool(pack) and _section(page, pack[0]) == _section(page, piece[0])
        if pack and not (same and _words(pack) + _words(piece) <= max_words):
            passages.append(_passage(page, pack))
            pack = []
        pack = [*pack, *piece]
    if pack:
        passages.append(_passage(page, pack))
    return passages


def _lines(text: str) -> Iterator[tuple[int, int, str]]:
    """(number, start, line) of each line that isn't empty."""
    start = 0
    for number, line in enumerate(text.split("\n")):
        if line.strip():
            yield number, start, line
        start += len(line) + 1


def _ranges(line: str) -> Iterator[tuple[int, int]]:
    """(start, end) of the line's sentences, without spaces around them, none over MAX_SENTENCE_CHARS."""
    start = 0
    for end in [*sentence_ends(line), len(line)]:
        while start < end:
            stop = end if end - start <= MAX_SENTENCE_CHARS else _cut(line, start)
            text = line[start:stop]
            if text.strip():
                first = start + len(text) - len(text.lstrip())
                yield first, first + len(text.strip())
            start = stop


def _cut(line: str, start: int) -> int:
    space = line.rfind(" ", start + 1, start + MAX_SENTENCE_CHARS)
    return space if space > 0 else start + MAX_SENTENCE_CHARS


def _pieces(sentences: list[Sentence], max_words: int) -> Iterator[list[Sentence]]:
    """The sentences block by block, a block of over `max_words` in parts within it."""
    blocks: dict[int, list[Sentence]] = {}
    for sentence in sentences:
        blocks.setdefault(sentence.block, []).append(sentence)
    for block in blocks.values():
        piece: list[Sentence] = []
        for sentence in block:
            if piece and _words([*piece, sentence]) > max_words:
                yield piece
                piece = []
            piece.append(sentence)
        yield piece


def _section(page: Page, sentence: Sentence) -> int:
    """The number of headings above the sentence, which tells sections of the same heading apart."""
    return sum(heading.end <= sentence.start for heading in page.headings)


def _words(sentences: list[Sentence]) -> int:
    return sum(len(sentence.text.split()) for sentence in sentences)


def _passage(page: Page, sentences: list[Sentence]) -> Passage:
    start, end = sentences[0].start, sentences[-1].end
    return Passage(page.text[start:end], start, end, sentences[0].heading, tuple(sentences))
