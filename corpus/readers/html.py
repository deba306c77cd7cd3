"""HTML files (.html, .htm, .xhtml): the main text, without menus, footers and the like.

Where the page says which part is its main one (`<main>`, or a single `<article>`), that part is read
as it stands, with all its headings, lists and tables. Where it doesn't, trafilatura finds it.
trafilatura alone drops lists and headings from some pages (its issues 354, 431 and 774).
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace

from lxml import html as lxml_html

from corpus.blocks import Block, Origin, page_from_blocks
from corpus.encoding import decode
from corpus.files import is_file, is_url, origin_of, read_bytes
from corpus.markup import blocks_of_element, drop_chrome, line_of, parse_html
from corpus.page import Page

_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_HEAD_BYTES = 4096


def accepts(source: str) -> bool:
    """Whether the source is an HTML file."""
    return is_file(source, ".html", ".htm", ".xhtml")


def read(source: str) -> Iterator[Page]:
    """The file's one page.

    :raises CorpusError: when the file can't be read, isn't text or holds none.
    """
    yield page_from_html(decode_html(read_bytes(source), source), origin_of(source))


def decode_html(data: bytes, name: str, *, declared: str = "") -> str:
    """The text of HTML bytes; its `<meta charset>` counts where the server declares nothing."""
    found = _CHARSET.search(data[:_HEAD_BYTES])
    return decode(data, name, declared=declared or (found[1].decode("ascii") if found else ""))


def page_from_html(text: str, origin: Origin) -> Page:
    """The page of an HTML document.

    Without a url in `origin`, the document's canonical one; without a title, its first `<h1>`, else its
    `<title>` without the site's name behind a "|".

    :raises CorpusError: when there is no text.
    """
    root = parse_html(text)
    if root is None:
        return page_from_blocks([], origin)
    canonical, title = _canonical_url(root), _title(root)
    drop_chrome(root)
    top = next(filter(None, map(line_of, root.iter("h1"))), "")
    blocks = _main_blocks(root)
    if top and blocks and not any(block.level == 1 for block in blocks):
        blocks.insert(0, Block(top, level=1))
    known = replace(origin, url=origin.url or canonical, title=origin.title or top or title)
    return page_from_blocks(blocks, known)


def _main_blocks(root: lxml_html.HtmlElement) -> list[Block]:
    for path in ("//main", "//*[@role='main']", "//article"):
        parts = root.xpath(path)
        if len(parts) == 1 and (blocks := blocks_of_element(parts[0])):
            return blocks
    import trafilatura

    found = trafilatura.extract(deepcopy(root), output_format="html", include_comments=False, favor_recall=True)
    main = parse_html(found) if found else None
    return blocks_of_element(main if main is not None else root)


def _canonical_url(root: lxml_html.HtmlElement) -> str:
    for path in ("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content"):
        for address in root.xpath(path):
            if is_url(address):
                return str(address).strip()
    return ""


def _title(root: lxml_html.HtmlElement) -> str:
    titles = root.xpath("//head/title")
    return " ".join(titles[0].text_content().split("|")[0].split()) if titles else ""
