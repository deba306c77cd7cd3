"""The one path of a question: checked, made to stand alone, searched, judged, composed, proven.

The chat, the API, the widget, the command line and the evaluation all ask `Bot.ask`.
"""

import hashlib
import json
import logging
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answer import Answer, Citation, Outcome
from bot.answerers import Answerer, AnswererError, Composition, Question
from bot.answerers.extractive import Extractive, gives_reason
from bot.dialogue import clean_question, is_bare_why, language_of, parts, smalltalk_kind, standalone
from bot.gate import Gate
from bot.privacy import has_personal_data
from bot.proof import cite, is_proven
from bot.settings import Settings
from bot.suggestions import Suggestion, suggest
from bot.text import Text, load_text
from bot.unknown import unknown_names
from corpus.page import Page
from index.build import Index
from index.reader import Reader, rerank
from index.search import Candidate, search_sentences

logger = logging.getLogger(__name__)

CANDIDATES = 24
NEAREST = 3
# The nearest sentences are shown where the chance that one of them answers is at least this.
WORTH_SHOWING = 0.1
# Suggested questions that are kept, how many are few, and the most that are asked for finding them.
SUGGESTIONS = 6
FEW = 3
MAX_CHECKED = 16


@dataclass(frozen=True)
class Judged:
    """A question, the sentences that may answer it (best first), and how sure the gate is that they do."""

    question: Question
    candidates: tuple[Candidate, ...]
    confidence: float


