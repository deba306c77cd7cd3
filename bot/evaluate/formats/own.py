"""Own questions, one a line, as CONTRACT has them, with three fields more: `page`, `split` and `to_judge`.

A question is about the source's pages. Where its `page` names none of them, that page is a file in
`pages/` beside the questions, an index by itself. One with `to_judge` (a draft, as `bot.evaluate.drafts` makes) is
passed over until somebody has judged it and taken the field out.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from bot.evaluate import QuestionFileError, fields
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
    :raises QuestionFileError: for a wrong row, or a page that is nowhere.
    """
    files = _files(file)
    if not files:
        raise QuestionFileError("no_files", file)
    named: dict[str, Path] = {}
    for questions in files:
        for place, row in _judged_rows(questions):
            named.setdefault(fields.optional_text(row, "page", place), questions)
    further = {name: found for name, questions in named.items() if (found := _further_page(questions, name))}
    pages = source_pages() if named.keys() - further.keys() else ()
    known = {"", *(page.id for page in pages)}
    unknown = sorted(named.keys() - known - further.keys())
    if unknown:
        raise QuestionFileError(
            "unknown_page",
            named[unknown[0]],
            value=repr(unknown[0]),
            known=", ".join(sorted(known - {""})),
            page=unknown[0],
        )
    if pages:
        yield Task(pages, _Stream(partial(_questions, files, pages, split, known.__contains__)))
    for name in sorted(further.keys() - known):
        page = _read_page(further[name], name)
        yield Task((page,), _Stream(partial(_questions, files, (page,), split, name.__eq__)))


def count_waiting(file: Path) -> int:
    """How many drafts the file or folder holds that nobody has judged."""
    return sum(bool(row.get("to_judge")) for questions in _files(file) for _, row in fields.read_rows(questions))


def _files(file: Path) -> list[Path]:
    return sorted(file.glob("*.jsonl")) if file.is_dir() else [file]


def _judged_rows(file: Path) -> Iterator[tuple[str, fields.Fields]]:
    return ((place, row) for place, row in fields.read_rows(file) if not row.get("to_judge"))


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
        raise QuestionFileError("bad_page", file, reason=error) from error


def _questions(
    files: Sequence[Path], pages: Sequence[Page], split: Split, wanted: Callable[[str], bool]
) -> Iterator[Question]:
    texts = [FoldedText(page.id, page.text) for page in pages]
    for file in files:
        for place, row in _judged_rows(file):
            if wanted(fields.optional_text(row, "page", place)) and split in ("all", row.get("split")):
                yield _question(row, place, texts)


def _question(row: fields.Fields, place: str, pages: Sequence[FoldedText]) -> Question:
    answerable = row.get("answerable")
    if not isinstance(answerable, bool):
        raise QuestionFileError("answerable", place, value=repr(answerable))
    evidence = fields.texts(row, "evidence", place)
    facts = tuple(fields.as_texts(group, "facts", place) for group in fields.entries(row, "facts", place))
    if answerable and not (evidence or facts):
        raise QuestionFileError("no_evidence", place)
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
