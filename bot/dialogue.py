"""A question in its conversation: cleaned, its language, small talk, follow-ups made to stand alone.

Rules only, no model. The words it looks for are in `bot/text/`, since they are what people write.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.text import LANGUAGES, load_text
from index.danish import words

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff]+")
_NAME = re.compile(r"(?<=\S)\s+[A-ZÆØÅ]")
# A question with this many words of its own names its subject itself.
_SHORT = 3
_CARRIED_CHARS = 300
_MAX_PARTS = 3


def clean_question(question: str) -> str:
    """NFC, without control, invisible and half characters; runs of white space are one space."""
    return " ".join(unicodedata.normalize("NFC", _UNSAFE.sub(" ", question)).split())


def language_of(question: str) -> str:
    """`en` when more of the question's words are English small words than Danish ones, else `da`."""
    asked = set(words(question))
    counts = {language: len(asked & _rules(language).small_words) for language in ("da", "en")}
    return "en" if counts["en"] > counts["da"] else "da"


def smalltalk_kind(question: str) -> str:
    """The kind of small talk that the whole question is ("greeting", "thanks", ...), or ""."""
    asked = " ".join(words(question))
    for language in LANGUAGES:
        for kind, phrases in load_text(language).table("smalltalk.phrases").items():
            if any(asked == _phrase(phrase) for phrase in phrases):
                return str(kind)
    return ""


def standalone(question: str, history: Sequence[str]) -> str:
    """The question with what it leaves out, taken from the questions before it.

    `"Og hvor ligger den?" after "Hvad er samarbejdsplatformen?" -> "Hvad er samarbejdsplatformen? Og hvor
    ligger den?"`. A question that names its own subject is returned as it is.

    :param history: earlier questions, oldest first.
    """
    alone = ""
    for asked in (*history, question):
        alone = f"{alone[-_CARRIED_CHARS:]} {asked}" if alone and is_followup(asked) else asked
    return alone


def parts(question: str) -> list[str]:
    """The questions that one question asks, in order, each as it was written.

    `"Hvem er med i CTG, og hvor ligger platformen?" -> ["Hvem er med i CTG?", "hvor ligger platformen?"]`. Only a
    second question word after "og", or after a question mark, begins a new part.
    """
    pieces = [piece.strip(" ,") for piece in _part_boundary().split(question)]
    asked = [piece for piece in pieces if words(piece)]
    if len(asked) < 2:
        return [question]
    return [piece if piece.endswith("?") else f"{piece}?" for piece in asked][:_MAX_PARTS]


@lru_cache
def _part_boundary() -> re.Pattern[str]:
    question_words = "|".join(
        load_text("da").list("dialogue.question_words") + load_text("en").list("dialogue.question_words")
    )
    return re.compile(rf"(?<=\?)\s+|,?\s+(?:og|samt|and)\s+(?=(?:{question_words})\b)", re.IGNORECASE)


def is_followup(question: str) -> bool:
    """Whether the question leans on an earlier one: it points back, or has no subject of its own.

    One word of its own is too little, unless it is a name: "Hvilke lande er med?" leans, "Hvad er CTG?" doesn't. Of the
    training pages' follow-ups and of other questions after a random one, this finds the sentence first for .438 and .492;
    taking no question as a follow-up for .301 and .501, every one for .521 and .342 (by words alone).
    """
    rules = _rules(language_of(question))
    asked = words(question)
    content = content_words(question)
    if not asked:
        return False
    if begins_with(question, rules.openers):
        return len(content) <= _SHORT
    if len(content) <= 1:
        return not content or not _NAME.search(question)
    return bool(set(asked) & rules.pointers) and len(content) < _SHORT


def content_words(question: str) -> list[str]:
    """The folded words of the question that carry a subject: no small words of either language."""
    small = _rules("da").small_words | _rules("en").small_words
    return [word for word in words(question) if word not in small]


def begins_with(text: str, phrases: Sequence[str]) -> bool:
    """Whether the text's first words are one of the phrases, case and the spelling of æøå aside."""
    beginning = " ".join(words(text)) + " "
    return any(beginning.startswith(f"{_phrase(phrase)} ") for phrase in phrases)


@lru_cache(maxsize=2048)
def _phrase(known: str) -> str:
    # For the project's own phrases only: what a visitor wrote is kept nowhere.
    return " ".join(words(known))


@dataclass(frozen=True)
class _Rules:
    small_words: frozenset[str]
    openers: tuple[str, ...]
    pointers: frozenset[str]


@lru_cache
def _rules(language: str) -> _Rules:
    text = load_text(language)
    return _Rules(
        small_words=frozenset(words(text["dialogue.small_words"])),
        openers=text.list("dialogue.openers"),
        pointers=frozenset(words(" ".join(text.list("dialogue.pointers")))),
    )
