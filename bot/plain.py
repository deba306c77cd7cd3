"""An answer as plain text, for a terminal."""

from bot.answer import Answer, Citation, Outcome
from bot.text import load_text


def to_plain_text(answer: Answer) -> str:
    """What the visitor reads, then the sources or the nearest sentences, one a line."""
    text = load_text(answer.language)
    lines = [answer.answer]
    if answer.outcome is Outcome.NOT_ON_PAGE and answer.nearest:
        lines += ["", text["answers.nearest"], *map(_line, answer.nearest)]
    elif answer.citations:
        lines += ["", text["answers.sources"], *map(_line, answer.citations)]
    return "\n".join(lines)


def _line(citation: Citation) -> str:
    place = " – ".join(dict.fromkeys(part for part in (citation.title, citation.heading) if part))
    return f"  {place} [{citation.start}:{citation.end}] {citation.quote}"
