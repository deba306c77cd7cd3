"""Readers: a source in, pages out.

One file a kind of source, found by its name. Each has `accepts(source) -> bool`, true for the
sources it reads and no other's, and `read(source) -> Iterator[Page]`. `read_source` picks the one
that accepts.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from corpus.files import is_url
from corpus.page import CorpusError, Page
from corpus.plugins import load_plugin, plugin_names

__all__ = ["is_url", "read_source", "read_sources"]


def read_source(source: str) -> Iterator[Page]:
    """The pages of a text, Markdown, HTML or PDF file, a folder of them, a URL or a sitemap URL.

    :raises CorpusError: when there is no such source, no reader for it, or no text in it.
    """
    if not source.strip():
        raise CorpusError("no source given: give a file, a folder or a URL")
    if "\0" in source or not (is_url(source) or Path(source).exists()):
        raise CorpusError(f"no such file or folder: {source!r}; give a file, a folder or a URL with http(s)://")
    package = sys.modules[__name__]
    for name in plugin_names(package):
        reader = load_plugin(package, name)
        if reader.accepts(source):
            yield from reader.read(source)
            return
    raise CorpusError(f"no reader for {source!r}: give a .txt, .md, .html or .pdf file, a folder of them, or a URL")


def read_sources(sources: Iterable[str]) -> list[Page]:
    """The pages of all the sources in order, each with an id of its own (a second "om" becomes "om-2")."""
    pages: list[Page] = []
    taken: set[str] = set()
    for source in sources:
        for page in read_source(source):
            id, number = page.id, 2
            while id in taken:
                id, number = f"{page.id}-{number}", number + 1
            taken.add(id)
            pages.append(page if id == page.id else replace(page, id=id))
    return pages
