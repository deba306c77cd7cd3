"""Everything that is served, behind nginx under a path of a site: /chat/."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator

import httpx
import pytest
from fastapi.responses import StreamingResponse
from playwright.sync_api import Browser, Page, expect

from bot.server import create_server
from bot.settings import Settings
from tests.browser.conftest import serving
from tests.browser.nginx_front import NGINX, nginx_before
from tests.fake_bot import FakeBot

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")

QUESTION = {"question": "Hvor mange bøger kan jeg låne ad gangen?"}
RATE = 30


async def _three_words(_: object) -> StreamingResponse:
    """What an answer's stream is, with time between its words."""

    async def words() -> AsyncIterator[bytes]:
        for number in range(3):
            yield f"event: token\ndata: {number}\n\n".encode()
            await asyncio.sleep(0.5)

    return StreamingResponse(words(), media_type="text/event-stream")


class Fronted:
    """The site's address with its path, and the server's own behind it."""

    def __init__(self, site: str, server: str) -> None:
        self.chat = f"{site}/chat"
        self.server = server


@pytest.fixture(scope="module")
def fronted(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fronted]:
    settings = Settings(root_path="/chat", rate_limit_per_minute=RATE)
    app = create_server(settings, FakeBot())
    app.add_route("/slow", _three_words)
    app.router.routes.insert(0, app.router.routes.pop())  # before the chat, which takes whatever is left
    with serving(app, settings) as server, nginx_before(server, tmp_path_factory.mktemp("nginx")) as site:
        yield Fronted(site, server)


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[[str], Page]]:
    """Opens an address in a fresh profile; the page gets `trouble`: failed requests and errors in the console."""
    contexts = []

    def open_page(url: str) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="da-DK")
        contexts.append(context)
        page = context.new_page()
        page.trouble = []  # type: ignore[attr-defined]
        page.on("response", lambda got: got.status >= 400 and page.trouble.append(f"{got.status} {got.url}"))  # type: ignore[attr-defined]
        page.on("console", lambda said: said.type == "error" and page.trouble.append(said.text))  # type: ignore[attr-defined]
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_the_chat_page_answers(opened: Callable[[str], Page], fronted: Fronted) -> None:
    page = opened(f"{fronted.chat}/")
    box = page.get_by_label("Dit spørgsmål")
    box.fill(QUESTION["question"])
    box.press("Enter")
    expect(page.locator("#page mark")).to_contain_text("Du kan låne 40 bøger ad gangen.")
    assert page.trouble == []  # type: ignore[attr-defined]


def test_the_plain_page_s_widget_answers(opened: Callable[[str], Page], fronted: Fronted) -> None:
    page = opened(f"{fronted.chat}/side")
    page.get_by_role("button", name="Spørg siden").click()
    page.get_by_label("Dit spørgsmål").fill(QUESTION["question"])
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Vis på siden").first.click()
    assert page.evaluate("[...CSS.highlights.get('sidesvar-quote')].map(String)") == ["Du kan låne 40 bøger ad gangen."]
    page.get_by_role("button", name="Ja, svaret var til hjælp").click()
    expect(page.get_by_role("status")).to_have_text("Tak, det er noteret.")
    assert page.trouble == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["/widget.js", "/api/page", "/api/openapi.json", "/healthz", "/readyz", "/metrics"])
def test_every_route_is_there(fronted: Fronted, path: str) -> None:
    assert httpx.get(f"{fronted.chat}{path}").status_code == 200


def test_the_schema_tells_the_path_it_stands_under(fronted: Fronted) -> None:
    servers = httpx.get(f"{fronted.chat}/api/openapi.json").json()["servers"]
    assert [server["url"] for server in servers] == ["/chat/api"]


def test_a_stream_comes_word_by_word(fronted: Fronted) -> None:
    started = time.monotonic()
    with httpx.stream("GET", f"{fronted.chat}/slow") as response:
        arrived = [time.monotonic() - started for _ in response.iter_raw()]
    assert arrived[0] < 0.45
    assert arrived[-1] - arrived[0] > 0.7


def test_an_answer_is_streamed(fronted: Fronted) -> None:
    response = httpx.post(f"{fronted.chat}/api/ask", json=QUESTION | {"stream": True})
    answer = json.loads(response.text.rpartition("data: ")[2])
    assert answer["outcome"] == "answered"


def statuses(url: str, source: str, count: int, told: str | None = None) -> list[int]:
    """What a client at the address `source` of this machine gets for so many thumbs.

    :param told: the address that it claims to have.
    """
    headers = {"X-Forwarded-For": told} if told else {}
    body = {"answer_id": "ab", "helpful": True}
    with httpx.Client(transport=httpx.HTTPTransport(local_address=source)) as client:
        return [client.post(f"{url}/api/feedback", json=body, headers=headers).status_code for _ in range(count)]


def test_clients_are_told_apart_by_the_address_that_nginx_saw(fronted: Fronted) -> None:
    assert statuses(fronted.chat, "127.0.0.31", RATE + 3)[-3:] == [429] * 3
    assert statuses(fronted.chat, "127.0.0.32", 1) == [204]
    assert statuses(fronted.chat, "127.0.0.31", 1, told="198.51.100.7") == [429]


def test_who_is_no_trusted_proxy_can_t_say_to_be_somebody_else(fronted: Fronted) -> None:
    assert statuses(fronted.server, "127.0.0.41", RATE + 1, told="198.51.100.8")[-1] == 429
    assert statuses(fronted.server, "127.0.0.41", 1, told="198.51.100.9") == [429]


def test_another_path_of_the_site_is_not_ours(fronted: Fronted) -> None:
    assert httpx.get(fronted.chat.replace("/chat", "/andet")).status_code == 404
