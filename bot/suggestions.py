"""Questions made from the pages themselves, for any page: what a visitor may ask.

They are candidates; the bot keeps those it answers.
"""

from collections.abc import Iterable, Sequence

from bot.text import load_text
from corpus.page import Page
from index.danish import abbreviations

MAX_SUGGESTIONS = 6


def suggest(pages: Sequence[Page], language: str = "da") -> list[str]:
    """Up to six questions, from headings and abbreviations in turn, in the pages' order."""
    return _unique(_in_turn([_from_headings(pages, language), _from_abbreviations(pages, language)]))[:MAX_SUGGESTIONS]


def _from_headings(pages: Iterable[Page], language: str) -> list[str]:
    template = load_text(language)["answers.suggestions.heading"]
    headings = [heading.text for page in pages for heading in page.headings if heading.text != page.title]
    return [template.format(heading=_lower_first(text)) for text in headings if not text.endswith("?")] + [
        text for text in headings if text.endswith("?")
    ]


def _from_abbreviations(pages: Iterable[Page], language: str) -> list[str]:
    template = load_text(language)["answers.suggestions.abbreviation"]
    return [template.format(short=short.upper()) for page in pages for short in abbreviations(page.text)]


def _lower_first(heading: str) -> str:
    first = heading.split()[0]
    return heading if first.isupper() else heading[0].lower() + heading[1:]


def _in_turn(lists: Sequence[Sequence[str]]) -> list[str]:
    longest = max((len(entries) for entries in lists), default=0)
    return [entries[i] for i in range(longest) for entries in lists if i < len(entries)]


def _unique(entries: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(entries))
