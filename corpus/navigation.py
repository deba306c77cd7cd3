"""Lines of a web page that lead somewhere and say nothing.

Owns the words; `corpus.clean` drops the lines. Only whole lines count, compared without case and
without surrounding punctuation. Kept general: what Danish public and commercial sites put around
their text, not what one page happens to hold.
"""

import re


def _set(phrases: str) -> frozenset[str]:
    """The phrases, parted by "|" or a line break."""
    return frozenset(phrase.strip() for line in phrases.strip().splitlines() for phrase in line.split("|"))


_NAVIGATION = _set(
    """
    spring til hovedindhold|spring til indhold|spring til indholdet|spring til hovedmenu|spring navigation over
    gå til hovedindhold|gå til indhold|gå til indholdet|hop til indhold|hop til hovedindhold|til hovedindhold
    skip to main content|skip to content|skip navigation
    åbn menu|luk menu|vis menu|skjul menu|åbn søgning|luk søgning|vis søgefelt|søg på siden|søg på sitet|du er her
    til toppen|til top|tilbage til toppen|gå til toppen|tilbage til forsiden|tilbage til oversigten|tilbage til oversigt
    del siden|del denne side|del artiklen|del link|del på sociale medier|send til en ven|tip en ven
    kopiér link|kopier link|kopiér linket|kopier linket
    print siden|print denne side|print artiklen|udskriv siden|udskriv denne side|læs op|få siden læst op|oplæs siden
    læs mere|læs mere her|læs mere om|se mere|vis mere|vis flere|se flere|se alle|vis alle|vis mindre|vis færre|se alt
    fold ud|fold sammen|åbn alle|luk alle|forrige side|næste side
    accepter alle|acceptér alle|accepter alle cookies|acceptér alle cookies|acceptér cookies|accepter cookies
    tillad alle|tillad alle cookies|tillad udvalgte|tillad valgte|afvis alle|afvis alle cookies|afvis cookies
    kun nødvendige|kun nødvendige cookies|brug kun nødvendige cookies|cookieindstillinger|indstil cookies|vælg cookies
    gem og luk|administrer cookies|skift cookieindstillinger
    følg os på facebook|følg os på linkedin|følg os på instagram|følg os på x|tilmeld nyhedsbrev
    var denne side nyttig|fandt du det, du søgte|fandt du det du søgte|fandt du hvad du søgte
    """
)

_AMBIGUOUS = _set(
    """
    forslag|menu|søg|søgning|luk|åbn|del|print|udskriv|forside|forsiden|hjem|tilbage|forrige|næste|top|cookies|sitemap
    dansk|english|da|en|in english|log ind|log på|log ud|brødkrumme|navigation|genveje|indhold|annonce|reklame|abonnér
    abonner|facebook|linkedin|instagram|twitter|youtube|x|ok|nej tak|ja tak|mere|billede|foto
    """
)

_SHARE = re.compile(
    r"(del|share)( siden| artiklen)? (på|via|on) (facebook|linkedin|x|twitter|instagram|bluesky|e-?mail|mail)"
)
_BREADCRUMBS = re.compile(r"(?:du er her:? )?(?:forside|hjem|home) ?[>/›»|→] ?\S", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"(alt|title|class|src|href|aria-label|role|id)\s*=\s*[\"'“”„‟«»‘’].*[\"'“”„‟«»‘’]?", re.IGNORECASE
)
_ORNAMENT = re.compile(r"[\s\-–—=_*~•·.|/\\#+<>›»«^←→↑↓]+")
_AROUND = " .:;,!?…>›»«<|·•-–→←↑↓[]()"


def is_navigation(line: str) -> bool:
    """Whether the line is navigation wherever it stands: a known phrase, breadcrumbs, a stray attribute, an ornament.

    `"Spring til hovedindhold"`, `"Del på Facebook"`, `"Forside > Om os"`, `'alt=""'`, `"* * *"` -> True
    """
    words = _words(line)
    is_phrase = words in _NAVIGATION or bool(_SHARE.fullmatch(words))
    return is_phrase or any((_BREADCRUMBS.match(line), _ATTRIBUTE.fullmatch(line), _ORNAMENT.fullmatch(line)))


def may_be_navigation(line: str) -> bool:
    """Whether the line is a single word that is navigation on one page and a heading on another.

    `"Forslag"`, `"Menu"`, `"Print"` -> True: a heading when text follows it, else navigation.
    """
    return _words(line) in _AMBIGUOUS


def _words(line: str) -> str:
    return line.strip(_AROUND).casefold()
