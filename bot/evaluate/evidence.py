"""Where a fragment stands on a page, and whether a fact stands in an answer.

People copy fragments with other quotation marks, dashes, spaces and capitals than the page has; those
differences are folded away. Nothing else is: a fragment that is reworded is not found.
"""

import unicodedata
from dataclasses import dataclass

_SAME = str.maketrans(
    {"’": "'", "‘": "'", "´": "'", "“": '"', "”": '"', "„": '"', "»": '"', "«": '"', "–": "-", "—": "-", "‑": "-"}
    | {"−": "-", "\u00ad": None, "\u200b": None, "\ufeff": None}
)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a page's text, in characters of `Page.text`."""

    page: str
    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        """Whether they share at least one character."""
        return self.page == other.page and self.start < other.end and other.start < self.end


def fold(text: str) -> str:
    """Text as it is compared: " Øl–  ”Bar” " -> 'øl- "bar"'."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_SAME).lower().split())


def states(text: str, alternatives: tuple[str, ...]) -> bool:
    """Whether one of the alternatives stands in the text."""
    folded = fold(text)
    return any(fold(alternative) in folded for alternative in alternatives)


class FoldedText:
    """A page's text, folded once, that remembers where each folded character came from."""

    def __init__(self, page_id: str, text: str) -> None:
        self.page_id = page_id
        characters: list[str] = []
        self._origins: list[int] = []
        for origin, character in enumerate(text):
            folded = character.translate(_SAME).lower()
            if folded.isspace():
                folded = " " if characters and characters[-1] != " " else ""
            characters.extend(folded)
            self._origins.extend([origin] * len(folded))
        self._text = "".join(characters)

    def find(self, fragment: str) -> tuple[Span, ...]:
        """Everywhere the fragment stands, first to last; none for an empty fragment."""
        wanted = fold(fragment)
        spans: list[Span] = []
        at = self._text.find(wanted) if wanted else -1
        while at >= 0:
            end = at + len(wanted)
            spans.append(Span(self.page_id, self._origins[at], self._origins[end - 1] + 1))
            at = self._text.find(wanted, end)
        return tuple(spans)
