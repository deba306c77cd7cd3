"""The Danish analyzer: from text to the terms that the lexical index counts.

Owns words, folding, stems, character n-grams, a page's own abbreviations and the correction of
misspelt question words. Leaves scoring to `index.lexical`.

Two kinds of term go into one index: stems ("samarbejder" and "samarbejdet" meet) and character
4-grams, which find compounds and misspellings: "sikkerhedstjeneste" meets "tjenester".
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

import Stemmer
from rapidfuzz import fuzz, process

GRAM = 4
_WORD = re.compile(r"§|\d+(?:[.,:]\d+)*|[^\W\d_]+\d*", re.UNICODE)
_DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "y", "ß": "ss"})
_MIN_CORRECTED = 4
_SIMILARITY = 85.0
# Words of grammar, of four letters and more, folded: spelt right on any page, whether or not they stand there.
_GRAMMAR = frozenset(
    """
    alle altid andet andre anden bare begge blev blevet blive bliver burde deres deraf derfor dermed dertil disse denne
    dette efter eller ellers flere fleste foer foerst fordi forskellige faaet gennem gerne gjort goere goeres goer
    hende hendes herfra hvad hvem hver hvert hvilke hvilken hvilket hvis hvor hvordan hvorfor hvorfra hvorhen hvorledes
    hvornaar ifoelge igen ikke imellem inden ingen intet jeres kunne lige maaske maatte mange mellem mere mest mindre
    mindst noget nogen nogle omkring oven over saadan saaledes samme samt selv siden skal skulle snart stadig uden under
    vaere vaeret ville vores
    about after also been before being between both cannot could does doing each from have having here into many more
    most much must only other over same shall should some such than that their them then there these they this those
    through under until very were what when where which while whom whose will with within without would your yours
    """.split()
)


def fold(text: str) -> str:
    """Lower case with æ, ø, å spelt out and other accents dropped.

    "Rødgrød", "roedgroed" and the decomposed form of either are one: `Ødegård -> oedegaard`.
    """
    composed = unicodedata.normalize("NFC", text).lower().translate(_DANISH)
    decomposed = unicodedata.normalize("NFD", composed)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """The folded words in order: letters, numbers with their inner marks, and §.

    Hyphens and slashes part words: `"EU-lande, § 2, kl. 10.30" -> [eu, lande, §, 2, kl, 10.30]`.
    """
    return _WORD.findall(fold(text))


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("danish")


def stem(word: str) -> str:
    """The Danish Snowball stem of a folded word (snowballstem.org/algorithms/danish)."""
    return str(_stemmer().stemWord(word))


def grams(word: str, size: int = GRAM) -> list[str]:
    """Character n-grams of the word between boundary marks: `pet -> [#pet, pet#]`.

    A word too short for one yields itself between the marks.
    """
    marked = f"#{word[:100]}#"
    return [marked[i : i + size] for i in range(max(1, len(marked) - size + 1))]


def terms(text: str) -> list[str]:
    """Every term of the text, repeats kept: each word's stem, then its n-grams."""
    return terms_of(words(text))


def terms_of(folded_words: Iterable[str]) -> list[str]:
    """The terms of words that are folded already."""
    found: list[str] = []
    for word in folded_words:
        found.append(stem(word))
        found.extend(grams(word))
    return found


_ABBREVIATION = re.compile(r"((?:[^\W\d_][\w’'-]*[ ]+){1,8})\(([A-ZÆØÅ][A-ZÆØÅa-z0-9]{1,9})\)")


def abbreviations(text: str) -> dict[str, str]:
    """The text's own abbreviations, folded: short form -> long form.

    `"Counter Terrorism Group (CTG)" -> {"ctg": "counter terrorism group"}`. The long form is the
    shortest run of words before the bracket that holds the letters in order and starts with the
    first of them (Schwartz & Hearst 2003, A simple algorithm for identifying abbreviation definitions).
    """
    found: dict[str, str] = {}
    for match in _ABBREVIATION.finditer(unicodedata.normalize("NFC", text)):
        short = fold(match[2])
        long_form = _long_form(short, words(match[1]))
        if long_form:
            found.setdefault(short, long_form)
    return found


def _long_form(short: str, before: Sequence[str]) -> str:
    for start in range(len(before) - 1, -1, -1):
        candidate = " ".join(before[start:])
        if candidate[0] == short[0] and len(candidate) > len(short) and _in_order(short, candidate):
            return candidate
    return ""


def _in_order(letters: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)


class Vocabulary:
    """The words of the indexed texts: what a question's words are corrected and expanded to."""

    def __init__(self, texts: Iterable[str]) -> None:
        """:param texts: everything that was indexed."""
        self.words: set[str] = set()
        self.abbreviations: dict[str, str] = {}
        for text in texts:
            self.words.update(words(text))
            self.abbreviations.update(abbreviations(text))
        self._stems = {stem(word) for word in self.words}
        self._choices = sorted(word for word in self.words if len(word) >= _MIN_CORRECTED and word.isalpha())

    def knows(self, word: str) -> bool:
        """Whether the folded word, or another form of it, stands in the texts."""
        return word in self.words or stem(word) in self._stems

    def correct(self, word: str) -> str:
        """The vocabulary's nearest word to an unknown one, or the word itself when none is near.

        `forbindelsesoficer -> forbindelsesofficerer`. Near is a similarity of at least 85 % (rapidfuzz
        ratio, 1 - normalised indel distance) and the same first letter; ties go to the alphabet. Words of
        grammar ("skulle") are left as they are.
        """
        if len(word) < _MIN_CORRECTED or not word.isalpha() or word in _GRAMMAR or self.knows(word):
            return word
        nearest = process.extractOne(word, self._choices, scorer=fuzz.ratio, score_cutoff=_SIMILARITY)
        if nearest is None or nearest[0][0] != word[0]:
            return word
        return str(nearest[0])

    def additions(self, asked: Sequence[str]) -> list[str]:
        """What a question's folded words may also mean: their corrections, then the other forms of its abbreviations.

        `[ctg] -> [counter, terrorism, group]` where the texts have "Counter Terrorism Group (CTG)".
        """
        added = [better for word in asked if (better := self.correct(word)) != word]
        phrase = f" {' '.join(asked)} "
        for short, long_form in self.abbreviations.items():
            if short in asked:
                added.extend(long_form.split())
            elif f" {long_form} " in phrase:
                added.append(short)
        return added
