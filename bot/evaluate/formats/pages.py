"""Pages with their questions, one page a line: each page is an index by itself.

Questions of the kinds `near` and `off` are unanswerable. Their ids are the page's id and their number:
"kultur-12#3".
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.evaluate import EvaluationError, QuestionFileError, fields
from bot.evaluate.evidence import Span
from bot.evaluate.questions import Question, Task
from corpus.page import CorpusError, Page
from corpus.sections import page_from_sections

UNANSWERABLE_KINDS = ("near", "off")
Grid = Sequence[Sequence[tuple[str, Span]]]


def accepts(file: Path) -> bool:
    """Whether the first line's object has sections."""
    try:
        return "sections" in fields.as_fields(fields.parse(fields.first_line(file), file.name), file.name)
    except EvaluationError:
        return False


def read(file: Path) -> Iterator[Task]:
    """One task a page.

    :raises EvaluationError: for a wrong row, or two pages of one id.
    """
    seen: set[str] = set()
    for place, row in fields.read_rows(file):
        identity = fields.text(row, "id", place)
        if identity in seen:
            raise QuestionFileError("page_twice", place, value=repr(identity))
        seen.add(identity)
        sections = [_section(entry, place) for entry in fields.entries(row, "sections", place)]
        page, spans = build_page(identity, fields.optional_text(row, "title", place), sections, place)
        grid = [list(zip(texts, found, strict=True)) for (_, texts), found in zip(sections, spans, strict=True)]
        questions = [
            _question(entry, number, page, grid, f"{place}, question {number}")
            for number, entry in enumerate(fields.entries(row, "questions", place), 1)
        ]
        yield Task((page,), questions)


def _section(entry: Any, place: str) -> tuple[str, tuple[str, ...]]:
    row = fields.as_fields(entry, place)
    return fields.optional_text(row, "heading", place), fields.texts(row, "sentences", place)


def _question(entry: Any, number: int, page: Page, grid: Grid, place: str) -> Question:
    row = fields.as_fields(entry, place)
    kind = fields.text(row, "kind", place)
    answerable = kind not in UNANSWERABLE_KINDS
    cited = [_cited(pair, grid, place) for pair in fields.entries(row, "evidence", place)] if answerable else []
    if answerable and not cited:
        raise QuestionFileError("kind_without_evidence", place, value=repr(kind))
    answer = fields.optional_text(row, "answer", place) if answerable else ""
    return Question(
        id=f"{page.id}#{number}",
        question=fields.text(row, "q", place),
        kind=kind,
        answerable=answerable,
        facts=((answer,),) if answer else (),
        evidence=tuple(sentence for sentence, _ in cited),
        spans=tuple(span for _, span in cited),
        history=fields.texts(row, "history", place),
        page=page.id,
    )


def _cited(pair: Any, grid: Grid, place: str) -> tuple[str, Span]:
    match pair:
        case [int(section), int(sentence)] if 0 <= section < len(grid) and 0 <= sentence < len(grid[section]):
            return grid[section][sentence]
    raise QuestionFileError("no_sentence", place, value=repr(pair))


def build_page(
    identity: str, title: str, sections: Sequence[tuple[str, Sequence[str]]], place: str
) -> tuple[Page, list[list[Span]]]:
    """The canonical page of some sections, and where each sentence of each section is on it.

    :raises EvaluationError: when they make none.
    """
    try:
        page, ranges = page_from_sections(identity, title, sections)
    except (CorpusError, ValueError) as error:
        raise QuestionFileError("wrong_page", place, reason=error) from error
    return page, [[Span(page.id, start, end) for start, end in section] for section in ranges]
