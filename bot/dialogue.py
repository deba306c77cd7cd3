"""A question in its conversation: cleaned, its language, small talk, follow-ups made to stand alone.

Rules only, no model. The words it looks for are in `bot/text/`, since they are what people write.
"""

import re
import unicodedata
from collections.abc import Sequence

from bot.text import Text, load_text
from index.danish import words

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff]+")
_SHORT = 3


def clean_question(question: str) -> str:
    """NFC, without control, invisible and half characters; runs of white space are one space."""
    return " ".join(unicodedata.normalize("NFC", _UNSAFE.sub(" ", question)).split())


def language_of(question: str) -> str:
    """"en" when more of the language's own small words are English than Danish, else "da"."""
    asked = set(words(question))
    counts = {language: len(asked & _small_words(language)) for language in ("da", "en")}
    return "en" if counts["en"] > counts["da"] else "da"


def smalltalk_kind(question: str) -> str:
    """The kind of small talk that the whole question is ("greeting", "thanks", ...), or ""."""
    asked = " ".join(words(question))
    for language in ("da", "en"):
        for kind, phrases in load_text(language).table("smalltalk.phrases").items():
            if asked in {" ".join(words(phrase)) for phrase in phrases}:
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
        alone = f"{_last_sentence(alone)} {asked}" if alone and is_followup(asked) else asked
    return alone


def is_followup(question: str) -> bool:
    """Whether the question leans on an earlier one: it points back, or has no subject of its own."""
    text = load_text(language_of(question))
    asked = words(question)
    if not asked:
        return False
    if any(f" {phrase} " in f" {' '.join(asked)} " for phrase in _folded(text, "dialogue.openers") if asked[0] == phrase.split()[0]):
        return True
    content = [word for word in asked if word not in _small_words("da") | _small_words("en")]
    points_back = bool(set(asked) & set(_folded(text, "dialogue.pointers")))
    return not content or (points_back and len(content) <= _SHORT)
