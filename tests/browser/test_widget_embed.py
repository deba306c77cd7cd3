"""What `python -m bot embed` prints, pasted into a page: it works under the policy it prints."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.settings import Settings
from tests.browser.conftest import WATCH, serving
from tests.browser.widget_site import FewWordsBot, answered, ask, create_site, serve_pages

ROOT = Path(__file__).parents[2]
PAGE = """<!doctype html>
<html lang="da">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; {policy}; require-trusted-types-for 'script'">
<title>Fjordby Bibliotek</title>
{tag}
</head>
<body><main><h1>Fjordby Bibliotek</h1><p>Du låner gratis med dit sundhedskort.</p></main></body>
</html>
"""


class Pasted:
    """A site with a page into which everything that `embed` printed was pasted."""

    def __init__(self, site: str, server: str, printed: str) -> None:
        self.site = site
        self.server = server
        self.tag, _, policy = printed.strip().partition("\n\nContent-Security-Policy:\n")
        self.policy = "; ".join(policy.splitlines())


@pytest.fixture(scope="module")
def pasted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pasted]:
    folder = tmp_path_factory.mktemp("embed")
    with serve_pages(folder) as site:
        settings = Settings(allowed_origins=(site,), rate_limit_per_minute=0)
        with serving(create_site(FewWordsBot(), settings), settings) as server:
            command = [sys.executable, "-m", "bot", "embed", server]
            printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
            pasted = Pasted(site, server, printed)
            html = PAGE.format(policy=pasted.policy, tag=pasted.tag)
            (folder / "page.html").write_text(html, "utf-8")
            changed = html.replace("sha384-", "sha384-A", 1)
            (folder / "changed.html").write_text(changed, "utf-8")
            (folder / "favicon.ico").write_bytes(b"")
            yield pasted


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Page]]:
    contexts = []

    def open_page(url: str, **options: object) -> Page:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        contexts.append(context)
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_the_tag_works_under_the_policy_that_is_printed_with_it(opened: Callable[..., Page], pasted: Pasted) -> None:
    assert pasted.policy == f"script-src {pasted.server}; connect-src {pasted.server}"
    page = opened(f"{pasted.site}/page.html")
    page.get_by_role("button", name="Spørg siden").click()
    ask(page, "Kan jeg låne?")
    answered(page, "gratis")
    page.get_by_role("link", name="Vis på siden").click()
    assert page.evaluate("[...CSS.highlights.get('sidesvar-quote')].map(String)") == [
        "Du låner gratis med dit sundhedskort."
    ]
    assert page.evaluate("broken") == []


def test_a_script_with_another_hash_is_not_run(opened: Callable[..., Page], pasted: Pasted) -> None:
    page = opened(f"{pasted.site}/changed.html")
    page.wait_for_timeout(300)
    assert page.evaluate("customElements.get('sidesvar-chat') === undefined")
    expect(page.get_by_role("button")).to_have_count(0)


def test_without_javascript_there_is_a_link_to_the_chat(opened: Callable[..., Page], pasted: Pasted) -> None:
    page = opened(f"{pasted.site}/page.html", java_script_enabled=False)
    link = page.get_by_role("link", name="Spørg siden (åbner chatten på en side for sig)")
    expect(link).to_have_attribute("href", f"{pasted.server}/")
