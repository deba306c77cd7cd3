"""Questions made from the pages themselves, for any page: what a visitor may ask.

They are made by rule from sentences: "Tangmuseet ligger i ..." gives "Hvor ligger Tangmuseet?". The rules are
`bot/text/da/suggestions.toml`; a sentence that fits none gives no question. They are candidates: the bot keeps those
that it answers with the very sentence they were made from.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, groupby

from bot.dialogue import begins_with, content_words
from bot.text import load_text
from corpus.page import Page
from index.build import PlacedSentence
from index.danish import abbreviations, stem, words

MAX_CHARS = 90
_SUBJECT = r"(?P<x>[A-ZÆØÅ][\w’'-]*(?: [\w’'-]+){0,4}?)"
_MIDDLE_WORD = re.compile(r"(?:(?<=\w )|(?<=, ))[^\W\d_][\w-]*")
_TWICE = re.compile(r"\b(\w+) \1\b", re.IGNORECASE)


@dataclass(frozen=True)
class Suggestion:
    """A question, and the numbers of the sentences that a right answer may begin with.

    :param plain: whether it only asks what an abbreviation means: for pages that give few others.
    """

    question: str
    sources: frozenset[int]
    plain: bool = False


def suggest(pages: Sequence[Page], sentences: Sequence[PlacedSentence]) -> list[Suggestion]:
    """Questions that the pages should answer, the best first: one of each section in turn, then the plain ones.

    A heading that is a question is one as it stands. Each question is given once.
    """
    sections = [
        list(section) for _, section in groupby(sentences, key=lambda placed: (placed.page.id, placed.sentence.heading))
    ]
    made = [[*_of_heading(section), *chain.from_iterable(map(_of_sentence, section))] for section in sections]
    found: dict[str, Suggestion] = {}
    for suggestion in (*_in_turn(made), *_of_abbreviations(pages, sentences)):
        found.setdefault(suggestion.question, suggestion)
    return list(found.values())


def _of_sentence(placed: PlacedSentence) -> Iterator[Suggestion]:
    text = _without_adverbs(placed.sentence.text)
    for rule in _rules("rules"):
        if match := rule.pattern.search(text):
            parts = {name: _turned(found.strip()) for name, found in match.groupdict().items()}
            if "x" in parts:
                parts["x"] = _as_subject(match["x"], placed.page)
            question = rule.question.format(**parts)
            if parts.get("x") != "" and len(question) <= MAX_CHARS and not _TWICE.search(question):
                yield Suggestion(question, frozenset({placed.number}))
            return


def _as_subject(start: str, page: Page) -> str:
    """The first words of a sentence as a subject inside one, or "" where they are none for certain.

    The first word keeps its capital if it is an acronym, or is written with one in the middle of the page's sentences;
    it loses it if the page writes it, or another form of it, without.
    """
    own = words(start)
    first = start.split()[0]
    if (
        not own
        or own[0] in _known("no_subject")
        or not set(own[1:]) <= {*content_words(start), *_known("inside_subject")}
    ):
        return ""
    if first[:2].isupper():
        return start
    middle = _MIDDLE_WORD.findall(page.text)
    if first in middle:
        return start
    small = {stem(folded) for word in middle if word[0].islower() for folded in words(word)}
    return start[0].lower() + start[1:] if stem(own[0]) in small else ""


def _without_adverbs(text: str) -> str:
    for adverb in load_text("da").list("suggestions.adverbs"):
        text = text.replace(f" {adverb} ", " ")
    return text


@dataclass(frozen=True)
class _Rule:
    pattern: re.Pattern[str]
    question: str


@lru_cache
def _rules(kind: str) -> tuple[_Rule, ...]:
    rows = load_text("da").rows(f"suggestions.{kind}")
    return tuple(_Rule(re.compile(row["form"].replace("{x}", _SUBJECT)), row["question"]) for row in rows)


@lru_cache
def _known(key: str) -> frozenset[str]:
    return frozenset(words(load_text("da")[f"suggestions.{key}"]))


def _turned(text: str) -> str:
    """The page's "du" and "vi" as the visitor says them: `"har mistet dit pas" -> "har mistet mit pas"`."""
    table = load_text("da").table("suggestions.turned")
    return re.sub(r"\w+", lambda word: str(table.get(word[0], word[0])), text)


def _of_heading(section: Sequence[PlacedSentence]) -> Iterator[Suggestion]:
    """A heading that is a question as it stands, or what its rule makes of it."""
    heading = section[0].sentence.heading
    if heading.endswith("?") and not begins_with(heading, load_text("da").list("dialogue.openers")):
        yield Suggestion(_turned(heading), _numbers(section))
    for rule in _rules("headings"):
        if match := rule.pattern.fullmatch(heading):
            parts = {name: _turned(found.strip()) for name, found in match.groupdict("").items()}
            yield Suggestion(" ".join(rule.question.format(**parts).split()).replace(" ?", "?"), _numbers(section))


def _of_abbreviations(pages: Iterable[Page], sentences: Sequence[PlacedSentence]) -> Iterator[Suggestion]:
    template = load_text("da")["answers.suggestions.abbreviation"]
    for short in (short.upper() for page in pages for short in abbreviations(page.text)):
        defined = [placed for placed in sentences if f"({short})" in placed.sentence.text.upper()]
        yield Suggestion(template.format(short=short), _numbers(defined), plain=True)


def _numbers(sentences: Iterable[PlacedSentence]) -> frozenset[int]:
    return frozenset(placed.number for placed in sentences)


def _in_turn(lists: Sequence[Sequence[Suggestion]]) -> list[Suggestion]:
    longest = max((len(entries) for entries in lists), default=0)
    return [entries[i] for i in range(longest) for entries in lists if i < len(entries)]
