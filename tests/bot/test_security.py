"""Headers and origins on every response, the chat page's and the errors' included."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI

from bot.security import CLOSED_POLICY
from bot.server import create_server
from bot.settings import Settings
from tests.browser.conftest import serving
from tests.fake_bot import FakeBot

FRIEND, STRANGER = "https://www.example.dk", "https://evil.example"
ROUTES = ("/", "/widget.js", "/side", "/api/page", "/healthz", "/metrics", "/nothing", "/api/nothing", "/config")


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    """The whole server, chat included, over a real socket."""
    settings = Settings(allowed_origins=(FRIEND,), rate_limit_per_minute=0)

    async def create() -> FastAPI:  # Gradio takes the running loop; without one it leaves a new one open
        return create_server(settings, FakeBot())

    with serving(asyncio.run(create())) as url, httpx.Client(base_url=url, timeout=30) as client:
        yield client


def ask(client: httpx.Client, origin: str | None, path: str = "/api/ask") -> httpx.Response:
    headers = {} if origin is None else {"Origin": origin}
    return client.post(path, json={"question": "Hvornår har biblioteket åbent?"}, headers=headers)


@pytest.mark.parametrize("path", ROUTES)
def test_every_response_has_the_headers(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "frame-ancestors" in headers["Content-Security-Policy"]
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_what_is_not_html_may_do_nothing(client: httpx.Client) -> None:
    for path in ("/api/page", "/widget.js", "/metrics", "/nothing"):
        assert client.get(path).headers["Content-Security-Policy"] == CLOSED_POLICY


def test_side_needs_nothing_unsafe(client: httpx.Client) -> None:
    policy = client.get("/side").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy


def test_the_chat_names_no_other_host(client: httpx.Client) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'")
    assert policy.endswith(f"frame-ancestors 'self' {FRIEND}")
    assert policy.count("http") == 1


@pytest.mark.parametrize("path", ["/api/ask", "/gradio_api/queue/join", "/gradio_api/upload"])
def test_another_site_s_post_is_refused_everywhere(client: httpx.Client, path: str) -> None:
    response = ask(client, STRANGER, path)
    assert response.status_code == 403
    assert response.json()["code"] == "origin_not_allowed"
    assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize("origin", [None, FRIEND, "own"])
def test_programs_friends_and_the_server_s_own_pages_may_ask(client: httpx.Client, origin: str | None) -> None:
    own = str(client.base_url).rstrip("/")
    assert ask(client, own if origin == "own" else origin).status_code == 200


@pytest.mark.parametrize("origin", ["null", "https://www.example.dk.evil.example", "http://127.0.0.1.evil.example", ""])
def test_an_origin_that_only_looks_like_one_is_refused(client: httpx.Client, origin: str) -> None:
    assert ask(client, origin).status_code == 403


@pytest.mark.parametrize("path", ["/api/ask", "/gradio_api/queue/join", "/config"])
def test_no_response_is_for_credentials(client: httpx.Client, path: str) -> None:
    for origin in (FRIEND, STRANGER):
        asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        for response in (client.options(path, headers=asked), client.get(path, headers={"Origin": origin})):
            assert "access-control-allow-credentials" not in response.headers
            assert response.headers.get("access-control-allow-origin") == (FRIEND if origin == FRIEND else None)


def test_a_friend_may_read_how_long_to_wait(client: httpx.Client) -> None:
    assert ask(client, FRIEND).headers["access-control-expose-headers"] == "Retry-After"


def test_without_settings_no_other_site_may_ask() -> None:
    assert Settings().allowed_origins == ()


@pytest.mark.parametrize("origin", ["*", "https://*.dk", "example.dk", "https://a.dk/", "https://a.dk; script-src *"])
def test_an_origin_that_is_none_is_refused_at_the_start(origin: str) -> None:
    with pytest.raises(ValueError, match="allowed_origins"):
        Settings(allowed_origins=(origin,))


@pytest.mark.parametrize(
    "path",
    [
        "/../bot/settings.py",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/widget.js/../../settings.py",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=../../etc/passwd",
        "/static/../../../etc/passwd",
        "/assets/%2e%2e%2f%2e%2e%2fetc/passwd",
        "/side?id=../../etc/passwd",
    ],
)
def test_paths_lead_to_no_file(client: httpx.Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code in (403, 404)
    assert "root:" not in response.text


def test_a_header_can_t_be_put_in_through_an_address_or_an_origin(client: httpx.Client) -> None:
    for response in (
        client.get("/side?id=a%0d%0aX-Evil:%201"),
        client.get("/%0d%0aX-Evil:%201"),
        ask(client, "https://a.dk%0d%0aX-Evil: 1"),
    ):
        assert "x-evil" not in response.headers


def test_gradio_s_monitoring_is_closed(client: httpx.Client) -> None:
    assert client.get("/monitoring/summary").status_code in (403, 404)
