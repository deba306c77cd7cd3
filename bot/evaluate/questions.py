"""Questions to ask, with what a right answer must cite and say.

Owns `Question` and the way from a file to tasks; what the three kinds of file look like is `formats`. Own
questions and pages are read once to be checked and once to be asked, a row at a time.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.evaluate import QuestionFileError
from bot.evaluate.evidence import Span
from corpus.page import Page

Split = Literal["tune", "report", "all"]
SourcePages = Callable[[], tuple[Page, ...]]


@dataclass(frozen=True, slots=True)
class Question:
    """One question and what is expected of its answer.

    :param facts: groups of alternatives; a right answer states one of each group.
    :param evidence: what a right answer cites, as the file says it.
    :param spans: where that stands; to cite any of it will do.
    :param page: the page it is about, or "" for all the pages of the source.
    """

    id: str
    question: str
    kind: str
    answerable: bool
    facts: tuple[tuple[str, ...], ...] = ()
    evidence: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    history: tuple[str, ...] = ()
    page: str = ""
    split: str = ""


@dataclass(frozen=True)
class Task:
    """Pages that make one index, and the questions to ask of it."""

    pages: tuple[Page, ...]
    questions: Iterable[Question]


@dataclass(frozen=True)
class QuestionSet:
    """A checked file: how many questions it holds, and how to get at them.

    :param unfound: evidence that stands nowhere on its page, as "id: fragment", and so can't be hit.
    :param waiting: how many more the file holds that nobody has judged yet; they are not asked.
    """

    count: int
    unfound: tuple[str, ...]
    tasks: Callable[[], Iterator[Task]]
    waiting: int = 0


def read_questions(file: Path, source_pages: SourcePages, *, split: Split = "all") -> QuestionSet:
    """Check the whole file, before the first question is asked.

    :param file: a file of any of the three kinds, or a folder of JSON Lines files of own questions.
    :param source_pages: reads the pages that own questions are about; the other kinds bring theirs.
    :raises QuestionFileError: for a file that can't be read or is wrong, with its name and line.
    """

    from bot.evaluate.formats import own

    def tasks() -> Iterator[Task]:
        return _read_tasks(file, source_pages, split)

    seen: set[str] = set()
    unfound: list[str] = []
    for task in tasks():
        for question in task.questions:
            if question.id in seen:
                raise QuestionFileError("twice", file, value=repr(question.id))
            seen.add(question.id)
            if question.evidence and not question.spans:
                unfound.append(f"{question.id}: {question.evidence[0]}")
    waiting = own.count_waiting(file) if _is_own(file) else 0
    if not seen:
        if waiting:
            raise QuestionFileError("waiting", file, count=waiting)
        raise QuestionFileError("empty" if split == "all" else "empty_split", file, name=repr(split))
    return QuestionSet(len(seen), tuple(unfound), tasks, waiting)


def _is_own(file: Path) -> bool:
    from bot.evaluate.formats import own

    return file.is_dir() or own.accepts(file)


def _read_tasks(file: Path, source_pages: SourcePages, split: Split) -> Iterator[Task]:
    from bot.evaluate.formats import own, pages, squad

    if _is_own(file):
        yield from own.read(file, source_pages, split)
        return
    if split != "all":
        raise QuestionFileError("no_splits", file, name=split)
    yield from (squad if squad.accepts(file) else pages).read(file)
