"""Sitemaps (https://www.sitemaps.org/protocol.html): the addresses that they list."""

from urllib.parse import urljoin

from lxml import etree

from corpus.fetch import Document
from corpus.page import CorpusError


def xml_kind(document: Document) -> str:
    """What the XML document is: "urlset" (a sitemap), "sitemapindex" (a sitemap of sitemaps) or "html".

    :raises CorpusError: when it is something else, or not well-formed.
    """
    name = etree.QName(_root(document)).localname
    if name not in ("urlset", "sitemapindex", "html"):
        raise CorpusError(f"{document.url} is XML with <{name}>, neither a page nor a sitemap: give one of those")
    return str(name)


def listed_addresses(document: Document) -> list[str]:
    """The addresses that the sitemap lists, pages and sitemaps, each once, in its order."""
    root = _root(document)
    found = (loc.text or "" for element in ("sitemap", "url") for loc in root.iterfind(f"{{*}}{element}/{{*}}loc"))
    return list(dict.fromkeys(urljoin(document.url, address.strip()) for address in found if address.strip()))


def _root(document: Document) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(document.data, parser)
    except etree.XMLSyntaxError as error:
        raise CorpusError(f"{document.url} is not well-formed XML ({error}): give a page or a sitemap") from error
