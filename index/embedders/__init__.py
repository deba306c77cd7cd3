"""Embedders: one file a kind, found by its name.

A kind's module has `load(model: str) -> Embedder`; `model` is what follows the colon of the spec,
"" where there is none.
"""

import sys
from abc import abstractmethod

from langchain_core.embeddings import Embeddings

from corpus.plugins import load_plugin


class EmbedderError(Exception):
    """A model that can't be loaded; the message says what is missing and how to get it."""


class Embedder(Embeddings):
    """LangChain `Embeddings` with a name and a size; every vector has length 1.

    `name` changes whenever the vectors would: an index remembers it and refuses another.
    """

    @property
    @abstractmethod
    def name(self) -> str:
        """The spec, and what tells the weights apart."""

    @property
    @abstractmethod
    def dim(self) -> int:
        """Numbers in a vector."""


def load_embedder(spec: str) -> Embedder:
    """Load the embedder `KIND` or `KIND:MODEL`.

    A spec that is a folder, or has a slash before any colon, is a sentence-transformers model.

    :raises UnknownPluginError: for an unknown kind.
    :raises EmbedderError: when its model can't be loaded.
    """
    kind, _, model = spec.partition(":")
    if "/" in kind or kind.startswith("."):
        kind, model = "sentence_transformer", spec
    loaded = load_plugin(sys.modules[__name__], kind).load(model)
    assert isinstance(loaded, Embedder)
    return loaded
