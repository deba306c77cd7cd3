"""Plain text files (.txt, .text, or no ending).

Blank lines part the blocks. A file whose lines were broken to a width (50 to 100 characters) has
them joined again; in any other file each line is a block.

A text file marks no headings, so they are told by their look: a short line without final
punctuation, standing alone, followed by text. The first such line before any text is the title.
"""

import math
import re
from collections.abc import Iterator

from corpus.blocks import Block, Origin, page_from_blocks
from corpus.clean import HEADING_CHARS, clean_line, content_lines, is_body
from corpus.encoding import decode
from corpus.files import is_file, origin_of, read_bytes
from corpus.page import Page

_ITEM = re.compile(r"\s*(?:[•‣▪◦●○■□▶➢✓*–—-]|\d{1,3}[.)]|[a-zæøå]\))\s+\S")
_HEADING_START = re.compile(r"[\"'»«“”(]?(?:[^\W\d_]|\d|§)")
_MAX_STACKED = 2
"""So many headings may follow each other (a title and a heading, a heading and its first part)."""


def accepts(source: str) -> bool:
    """Whether the source is a text file."""
    return is_file(source, ".txt", ".text", "")


def read(source: str) -> Iterator[Page]:
    """The file's one page.

    :raises CorpusError: when the file can't be read, isn't text or holds none.
    """
    yield page_from_text(decode(read_bytes(source), source), origin_of(source))


def page_from_text(text: str, origin: Origin) -> Page:
    """The page of plain text.

    :raises CorpusError: when nothing is left of it but navigation.
    """
    return page_from_blocks(blocks_of(text), origin)


def blocks_of(text: str) -> list[Block]:
    """The blocks of plain text, cleaned, with the headings found."""
    raw = _joined_lines(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    lines = [clean_line(line) for line in raw]
    numbers = content_lines(lines)
    blocks = [Block(lines[number], item=bool(_ITEM.match(raw[number]))) for number in numbers]
    alone = [_stands_alone(lines, number, has_blanks=_has_blanks(raw)) for number in numbers]
    return _with_headings(blocks, alone)


def _with_headings(blocks: list[Block], alone: list[bool]) -> list[Block]:
    """The blocks, where a run of one or two heading-like lines before text is headings.

    A longer run is a list without marks, as is any run after a line ending with ":"; the first line
    of the file is its title all the same.
    """
    found: list[Block] = []
    start = 0
    while start < len(blocks):
        end = start
        while end < len(blocks) and alone[end] and _looks_like_heading(blocks[end]):
            end += 1
        run = blocks[start:end]
        is_list = bool(found) and found[-1].text.endswith(":")
        if run and not found:
            found.append(Block(run.pop(0).text, level=1))
        if end < len(blocks) and not is_list and len(run) <= _MAX_STACKED:
            found += [Block(block.text, level=2 + depth) for depth, block in enumerate(run)]
        else:
            found += [Block(block.text, item=is_list) for block in run]
        if end < len(blocks):
            found.append(blocks[end])
        start = end + 1
    return found


def _looks_like_heading(block: Block) -> bool:
    text = block.text
    return not (block.item or is_body(text) or text.endswith(",") or len(text) > HEADING_CHARS) and bool(
        _HEADING_START.match(text)
    )


def _stands_alone(lines: list[str], number: int, *, has_blanks: bool) -> bool:
    """Whether the line has an empty line on both sides, in a file that has any."""
    before = lines[number - 1] if number else ""
    after = lines[number + 1] if number + 1 < len(lines) else ""
    return not has_blanks or not (before or after)


def _has_blanks(raw: list[str]) -> bool:
    return any(not line.strip() for line in raw[1:-1])


def _joined_lines(lines: list[str]) -> list[str]:
    """The lines with those joined that were broken to a width.

    A line was broken when the next one's first word would not have fitted, and it doesn't end a sentence.
    """
    lengths = sorted(len(line.rstrip()) for line in lines if line.strip())
    width = lengths[math.ceil(0.9 * len(lengths)) - 1] if lengths else 0
    if not 50 <= width <= 100:
        return lines
    joined: list[str] = []
    last = ""
    for line in lines:
        word = line.split(maxsplit=1)[0] if line.strip() else ""
        full = len(last.rstrip()) + 1 + len(word) > width
        if word and last.strip() and full and not is_body(last.strip()[-1]) and not _ITEM.match(line):
            joined[-1] = f"{joined[-1].rstrip()} {line.strip()}"
        else:
            joined.append(line)
        last = line
    return joined
