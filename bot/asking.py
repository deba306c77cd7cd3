"""What a question asks for, and whether a sentence holds that kind of thing.

By rule, in Danish and English; a misspelt question word asks for nothing in particular. Owns no judgement: a
sentence with a number in it need not hold the number that was asked for.
"""

import re
from enum import StrEnum

from index.danish import fold


class Asked(StrEnum):
    """The kinds of thing a question asks for."""

    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    HOW_MANY = "how_many"
    HOW_MUCH = "how_much"
    CONTACT = "contact"
    WHY = "why"
    HOW = "how"
    YES_NO = "yes_no"
    WHAT = "what"


# The first that is found decides, so the special come before the general. All is folded: å is aa.
_QUESTIONS: tuple[tuple[Asked, str], ...] = (
    (Asked.CONTACT, r"\b(telefon(nummer)?|tlf|ringe?r? til|mail(adresse|en)?|e-?mail|phone|adressen?|address)\b"),
    (Asked.HOW_MUCH, r"\b(hvor meget|hvor dyrt?|koste[rt]?|pris(en)?|gebyr(et)?|how much|costs?|price|fee)\b"),
    (
        Asked.HOW_MANY,
        r"\b(hvor (mange|stor|lang|hoej|gammel|tung|bred|hurtig)\w*|antal(let)?|how (many|big|tall|old|far))\b",
    ),
    (
        Asked.WHEN,
        r"\b(hvornaar|hvad tid|hvilke[nt] (dag|dato|aar|maaned|uge)|hvor (laenge|tidligt|sent|tit|ofte)"
        r"|aabningstid\w*|frist(en)?|deadline|when|(what|which) (time|date|year|day)|how (long|often|soon))\b",
    ),
    (Asked.WHY, r"\b(hvorfor|aarsag(en)?|grunden?|why|reason)\b"),
    (Asked.WHERE, r"\b(hvor(hen|fra|henne)?|where|hvilket sted|hvilken by)\b"),
    (Asked.WHO, r"\b(hvem|hvis|hvad hedder|hvilken person|who|whose|whom)\b"),
    (Asked.HOW, r"\b(hvordan|hvorledes|how)\b"),
)
_VERB_FIRST = re.compile(
    r"^\W*((og|men|saa|ok|and|but|so) )*"
    r"(er|var|har|havde|kan|kunne|skal|skulle|maa|maatte|vil|ville|faar|fik|bliver|blev|findes|gaelder|goer|giver"
    r"|tager|koerer|kommer|boer|bor|ligger|bruger|staar|virker|laver|kraever|hoerer|betaler|deltager"
    r"|is|are|was|were|do|does|did|can|could|will|would|should|must|may|has|have)\b"
)
_COUNTS = r"en|et|to|tre|fire|fem|seks|syv|otte|ni|ti|elleve|tolv|tyve|halv\w*|hundrede|tusind|million\w*|hver"
_TIMES = (
    r"januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december|kl|nu|straks|snart"
    r"|(man|tirs|ons|tors|fre|loer|soen|hver)dag\w*|weekend\w*|(foraar|efteraar|sommer|vinter|doegn)\w*"
    r"|aar(et|lig\w*)?|dag(en|e|lig\w*)?|uge(n|r|ntlig\w*)?|maaned\w*|timer?|minut\w*|morgen|aften|nat|foer|efter|senest"
)
_UNITS = r"kr|kroner|dkk|euro?|mio|mia|pct|procent|liter|kg|kilo|gram|tons?|kwh|m2|m3|meter|km|timer|grader"
_REASONS = r"fordi|da|grund\w*|aarsag\w*|skyldes|derfor|idet|eftersom|saa|hensyn\w*|formaal\w*|sikre|dermed|mangel"
_HOLDS: dict[Asked, re.Pattern[str]] = {
    Asked.HOW_MANY: re.compile(rf"\d|\b({_COUNTS})\b"),
    Asked.HOW_MUCH: re.compile(rf"\d ?({_UNITS})\b|\b(gratis|uden beregning)\b|%"),
    Asked.WHEN: re.compile(rf"\b({_TIMES})\b|\b(1[89]|20)\d\d\b|\d[.:]\d\d"),
    Asked.CONTACT: re.compile(
        r"\d{2} ?\d{2} ?\d{2} ?\d{2}|@|\bwww\b|\.dk\b|\b(tlf|telefon)\b|\w(vej|gade|alle|plads|torv)\w{0,2}\b"
    ),
    Asked.WHY: re.compile(rf"\b({_REASONS}|for at|because)\b"),
}
_NAME = re.compile(r"(?<=[^\s.!?:] )[A-ZÆØÅ][\w-]+|\b[A-ZÆØÅ]{2,}\b")
_OFFICE = re.compile(r"\w(chef|leder|formand|direktoer|minister|raad|naevn|udvalg|styrelse|medarbejder|ansvarlig)\w*\b")
_PLACE = re.compile(r"\w(vej|gade|plads|torv|havn|strand|sal|hus|bygning|kontor|lokale|center|skole)\w*\b")


def asked_for(question: str) -> Asked:
    """What the question asks for; of several sentences the last counts.

    `"Hvor mange er der?" -> HOW_MANY`, `"Er det gratis?" -> YES_NO`, `"åbningstider" -> WHEN`, `"frimærker" -> WHAT`.
    """
    parts = [part for part in re.split(r"(?<=[?!.])\s+", fold(question).strip()) if part.strip()]
    last = parts[-1] if parts else ""
    if _VERB_FIRST.match(last):
        return Asked.YES_NO
    for asked, pattern in _QUESTIONS:
        if re.search(pattern, last):
            return asked
    return Asked.WHAT


def holds(asked: Asked, sentence: str) -> bool:
    """Whether the sentence has the kind of thing asked for; always, where the kind has no mark to look for.

    `holds(WHEN, "Vi har åbent mandag.") -> True`, `holds(HOW_MUCH, "Vi har åbent mandag.") -> False`.
    """
    folded = fold(sentence)
    if asked is Asked.WHO:
        return bool(_NAME.search(sentence) or _OFFICE.search(folded))
    if asked is Asked.WHERE:
        return bool(_NAME.search(sentence) or _PLACE.search(folded))
    pattern = _HOLDS.get(asked)
    return pattern is None or bool(pattern.search(folded))


def numbers_in(text: str) -> list[str]:
    """The numbers as written, without marks at their ends: `"2.000 kr. i 2024." -> [2.000, 2024]`."""
    return re.findall(r"\d+(?:[.,:]\d+)*", text)
