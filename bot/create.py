"""Joins the parts: from settings to a bot, and from a source to its index folder.

Owns when an index is built: when there is none, when it is stale or damaged, and when asked. A file's text is
compared with the index at each start; a URL is fetched again only by `build`.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answerers import create_answerer
from bot.bot import Bot
from bot.gate import Gate, load_gate
from bot.settings import Settings
from corpus.page import Page
from corpus.readers import is_url, read_sources
from index.build import Index, Progress, build_index, known_vectors
from index.embedders import Embedder, load_embedder
from index.folder import (
    Changes,
    IndexFolderError,
    compare_pages,
    load_index,
    page_hashes,
    read_manifest,
    save_index,
)
from index.reader import Reader, load_reader

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Built:
    """An index that was just built and kept, and what that changed."""

    index: Index
    changes: Changes


def create_bot(
    settings: Settings,
    *,
    pages: Sequence[Page] | None = None,
    embedder: Embedder | None = None,
    reader: Reader | None = None,
    gate: Gate | None = None,
    suggests: bool = True,
) -> Bot:
    """The bot that the settings describe.

    :param pages: answer from these, indexed in memory, in place of the settings' source.
    :param embedder: a loaded one to share between bots, in place of the settings' own.
    :param reader: the same for the reader.
    :param gate: in place of the one that was fitted for the reader.
    :param suggests: have questions to suggest, which takes an answer for each.
    :raises CorpusError, EmbedderError, IndexFolderError, AnswererError, ReaderError, GateError, UnknownPluginError:
        what is told in one line.
    """
    shared = embedder or load_embedder(settings.embedder)
    if pages is None:
        index = open_index(settings, shared)
    else:
        index = build_index(pages, embedder=shared, store=settings.store, dense_weight=settings.dense_weight)
    if reader is None and settings.reader:
        reader = load_reader(settings.reader)
    gate = gate or load_gate(reader.name if reader else "", settings.max_wrong_answers)
    answerer = create_answerer(settings.answerer)
    return Bot(index, answerer=answerer, reader=reader, gate=gate, settings=settings, suggests=suggests)


def open_index(settings: Settings, embedder: Embedder) -> Index:
    """The settings' index: the one that is kept when it is current, else built anew."""
    try:
        index = load_index(settings.index, embedder, store=settings.store, dense_weight=settings.dense_weight)
        if read_manifest(settings.index)["source"] == _source_name(settings) and _is_current(settings, index):
            return index
        logger.info("the source changed: building the index again")
    except IndexFolderError as error:
        logger.info("%s; building it now", error)
    return rebuild(settings, embedder).index


def rebuild(settings: Settings, embedder: Embedder, progress: Progress | None = None) -> Built:
    """Read the source, build its index and keep it, embedding only what is new."""
    pages = read_sources(settings.sources)
    before: dict[str, str] = {}
    known = {}
    try:
        old = load_index(settings.index, embedder, store=settings.store)
        before, known = page_hashes(old.pages), known_vectors(old)
    except IndexFolderError as error:
        logger.debug("nothing to build on: %s", error)
    index = build_index(
        pages,
        embedder=embedder,
        store=settings.store,
        dense_weight=settings.dense_weight,
        known=known,
        progress=progress,
    )
    save_index(index, settings.index, source=_source_name(settings))
    return Built(index, compare_pages(before, page_hashes(index.pages)))


def _is_current(settings: Settings, index: Index) -> bool:
    if any(is_url(source) for source in settings.sources):
        return True
    return page_hashes(tuple(read_sources(settings.sources))) == page_hashes(index.pages)


def _source_name(settings: Settings) -> str:
    return "\n".join(settings.sources)
