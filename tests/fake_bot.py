"""Small stand-ins for the heavy parts: a bot that knows one page and finds words in it."""

import hashlib
import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.answer import Answer, Citation, Outcome
from corpus.page import Heading, Page

_LINES = (
    "Biblioteket i Nørreby",
    "Biblioteket ligger på Torvet 4 midt i byen.",
    "Åbningstider",
    "Biblioteket har åbent mandag til fredag kl. 10-18. Om lørdagen lukker biblioteket kl. 14.",
    "Adgang uden personale kræver sundhedskort og pinkode.",
    "Lån",
    "Du kan låne 40 bøger ad gangen. En bog kan lånes i 30 dage.",
    "Afleverer du for sent, koster det 25 kr. pr. gang.",
)
_HEADINGS = {0: 1, 2: 2, 5: 2}


def small_page(
    page_id: str = "bibliotek", *, lines: Sequence[str] = _LINES, url: str = "https://example.org/bib"
) -> Page:
    """A page of a few Danish lines, each heading at its place."""
    text = "\n".join(lines)
    headings, start = [], 0
    for number, line in enumerate(lines):
        if number in _HEADINGS:
            headings.append(Heading(line, _HEADINGS[number], start, start + len(line)))
        start += len(line) + 1
    return Page(page_id, url, lines[0], datetime(2026, 11, 23, 10, tzinfo=UTC), text, tuple(headings))


class FakeBot:
    """The bot's interface over word overlap: answers with the two sentences that share most long words.

    :param slow_s: seconds that every answer takes.
    :param fails: an exception that `ask` raises, to see that no face falls over.
    """

    def __init__(
        self,
        pages: Sequence[Page] | None = None,
        *,
        ready: bool = True,
        slow_s: float = 0,
        fails: Exception | None = None,
    ) -> None:
        self.pages = tuple(pages if pages is not None else (small_page(),))
        self.ready = ready
        self.slow_s = slow_s
        self.fails = fails
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def suggestions(self, page: str | None = None) -> tuple[str, ...]:
        return (
            "Hvornår har biblioteket åbent?",
            "Hvor mange bøger kan jeg låne?",
            "Hvad koster det at aflevere for sent?",
        )

    def ask(self, question: str, history: Sequence[str] = (), *, page: str | None = None) -> Answer:
        self.asked.append((question, tuple(history)))
        time.sleep(self.slow_s)
        if self.fails is not None:
            raise self.fails
        answer_id = hashlib.sha256(question.encode()).hexdigest()[:16]
        if re.search(r"\d{6}-\d{4}", question):
            return Answer(answer_id, "[skjult]", Outcome.PERSONAL_DATA, "Skriv det igen uden nummeret.")
        cited = [citation for citation in self._cite(question) if page in (None, citation.page)]
        if not cited:
            words = "Det står der ikke noget om på siden."
            return Answer(answer_id, question, Outcome.NOT_ON_PAGE, words, 0.04, suggestions=self.suggestions())
        words = "På siden står der: " + " ".join(citation.quote for citation in cited)
        return Answer(answer_id, question, Outcome.ANSWERED, words, 0.9, tuple(cited), elapsed_ms=1.5)

    def _cite(self, question: str) -> list[Citation]:
        wanted = {word[:5] for word in re.findall(r"\w{4,}", question.lower())} - {"hvorn", "hvad", "hvor", "hvord"}
        found: list[tuple[int, Citation]] = []
        for page in self.pages:
            for match in re.finditer(r"[^\n]+?(?:[.!?](?= |$)|$)", page.text, re.MULTILINE):
                quote = match.group().strip()
                start = match.start() + len(match.group()) - len(match.group().lstrip())
                if any((heading.start, heading.end) == (start, start + len(quote)) for heading in page.headings):
                    continue
                shared = len(wanted & {word[:5] for word in re.findall(r"\w{4,}", quote.lower())})
                url = f"{page.url}#:~:text={quote[:10]}" if page.url else ""
                heading = page.heading_at(start)
                found.append((shared, Citation(quote, start, start + len(quote), page.id, page.title, heading, url)))
        best = sorted((item for item in found if item[0] > 0), key=lambda item: -item[0])
        return [citation for _, citation in best[:2]]
