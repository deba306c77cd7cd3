"""From a reader's blocks to a page.

Every reader ends here, so that all pages are canonical in the same way: blocks are cleaned,
navigation and empty blocks go, headings get their offsets.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from corpus.clean import clean_line, content_lines
from corpus.page import CorpusError, Heading, Page


@dataclass(frozen=True)
class Block:
    """A heading, paragraph, list item or table row, as the source has it.

    :param level: 1 (the page's title) to 6 for a heading, 0 for anything else.
    :param item: whether it is an item of a list.
    """

    text: str
    level: int = 0
    item: bool = False


def page_from_blocks(
    blocks: Iterable[Block], *, id: str, fetched_at: datetime, url: str = "", title: str = "", name: str = ""
) -> Page:
    """The canonical page of the blocks.

    :param title: the page's title; "" takes the first level 1 heading, else the first heading, else the id.
    :param name: what to call the source in an error; the id when "".
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
        raise CorpusError(f"{name or id} holds no text to answer from: give a page with text on it")
    top = next((heading.text for heading in headings if heading.level == 1), headings[0].text if headings else id)
    return Page(
        id=id,
        url=url,
        title=clean_line(title) or top,
        fetched_at=fetched_at,
        text=text,
        headings=tuple(headings),
        items=tuple(items),
    )
