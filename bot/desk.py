"""The desk: where a visitor's question comes in, whichever face it comes through.

Owns what the API and the chat share: what a question may look like, the thread and the time limit it runs
under, and the counts. It knows no HTTP and no Gradio, and it never writes a question to the log.
"""

import logging
import time
import traceback
import unicodedata
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

import anyio
import anyio.to_thread

from bot.answer import Answer, Outcome
from bot.feedback import Feedback, FeedbackStore
from bot.metrics import Metrics
from bot.privacy import has_personal_data
from bot.settings import Settings
from bot.text import load_text
from corpus.page import Page

log = logging.getLogger(__name__)

MAX_REMEMBERED = 1000
"""Answers that a thumb may still come for; only where thumbs are kept."""

MAX_ANSWERS_AT_ONCE = 8
"""Threads for answers: a few more than cores, as a chat model mostly waits. Others queue within their time."""


class AnswersQuestions(Protocol):
    """What the faces need of a bot (`bot.bot.Bot`, or the fake of the tests)."""

    @property
    def pages(self) -> tuple[Page, ...]: ...

    @property
    def ready(self) -> bool: ...

    def ask(self, question: str, history: Sequence[str] = (), *, page: str | None = None) -> Answer: ...

    def suggestions(self, page: str | None = None) -> tuple[str, ...]: ...


class QuestionError(ValueError):
    """A question that can't be asked.

    :param code: its sentence in `bot.text`, under `errors`: question_empty, question_unreadable or question_too_long.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Desk:
    """Takes questions and thumbs for one bot."""

    def __init__(self, bot: AnswersQuestions, settings: Settings) -> None:
        self.bot = bot
        self.settings = settings
        self.metrics = Metrics()
        self.feedback = FeedbackStore(settings.feedback) if settings.feedback else None
        self._given: OrderedDict[str, Feedback] = OrderedDict()
        self._threads = anyio.CapacityLimiter(MAX_ANSWERS_AT_ONCE)

    def read_question(self, raw: str) -> str:
        """The question without the space around it.

        :raises QuestionError: when it is empty, has characters that are no text (NUL, lone surrogates), or is longer
            than `Settings.max_question_chars`.
        """
        question = raw.strip()
        if not question:
            raise QuestionError("question_empty")
        if len(question) > self.settings.max_question_chars:
            raise QuestionError("question_too_long")
        if any(unicodedata.category(letter) in ("Cc", "Cs") and not letter.isspace() for letter in question):
            raise QuestionError("question_unreadable")
        return question

    def read_history(self, raw: Sequence[str]) -> tuple[str, ...]:
        """The latest `Settings.max_history` earlier questions, oldest first, without the empty ones.

        :raises QuestionError: when one of those is unreadable or too long.
        """
        limit = self.settings.max_history
        latest = [question for question in raw if question.strip()][-limit:] if limit else []
        return tuple(self.read_question(question) for question in latest)

    async def ask(self, question: str, history: Sequence[str] = (), *, page: str | None = None) -> Answer:
        """Answer in a thread, within `Settings.answer_timeout_s`. A failure is an `Answer` too, outcome `error`.

        :param question: from `read_question`; `history` from `read_history`.
        :param page: the id of the only page to answer from; one that `find_page` finds.
        """
        started = time.perf_counter()
        try:
            with anyio.fail_after(self.settings.answer_timeout_s):
                ask = partial(self.bot.ask, question, tuple(history), page=page)
                answer = await anyio.to_thread.run_sync(ask, abandon_on_cancel=True, limiter=self._threads)
        except TimeoutError:
            log.warning("answer took over %.1f s", self.settings.answer_timeout_s)
            answer = _failure(question, "too_slow", started)
        except Exception as error:
            # The message of an exception may quote the question: the log gets the places and the type alone.
            places = "".join(traceback.format_tb(error.__traceback__))
            log.error("answer failed with %s\n%s", type(error).__name__, places)
            answer = _failure(question, "internal", started)
        self.metrics.count_answer(answer, time.perf_counter() - started)
        if self.feedback is not None:
            self._remember(answer, question, history)
        return answer

    async def take_feedback(self, feedback: Feedback, *, counted: bool = False) -> None:
        """Count a thumb; keep it with its comment only if `Settings.feedback` says where.

        What the answer cited is kept with it, and the question if `Settings.feedback_questions` allows. Whatever
        has a CPR number or the like in it is left out.

        :param feedback: without a question, that of the latest who got this answer is taken.
        :param counted: the thumb came before, and this is its comment.
        """
        if not counted:
            self.metrics.count_feedback(feedback.helpful)
        if self.feedback is not None:
            await anyio.to_thread.run_sync(self.feedback.add, self._complete(feedback))

    def _remember(self, answer: Answer, question: str, history: Sequence[str]) -> None:
        cited = tuple((citation.page, citation.quote) for citation in answer.citations)
        asked = (question, tuple(history)) if self.settings.feedback_questions else ("", ())
        self._given[answer.id] = Feedback(answer.id, True, "", answer.outcome.value, cited, *asked)
        self._given.move_to_end(answer.id)
        while len(self._given) > MAX_REMEMBERED:
            self._given.popitem(last=False)

    def _complete(self, feedback: Feedback) -> Feedback:
        """The feedback with what is known of its answer, and without what is not to be kept."""
        given = self._given.get(feedback.answer_id, feedback)
        asked = feedback if feedback.question else given
        keep = self.settings.feedback_questions and not any(map(has_personal_data, (asked.question, *asked.history)))
        return replace(
            feedback,
            comment="" if has_personal_data(feedback.comment) else feedback.comment,
            outcome=given.outcome,
            cited=given.cited,
            question=asked.question if keep else "",
            history=asked.history if keep else (),
        )

    async def suggestions(self, page: str | None = None) -> tuple[str, ...]:
        """Questions that are answered, by the page of that id; the first time they are tried takes a second."""
        return await anyio.to_thread.run_sync(self.bot.suggestions, page, limiter=self._threads)

    def find_page(self, page_id: str | None = None) -> Page | None:
        """The page of that id, the first page without one, or None when there is no such page."""
        return next((page for page in self.bot.pages if page_id in (None, page.id)), None)


def _failure(question: str, code: str, started: float) -> Answer:
    elapsed_ms = (time.perf_counter() - started) * 1000
    words = load_text("da")[f"errors.{code}"]
    return Answer(uuid.uuid4().hex, question, Outcome.ERROR, words, elapsed_ms=elapsed_ms)
