"""Scripts in everything that a page, a visitor or the bot says, in the chat and in the widget: they stay text."""

from collections.abc import Iterator, Sequence

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.answer import Answer
from bot.server import create_server
from bot.settings import Settings
from tests.browser.conftest import serving
from tests.fake_bot import FakeBot, small_page

TAKE = "window.taken=1"
ATTACKS = (
    f'"><img src=x onerror="{TAKE}"><script>{TAKE}</script>',
    f"<svg onload={TAKE}><iframe srcdoc='<script>parent.{TAKE}</script>'>",
    f"[x](javascript:{TAKE}) {{{{constructor.constructor('{TAKE}')()}}}} ${{{TAKE}}} $$\\url{{javascript:{TAKE}}}$$",
    f"</script></style></textarea></title><script>{TAKE}</script>",
)
TEXT = " ".join(ATTACKS)
FOUND = """() => { const roots = [document];
    for (const one of document.querySelectorAll('*')) if (one.shadowRoot) roots.push(one.shadowRoot);
    const made = 'img[src=x], svg[onload], iframe, [onerror], a[href^="javascript"]';
    return [window.taken ?? 0, ...roots.map((root) => root.querySelectorAll(made).length)] }"""


class Hostile(FakeBot):
    """A page, titles, suggestions and answers that are all attacks."""

    def __init__(self) -> None:
        lines = [f"Fjord {TEXT}", f"Skov {TEXT}", f"Biblioteket {TEXT} har åbent.", TEXT, TEXT, f"Pris {TEXT}"]
        super().__init__([small_page("a", lines=lines, url=f"javascript:{TAKE}//")])

    def suggestions(self, page: str | None = None) -> tuple[str, ...]:
        return tuple(f"Biblioteket {attack}?" for attack in ATTACKS)

    def ask(self, question: str, history: Sequence[str] = (), *, page: str | None = None) -> Answer:
        return super().ask(f"{question} {' '.join(history)}", history, page=page)


@pytest.fixture(scope="module")
def hostile() -> Iterator[str]:
    with serving(create_server(Settings(), Hostile())) as url:
        yield url


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="da-DK")
    page = context.new_page()
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    yield page
    context.close()


def ask_twice(page: Page, answers: str, before: int = 0) -> None:
    """With the attack as a question, and then in the history."""
    for count in (before + 1, before + 2):
        page.get_by_label("Dit spørgsmål").fill(f"Har biblioteket {TEXT}?")
        page.keyboard.press("Enter")
        expect(page.locator(answers)).to_have_count(count, timeout=15000)
        page.wait_for_timeout(500)  # Gradio takes no question before it is done with the one before


def test_the_chat_shows_attacks_as_text(page: Page, hostile: str) -> None:
    page.goto(hostile)
    page.get_by_label("Dit spørgsmål").wait_for()
    assert sum(page.evaluate(FOUND)) == 0
    expect(page.locator("#conversation .option")).to_have_text([f"Biblioteket {attack}?" for attack in ATTACKS])
    page.locator("#conversation .option").first.click()
    expect(page.locator("#conversation .sources")).to_have_count(1)
    page.wait_for_timeout(500)
    ask_twice(page, "#conversation .sources", before=1)
    assert sum(page.evaluate(FOUND)) == 0
    expect(page.locator("#conversation .question").last).to_contain_text(ATTACKS[3])


def test_the_widget_shows_attacks_as_text(page: Page, hostile: str) -> None:
    page.goto(f"{hostile}/side")
    page.get_by_role("button", name="Spørg siden").click()
    assert sum(page.evaluate(FOUND)) == 0
    ask_twice(page, "sidesvar-chat .sources")
    assert sum(page.evaluate(FOUND)) == 0
    expect(page.locator("sidesvar-chat .question").first).to_contain_text(ATTACKS[0])
    page.get_by_role("button", name="Start forfra").click()
    page.get_by_role("button", name=f"Biblioteket {ATTACKS[3]}").click()
    expect(page.locator("sidesvar-chat .sources")).to_have_count(1)
    assert sum(page.evaluate(FOUND)) == 0


def test_the_search_for_attacks_would_find_one(page: Page, hostile: str) -> None:
    page.goto(hostile)
    page.get_by_label("Dit spørgsmål").wait_for()
    page.evaluate("(html) => document.querySelector('#conversation').insertAdjacentHTML('beforeend', html)", ATTACKS[0])
    page.wait_for_function("window.taken === 1")
    assert sum(page.evaluate(FOUND)) > 1
