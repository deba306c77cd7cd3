"""Canonical text: what every offset counts in.

One block (heading, paragraph, list item, table row) a line, "\\n" between lines, no empty lines,
single spaces, NFC, no invisible characters, no navigation. `clean_text` is idempotent, so text that
is already canonical keeps its offsets. Which lines make one block is the reader's business.
"""

import re
import unicodedata
from collections.abc import Sequence

from corpus.navigation import is_navigation, may_be_navigation

HEADING_CHARS = 120
"""A longer line is text, not a heading."""

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co"})
_LINE_BREAK = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPACES = re.compile(r"\s+")
_JOINER = "\u200d"
_EMOJI = "[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]"
_LOOSE_JOINER = re.compile(f"(?<!{_EMOJI}){_JOINER}|{_JOINER}(?!{_EMOJI})")
_BULLET = re.compile(r"^(?:[•‣▪◦●○■□▶➢✓*–—-]\s+)+(?=\S)")
_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}


def clean_text(raw: str) -> str:
    """The canonical text of `raw`, each of whose lines is one block; "" when nothing is left.

    `"Menu\\r\\n\\r\\nPET's\\u00a0opga\\u00adver.  "` -> `"PET's opgaver."`
    """
    lines = [clean_line(line) for line in _LINE_BREAK.split(raw)]
    return "\n".join(lines[number] for number in content_lines(lines))


def clean_line(raw: str) -> str:
    """One block as one canonical line: line breaks become spaces, a bullet in front goes."""
    text = _LINE_BREAK.sub(" ", raw).translate(_LIGATURES)
    invisible = {char for char in set(text) if unicodedata.category(char) in _INVISIBLE and char not in f"\t{_JOINER}"}
    text = text.translate({ord(char): None for char in invisible})
    text = unicodedata.normalize("NFC", _LOOSE_JOINER.sub("", text))
    return _BULLET.sub("", _SPACES.sub(" ", text).strip())


def content_lines(lines: Sequence[str]) -> list[int]:
    """The numbers of the lines that are neither empty nor navigation, in order.

    A word such as "Forslag" or "Menu" stays where text follows it, for there it is a heading.
    """
    kept: list[int] = []
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number]
        if not line or is_navigation(line):
            continue
        if may_be_navigation(line) and not (kept and is_body(lines[kept[-1]])):
            continue
        kept.append(number)
    return kept[::-1]


def is_body(line: str) -> bool:
    """Whether the line reads as text: it ends as a sentence or an introduction does, or is long."""
    return len(line) > HEADING_CHARS or line.rstrip("\"'»«”’)").endswith((".", "!", "?", ":", ";", "…"))
