"""Bots to evaluate: one for each set of pages, all with the same loaded models."""

from collections.abc import Sequence

from bot.answer import Answer
from bot.answerers import Question
from bot.bot import CANDIDATES, Bot
from bot.create import create_bot
from bot.dialogue import clean_question, language_of, standalone
from bot.evaluate.evidence import Span
from bot.settings import Settings
from corpus.page import Page
from index.embedders import Embedder, load_embedder
from index.reader import Reader, load_reader
from index.search import search_sentences


class Bots:
    """Makes a bot whose only pages are those given, indexed in memory."""

    def __init__(self, settings: Settings, *, embedder: Embedder | None = None, reader: Reader | None = None) -> None:
        """
        :param embedder: one that is loaded, in place of the settings' own; `reader` likewise.
        :raises EmbedderError, ReaderError: when the settings' models can't be loaded.
        """
        self._settings = settings
        self._embedder = embedder or load_embedder(settings.embedder)
        self._reader = reader or (load_reader(settings.reader) if settings.reader else None)

    @property
    def embedder(self) -> str:
        """The name of the embedder that they share."""
        return self._embedder.name

    def __call__(self, pages: tuple[Page, ...]) -> "TracedBot":
        bot = create_bot(self._settings, pages=pages, embedder=self._embedder, reader=self._reader, suggests=False)
        return TracedBot(bot)


class TracedBot:
    """A bot that also tells what its search found."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """As a visitor asks."""
        return self._bot.ask(question, history)

    def candidates(self, question: str, history: Sequence[str] = ()) -> list[Span]:
        """The sentences that its search hands on for this question."""
        text = clean_question(question)
        alone = standalone(text, [clean_question(earlier) for earlier in history])
        asked = Question(text, alone, language_of(text))
        found = search_sentences(self._bot.index, asked.alone, also=asked.also, k=CANDIDATES)
        return [Span(at.placed.page.id, at.placed.sentence.start, at.placed.sentence.end) for at in found]
