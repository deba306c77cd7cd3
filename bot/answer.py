"""What the bot hands to whoever asked: one `Answer`, in the form of the contract's JSON.

Owns the shapes and their JSON; how an answer is found is `bot.bot`.
"""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """How a question ended."""

    ANSWERED = "answered"
    NOT_ON_PAGE = "not_on_page"
    SMALLTALK = "smalltalk"
    PERSONAL_DATA = "personal_data"
    ERROR = "error"


@dataclass(frozen=True)
class Citation:
    """The page's own words: `page.text[start:end] == quote`, checked before it is made.

    :param page: the page's id.
    :param url: the page's address with a text fragment that opens it at the quote, or "".
    """

    quote: str
    start: int
    end: int
    page: str
    title: str
    heading: str
    url: str


@dataclass(frozen=True)
class Answer:
    """One answer. An answered one has at least one citation; `answer` is never empty.

    :param confidence: calibrated probability in [0, 1] that the citations answer the question.
    :param citations: best first; `answer` itself gives them in the page's order.
    :param nearest: for not_on_page, the sentences nearest to the question.
    """

    id: str
    question: str
    outcome: Outcome
    answer: str
    confidence: float = 0.0
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Citation, ...] = ()
    suggestions: tuple[str, ...] = ()
    answerer: str = "extractive"
    language: str = "da"
    fetched_at: str = ""
    elapsed_ms: float = field(default=0.0, compare=False)

    def to_json(self) -> dict[str, Any]:
        """The contract's JSON object, ready for `json.dumps`."""
        return asdict(self)
