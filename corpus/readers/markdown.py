"""Markdown files (.md, .markdown): CommonMark with tables, by markdown-it.

Read as the HTML it stands for, so that the two can't differ. Front matter between `---` lines is
left out, but for its `title`.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from corpus.blocks import Origin, page_from_blocks
from corpus.encoding import decode
from corpus.files import is_file, origin_of, read_bytes
from corpus.markup import blocks_of_element, drop_chrome, parse_html
from corpus.page import Page

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?\r?\n)?---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_TITLE = re.compile(r"^title:[ \t]*(.+?)[ \t]*\r?$", re.MULTILINE)


def accepts(source: str) -> bool:
    """Whether the source is a Markdown file."""
    return is_file(source, ".md", ".markdown")


def read(source: str) -> Iterator[Page]:
    """The file's one page.

    :raises CorpusError: when the file can't be read, isn't text or holds none.
    """
    yield page_from_markdown(decode(read_bytes(source), source), origin_of(source))


def page_from_markdown(text: str, origin: Origin) -> Page:
    """The page of a Markdown document.

    :raises CorpusError: when there is no text.
    """
    from markdown_it import MarkdownIt

    front = _FRONT_MATTER.match(text)
    title = _TITLE.search(front[1] or "") if front else None
    root = parse_html(MarkdownIt("commonmark").enable("table").render(text[front.end() :] if front else text))
    if root is None:
        return page_from_blocks([], origin)
    drop_chrome(root)
    known = replace(origin, title=origin.title or (title[1].strip("\"'") if title else ""))
    return page_from_blocks(blocks_of_element(root), known)
