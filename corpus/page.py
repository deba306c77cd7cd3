"""The canonical page: one text, and offsets into it.

Owns `Page` and `Heading`. Every offset in the project (sentences, passages, citations) counts
characters (Unicode code points) of `Page.text`. Cleaning belongs to `corpus.clean`, reading files
and URLs to `corpus.readers`.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime


class CorpusError(Exception):
    """A source that can't be read or holds nothing; the message says what, and what to do."""


@dataclass(frozen=True)
class Heading:
    """A heading of the page: `page.text[start:end] == text`; level 1 is the page's title."""

    text: str
    level: int
    start: int
    end: int


@dataclass(frozen=True)
class Page:
    """One document in canonical form.

    :param id: short and stable: the file's stem, or a slug of the URL.
    :param url: the page's public address, or "" when it has none.
    :param fetched_at: when the source was read or last changed; timezone-aware.
    :param text: the canonical text (see `corpus.clean`): one block a line, "\\n" between lines.
    :param headings: in the order of the text, title first where the text holds it.
    :param items: (start, end) of each line that is an item of a list or a row of a table, in the order of the text.
    """

    id: str
    url: str
    title: str
    fetched_at: datetime
    text: str
    headings: tuple[Heading, ...] = ()
    items: tuple[tuple[int, int], ...] = ()
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        for heading in self.headings:
            if self.text[heading.start : heading.end] != heading.text:
                raise ValueError(f"heading {heading.text!r} is not at {heading.start}:{heading.end} of {self.id!r}")
        digest = hashlib.sha256(f"{self.title}\n{self.text}".encode()).hexdigest()
        object.__setattr__(self, "sha256", digest)

    def heading_at(self, offset: int) -> str:
        """The nearest heading that ends at or before `offset`, or "" above the first."""
        before = [heading.text for heading in self.headings if heading.end <= offset]
        return before[-1] if before else ""
