"""Ways to answer: one file each, found by its name.

A module has `create(model: str) -> Answerer`; `model` is what follows the colon of the setting,
"" where there is none. An answerer chooses sentences and words; it never writes a quote: `bot.proof` takes
those from the page.
"""

import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from bot.dialogue import own_words
from corpus.plugins import load_plugin
from index.build import PlacedSentence
from index.search import Candidate


class AnswererError(Exception):
    """An answerer that can't be made or can't answer; the message says why and what to do."""


@dataclass(frozen=True)
class Question:
    """A question on its way.

    :param asked: as the visitor wrote it, cleaned.
    :param alone: the same, made to stand alone.
    """

    asked: str
    alone: str
    language: str

    @property
    def also(self) -> str:
        """The other way to read a question that may lean on an earlier one: as it was asked.

        "" for a question that stands alone, or has no word of its own.
        """
        return self.asked if self.asked != self.alone and own_words(self.asked) else ""


@dataclass(frozen=True)
class Composition:
    """What an answerer made: the text for the visitor and the sentences it rests on, best first."""

    text: str
    cited: tuple[PlacedSentence, ...]


class Answerer(ABC):
    """Composes an answer to a question that the gate let through."""

    name: str

    @abstractmethod
    def compose(
        self, question: Question, candidates: Sequence[Candidate], sentences: Sequence[PlacedSentence]
    ) -> Composition:
        """Answer from the candidates, best first, at least one.

        :param sentences: all of the index, in order, for what stands around a candidate.
        :raises AnswererError: when it can't; the bot then answers by extraction.
        """


def create_answerer(spec: str) -> Answerer:
    """The answerer `KIND` or `KIND:MODEL`.

    :raises UnknownPluginError: for an unknown kind.
    :raises AnswererError: when its model can't be had.
    """
    kind, _, model = spec.partition(":")
    made = load_plugin(sys.modules[__name__], kind).create(model)
    assert isinstance(made, Answerer)
    return made
