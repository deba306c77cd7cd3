"""Web pages and sitemaps (http and https).

What the address answers with decides how it is read: HTML, PDF, Markdown and plain text as their
files are, a sitemap as the pages it lists, a sitemap of sitemaps as theirs. Of a sitemap, pages on
other hosts are left out, and pages that can't be read are left out with a warning in the log.

Bounded by `corpus.fetch.Limits`; one request at a time.
"""

import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

import httpx

from corpus.blocks import Origin
from corpus.encoding import decode
from corpus.fetch import LIMITS, Document, Limits, fetch, open_client
from corpus.files import is_url
from corpus.page import CorpusError, Page
from corpus.readers.html import decode_html, page_from_html
from corpus.readers.markdown import page_from_markdown
from corpus.readers.pdf import page_from_pdf
from corpus.readers.text import page_from_text
from corpus.sitemap import listed_addresses, xml_kind

logger = logging.getLogger(__name__)

_MAX_ID_CHARS = 80


def accepts(source: str) -> bool:
    """Whether the source is an address on the web."""
    return is_url(source)


def read(source: str, limits: Limits = LIMITS) -> Iterator[Page]:
    """The page at the address, or the pages of the sitemap there.

    :raises CorpusError: when it can't be fetched within the limits, is of no kind that is read, or holds no text.
    """
    with open_client(limits) as client:
        document = fetch(client, source.strip(), limits)
        if _is_sitemap(document):
            yield from _sitemap_pages(client, document, limits)
        else:
            yield _page(document)


def url_id(url: str) -> str:
    """A short id for the address: `https://pet.dk/om-pet/samarbejde/` -> `om-pet-samarbejde`."""
    parts = urlsplit(url)
    path = re.sub(r"\.(?:html?|xhtml|aspx?|php|pdf|md|txt)$", "", unquote(parts.path), flags=re.IGNORECASE)
    words = f"{path} {unquote(parts.query)}".lower() if path.strip("/") or parts.query else parts.hostname or "side"
    slug = re.sub(r"[^\w]+", "-", words).strip("-")
    return slug[:_MAX_ID_CHARS].rstrip("-") or "side"


def _is_sitemap(document: Document) -> bool:
    return document.kind == "xml" and xml_kind(document) != "html"


def _page(document: Document) -> Page:
    origin = Origin(id=url_id(document.url), name=document.url, fetched_at=datetime.now(UTC), url=document.url)
    match document.kind:
        case "pdf":
            return page_from_pdf(document.data, origin)
        case "html" | "xml":
            return page_from_html(decode_html(document.data, origin.name, declared=document.charset), origin)
        case "markdown":
            return page_from_markdown(decode(document.data, origin.name, declared=document.charset), origin)
        case _:
            return page_from_text(decode(document.data, origin.name, declared=document.charset), origin)


def _sitemap_pages(client: httpx.Client, sitemap: Document, limits: Limits) -> Iterator[Page]:
    """The pages that the sitemap and the sitemaps in it list, each address once, in their order."""
    addresses = _own_addresses(client, sitemap, limits)
    if len(addresses) > limits.max_pages:
        raise CorpusError(
            f"{sitemap.url} lists {len(addresses):,} pages, and the limit is {limits.max_pages:,}: "
            "give a sitemap of a part of the site"
        )
    pages = 0
    for address in addresses:
        try:
            document = fetch(client, address, limits)
            if _is_sitemap(document):
                raise CorpusError(f"{address} is a sitemap among pages")
            page = _page(document)
        except CorpusError as error:
            logger.warning("left out: %s", error)
            continue
        pages += 1
        yield page
    if not pages:
        raise CorpusError(f"none of the {len(addresses):,} pages of {sitemap.url} could be read: check the sitemap")


def _own_addresses(client: httpx.Client, sitemap: Document, limits: Limits) -> list[str]:
    """The pages on the sitemap's own host."""
    host = urlsplit(sitemap.url).hostname
    listed = listed_addresses(sitemap)
    if xml_kind(sitemap) == "sitemapindex":
        maps = [fetch(client, address, limits) for address in listed[: limits.max_pages] if _host(address) == host]
        found = (address for each in maps if _is_sitemap(each) for address in listed_addresses(each))
        listed = list(dict.fromkeys(found))
    own = [address for address in listed if _host(address) == host]
    if len(own) < len(listed):
        logger.warning("left out %d pages that are not on %s", len(listed) - len(own), host)
    return own


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname if is_url(url) else None
    except ValueError:
        return None
