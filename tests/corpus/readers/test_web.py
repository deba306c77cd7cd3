import gzip
import logging
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from corpus.fetch import Limits
from corpus.page import CorpusError
from corpus.readers import read_source
from corpus.readers.web import read, url_id

HTML = "<title>x</title><main><h1>{0}</h1><p>Siden handler om {0}.</p></main>"


class Site(BaseHTTPRequestHandler):
    """A small site; `{host}` in an answer is its own address."""

    pages: ClassVar[dict[str, tuple[int, dict[str, str], bytes]]] = {}

    def do_GET(self) -> None:
        host = f"http://{self.headers['Host']}"
        if self.path == "/langsom":
            time.sleep(1)
        status, headers, body = self.pages.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value.replace("{host}", host))
        self.end_headers()
        self.wfile.write(body.replace(b"{host}", host.encode()))

    def log_message(self, format: str, *args: object) -> None:
        pass


def html(title: str) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "text/html; charset=utf-8"}, HTML.format(title).encode()


def sitemap(*paths: str, element: str = "url") -> bytes:
    root = {"url": "urlset", "sitemap": "sitemapindex"}[element]
    entries = "".join(f"<{element}><loc> {path} </loc></{element}>" for path in paths)
    return f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{root}>'.encode()


XML = {"Content-Type": "application/xml"}
Site.pages = {
    "/": html("forsiden"),
    "/om-os/": html("foreningen"),
    "/tekst": (
        200,
        {"Content-Type": "text/plain"},
        "Titlen\n\nBlåbærgrød er sundt.".encode("latin-1"),
    ),
    "/uden-type.md": (200, {}, "# Titlen\n\nÆbler.".encode()),
    "/xhtml": (200, XML, b'<html xmlns="http://www.w3.org/1999/xhtml"><body><main><p>Tekst.</p></main></body></html>'),
    "/flyttet": (301, {"Location": "/om-os/#top"}, b""),
    "/rundt": (302, {"Location": "/rundt"}, b""),
    "/fil": (302, {"Location": "file:///etc/passwd"}, b""),
    "/billede.png": (200, {"Content-Type": "image/png"}, b"\x89PNG"),
    "/billede": (200, {"Content-Type": "text/html"}, b"\x89PNG\x00"),
    "/tom": (200, {"Content-Type": "text/html"}, b"<main></main>"),
    "/stor": (200, {"Content-Type": "text/html"}, b"<main><p>" + b"ord " * 5000),
    "/langsom": html("ventetid"),
    "/feed": (200, XML, b"<rss></rss>"),
    "/brudt.xml": (200, XML, b"<urlset>"),
    "/sitemap.xml": (
        200,
        XML,
        sitemap("{host}/om-os/", "{host}/findes-ikke", "{host}/", "https://example.com/", "{host}/om-os/", "/tekst"),
    ),
    "/pakket.xml.gz": (200, {"Content-Type": "application/gzip"}, gzip.compress(sitemap("/om-os/"))),
    "/alle.xml": (200, XML, sitemap("{host}/sitemap.xml", "https://example.com/s.xml", element="sitemap")),
    "/ingen.xml": (200, XML, sitemap("{host}/findes-ikke")),
}


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_page_has_its_address_and_the_time_it_was_fetched(site: str) -> None:
    (page,) = read_source(f"{site}/om-os/")
    assert (page.id, page.title, page.url) == ("om-os", "foreningen", f"{site}/om-os/")
    assert page.text == "foreningen\nSiden handler om foreningen."
    assert datetime.now(UTC) - page.fetched_at < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/tekst", "Titlen\nBlåbærgrød er sundt."),
        ("/uden-type.md", "Titlen\nÆbler."),
        ("/xhtml", "Tekst."),
    ],
)
def test_what_the_address_answers_with_decides_the_reader(site: str, path: str, text: str) -> None:
    assert [page.text for page in read_source(site + path)] == [text]


def test_a_redirect_is_followed_and_its_end_is_the_address(site: str) -> None:
    (page,) = read_source(f"{site}/flyttet")
    assert (page.id, page.url) == ("om-os", f"{site}/om-os/")


@pytest.mark.parametrize("name", ["/sitemap.xml", "/alle.xml"])
def test_a_sitemap_is_its_own_host_s_pages_each_once(site: str, name: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        pages = list(read_source(site + name))
    assert [page.title for page in pages] == ["foreningen", "forsiden", "Titlen"]
    assert "findes-ikke answered 404" in caplog.text
    assert "1 pages that are not on 127.0.0.1" in caplog.text


def test_a_packed_sitemap_is_unpacked(site: str) -> None:
    assert [page.title for page in read_source(f"{site}/pakket.xml.gz")] == ["foreningen"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/findes-ikke", "answered 404"),
        ("/rundt", "redirects over 3 times"),
        ("/fil", "can't fetch"),
        ("/billede.png", "is image/png: give an HTML"),
        ("/billede", "not text but a PNG image"),
        ("/tom", "holds no text"),
        ("/stor", "over the limit of 10,000 bytes"),
        ("/langsom", r"didn't answer within 0\.3 s"),
        ("/feed", "XML with <rss>"),
        ("/brudt.xml", "not well-formed XML"),
        ("/ingen.xml", "none of the 1 pages"),
        ("/sitemap.xml", "lists 4 pages, and the limit is 3"),
    ],
)
def test_what_cannot_be_read_is_told(site: str, path: str, message: str) -> None:
    limits = Limits(max_bytes=10_000, timeout_s=0.3, max_redirects=3, max_pages=3)
    with pytest.raises(CorpusError, match=message) as told:
        list(read(site + path, limits))
    assert site + path in str(told.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://", "http://[", "https://findes-ikke.invalid/"])
def test_an_address_that_does_not_answer_is_told(url: str) -> None:
    with pytest.raises(CorpusError, match="can't fetch"):
        list(read_source(url))


@pytest.mark.parametrize(
    ("url", "id"),
    [
        ("https://pet.dk/om-pet/samarbejde/", "om-pet-samarbejde"),
        ("https://pet.dk/", "pet-dk"),
        ("https://pet.dk/Om%20%C3%86r%C3%B8.html", "om-ærø"),
        ("https://pet.dk/side.aspx?id=7", "side-id-7"),
        ("https://pet.dk/" + "a" * 200, "a" * 80),
        ("https://pet.dk/%2F%2F", "pet-dk"),
    ],
)
def test_an_address_gives_a_short_id(url: str, id: str) -> None:
    assert url_id(url) == id
