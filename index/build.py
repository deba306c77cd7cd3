"""Indexes in memory: pages become passages and sentences, each under words and under meaning.

Owns what is indexed and what an `Index` holds. How one is kept is `index.folder`; how a question
is asked of it is `index.search`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from langchain_core.documents import Document

from corpus.page import Page
from corpus.split import Passage, Sentence, split_passages
from index.embedders import Embedder
from index.hybrid import HybridRetriever
from index.lexical import Lexical
from index.stores import Vectors, store_module

# Chosen on the training pages' questions; see benchmarks/README.md.
DENSE_WEIGHT = 0.6
_BATCH = 256

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class PlacedSentence:
    """A sentence with its number in the index, its page, its passage's number and the sentence before it.

    :param previous: the one before it on its page under the same heading, if any.
    """

    number: int
    page: Page
    sentence: Sentence
    passage: int
    previous: "PlacedSentence | None"


@dataclass(frozen=True)
class Index:
    """Pages with a hybrid retriever over their passages and one over their sentences.

    `sentences[i]` belongs to document `i` of `by_sentence`.
    """

    pages: tuple[Page, ...]
    sentences: tuple[PlacedSentence, ...]
    by_passage: HybridRetriever
    by_sentence: HybridRetriever
    embedder: Embedder
    store: str

    def page(self, page_id: str) -> Page:
        """The page with that id.

        :raises KeyError: when there is none.
        """
        for page in self.pages:
            if page.id == page_id:
                return page
        raise KeyError(page_id)


@dataclass(frozen=True)
class Units:
    """What is indexed: one document a passage and one a sentence, in the order of the pages."""

    passages: tuple[Document, ...]
    sentences: tuple[Document, ...]
    placed: tuple[PlacedSentence, ...]


def build_index(
    pages: Iterable[Page],
    *,
    embedder: Embedder,
    store: str = "faiss",
    dense_weight: float = DENSE_WEIGHT,
    known: Mapping[str, Vectors] | None = None,
    progress: Progress | None = None,
) -> Index:
    """Index the pages in memory.

    :param dense_weight: share of meaning beside words, in [0, 1]; see `index.hybrid.weight_of_meaning`.
    :param known: vectors of texts embedded before, which are not embedded again.
    :param progress: called with (texts embedded, texts to embed).
    :raises ValueError: without a sentence to index, or when two pages share an id.
    """
    kept = tuple(pages)
    units = split_units(kept)
    texts = [document.page_content for document in (*units.passages, *units.sentences)]
    vectors = _embed(texts, embedder, known or {}, progress)
    return assemble(
        kept,
        units,
        embedder=embedder,
        store=store,
        dense_weight=dense_weight,
        vectors=(vectors[: len(units.passages)], vectors[len(units.passages) :]),
    )


def assemble(
    pages: tuple[Page, ...],
    units: Units,
    *,
    embedder: Embedder,
    store: str,
    dense_weight: float,
    vectors: tuple[Vectors, Vectors],
) -> Index:
    """Join pages, units and their vectors (of passages, of sentences) to an index."""
    create = store_module(store).create
    retrievers = [
        HybridRetriever(
            lexical=Lexical([document.page_content for document in documents]),
            store=create(documents, side, embedder),
            dense_weight=dense_weight,
        )
        for documents, side in zip((units.passages, units.sentences), vectors, strict=True)
    ]
    return Index(pages, units.placed, retrievers[0], retrievers[1], embedder, store)


def split_units(pages: Sequence[Page]) -> Units:
    """The documents of the pages: passages and sentences carry their page's title and their heading.

    :raises ValueError: without a sentence, or when two pages share an id.
    """
    ids = [page.id for page in pages]
    twice = sorted({page_id for page_id in ids if ids.count(page_id) > 1})
    if twice:
        raise ValueError(f"two pages share the id {twice[0]!r}: give one of them another name")
    passages: list[Document] = []
    sentences: list[Document] = []
    placed: list[PlacedSentence] = []
    for page in pages:
        previous: PlacedSentence | None = None
        for passage in split_passages(page):
            for sentence in passage.sentences:
                if previous is not None and previous.sentence.heading != sentence.heading:
                    previous = None
                previous = PlacedSentence(len(placed), page, sentence, len(passages), previous)
                placed.append(previous)
                sentences.append(_sentence_document(page, sentence))
            passages.append(_passage_document(page, passage))
    if not sentences:
        raise ValueError(f"nothing to index: {len(pages)} pages hold no sentence")
    return Units(tuple(passages), tuple(sentences), tuple(placed))


def _passage_document(page: Page, passage: Passage) -> Document:
    lines = [page.title, passage.heading if passage.heading != page.title else "", passage.text]
    return Document(page_content="\n".join(line for line in lines if line), metadata=_place(page, passage))


def _sentence_document(page: Page, sentence: Sentence) -> Document:
    lines = [sentence.heading or page.title, sentence.text]
    return Document(page_content="\n".join(lines), metadata=_place(page, sentence))


def _place(page: Page, unit: Passage | Sentence) -> dict[str, str | int]:
    return {"page": page.id, "heading": unit.heading, "start": unit.start, "end": unit.end}


def _embed(
    texts: Sequence[str], embedder: Embedder, known: Mapping[str, Vectors], progress: Progress | None
) -> Vectors:
    missing = [text for text in dict.fromkeys(texts) if text not in known]
    fresh: dict[str, Vectors] = {}
    for start in range(0, len(missing), _BATCH):
        batch = missing[start : start + _BATCH]
        vectors = np.asarray(embedder.embed_documents(batch), dtype=np.float32)
        fresh.update(zip(batch, vectors, strict=True))
        if progress is not None:
            progress(len(fresh), len(missing))
    return np.stack([known[text] if text in known else fresh[text] for text in texts])


def known_vectors(index: Index) -> dict[str, Vectors]:
    """Text -> vector of everything in the index, for building the next one."""
    known: dict[str, Vectors] = {}
    for retriever in (index.by_passage, index.by_sentence):
        contents = (document.page_content for document in retriever.store.documents)
        known.update(zip(contents, retriever.store.vectors(), strict=True))
    return known