class Bot:
    """Answers questions about the pages of one index. Safe to use from several threads."""

    def __init__(
        self,
        index: Index,
        *,
        answerer: Answerer,
        gate: Gate,
        settings: Settings,
        reader: Reader | None = None,
        suggests: bool = True,
    ) -> None:
        """:param suggests: find the questions to suggest, each of which is asked first; else it has none."""
        self.index = index
        self.settings = settings
        self._answerer = answerer
        self._gate = gate
        self.reader = reader
        self._pages = {page.id: page for page in index.pages}
        self._version = "".join(page.sha256 for page in index.pages)
        self._suggestions: dict[str | None, tuple[str, ...]] = {} if suggests else {None: ()}
        self.suggestions()

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages it answers from."""
        return self.index.pages

    @property
    def ready(self) -> bool:
        """Whether it can answer: it can once it is made."""
        return True

    @property
    def threshold(self) -> float:
        """The confidence at which it answers."""
        return self._gate.threshold

    def suggestions(self, page: str | None = None) -> tuple[str, ...]:
        """Questions made from the pages, or from the page of that id, each of which it answers from there."""
        key = page if len(self.pages) > 1 else None
        if key not in self._suggestions:
            self._suggestions[key] = ()  # what an answer that is made for them suggests
            pages = self.pages if key is None else (self._pages[key],)
            sentences = [placed for placed in self.index.sentences if placed.page in pages]
            self._suggestions[key] = self._checked(suggest(pages, sentences), key)
        return self._suggestions[key]

    def _checked(self, made: Sequence[Suggestion], page: str | None) -> tuple[str, ...]:
        """The first that it answers from where each was made, no two from one place; plain ones where those are few."""
        kept: dict[Citation, str] = {}
        for suggestion in made[:MAX_CHECKED]:
            if len(kept) >= (FEW if suggestion.plain else SUGGESTIONS):
                break
            answer = self.ask(suggestion.question, page=page)
            places = [cite(self.index.sentences[number]) for number in suggestion.sources]
            if answer.outcome is Outcome.ANSWERED and answer.citations[0] in places:
                kept.setdefault(answer.citations[0], suggestion.question)
        return tuple(kept.values())

    def ask(self, question: str, history: Sequence[str] = (), *, page: str | None = None) -> Answer:
        """Answer the question. Never raises for what a visitor typed.

        :param history: the visitor's earlier questions, oldest first; the latest `max_history` count.
        :param page: the id of the only page to answer from.
        """
        started = time.perf_counter()
        try:
            answer = self._answer(question, history, page)
        except Exception as error:
            # An exception's message may quote the question: the log gets its type and places alone.
            places = "".join(traceback.format_tb(error.__traceback__))
            logger.error("a question could not be answered: %s\n%s", type(error).__name__, places)
            answer = self._plain(clean_question(question)[:1000], Outcome.ERROR, "answers.error")
        return replace(answer, elapsed_ms=round((time.perf_counter() - started) * 1000, 1))

    def judge(self, question: str, history: Sequence[str] = (), *, page: str | None = None) -> list[Judged]:
        """Each part of a question with its candidates and confidence: what `ask` builds on, for explaining it."""
        asked = clean_question(question)
        language = language_of(asked)
        earlier = self._earlier(history)
        judged = []
        for part in parts(asked):
            alone = Question(part, standalone(part, earlier), language)
            judged.append(
                self._judge_why(alone, earlier, page) if is_bare_why(part) and earlier else self._judge(alone, page)
            )
            earlier = [*earlier, part]
        return judged

    def _judge(self, question: Question, page: str | None) -> Judged:
        candidates = search_sentences(self.index, question.alone, also=question.also, k=CANDIDATES, page=page)
        if self.reader is not None:
            candidates = rerank(self.reader, question.alone, candidates, also=question.also)
        confidence = self._gate.confidence(question, candidates, self.index.by_sentence.lexical.vocabulary)
        return Judged(question, tuple(candidates), confidence)

    def _judge_why(self, question: Question, earlier: Sequence[str], page: str | None) -> Judged:
        """For a bare "hvorfor det?": what answers the question before it, when that has its reason with it.

        Else what the page gives as a reason elsewhere; without a reason it is below the threshold.
        """
        before = earlier[-1]
        told = self._judge(Question(before, standalone(before, earlier[:-1]), question.language), page)
        if told.confidence >= self.threshold and self._gives_reason(told):
            return replace(told, question=question)
        found = self._judge(question, page)
        return found if self._gives_reason(found) else replace(found, confidence=found.confidence * self.threshold)

    def _gives_reason(self, judged: Judged) -> bool:
        return gives_reason(judged.candidates[0].placed, self.index.sentences)

    def _answer(self, question: str, history: Sequence[str], page: str | None) -> Answer:
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
            return self._plain(asked, Outcome.SMALLTALK, f"smalltalk.replies.{kind}", language=language, page=page)
        judged = self.judge(asked, history, page=page)
        if all(part.confidence < self.threshold for part in judged):
            return self._refuse(asked, judged, page)
        return self._from_page(asked, judged)

    def _earlier(self, history: Sequence[str]) -> list[str]:
        recent = list(history)[-self.settings.max_history :] if self.settings.max_history else []
        cleaned = [clean_question(entry[: self.settings.max_question_chars]) for entry in recent]
        return [entry for entry in cleaned if entry and not has_personal_data(entry) and not smalltalk_kind(entry)]

    def _from_page(self, asked: str, judged: Sequence[Judged]) -> Answer:
        language = judged[0].question.language
        told: list[str] = []
        missing: list[str] = []
        cited = {}
        answerer = self._answerer.name
        for part in judged:
            if part.confidence < self.threshold:
                missing.append(load_text(language)["answers.part_not_found"].format(part=part.question.asked))
                continue
            composition, answerer = self._compose(part)
            told.append(self._with_names_missing(part.question, composition.text))
            cited.update({placed.number: placed for placed in composition.cited})
        citations = tuple(cite(placed) for placed in cited.values())
        return self._proven(
            Answer(
                id="",
                question=asked,
                outcome=Outcome.ANSWERED,
                answer="\n\n".join(dict.fromkeys([*told, *missing])),
                confidence=min(part.confidence for part in judged if part.confidence >= self.threshold),
                citations=citations,
                answerer=answerer,
                language=language,
                fetched_at=_utc(self._pages[citations[0].page]),
            )
        )

    def _compose(self, part: Judged) -> tuple[Composition, str]:
        """The part's composition and who made it."""
        try:
            composed = self._answerer.compose(part.question, part.candidates, self.index.sentences)
            return composed, self._answerer.name
        except AnswererError as error:
            logger.warning("%s could not answer, so the answer is extracted: %s", self._answerer.name, error)
            return Extractive().compose(part.question, part.candidates, self.index.sentences), Extractive.name

    def _refuse(self, asked: str, judged: Sequence[Judged], page: str | None) -> Answer:
        surest = max(judged, key=lambda part: part.confidence)
        language = surest.question.language
        text = load_text(language)
        names = self._names_missing(asked, text)
        said = text["answers.not_found_about"].format(names=names) if names else text["answers.not_found"]
        shown = surest.candidates[:NEAREST] if surest.confidence >= WORTH_SHOWING else ()
        return self._proven(
            Answer(
                id="",
                question=asked,
                outcome=Outcome.NOT_ON_PAGE,
                answer=said,
                confidence=surest.confidence,
                nearest=tuple(cite(candidate.placed) for candidate in shown),
                suggestions=self.suggestions(page)[:NEAREST],
                answerer=self._answerer.name,
                language=language,
                fetched_at=_utc(self._pages[page] if page else self.pages[0]),
            )
        )

    def _with_names_missing(self, question: Question, answer: str) -> str:
        """The answer, after a word on names in a Danish question that the page doesn't have.

        An English question has names that the page may well have in Danish.
        """
        text = load_text(question.language)
        names = self._names_missing(question.asked, text) if question.language == "da" else ""
        return text["answers.not_mentioned"].format(names=names, answer=answer) if names else answer

    def _names_missing(self, asked: str, text: Text) -> str:
        *others, last = unknown_names(asked, self.index.by_sentence.lexical.vocabulary) or [""]
        return text["answers.or"].join(filter(None, [", ".join(others), last]))

    def _plain(
        self,
        question: str,
        outcome: Outcome,
        key: str,
        *,
        language: str = "da",
        page: str | None = None,
        **values: object,
    ) -> Answer:
        """An answer that says nothing of the page."""
        return self._proven(
            Answer(
                id="",
                question=question,
                outcome=outcome,
                answer=load_text(language)[key].format(**values),
                suggestions=self.suggestions(page)[:NEAREST] if outcome is Outcome.SMALLTALK else (),
                answerer=self._answerer.name,
                language=language,
                fetched_at=_utc(self.pages[0]),
            )
        )

    def _proven(self, answer: Answer) -> Answer:
        """The answer with its id, once its quotes are proven.

        The id is the same for the same answer from the same pages, and holds nothing of the question.
        """
        if not is_proven(answer, self._pages):
            raise AssertionError("a quote is not its page's text between its offsets")
        places = [(citation.page, citation.start, citation.end) for citation in answer.citations]
        told = json.dumps([self._version, answer.outcome, answer.answer, places])
        return replace(answer, id=hashlib.sha256(told.encode()).hexdigest()[:24])


def _utc(page: Page) -> str:
    return page.fetched_at.isoformat(timespec="seconds").replace("+00:00", "Z")
