"""Limits: one client, all clients, slow bodies; and that no address is kept."""

import asyncio
import threading
from collections.abc import Iterable

import pytest
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from bot.api import create_app
from bot.limits import SALT_LIFE_S, ClientKeys, Limits, add_limits
from bot.security import add_security
from bot.settings import Settings
from tests.fake_bot import FakeBot

QUESTION = {"question": "Hvornår har biblioteket åbent?"}


def limited_client(bot: FakeBot | None = None, **settings: object) -> TestClient:
    made = Settings(**settings)  # type: ignore[arg-type]
    app = create_app(bot or FakeBot(), made)
    add_limits(app, made)
    add_security(app, made)
    return TestClient(app)


def test_a_thousand_requests_from_one_client_are_mostly_refused() -> None:
    with limited_client(rate_limit_per_minute=60) as client:
        statuses = [client.post("/api/feedback", json={"answer_id": "ab", "helpful": True}) for _ in range(1000)]
    served = [response for response in statuses if response.status_code == 204]
    refused = [response for response in statuses if response.status_code == 429]
    assert 60 <= len(served) <= 65
    assert len(served) + len(refused) == 1000
    assert all(1 <= int(response.headers["Retry-After"]) <= 120 for response in refused)
    assert refused[0].json()["title"].startswith("Du har stillet mange")
    assert refused[0].headers["X-Content-Type-Options"] == "nosniff"


def test_reading_is_not_counted() -> None:
    with limited_client(rate_limit_per_minute=1) as client:
        assert {client.get("/api/page").status_code for _ in range(20)} == {200}


def test_no_limit_is_no_limit() -> None:
    with limited_client(rate_limit_per_minute=0) as client:
        body = {"answer_id": "ab", "helpful": True}
        assert {client.post("/api/feedback", json=body).status_code for _ in range(200)} == {204}


def test_over_the_number_at_once_the_rest_are_told_to_come_back() -> None:
    statuses: list[int] = []
    with limited_client(FakeBot(slow_s=0.5), rate_limit_per_minute=0, max_concurrent=2) as client:
        threads = [
            threading.Thread(target=lambda: statuses.append(client.post("/api/ask", json=QUESTION).status_code))
            for _ in range(5)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert client.post("/api/ask", json=QUESTION).status_code == 200
    assert sorted(statuses) == [200, 200, 503, 503, 503]


def call(app: Limits, messages: Iterable[tuple[float, Message]]) -> list[Message]:
    """One POST over bare ASGI, its messages given after their pauses."""
    sent: list[Message] = []
    coming = iter(messages)

    async def receive() -> Message:
        pause_s, message = next(coming)
        await asyncio.sleep(pause_s)
        return message

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": [], "client": ("192.0.2.7", 5)}
    asyncio.run(app(scope, receive, send))
    return sent


async def reads_all(scope: Scope, receive: Receive, send: Send) -> None:
    while (await receive()).get("more_body"):
        pass
    await PlainTextResponse("read")(scope, receive, send)


PART: Message = {"type": "http.request", "body": b"x", "more_body": True}
END: Message = {"type": "http.request", "body": b"", "more_body": False}


def test_a_body_that_trickles_in_is_refused_in_all_and_not_by_the_part() -> None:
    app = Limits(reads_all, Settings(body_timeout_s=0.2))
    sent = call(app, [(0.05, PART)] * 50)
    assert [message["status"] for message in sent if message["type"] == "http.response.start"] == [408]


def test_a_body_in_time_is_read() -> None:
    sent = call(Limits(reads_all, Settings(body_timeout_s=5)), [(0.01, PART), (0.01, END)])
    assert sent[0]["status"] == 200


def test_a_slow_answer_is_not_a_slow_body() -> None:
    async def answers_slowly(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await asyncio.sleep(0.3)
        await PlainTextResponse("answer")(scope, receive, send)

    assert call(Limits(answers_slowly, Settings(body_timeout_s=0.1)), [(0, END)])[0]["status"] == 200


def test_a_key_is_stable_then_renewed_and_never_the_address() -> None:
    now = 0.0
    keys = ClientKeys(lambda: now)
    first = keys.key("192.0.2.7")
    assert keys.key("192.0.2.7") == first
    assert keys.key("192.0.2.8") != first
    assert ClientKeys().key("192.0.2.7") != first
    now = SALT_LIFE_S + 1
    assert keys.key("192.0.2.7") != first


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.8", False),
    ],
)
def test_ipv6_counts_by_network(one: str, other: str, same: bool) -> None:
    keys = ClientKeys()
    assert (keys.key(one) == keys.key(other)) is same


def test_the_memory_holds_no_address() -> None:
    app = Limits(reads_all, Settings())
    call(app, [(0, END)])
    storage = app._limiter.storage
    assert storage.storage
    assert "192.0.2.7" not in repr(vars(storage))
