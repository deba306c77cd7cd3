"""A browser and a server for what a person sees. Without a browser these tests fail and say how to get one."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Error, Page, sync_playwright

from bot.listen import open_socket
from bot.server import create_server, server_config
from bot.settings import Settings
from tests.browser.widget_site import EXAMPLES, FewWordsBot, Site, create_site, serve_pages
from tests.fake_bot import FakeBot

DEBIAN_CHROMIUM = Path("/usr/bin/chromium")
WATCH = "window.broken = []; addEventListener('securitypolicyviolation', (e) => broken.push(e.violatedDirective));"
NO_BROWSER = "no Chromium for the browser tests: run `sh scripts/chromium.sh python`, or `apt-get install chromium`"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium where it is, else Playwright's own.

    Ended with this package: Playwright's event loop would be in the way of tests that run one of their own.
    """
    path = str(DEBIAN_CHROMIUM) if DEBIAN_CHROMIUM.exists() else None
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        except Error as error:
            pytest.fail(f"{NO_BROWSER} ({error.message.splitlines()[0]})")
        yield browser
        browser.close()


@contextmanager
def serving(app: FastAPI, settings: Settings | None = None) -> Iterator[str]:
    """Serve the app on a free port in a thread, as the settings say; gives its address."""
    listener = open_socket("127.0.0.1", 0)
    server = uvicorn.Server(server_config(settings or Settings(), app))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        deadline = time.monotonic() + 30
        while not server.started:
            assert thread.is_alive(), "the server ended while starting"
            assert time.monotonic() < deadline, "the server did not start within 30 s"
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=30)


@pytest.fixture(scope="package")
def chat_url() -> Iterator[str]:
    """The chat over the fake bot."""
    with serving(create_server(Settings(), FakeBot())) as url:
        yield url


@pytest.fixture
def open_chat(browser: Browser, chat_url: str) -> Iterator[Callable[..., Page]]:
    """Opens the chat in a fresh browser profile, and waits until it can be used.

    The page gets `requested` (all addresses asked for) and `complaints` (errors in the console) as attributes.
    """
    contexts = []

    def open_page(url: str = chat_url, *, width: int = 1280, height: int = 800, locale: str = "da-DK") -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, locale=locale)
        contexts.append(context)
        page = context.new_page()
        page.requested = []  # type: ignore[attr-defined]
        page.complaints = []  # type: ignore[attr-defined]
        page.on("request", lambda request: page.requested.append(request.url))  # type: ignore[attr-defined]
        page.on("pageerror", lambda error: page.complaints.append(str(error)))  # type: ignore[attr-defined]
        page.on(
            "console",
            lambda said: page.complaints.append(said.text) if said.type == "error" else None,  # type: ignore[attr-defined]
        )
        page.goto(url)
        page.get_by_label("Dit spørgsmål").wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    bot = FewWordsBot()
    with serve_pages(folder) as address:
        settings = Settings(allowed_origins=(address,), rate_limit_per_minute=0)
        with serving(create_site(bot, settings)) as server:
            for example in EXAMPLES.glob("*.html"):
                html = example.read_text("utf-8").replace("http://127.0.0.1:7860", server)
                (folder / example.name).write_text(html, "utf-8")
            (folder / "favicon.ico").write_bytes(b"")
            yield Site(address, server, bot)


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Opens an example page in a fresh profile; the page gets `asked`, the addresses asked of the widget's server."""
    contexts = []

    def open_page(name: str = "strict_policy.html", *, launch: bool = False, **options: object) -> Page:
        context = browser.new_context(viewport=options.pop("viewport", {"width": 1100, "height": 760}), **options)
        contexts.append(context)
        context.add_init_script(WATCH)
        page = context.new_page()
        page.asked = []  # type: ignore[attr-defined]
        page.on("request", lambda request: page.asked.append(request.url))  # type: ignore[attr-defined]
        page.goto(f"{site.address}/{name}" if not name.startswith("http") else name)
        if launch:
            page.get_by_role("button", name="Spørg siden").click()
        return page

    yield open_page
    for context in contexts:
        context.close()
