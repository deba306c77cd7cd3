"""From a reader's blocks to a page.

Every reader ends here, so that all pages are canonical in the same way: blocks are cleaned,
navigation and empty blocks go, headings get their offsets.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from corpus.clean import clean_line, content_lines
from corpus.page import CorpusError, Heading, Page

CELL_MARK = " | "
"""Stands between the cells of a table row."""


@dataclass(frozen=True)
class Block:
    """A heading, paragraph, list item or table row, as the source has it.

    :param level: 1 (the page's title) to 6 for a heading, 0 for anything else.
    :param item: whether it is an item of a list, or a row of a table under its column headings.
    """

    text: str
    level: int = 0
    item: bool = False


@dataclass(frozen=True)
class Origin:
    """Where a page comes from, and what is known of it beside its text.

    :param id: the page's id.
    :param name: the file or address, as it was given; errors name it.
    :param fetched_at: timezone-aware.
    :param url: the page's public address, or "" when it isn't known.
    :param title: the page's title, or "" to take what its text has.
    """

    id: str
    name: str
    fetched_at: datetime
    url: str = ""
    title: str = ""


def page_from_blocks(blocks: Iterable[Block], origin: Origin) -> Page:
    """The canonical page of the blocks; without a title, its first level 1 heading, its first heading, or its id.

    :raises CorpusError: when no text is left.
    """
    blocks = list(blocks)
    lines = [clean_line(block.text) for block in blocks]
    kept: list[str] = []
    headings: list[Heading] = []
    items: list[tuple[int, int]] = []
    start = 0
    for number in content_lines(lines):
        line, block = lines[number], blocks[number]
        if block.level:
            headings.append(Heading(line, block.level, start, start + len(line)))
        elif block.item:
            items.append((start, start + len(line)))
        kept.append(line)
        start += len(line) + 1
    text = "\n".join(kept)
    if not any(char.isalnum() for char in text):
        raise CorpusError(f"{origin.name} holds no text to answer from: give a page with text on it")
    top = next(
        (heading.text for heading in headings if heading.level == 1), headings[0].text if headings else origin.id
    )
    return Page(
        id=origin.id,
        url=origin.url,
        title=clean_line(origin.title) or top,
        fetched_at=origin.fetched_at,
        text=text,
        headings=tuple(headings),
        items=tuple(items),
    )
