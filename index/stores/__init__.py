"""Vector stores: one file a kind, found by its name.

A store's module has two functions:

- `create(documents, vectors, embedder) -> Store`, vectors being float32 [n, dim] of length 1 each;
- `load(path, documents, embedder) -> Store`, from what the store's `save` wrote.
"""

import sys
from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore

from corpus.plugins import load_plugin

Vectors = npt.NDArray[np.float32]
Units = npt.NDArray[np.int64]


class StoreError(Exception):
    """A stored file that can't be read or doesn't fit its documents; the message says which and why."""


class Store(VectorStore):
    """LangChain `VectorStore` over numbered documents, by exact cosine similarity.

    Document `i` has vector `i`. A store keeps its vectors in one file; the documents come from whoever
    loads it (`index.build`), so that the page's text is kept in one place only.
    """

    def __init__(self, documents: Sequence[Document], embedder: Embeddings) -> None:
        self.documents = list(documents)
        self._embedder = embedder

    @property
    def embeddings(self) -> Embeddings:
        return self._embedder

    @abstractmethod
    def nearest(self, vector: Vectors, k: int) -> tuple[Units, Vectors]:
        """The nearest documents' numbers, best first, and their cosines: at most `k` of each."""

    @abstractmethod
    def vectors(self) -> Vectors:
        """All vectors in order: float32 [n, dim]."""

    @abstractmethod
    def save(self, path: Path) -> None:
        """Write the vectors to one file."""

    @abstractmethod
    def _append(self, vectors: Vectors) -> None: ...

    def add_texts(
        self,
        texts: Any,
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        **kwargs: Any,
    ) -> list[str]:
        """Embed and append texts; returns the new documents' numbers as strings."""
        added = list(texts)
        if metadatas is not None and len(metadatas) != len(added):
            raise ValueError(f"{len(added)} texts came with {len(metadatas)} metadatas")
        first = len(self.documents)
        if added:
            self._append(np.asarray(self._embedder.embed_documents(added), dtype=np.float32))
        for text, metadata in zip(added, metadatas or [{}] * len(added), strict=True):
            self.documents.append(Document(page_content=text, metadata=metadata))
        return [str(number) for number in range(first, len(self.documents))]

    def similarity_search_with_score(self, query: str, k: int = 4) -> list[tuple[Document, float]]:
        """The `k` documents nearest to the query with their cosines, best first."""
        numbers, cosines = self.nearest(np.asarray(self._embedder.embed_query(query), dtype=np.float32), k)
        return [(self.documents[number], float(cosine)) for number, cosine in zip(numbers, cosines, strict=True)]

    def similarity_search(self, query: str, k: int = 4, **kwargs: Any) -> list[Document]:
        return [document for document, _ in self.similarity_search_with_score(query, k)]


def store_module(name: str) -> ModuleType:
    """The module of the store `name`.

    :raises UnknownPluginError: for an unknown name.
    """
    return load_plugin(sys.modules[__name__], name)
