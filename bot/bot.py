"""The one path of a question: checked, made to stand alone, searched, judged, composed, proven.

The chat, the API, the widget, the command line and the evaluation all ask `Bot.ask`.
"""

import hashlib
import json
import logging
import time
from collections.abc import Sequence
from dataclasses import replace

from bot.answer import Answer, Outcome
from bot.answerers import Answerer, AnswererError, Question
from bot.answerers.extractive import Extractive
from bot.dialogue import clean_question, language_of, smalltalk_kind, standalone
from bot.gate import Gate
from bot.privacy import has_personal_data
from bot.proof import cite, is_proven
from bot.settings import Settings
from bot.suggestions import suggest
from bot.text import load_text
from bot.unknown import unknown_names
from corpus.page import Page
from index.build import Index
from index.search import Candidate, search_sentences

logger = logging.getLogger(__name__)

CANDIDATES = 24
NEAREST = 3


class Bot:
    """Answers questions about the pages of one index. Safe to use from several threads."""

    def __init__(self, index: Index, *, answerer: Answerer, gate: Gate, settings: Settings) -> None:
        self.index = index
        self.settings = settings
        self._answerer = answerer
        self._gate = gate
        self._pages = {page.id: page for page in index.pages}
        self._version = "".join(page.sha256 for page in index.pages)
        self._suggestions: tuple[str, ...] = ()
        self._suggestions = tuple(
            question for question in suggest(index.pages) if self.ask(question).outcome is Outcome.ANSWERED
        )

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages it answers from."""
        return self.index.pages

    @property
    def ready(self) -> bool:
        """Whether it can answer: it can once it is made."""
        return True

    def suggestions(self) -> tuple[str, ...]:
        """Questions made from the pages, each of which it answers."""
        return self._suggestions

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer the question. Never raises for what a visitor typed.

        :param history: the visitor's earlier questions, oldest first; the latest `max_history` count.
        """
        started = time.perf_counter()
        try:
            answer = self._answer(question, history)
        except Exception:
            logger.exception("a question could not be answered")
            answer = self._plain(clean_question(question)[:1000], Outcome.ERROR, "answers.error")
        return replace(answer, elapsed_ms=round((time.perf_counter() - started) * 1000, 1))

    def _answer(self, question: str, history: Sequence[str]) -> Answer:
        limit = self.settings.max_question_chars
        if len(question) > limit:
            return self._plain(clean_question(question[:limit]), Outcome.ERROR, "answers.too_long", limit=limit)
        asked = clean_question(question)
        if not asked:
            return self._plain(asked, Outcome.ERROR, "answers.empty")
        language = language_of(asked)
        if has_personal_data(question) or has_personal_data(asked):
            masked = load_text(language)["answers.masked"]
            return self._plain(masked, Outcome.PERSONAL_DATA, "answers.personal_data", language=language)
        if kind := smalltalk_kind(asked):
            return self._plain(asked, Outcome.SMALLTALK, f"smalltalk.replies.{kind}", language=language)
        return self._from_page(Question(asked, standalone(asked, self._earlier(history)), language))

    def _earlier(self, history: Sequence[str]) -> list[str]:
        recent = list(history)[-self.settings.max_history :] if self.settings.max_history else []
        cleaned = [clean_question(entry[: self.settings.max_question_chars]) for entry in recent]
        return [entry for entry in cleaned if entry and not has_personal_data(entry) and not smalltalk_kind(entry)]

    def _from_page(self, question: Question) -> Answer:
        candidates = search_sentences(self.index, question.alone, k=CANDIDATES)
        confidence = self._gate.confidence(question, candidates, self.index.by_sentence.lexical.vocabulary)
        if confidence < self._gate.threshold:
            return self._refuse(question, candidates, confidence)
        answerer: Answerer = self._answerer
        try:
            composition = answerer.compose(question, candidates)
        except AnswererError as error:
            logger.warning("%s could not answer, answering by extraction: %s", answerer.name, error)
            answerer = Extractive()
            composition = answerer.compose(question, candidates)
        return self._proven(
            Answer(
                id="",
                question=question.asked,
                outcome=Outcome.ANSWERED,
                answer=composition.text,
                confidence=confidence,
                citations=tuple(cite(placed) for placed in composition.cited),
                answerer=answerer.name,
                language=question.language,
                fetched_at=_utc(composition.cited[0].page),
            )
        )

    def _refuse(self, question: Question, candidates: Sequence[Candidate], confidence: float) -> Answer:
        text = load_text(question.language)
        names = unknown_names(question.asked, self.index.by_sentence.lexical.vocabulary)
        said = text["answers.not_found_about"].format(names=", ".join(names)) if names else text["answers.not_found"]
        return self._proven(
            Answer(
                id="",
                question=question.asked,
                outcome=Outcome.NOT_ON_PAGE,
                answer=said,
                confidence=confidence,
                nearest=tuple(cite(candidate.placed) for candidate in candidates[:NEAREST]),
                suggestions=self._suggestions[:NEAREST],
                answerer=self._answerer.name,
                language=question.language,
                fetched_at=_utc(self.pages[0]),
            )
        )

    def _plain(self, question: str, outcome: Outcome, key: str, *, language: str = "da", **values: object) -> Answer:
        """An answer that says nothing of the page."""
        answer = Answer(
            id="",
            question=question,
            outcome=outcome,
            answer=load_text(language)[key].format(**values),
            suggestions=self._suggestions[:NEAREST] if outcome is Outcome.SMALLTALK else (),
            answerer=self._answerer.name,
            language=language,
            fetched_at=_utc(self.pages[0]),
        )
        return replace(answer, id=self._id(answer))

    def _proven(self, answer: Answer) -> Answer:
        if not is_proven(answer, self._pages):
            raise AssertionError("a quote is not its page's text between its offsets")
        return replace(answer, id=self._id(answer))

    def _id(self, answer: Answer) -> str:
        """The same for the same answer from the same pages; it holds nothing of the question."""
        told = [self._version, answer.outcome, answer.answer, [(c.page, c.start, c.end) for c in answer.citations]]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:24]


def _utc(page: Page) -> str:
    return page.fetched_at.isoformat(timespec="seconds").replace("+00:00", "Z")
