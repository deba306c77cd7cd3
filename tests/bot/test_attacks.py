"""What somebody who means harm sends, to a whole running server; docs/sikkerhed.md tells the outcomes."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from bot.api import create_app
from bot.server import create_server
from bot.settings import Settings
from tests.bot.raw_http import get, send
from tests.browser.conftest import serving
from tests.fake_bot import FakeBot

ASK = b"POST /api/ask HTTP/1.1\r\nHost: %b\r\nContent-Type: application/json\r\n"
BODY_TIMEOUT_S = 1.0


async def create(made: Settings) -> FastAPI:
    """The whole server; Gradio takes the running loop, and without one leaves a new one open."""
    return create_server(made, FakeBot())


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    made = Settings(rate_limit_per_minute=0, body_timeout_s=BODY_TIMEOUT_S)
    with serving(asyncio.run(create(made)), made) as url:
        yield url


def ask_head(server: str) -> bytes:
    return ASK % urlsplit(server).netloc.encode()


@pytest.mark.parametrize(
    "path",
    [
        "/../../../etc/passwd",
        "//etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc/passwd",
        "/%c0%ae%c0%ae/etc/passwd",
        "/static/..%5c..%5cetc/passwd",
        "/static/img/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/assets/../../../../../../etc/passwd",
        "/assets//etc/passwd",
        "/widget.js%00.txt",
        "/widget.js/../../../bot/settings.py",
        "/file=/etc/passwd",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=%2Fetc%2Fpasswd",
        "/gradio_api/proxy=http://evil.example/",
        "/custom_component/x/../../etc/passwd",
        "http://evil.example/",
    ],
)
def test_no_path_leads_to_a_file_or_another_host(server: str, path: str) -> None:
    status, _, body = get(server, path)
    assert status in (400, 403, 404)
    assert b"root:" not in body
    assert b"SettingsConfigDict" not in body


@pytest.mark.parametrize("header", ["Host", "Origin", "X_Forwarded_For", "X_Forwarded_Host", "X_Forwarded_Proto"])
@pytest.mark.parametrize("ends", ["\r\n", "\n", "\r", "%0d%0a", "\\r\\n"])
def test_no_header_can_be_put_into_the_answer(server: str, header: str, ends: str) -> None:
    _, head, body = get(server, "/", **{header: f"evil.example{ends}X-Evil: 1{ends}Set-Cookie: a=1"})
    assert b"x-evil" not in head.lower()
    assert b"set-cookie" not in head.lower()
    assert b"X-Evil" not in body


@pytest.mark.parametrize("header", ["X_Forwarded_Host", "X_Forwarded_Prefix", "Forwarded", "X_Original_URL"])
@pytest.mark.parametrize("path", ["/", "/config", "/side", "/api/openapi.json"])
def test_no_page_repeats_a_host_that_a_visitor_made_up(server: str, header: str, path: str) -> None:
    status, head, body = get(server, path, **{header: "evil.example"})
    assert status == 200
    assert b"evil.example" not in head + body


def test_a_page_that_names_its_host_is_kept_by_no_cache(server: str) -> None:
    assert httpx.get(f"{server}/").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("root_path", ["chat", "/chat/", "/a\r\nX-Evil: 1", "/a\n", "//evil.example", '/"><script>'])
def test_a_path_prefix_that_is_none_is_refused_at_the_start(root_path: str) -> None:
    with pytest.raises(ValueError, match="root_path"):
        Settings(root_path=root_path)


def test_a_body_that_says_it_is_huge_is_refused_before_it_comes(server: str) -> None:
    status, _, body = send(server, ask_head(server) + b"Content-Length: 10000000000\r\nConnection: close\r\n\r\n")
    assert status == 413
    assert b"body_too_long" in body


def test_a_huge_body_in_chunks_is_refused_on_its_way(server: str) -> None:
    chunk = b"4000\r\n" + b" " * 0x4000 + b"\r\n"
    head = ask_head(server) + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    status, _, _ = send(server, head, *[chunk] * 6)
    assert status == 413


def test_a_body_that_does_not_come_is_given_up(server: str) -> None:
    started = time.monotonic()
    status, _, body = send(server, ask_head(server) + b"Content-Length: 400\r\n\r\n{")
    assert status == 408
    assert b"body_too_slow" in body
    assert BODY_TIMEOUT_S * 0.9 < time.monotonic() - started < BODY_TIMEOUT_S + 5


@pytest.mark.parametrize(
    "lengths",
    [
        b"Content-Length: 4\r\nContent-Length: 5\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: 4, 4\r\n",
        b"Content-Length: 0x4\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
    ],
)
def test_a_body_of_two_lengths_is_refused(server: str, lengths: bytes) -> None:
    status, _, _ = send(server, ask_head(server) + lengths + b"Connection: close\r\n\r\n{}{}")
    assert status in (400, 413, 422)


def test_a_request_is_not_smuggled_behind_another(server: str) -> None:
    both = b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    hidden = b"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
    _, _, body = send(server, ask_head(server) + both + hidden)
    assert b"HTTP/1.1" not in body


def test_a_thousand_requests_of_one_client_stop_at_the_limit() -> None:
    made = Settings(rate_limit_per_minute=60)
    with serving(asyncio.run(create(made)), made) as url, httpx.Client() as client:
        body = {"question": "Hvornår har biblioteket åbent?"}
        statuses = Counter(client.post(f"{url}/api/ask", json=body).status_code for _ in range(1000))
        assert 60 <= statuses[200] <= 65
        assert statuses[200] + statuses[429] == 1000
        assert client.get(f"{url}/readyz").status_code == 200


API = schemathesis.openapi.from_asgi("/api/openapi.json", create_app(FakeBot(), Settings(rate_limit_per_minute=0)))


@API.parametrize()
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_api_keeps_to_its_schema_whatever_comes(case: schemathesis.Case) -> None:
    case.call_and_validate(checks=[not_a_server_error, content_type_conformance, response_schema_conformance])
