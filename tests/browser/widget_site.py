"""A small site for the widget's tests: a server with a bot of few words, and host pages on another origin."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from fastapi import FastAPI
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect

from bot.answer import Answer, Citation, Outcome
from bot.api import create_app
from bot.limits import add_limits
from bot.security import add_security
from bot.settings import Settings
from bot.widget import add_widget
from corpus.page import Heading, Page

EXAMPLES = Path(__file__).parents[2] / "examples"
TEXT = """Fjordby Bibliotek
Fjordby Bibliotek ligger ved havnen og er for alle, der bor i kommunen.
Åbningstider
Biblioteket har åbent alle hverdage fra klokken 10 til 18. Om lørdagen er der åbent fra klokken 10 til 14.
Lån af bøger
Du låner gratis med dit sundhedskort. Du kan have 30 bøger hjemme på én gang.
Du betaler 20 kroner, hvis du afleverer op til syv dage for sent.
Lokaler
Foreninger i Fjordby kan låne mødelokalerne uden at betale.
Medlemskab
Et medlemskab af Bibliotekets Venner koster 125 kroner om året."""
ATTACK = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"


def _heading(text: str, level: int) -> Heading:
    start = TEXT.index(f"\n{text}\n") + 1 if level > 1 else 0
    return Heading(text, level, start, start + len(text))


LIBRARY = Page(
    id="bibliotek",
    url="https://bibliotek.example/",
    title="Fjordby Bibliotek",
    fetched_at=datetime(2026, 11, 1, tzinfo=UTC),
    text=TEXT,
    headings=(
        _heading("Fjordby Bibliotek", 1),
        *(_heading(text, 2) for text in ("Åbningstider", "Lån af bøger", "Lokaler", "Medlemskab")),
    ),
)

_ANSWERS = {
    "åbent": [
        "Biblioteket har åbent alle hverdage fra klokken 10 til 18.",
        "Om lørdagen er der åbent fra klokken 10 til 14.",
    ],
    "låne": ["Du låner gratis med dit sundhedskort."],
    "sent": ["Du betaler 20 kroner, hvis du afleverer op til syv dage for sent."],
    "medlem": ["Et medlemskab af Bibliotekets Venner koster 125 kroner om året."],
}


class FewWordsBot:
    """Answers by one word of the question, from `LIBRARY`; "vent" makes it take its time."""

    pages = (LIBRARY,)
    ready = True

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.asked_of: list[str | None] = []

    def suggestions(self, page: str | None = None) -> tuple[str, ...]:
        return ("Hvornår har biblioteket åbent?", "Hvad koster det at låne?")

    def ask(self, question: str, history: Sequence[str] = (), *, page: str | None = None) -> Answer:
        self.asked.append((question, tuple(history)))
        self.asked_of.append(page)
        if "vent" in question:
            time.sleep(1.5)
        if "angreb" in question:
            return self._answer(question, ATTACK, [])
        quotes = next((quotes for word, quotes in _ANSWERS.items() if word in question.lower()), None)
        if quotes:
            return self._answer(question, " ".join(quotes), quotes)
        nearest = (_citation("Foreninger i Fjordby kan låne mødelokalerne uden at betale."),)
        return Answer(
            id="ab12", question=question, outcome=Outcome.NOT_ON_PAGE, confidence=0.1, nearest=nearest,
            answer="Det kan jeg ikke finde på siden.", suggestions=self.suggestions(),
        )  # fmt: skip

    def _answer(self, question: str, answer: str, quotes: list[str]) -> Answer:
        citations = tuple(_citation(quote) for quote in quotes)
        if not citations:
            attack = Citation(ATTACK, 0, 1, ATTACK, ATTACK, ATTACK, "javascript:document.title='taken'")
            return Answer("ab12", question, Outcome.ANSWERED, answer, 0.9, (attack,), suggestions=(ATTACK,))
        return Answer("ab12", question, Outcome.ANSWERED, answer, 0.9, citations)


def _citation(quote: str) -> Citation:
    start = TEXT.index(quote)
    url = f"{LIBRARY.url}#:~:text={quote[:20].replace(' ', '%20')}"
    return Citation(quote, start, start + len(quote), LIBRARY.id, LIBRARY.title, LIBRARY.heading_at(start), url)


def create_site(bot: FewWordsBot, settings: Settings) -> FastAPI:
    """The whole server without the chat page."""
    app = create_app(bot, settings)
    add_widget(app, bot)
    add_limits(app, settings)
    add_security(app, settings)
    return app


class _Pages(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def log_request(self, *_: object) -> None:
        pass


@contextmanager
def serve_pages(folder: Path) -> Iterator[str]:
    """The folder's files on a free port, as another site ("localhost")."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Pages, directory=folder))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Site:
    """A host site on "localhost", the widget's server on 127.0.0.1, and the bot behind it."""

    def __init__(self, address: str, server: str, bot: FewWordsBot) -> None:
        self.address = address
        self.server = server
        self.bot = bot


def ask(page: BrowserPage, question: str) -> None:
    page.get_by_label("Dit spørgsmål").fill(question)
    page.keyboard.press("Enter")


def answered(page: BrowserPage, text: str) -> None:
    expect(page.locator("sidesvar-chat .reply > .text").last).to_contain_text(text)
