"""Plain text files (.txt, .text, or no ending).

Blank lines part the blocks. A file whose lines were broken to a width (50 to 100 characters) has
them joined again; in any other file each line is a block.

A text file marks no headings, so they are told by their look: a short line without final
punctuation (but "?"), with an empty line above, followed by text. The first such line before any
text is the title.
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
_NUMBERED = re.compile(r"\d{1,3}[.)] ")
_DATED = re.compile(r"(?:sidst )?(?:opdateret|publiceret|offentliggjort|ændret|revideret|dato)\b", re.IGNORECASE)
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
    listed = _listed(lines)
    blocks = [Block(lines[number], item=number in listed or bool(_ITEM.match(raw[number]))) for number in numbers]
    has_blanks = any(not line for line in lines[1:-1])
    alone = [not has_blanks or _stands_alone(lines, number) for number in numbers]
    may_be = [is_alone and _may_be_heading(block) for block, is_alone in zip(blocks, alone, strict=True)]
    return _with_headings(blocks, may_be)


def _with_headings(blocks: list[Block], may_be: list[bool]) -> list[Block]:
    """The blocks, where a run of one or two lines that may be headings, before text, is headings.

    A longer run is a list without marks, as is any run after a line ending with ":", and a numbered line
    is a heading only by itself ("1. Formål"). The first line of the file is its title all the same.
    """
    found: list[Block] = []
    start = 0
    while start < len(blocks):
        end = start
        while end < len(blocks) and may_be[end]:
            end += 1
        run = blocks[start:end]
        is_list = bool(found) and (found[-1].text.endswith(":") or (found[-1].item and any(b.item for b in run)))
        if run and not found and not run[0].item:
            found.append(Block(run.pop(0).text, level=1))
        if end < len(blocks) and not is_list and len(run) <= (1 if any(b.item for b in run) else _MAX_STACKED):
            found += [Block(block.text, level=2 + depth) for depth, block in enumerate(run)]
        else:
            found += [Block(block.text, item=is_list or block.item) for block in run]
        if end < len(blocks):
            found.append(blocks[end])
        start = end + 1
    return found


def _may_be_heading(block: Block) -> bool:
    """Whether the block has a heading's look: short, no mark at its end but "?", and no bullet or date in front."""
    text = block.text
    is_short = len(text) <= HEADING_CHARS and not is_body(text.removesuffix("?")) and not text.endswith(",")
    is_started = bool(_HEADING_START.match(text)) and not _DATED.match(text)
    return is_short and is_started and (not block.item or bool(_NUMBERED.match(text)))


def _stands_alone(lines: list[str], number: int) -> bool:
    """Whether the line has an empty line above, and below an empty line or text."""
    before = lines[number - 1] if number else ""
    after = lines[number + 1] if number + 1 < len(lines) else ""
    return not before and (not after or is_body(after))


def _listed(lines: list[str]) -> set[int]:
    """The numbers of the lines between a line that ends with ":" and the next empty one, in a file that has any."""
    listed: set[int] = set()
    if "" in lines[1:-1]:
        for number, line in enumerate(lines[1:], start=1):
            if line and (lines[number - 1].endswith(":") or number - 1 in listed):
                listed.add(number)
    return listed


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
        is_item = bool(_ITEM.match(line)) and not _NUMBERED.match(line)  # "den\n9. maj" is no item
        if word and last.strip() and full and not is_body(last.strip()[-1]) and not is_item:
            joined[-1] = f"{joined[-1].rstrip()} {line.strip()}"
        else:
            joined.append(line)
        last = line
    return joined
