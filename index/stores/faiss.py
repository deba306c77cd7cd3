"""The default store: FAISS' flat inner-product index, exact, in memory (Douze et al. 2024, arXiv:2401.08281)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import faiss
import numpy as np
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings

from index.stores import Store, StoreError, Units, Vectors


class FaissStore(Store):
    """Vectors in a `faiss.IndexFlatIP`."""

    def __init__(self, documents: Sequence[Document], flat: Any, embedder: Embeddings) -> None:
        if flat.ntotal != len(documents):
            raise StoreError(
                f"the store holds {flat.ntotal} vectors for {len(documents)} documents: build the index again"
            )
        super().__init__(documents, embedder)
        self._flat = flat

    @classmethod
    def from_texts(
        cls,
        texts: list[str],
        embedding: Embeddings,
        metadatas: list[dict[str, Any]] | None = None,
        **kwargs: Any,
    ) -> Self:
        vectors = np.asarray(embedding.embed_documents(texts), dtype=np.float32)
        documents = [
            Document(page_content=text, metadata=metadata)
            for text, metadata in zip(texts, metadatas or [{}] * len(texts), strict=True)
        ]
        return cls(documents, _flat(vectors), embedding)

    def nearest(self, vector: Vectors, k: int) -> tuple[Units, Vectors]:
        if vector.shape != (self._flat.d,):
            raise ValueError(f"the vector has shape {vector.shape}, the store's have {self._flat.d} numbers")
        cosines, numbers = self._flat.search(vector.reshape(1, -1), min(k, self._flat.ntotal))
        return numbers[0], cosines[0]

    def vectors(self) -> Vectors:
        return np.asarray(self._flat.reconstruct_n(0, self._flat.ntotal), dtype=np.float32)

    def save(self, path: Path) -> None:
        path.write_bytes(faiss.serialize_index(self._flat).tobytes())

    def _append(self, vectors: Vectors) -> None:
        self._flat.add(vectors)


def create(documents: Sequence[Document], vectors: Vectors, embedder: Embeddings) -> FaissStore:
    """A store of the documents; vectors float32 [n, dim], n > 0."""
    return FaissStore(documents, _flat(vectors), embedder)


def load(path: Path, documents: Sequence[Document], embedder: Embeddings) -> FaissStore:
    """Read what `save` wrote.

    :raises StoreError: when the file is damaged or holds another number of vectors.
    """
    try:
        flat = faiss.deserialize_index(np.frombuffer(path.read_bytes(), dtype=np.uint8))
    except (OSError, RuntimeError) as error:
        raise StoreError(f"{path} can't be read as a FAISS index: build the index again") from error
    return FaissStore(documents, flat, embedder)


def _flat(vectors: Vectors) -> Any:
    if vectors.ndim != 2 or not len(vectors):
        raise ValueError(f"a store needs vectors of shape [n, dim], n > 0; got {vectors.shape}")
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(np.ascontiguousarray(vectors))
    return flat
