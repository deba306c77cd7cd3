"""Own questions, one a line, as CONTRACT has them, with two fields more: `page` and `split`.

A question is about the source's pages. Where its `page` names none of them, that page is a file in
`pages/` beside the questions, an index by itself.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from bot.evaluate import EvaluationError, fields
from bot.evaluate.evidence import FoldedText
from bot.evaluate.questions import Question, SourcePages, Split, Task
from corpus.page import CorpusError, Page
from corpus.readers import read_source

_NAME = re.compile(r"\w[\w.-]*")


def accepts(file: Path) -> bool:
    """Anything that doesn't say it is something else, so that a broken file is told of as own questions."""
    from bot.evaluate.formats import pages, squad

    return not squad.accepts(file) and not pages.accepts(file)


def read(file: Path, source_pages: SourcePages, split: Split) -> Iterator[Task]:
    """The source's questions first, then those of each further page.

    :param file: one file, or a folder of them.
    :param source_pages: reads the source; not called when every question names a further page.
    :raises EvaluationError: for a wrong row, or a page that is nowhere.
    """
    files = sorted(file.glob("*.jsonl")) if file.is_dir() else [file]
    if not files:
        raise EvaluationError(f"{file} is a folder without .jsonl files; name a file of questions")
    named: dict[str, Path] = {}
    for questions in files:
        for place, row in fields.read_rows(questions):
            named.setdefault(fields.optional_text(row, "page", place), questions)
    further = {name: found for name, questions in named.items() if (found := _further_page(questions, name))}
    pages = source_pages() if named.keys() - further.keys() else ()
    known = {"", *(page.id for page in pages)}
    unknown = sorted(named.keys() - known - further.keys())
    if unknown:
        raise EvaluationError(
            f"{named[unknown[0]]}: unknown page {unknown[0]!r}; the source has {', '.join(sorted(known - {''}))}, "
            f"and there is no file pages/{unknown[0]}.* beside the questions"
        )
    if pages:
        yield Task(pages, _Stream(partial(_questions, files, pages, split, known.__contains__)))
    for name in sorted(further.keys() - known):
        page = _read_page(further[name], name)
        yield Task((page,), _Stream(partial(_questions, files, (page,), split, name.__eq__)))


@dataclass(frozen=True)
class _Stream:
    """Questions read anew each time they are asked for."""

    read: Callable[[], Iterator[Question]]

    def __iter__(self) -> Iterator[Question]:
        return self.read()


def _further_page(questions: Path, name: str) -> Path | None:
    if not _NAME.fullmatch(name):
        return None
    return next(iter(sorted((questions.parent / "pages").glob(f"{name}.*"))), None)


def _read_page(file: Path, name: str) -> Page:
    try:
        return replace(next(iter(read_source(str(file)))), id=name)
    except (CorpusError, StopIteration) as error:
        raise EvaluationError(f"{file} holds no page that can be read: {error}") from error


def _questions(
    files: Sequence[Path], pages: Sequence[Page], split: Split, wanted: Callable[[str], bool]
) -> Iterator[Question]:
    texts = [FoldedText(page.id, page.text) for page in pages]
    for file in files:
        for place, row in fields.read_rows(file):
            if wanted(fields.optional_text(row, "page", place)) and split in ("all", row.get("split")):
                yield _question(row, place, texts)


def _question(row: fields.Fields, place: str, pages: Sequence[FoldedText]) -> Question:
    answerable = row.get("answerable")
    if not isinstance(answerable, bool):
        raise EvaluationError(f'{place}: "answerable" is {answerable!r}; it must be true or false')
    evidence = fields.texts(row, "evidence", place)
    facts = tuple(fields.as_texts(group, "facts", place) for group in fields.entries(row, "facts", place))
    if answerable and not (evidence or facts):
        raise EvaluationError(f'{place}: an answerable question needs "evidence" or "facts"')
    page = fields.optional_text(row, "page", place)
    looked_in = [text for text in pages if page in ("", text.page_id)]
    return Question(
        id=fields.text(row, "id", place),
        question=fields.text(row, "question", place),
        kind=fields.optional_text(row, "kind", place) or "other",
        answerable=answerable,
        facts=facts,
        evidence=evidence,
        spans=tuple(span for fragment in evidence for text in looked_in for span in text.find(fragment)),
        history=fields.texts(row, "history", place),
        page=page,
        split=fields.optional_text(row, "split", place),
    )
