"""The widget's file, its tag and the plain page."""

import base64
import gzip
import hashlib
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.text import load_text
from bot.widget import add_widget, embed_tag, integrity, policy_lines, widget_script
from bot.widget.embed import AddressError
from bot.widget.routes import side_page
from tests.fake_bot import FakeBot, small_page

ROOT = Path(__file__).parents[2]
MAX_GZIPPED_BYTES = 12_000


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    app = FastAPI()
    add_widget(app, FakeBot())
    with TestClient(app) as client:
        yield client


def test_the_widget_is_at_most_12_kb_gzipped() -> None:
    size = len(gzip.compress(widget_script(), 9))
    assert size <= MAX_GZIPPED_BYTES, f"widget.js is {size} bytes gzipped, at most {MAX_GZIPPED_BYTES} are allowed"


def test_the_hash_is_that_of_the_bytes_served(client: TestClient) -> None:
    served = client.get("/widget.js")
    digest = base64.b64encode(hashlib.sha384(served.content).digest()).decode()
    assert f'integrity="sha384-{digest}"' in embed_tag("https://chat.example.dk")
    assert integrity() == f"sha384-{digest}"


def test_the_script_may_be_loaded_from_any_site_and_is_kept(client: TestClient) -> None:
    served = client.get("/widget.js")
    assert served.headers["content-type"] == "text/javascript; charset=utf-8"
    assert served.headers["access-control-allow-origin"] == "*"
    again = client.get("/widget.js", headers={"If-None-Match": served.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_script_travels_gzipped_where_that_is_understood(client: TestClient) -> None:
    squeezed = client.get("/widget.js", headers={"Accept-Encoding": "gzip, br"})
    plain = client.get("/widget.js", headers={"Accept-Encoding": "identity"})
    assert squeezed.headers["content-encoding"] == "gzip"
    assert int(squeezed.headers["content-length"]) <= MAX_GZIPPED_BYTES
    assert "content-encoding" not in plain.headers
    assert squeezed.content == plain.content == widget_script()
    assert squeezed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"


def test_the_script_parses_no_markup_and_stores_nothing() -> None:
    script = widget_script().decode()
    markup = ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", ".style."]
    for word in [*markup, "localStorage", "sessionStorage", "indexedDB", "document.cookie"]:
        assert word not in script, word


def test_every_word_the_script_uses_is_there_in_both_languages() -> None:
    source = (files("bot.widget") / "widget.js").read_text("utf-8")
    used = set(re.findall(r"\bwords\.(\w+)", source)) | set(re.findall(r"#words\.(\w+)", source))
    used |= set(re.findall(r'new Failure\("(\w+)"', source)) | set(re.findall(r'\? "(\w+)" : "broken"', source))
    danish, english = (load_text(language).table("widget") for language in ("da", "en"))
    assert used <= set(danish)
    assert set(danish) == set(english)
    assert set(danish) - used == {"noscript"}
    for key in danish:
        assert set(re.findall(r"\{\w+\}", danish[key])) == set(re.findall(r"\{\w+\}", english[key])), key


def test_the_tag_works_under_a_path_prefix() -> None:
    tag = embed_tag("https://www.example.dk/chat/")
    assert 'src="https://www.example.dk/chat/widget.js"' in tag
    assert '<noscript><a href="https://www.example.dk/chat/">Spørg siden' in tag
    assert policy_lines("https://www.example.dk/chat/") == (
        "script-src https://www.example.dk\nconnect-src https://www.example.dk"
    )


@pytest.mark.parametrize("address", ["", "example.dk", "javascript:alert(1)", 'https://a.dk/"><script>', "ftp://a.dk"])
def test_an_address_that_can_t_stand_in_a_tag_is_refused(address: str) -> None:
    with pytest.raises(AddressError, match="address is"):
        embed_tag(address)


def test_side_shows_all_of_the_page_with_its_headings(client: TestClient) -> None:
    html = client.get("/side").text
    page = small_page()
    assert "<h1>Biblioteket i Nørreby</h1>" in html
    assert "<h2>Åbningstider</h2>" in html
    for line in page.text.split("\n"):
        assert f">{line}</" in html


def test_side_of_an_unknown_page_is_not_found(client: TestClient) -> None:
    assert client.get("/side?id=bibliotek").status_code == 200
    assert client.get("/side?id=nej").status_code == 404


@pytest.mark.parametrize("page", ["tilgaengelighed", "sikkerhed"])
def test_every_test_that_the_documents_name_exists(page: str) -> None:
    tests = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    told = (ROOT / "docs" / f"{page}.md").read_text("utf-8")
    names = re.findall(r"`…?([a-z0-9_]*_[a-z0-9_]+)(…?)`", told)
    assert len(names) >= 10
    for name, cut in names:
        end = r"\w*" if cut else ""
        assert re.search(rf"def test_\w*{name}{end}\(", tests), name
    for path in re.findall(r"`((?:tests|examples)/[\w/.]+)`", told):
        assert (ROOT / path).exists(), path


def test_markup_in_the_page_the_title_and_the_suggestions_is_text() -> None:
    attack = "\"><script>alert('$title')</script>"
    html = side_page(small_page(lines=[attack, attack]), (attack,))
    assert html.count("<script") == 1
    assert html.count("&lt;script&gt;") == 4
    assert 'data-questions="&quot;&gt;' in html
