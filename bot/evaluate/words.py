"""The report's words and numbers, as they are written in Danish: "81 %", "0,43", "1.204"."""

import math
from datetime import datetime
from typing import Any

from bot.evaluate.figures import Figure
from bot.text import load_text

_SHARES = frozenset(
    {
        "evidence_at_1",
        "evidence_at_3",
        "facts",
        "answered_rate",
        "refused_rate",
        "correct",
        "right_when_answered",
        "quotes_verbatim",
    }
)


class Words:
    """The report's texts by dotted key, and its numbers."""

    def __init__(self) -> None:
        self.table: dict[str, Any] = dict(load_text("da").table("report"))

    def __getitem__(self, key: str) -> str:
        section, _, name = key.partition(".")
        return str(_within(self.table[section], name) if name else self.table[section])

    def fill(self, key: str, **values: object) -> str:
        """A text with its fields filled."""
        return self[key].format(**values)

    def kind(self, kind: str) -> str:
        """A kind's name; one that the texts do not know is its own name."""
        return str(self.table["kinds"].get(kind, kind))

    def moment(self, at: datetime) -> str:
        """A time by this machine's clock: "24. november 2026 kl. 16.05"."""
        here = at.astimezone()
        month = self.table["months"][here.month - 1]
        return self.fill("date", day=here.day, month=month, year=here.year, hour=here.hour, minute=f"{here.minute:02}")

    def count(self, number: int) -> str:
        """1204 -> "1.204"."""
        return f"{number:,}".replace(",", ".")

    def percent(self, share: float) -> str:
        """.813 -> "81 %"."""
        return self["none"] if math.isnan(share) else f"{100 * share:.0f} %"

    def number(self, value: float | None, *, digits: int = 2) -> str:
        """.4349 -> "0,43"."""
        return self["none"] if value is None else f"{value:.{digits}f}".replace(".", ",")

    def figure(self, name: str, value: float | None, *, signed: bool = False) -> str:
        """A figure in its own unit: shares in per cent, times in milliseconds, the rest with three decimals."""
        if value is None:
            return self["none"]
        if name in _SHARES:
            text = f"{self.number(100 * value, digits=1)} {self['points']}" if signed else f"{100 * value:.0f} %"
        elif name.startswith("latency"):
            text = f"{value:.{0 if abs(value) >= 10 else 1}f} ms".replace(".", ",")
        else:
            text = self.number(value, digits=3)
        if signed:
            text = _with_sign(text)
        return text

    def interval(self, name: str, figure: Figure, *, signed: bool = False) -> str:
        """ "77–85 %"; of a difference "−1,2 til +3,4 procentpoint"."""
        if figure.low is None or figure.high is None:
            return self["none"]
        if signed:
            low, high = (self.figure(name, bound, signed=True) for bound in (figure.low, figure.high))
            return self.fill("range", low=low.partition(" ")[0], high=high)
        low, high = self.figure(name, figure.low), self.figure(name, figure.high)
        unit = high.partition(" ")[2]
        return f"{low.removesuffix(' ' + unit)}–{high}" if unit else f"{low}–{high}"


def _within(section: Any, name: str) -> str:
    """A section's text; one in a section of its own by dotted name ("download.md")."""
    if name in section:  # names of figures have dots of their own
        return str(section[name])
    inner, _, rest = name.partition(".")
    return _within(section[inner], rest)


def _with_sign(text: str) -> str:
    """ "-1,2" -> "−1,2", "3" -> "+3"; what is written as nothing but zeros has no sign."""
    size = text.removeprefix("-")
    if not any(digit in size for digit in "123456789"):
        return size
    return f"−{size}" if text.startswith("-") else f"+{size}"
