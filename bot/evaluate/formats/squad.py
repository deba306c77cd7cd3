"""SQuAD 2.0 (Rajpurkar, Jia & Liang 2018): each article is one page, each paragraph one of its blocks.

The evidence is the answer's own characters, so a citation hits when it holds one of them. Unanswerable
questions are of the kind `near`: SQuAD's were written to look answerable.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.evaluate import EvaluationError, QuestionFileError, fields
from bot.evaluate.evidence import Span
from bot.evaluate.formats.pages import build_page
from bot.evaluate.questions import Question, Task
from corpus.clean import clean_line
from corpus.page import Page


def accepts(file: Path) -> bool:
    """Whether the file is one object with `data`, on one line or on many."""
    line = fields.first_line(file)
    if line.strip() == "{":
        return True
    try:
        return "data" in fields.as_fields(fields.parse(line, file.name), file.name)
    except EvaluationError:
        return False


def read(file: Path) -> Iterator[Task]:
    """One task an article; the file is held whole.

    :raises EvaluationError: for a wrong article, or an answer that is not at its `answer_start`.
    """
    data = fields.as_fields(fields.parse(fields.read_text(file), file.name), file.name)
    for number, entry in enumerate(fields.entries(data, "data", file.name), 1):
        place = f"{file.name}, article {number}"
        article = fields.as_fields(entry, place)
        title = fields.text(article, "title", place)
        paragraphs = [fields.as_fields(paragraph, place) for paragraph in fields.entries(article, "paragraphs", place)]
        contexts = [fields.text(paragraph, "context", place) for paragraph in paragraphs]
        page, blocks = build_page(title, title.replace("_", " "), [("", (context,)) for context in contexts], place)
        questions = [
            _question(row, page, context, block, place)
            for paragraph, context, (block,) in zip(paragraphs, contexts, blocks, strict=True)
            for row in fields.entries(paragraph, "qas", place)
        ]
        yield Task((page,), questions)


def _question(entry: Any, page: Page, context: str, block: Span, place: str) -> Question:
    row = fields.as_fields(entry, place)
    identity = fields.text(row, "id", place)
    place = f"{place}, question {identity}"
    answers = [fields.as_fields(answer, place) for answer in fields.entries(row, "answers", place)]
    # Translated sets have answers that the translation lost; the others of the question still count.
    answers = [answer for answer in answers if answer.get("text") != ""]
    if row.get("is_impossible", not answers):
        answers = []
    elif not answers:
        raise QuestionFileError("no_answers", place)
    texts = tuple(dict.fromkeys(fields.text(answer, "text", place) for answer in answers))
    return Question(
        id=identity,
        question=fields.text(row, "question", place),
        kind="direct" if answers else "near",
        answerable=bool(answers),
        facts=(texts,) if texts else (),
        evidence=texts,
        spans=tuple(dict.fromkeys(_answer_span(answer, page, context, block, place) for answer in answers)),
        page=page.id,
    )


def _answer_span(answer: fields.Fields, page: Page, context: str, block: Span, place: str) -> Span:
    """The same occurrence of the answer on the page as in the raw paragraph."""
    text, at = answer["text"], answer.get("answer_start")
    if not isinstance(at, int) or context[at : at + len(text)] != text:
        raise QuestionFileError("answer_elsewhere", place, value=repr(text[:60]), start=repr(at))
    cleaned = clean_line(text)
    found, end = -1, block.start
    for _ in range(context.count(text, 0, at + len(text))):
        found = page.text.find(cleaned, end, block.end)
        if found < 0:
            raise QuestionFileError("answer_not_on_page", place, value=repr(text[:60]), page=repr(page.id))
        end = found + len(cleaned)
    return Span(page.id, found, end)
