"""Pages given as sections of sentences, as evaluation files have them."""

from collections.abc import Sequence
from datetime import UTC, datetime

from corpus.clean import clean_line
from corpus.page import CorpusError, Heading, Page

_NEVER_FETCHED = datetime(1970, 1, 1, tzinfo=UTC)


def page_from_sections(
    id: str, title: str, sections: Sequence[tuple[str, Sequence[str]]]
) -> tuple[Page, list[list[tuple[int, int]]]]:
    """The page, and where each sentence is on it: `ranges[section][sentence]` is its (start, end).

    The title is the first line and a heading of level 1; each section is its heading, of level 2, and
    one line with its sentences, a space between. An empty title or heading has no line. Sentences are
    cleaned as a file's text is, so `page.text[start:end]` is the cleaned sentence; one that is empty
    has the empty range where it would have stood. What is navigation elsewhere stays, as it was given
    on purpose. Splitting the page finds its sentences anew, as on any page: nearly always these.

    `fetched_at` is 1970-01-01, so that the same sections always make the same page.

    :raises CorpusError: when no section holds a sentence.
    """
    lines: list[str] = []
    headings: list[Heading] = []
    ranges: list[list[tuple[int, int]]] = []
    offset = 0

    def add(line: str, level: int = 0) -> None:
        nonlocal offset
        if line:
            if level:
                headings.append(Heading(line, level, offset, offset + len(line)))
            lines.append(line)
            offset += len(line) + 1

    add(clean_line(title), level=1)
    for heading, sentences in sections:
        add(clean_line(heading), level=2)
        cleaned = [clean_line(sentence) for sentence in sentences]
        ranges.append(_ranges(cleaned, offset))
        add(" ".join(sentence for sentence in cleaned if sentence))
    if not any(start < end for section in ranges for start, end in section):
        raise CorpusError(f"page {id!r} has no sentences: give at least one section with one")
    text = "\n".join(lines)
    page = Page(
        id=id, url="", title=clean_line(title) or id, fetched_at=_NEVER_FETCHED, text=text, headings=tuple(headings)
    )
    return page, ranges


def _ranges(sentences: Sequence[str], offset: int) -> list[tuple[int, int]]:
    ranges = []
    for sentence in sentences:
        ranges.append((offset, offset + len(sentence)))
        offset += len(sentence) + bool(sentence)
    return ranges
