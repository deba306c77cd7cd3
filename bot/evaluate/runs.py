"""A run: the questions asked, every answer kept, the verdicts that the figures come from, and its file.

Answers go to a temporary file as they come, so that memory holds only the verdicts. `run.json` is JSON with one
answer a line after its head; the format version is checked when it is read again.
"""

import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, Self, runtime_checkable

from bot.answer import Answer
from bot.evaluate import EvaluationError
from bot.evaluate.evidence import Span
from bot.evaluate.figures import Figures, measure, to_json
from bot.evaluate.files import write_file
from bot.evaluate.judge import Verdict, judge
from bot.evaluate.placing import Placing
from bot.evaluate.questions import Question, QuestionSet
from corpus.page import Page

FORMAT = 1
_HELD_BYTES = 16_000_000
_ANSWERS = '"answers": ['


class Bot(Protocol):
    """What a run needs of a bot."""

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer: ...


@runtime_checkable
class Traced(Protocol):
    """A bot that also tells what its search found, which says whether search or reader missed an answer."""

    def candidates(self, question: str, history: Sequence[str] = ()) -> Sequence[Span]: ...


BotForPages = Callable[[tuple[Page, ...]], Bot]
Progress = Callable[[int, int], None]


class Answers:
    """Every question with its answer and verdict, on disk beyond 16 MB; iterate as often as needed."""

    def __init__(self) -> None:
        self._lines = tempfile.SpooledTemporaryFile(  # noqa: SIM115, closed with the answers
            max_size=_HELD_BYTES, mode="w+", encoding="utf-8"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()

    def append(self, question: Question, answer: Answer, verdict: Verdict, section: Mapping[str, Any]) -> None:
        """Add one at the end.

        :param section: where on the page it belongs, as `Placing` tells.
        """
        record = {
            "question": asdict(question),
            "answer": answer.to_json(),
            "verdict": asdict(verdict),
            "section": dict(section),
        }
        self._lines.seek(0, os.SEEK_END)
        self._lines.write(json.dumps(record, ensure_ascii=False) + "\n")

    def lines(self) -> Iterator[str]:
        """Each as JSON, in the order asked."""
        self._lines.seek(0)
        for line in self._lines:
            yield line.rstrip("\n")

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (json.loads(line) for line in self.lines())


@dataclass(frozen=True)
class Run:
    """One evaluation.

    :param about: what was asked of what: file, source, embedder, answerer.
    :param unfound: evidence that is not on its page.
    :param waiting: how many drafts of questions were passed over.
    :param seconds: from the first question to the last answer, index building included.
    """

    about: Mapping[str, str]
    verdicts: Sequence[Verdict]
    total: Figures
    by_kind: Mapping[str, Figures]
    unfound: Sequence[str] = ()
    waiting: int = 0
    seconds: float = 0.0
    asked_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))

    def head(self) -> dict[str, Any]:
        """Everything but the answers, as JSON."""
        return {
            "format": FORMAT,
            "asked_at": self.asked_at,
            **self.about,
            "questions": len(self.verdicts),
            "seconds": round(self.seconds, 3),
            "unfound_evidence": list(self.unfound),
            "waiting_to_be_judged": self.waiting,
            "figures": to_json(self.total),
            "by_kind": {kind: to_json(figures) for kind, figures in self.by_kind.items()},
        }


@dataclass(frozen=True)
class _Asked:
    """The pages of a task as a verdict needs them."""

    texts: Mapping[str, str]
    placing: Placing


def run_questions(
    questions: QuestionSet,
    bot_for_pages: BotForPages,
    answers: Answers,
    *,
    about: Mapping[str, str],
    progress: Progress = lambda done, total: None,
) -> Run:
    """Ask every question and judge every answer.

    :param bot_for_pages: makes a bot whose only pages are those given.
    :param progress: called with how many are done, and of how many.
    """
    started = time.perf_counter()
    verdicts: list[Verdict] = []
    for task in questions.tasks():
        bot = bot_for_pages(task.pages)
        asked = _Asked({page.id: page.text for page in task.pages}, Placing(task.pages))
        for question in task.questions:
            verdicts.append(_ask(bot, question, asked, answers))
            progress(len(verdicts), questions.count)
    seconds = time.perf_counter() - started
    total, by_kind = measure(verdicts)
    return Run(about, verdicts, total, by_kind, questions.unfound, questions.waiting, seconds)


def _ask(bot: Bot, question: Question, task: _Asked, answers: Answers) -> Verdict:
    began = time.perf_counter()
    answer = bot.ask(question.question, question.history)
    latency_ms = (time.perf_counter() - began) * 1000
    verdict = judge(question, answer, texts=task.texts, latency_ms=latency_ms)
    if verdict.cause in ("retrieval", "reader") and isinstance(bot, Traced):
        found = bot.candidates(question.question, question.history)
        verdict = judge(question, answer, texts=task.texts, latency_ms=latency_ms, candidates=found)
    answers.append(question, answer, verdict, task.placing.place(question, answer))
    return verdict


def write_run(run: Run, answers: Answers, file: Path, extra: Mapping[str, Any] | None = None) -> None:
    """Write `run.json`; a file that is there is replaced only when the new one is whole.

    :param extra: more fields for its head, such as the gates and the comparison.
    """
    head = json.dumps(run.head() | dict(extra or {}), ensure_ascii=False, indent=1)

    def chunks() -> Iterator[str]:
        yield head.removesuffix("\n}") + f",\n {_ANSWERS}\n"
        for number, line in enumerate(answers.lines()):
            yield (",\n" if number else "") + line
        yield "\n]}\n"

    write_file(file, chunks())


def read_verdicts(file: Path) -> list[Verdict]:
    """The verdicts of a `run.json`, read a line at a time.

    :raises EvaluationError: when it is none, or of another format version.
    """
    try:
        with file.open(encoding="utf-8") as lines:
            head = []
            for line in lines:
                if line.strip() == _ANSWERS:
                    break
                head.append(line)
            version = json.loads("".join(head).rstrip().removesuffix(",") + "}")["format"]
            if version != FORMAT:
                raise EvaluationError(f"{file} has the format {version}; this program reads {FORMAT}: make it anew")
            return [_verdict(line) for line in lines if line.startswith("{")]
    except OSError as error:
        raise EvaluationError(f"{file} can't be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EvaluationError(f"{file} is no run.json that `evaluate answers --out` wrote ({error})") from error


def _verdict(line: str) -> Verdict:
    value = json.loads(line.rstrip().removesuffix(","))["verdict"]
    return Verdict(**{name.name: value[name.name] for name in fields(Verdict)})
