"""From printed lines to blocks.

A PDF has no paragraphs, only lines at places, so its blocks are told by layout: a line goes on in
the next one when the next one's first word had no room. Headings are short lines, larger or bolder
than the body. Page numbers go, and so do lines that most pages repeat at the same height. Columns
are read in the file's order; table rows are lines.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.blocks import Block
from corpus.clean import HEADING_CHARS, clean_line, is_body

_ITEM = re.compile(r"\s*(?:[•‣▪◦●○■□➢✓–-]|\d{1,3}[.)]|[a-zæøå]\))\s+\S")
_PAGE_NUMBER = re.compile(r"(?:side |s\. ?)?\d{1,4}(?: ?(?:/|af) ?\d{1,4})?|[–-] ?\d{1,4} ?[–-]", re.IGNORECASE)
_BROKEN_WORD = re.compile(r"(?<=[a-zæøå])[\u0002\u00ad\ufffe-]$")
_JOINS = ("og", "eller", "samt", "til", "og/eller")
_LARGER = 1.12
_RAGGED = 0.7
_MAX_LEVEL = 4


@dataclass(frozen=True)
class PrintedLine:
    """One line of a printed page; lengths in points, heights from the page's lower edge.

    :param page: the page's number, from 0.
    :param size: the height of its letters.
    :param bold: whether all of it is bold.
    """

    text: str
    page: int
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool


def blocks_of_lines(lines: Sequence[PrintedLine]) -> list[Block]:
    """The lines, in reading order, as headings, list items and paragraphs."""
    lines = _without_repeats(lines)
    levels = _heading_levels(lines)
    margins: dict[tuple[int, float], float] = {}
    for line in lines:
        margins[line.page, line.size] = max(margins.get((line.page, line.size), 0.0), line.right)
    blocks: list[Block] = []
    last: PrintedLine | None = None
    for line in lines:
        level = levels.get((line.size, line.bold), 0) if _may_be_heading(line) else 0
        if last and level == blocks[-1].level and _goes_on(last, line, level, margins[last.page, last.size]):
            blocks[-1] = Block(_joined(blocks[-1].text, line.text), level, blocks[-1].item)
        else:
            blocks.append(Block(line.text.strip(), level, item=not level and bool(_ITEM.match(line.text))))
        last = line
    return blocks


def _without_repeats(lines: Sequence[PrintedLine]) -> list[PrintedLine]:
    """The lines without page numbers, and without what over half of the pages have at the same height."""
    pages = len({line.page for line in lines})
    seen = Counter(key for key, _ in {(_place(line), line.page) for line in lines})
    return [
        line
        for line in lines
        if not _PAGE_NUMBER.fullmatch(clean_line(line.text)) and not (pages > 1 and seen[_place(line)] > pages / 2)
    ]


def _place(line: PrintedLine) -> tuple[str, int]:
    return re.sub(r"\d+", "0", clean_line(line.text)), round(line.top)


def _heading_levels(lines: Sequence[PrintedLine]) -> dict[tuple[float, bool], int]:
    """(size, bold) -> level, the largest first, for what is larger than the body, or as large and bold."""
    letters: Counter[tuple[float, bool]] = Counter()
    for line in lines:
        letters[line.size, line.bold] += len(line.text)
    if not letters:
        return {}
    (body, body_is_bold), _ = letters.most_common(1)[0]
    looks = {
        (line.size, line.bold)
        for line in lines
        if _may_be_heading(line)
        and (line.size >= body * _LARGER or (line.bold and not body_is_bold and line.size >= body))
    }
    return {look: min(rank, _MAX_LEVEL) for rank, look in enumerate(sorted(looks, reverse=True), start=1)}


def _may_be_heading(line: PrintedLine) -> bool:
    text = clean_line(line.text)
    return len(text) <= HEADING_CHARS and not is_body(text) and any(char.isalpha() for char in text)


def _goes_on(last: PrintedLine, line: PrintedLine, level: int, margin: float) -> bool:
    """Whether `line` is the rest of what `last` began.

    :param margin: how far right lines of this size reach on the page.
    """
    same_page = line.page == last.page
    far = same_page and last.bottom - line.top > 0.8 * line.size
    if far or abs(line.size - last.size) > 0.1 * last.size or _ITEM.match(line.text):
        return False
    if level:
        return same_page and line.bold == last.bold
    word = line.text.split(maxsplit=1)[0]
    room = (line.right - line.left) / len(line.text) * (len(word) + 1)
    ended = is_body(last.text.rstrip()[-1])
    if ended and line.bold != last.bold:
        return False
    full = last.right + room > margin
    small = line.text.lstrip()[:1].islower() and last.right > _RAGGED * margin
    return (full and (same_page or not ended)) or (small and not ended)


def _joined(before: str, after: str) -> str:
    """The two lines as one, a word that was broken between them whole again.

    `"efter-", "retning"` -> `"efterretning"`; `"EU-", "landene"` -> `"EU-landene"`;
    `"efterretnings-", "og sikkerhed"` -> `"efterretnings- og sikkerhed"`
    """
    before, after = before.rstrip(), after.strip()
    if after.split(maxsplit=1)[0] in _JOINS:
        return f"{before} {after}"
    if after[:1].islower() and _BROKEN_WORD.search(before):
        return _BROKEN_WORD.sub("", before) + after
    return f"{before}{after}" if before.endswith("-") and not before.endswith(" -") else f"{before} {after}"
