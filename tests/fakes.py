"""Small stand-ins: an embedder without a model, pages without a file."""

import zlib
from datetime import UTC, datetime

import numpy as np

from bot.gate import Gate
from corpus.page import Heading, Page
from index.danish import terms
from index.embedders import Embedder

FETCHED = datetime(2026, 11, 23, 10, tzinfo=UTC)


class HashEmbedder(Embedder):
    """Counts hashed analyzer terms: texts that share words are near, at no cost."""

    def __init__(self, dim: int = 64, name: str = "hash") -> None:
        self._dim = dim
        self._name = name
        self.embedded: list[str] = []

    @property
    def name(self) -> str:
        return self._name

    @property
    def dim(self) -> int:
        return self._dim

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.embedded += texts
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        vector = np.full(self._dim, 1e-3)
        for term in terms(text):
            vector[zlib.crc32(term.encode()) % self._dim] += 1
        return [float(number) for number in vector / np.linalg.norm(vector)]


def make_page(
    *blocks: str, id: str = "side", url: str = "https://eksempel.dk/side", headings: tuple[str, ...] = ()
) -> Page:
    """A page of one block a line; the blocks named in `headings` are its headings, the first its title."""
    text = "\n".join(blocks)
    found = []
    for number, heading in enumerate(headings):
        start = text.index(heading)
        found.append(Heading(heading, 1 if number == 0 else 2, start, start + len(heading)))
    title = headings[0] if headings else "Side"
    return Page(id=id, url=url, title=title, fetched_at=FETCHED, text=text, headings=tuple(found))


def make_gate() -> Gate:
    """A gate without a reader: shared words and a high search score make it sure."""
    return Gate(-4.0, {"known_words": 1.5, "words_here": 2.5, "dense": 3.0, "search": 0.3}, threshold=0.5)
