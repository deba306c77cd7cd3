"""One address on the web: what it answers with, within limits.

Owns `fetch` and its `Limits`. Only http and https are followed, at redirects too.
"""

import gzip
import io
import time
from dataclasses import dataclass

import httpx

from corpus.files import MAX_BYTES
from corpus.page import CorpusError

_KINDS = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/pdf": "pdf",
    "text/markdown": "markdown",
    "text/plain": "text",
    "application/xml": "xml",
    "text/xml": "xml",
    "application/gzip": "gzip",
    "application/x-gzip": "gzip",
}
_ENDINGS = {
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
    ".md": "markdown",
    ".txt": "text",
    ".xml": "xml",
    ".gz": "gzip",
}
_UNSAID = ("", "application/octet-stream", "binary/octet-stream")


@dataclass(frozen=True)
class Limits:
    """How much is fetched.

    :param max_bytes: of one address, unpacked.
    :param timeout_s: to wait for an answer, and again to receive all of it.
    :param max_redirects: on the way to one address.
    :param max_pages: that a sitemap lists, with those of its sitemaps.
    """

    max_bytes: int = MAX_BYTES
    timeout_s: float = 30.0
    max_redirects: int = 5
    max_pages: int = 500


LIMITS = Limits()


@dataclass(frozen=True)
class Document:
    """What an address answered with.

    :param url: where it was at last, without fragment.
    :param kind: html, pdf, markdown, text or xml.
    :param charset: the encoding that the server says it has, or "".
    """

    url: str
    kind: str
    charset: str
    data: bytes


def open_client(limits: Limits = LIMITS) -> httpx.Client:
    """A client for `fetch`, which keeps its connections open from one address to the next."""
    return httpx.Client(
        headers={"User-Agent": "sidesvar", "Accept": "text/html,application/pdf,text/*;q=0.9,application/xml;q=0.8"},
        timeout=limits.timeout_s,
        follow_redirects=True,
        max_redirects=limits.max_redirects,
    )


def fetch(client: httpx.Client, url: str, limits: Limits = LIMITS) -> Document:
    """Fetch the address; what comes as gzip is unpacked.

    :raises CorpusError: when it doesn't answer, answers with an error, breaks a limit or is of no kind that is read.
    """
    try:
        with client.stream("GET", url) as response:
            if response.status_code >= 400:
                raise CorpusError(f"{url} answered {response.status_code} {response.reason_phrase}: check the address")
            data = _received(response, url, limits)
            kind = _kind(response, url)
            charset = response.charset_encoding or ""
            final = str(response.url.copy_with(fragment=None))
    except httpx.TimeoutException as error:
        raise CorpusError(f"{url} didn't answer within {limits.timeout_s:g} s: try again later") from error
    except httpx.TooManyRedirects as error:
        raise CorpusError(f"{url} redirects over {limits.max_redirects} times: give the address it ends at") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise CorpusError(f"can't fetch {url} ({error}): check the address and the network") from error
    if kind == "gzip":
        kind, data = "xml", _unpacked(data, url, limits)
    return Document(final, kind, charset, data)


def _received(response: httpx.Response, url: str, limits: Limits) -> bytes:
    deadline = time.monotonic() + limits.timeout_s
    data = bytearray()
    for chunk in response.iter_bytes():
        data += chunk
        if len(data) > limits.max_bytes:
            raise CorpusError(f"{url} is over the limit of {limits.max_bytes:,} bytes: give a smaller page")
        if time.monotonic() > deadline:
            raise CorpusError(f"{url} took over {limits.timeout_s:g} s to send: try again later")
    return bytes(data)


def _kind(response: httpx.Response, url: str) -> str:
    declared = response.headers.get("content-type", "").split(";")[0].strip().lower()
    kind = _KINDS.get(declared)
    if kind is None and declared in _UNSAID:
        path = response.url.path.lower()
        kind = next((kind for ending, kind in _ENDINGS.items() if path.endswith(ending)), None)
    if kind is None:
        raise CorpusError(f"{url} is {declared or 'of no stated kind'}: give an HTML, PDF, Markdown or text page")
    return kind


def _unpacked(data: bytes, url: str, limits: Limits) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            unpacked = file.read(limits.max_bytes + 1)
    except (OSError, EOFError) as error:
        raise CorpusError(f"{url} is not gzip as it says ({error}): give a page or a sitemap") from error
    if len(unpacked) > limits.max_bytes:
        raise CorpusError(f"{url} unpacks to over {limits.max_bytes:,} bytes: give a smaller sitemap")
    return unpacked
