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
# The most words of its own of a question that begins like a follow-up, and of one that points back.
_MOST_OWN_OPENED = 3
_MOST_OWN_POINTING = 2
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
    """Whether the question may lean on an earlier one: it points back, or has no subject of its own.

    One word of its own is too little, unless it is a name: "Hvilke lande er med?" leans, "Hvad er CTG?" doesn't, nor
    does "Hvad koster det at være medlem af klubben?", whose "det" points ahead. Of the training pages' 264 follow-ups
    it finds 89 %, and takes 8 % of their 5,145 other questions for one: so a question that may lean is read both ways.
    """
    rules = _rules(language_of(question))
    asked = words(question)
    own = own_words(question)
    if not own or begins_with(question, rules.openers):
        return bool(asked) and len(own) <= _MOST_OWN_OPENED
    if _NAME.search(question):
        return _points_back(asked, rules) and len(own) == 1
    return len(own) == 1 or (len(own) <= _MOST_OWN_POINTING and _points_back(asked, rules))


def own_words(question: str) -> list[str]:
    """The question's content words that can be a subject: `"Hvor lang tid tager en omvisning?" -> [omvisning]`."""
    vague = _rules(language_of(question)).vague
    return [word for word in content_words(question) if word not in vague]


def is_bare_why(question: str) -> bool:
    """Whether it asks for the reason of what was told before, and nothing more: "hvorfor det?", "and why?"."""
    asked = words(question)
    rules = _rules(language_of(question))
    return bool(asked) and not own_words(question) and bool(set(asked) & rules.why_words)


def _points_back(asked: Sequence[str], rules: "_Rules") -> bool:
    pointing = [place for place, word in enumerate(asked) if word in rules.pointers]
    if asked[-1] in rules.last_pointers:
        return True
    if not pointing or any(asked[place] not in rules.formal_subjects for place in pointing):
        return bool(pointing)
    return not set(asked[pointing[0] :]) & rules.clause_words


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
    last_pointers: frozenset[str]
    formal_subjects: frozenset[str]
    clause_words: frozenset[str]
    vague: frozenset[str]
    why_words: frozenset[str]


@lru_cache
def _rules(language: str) -> _Rules:
    text = load_text(language)

    def known(key: str) -> frozenset[str]:
        return frozenset(words(text[f"dialogue.{key}"]))

    return _Rules(
        small_words=known("small_words"),
        openers=text.list("dialogue.openers"),
        pointers=known("pointers"),
        last_pointers=known("last_pointers"),
        formal_subjects=known("formal_subjects"),
        clause_words=known("clause_words"),
        vague=known("vague_words"),
        why_words=known("why_words"),
    )
