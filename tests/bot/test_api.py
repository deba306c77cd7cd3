"""The HTTP contract, over a fake bot."""

import asyncio
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.api import create_app
from bot.feedback import Feedback, FeedbackStore
from bot.settings import Settings
from tests.fake_bot import FakeBot, small_page

QUESTION = "Hvornår har biblioteket åbent?"


@pytest.fixture
def bot() -> FakeBot:
    return FakeBot()


@pytest.fixture
def client(bot: FakeBot) -> Iterator[TestClient]:
    with TestClient(create_app(bot, Settings()), raise_server_exceptions=False) as client:
        yield client


def events(text: str) -> list[tuple[str, Any]]:
    """Server-sent events by hand: blocks between blank lines, `event:` and `data:` lines."""
    found = []
    for block in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n"))
        found.append((fields["event"], json.loads(fields["data"])))
    return found


def assert_problem(response: Any, status: int, *words: str) -> None:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["title"].endswith(".")
    for word in words:
        assert word in problem["title"]


def test_answer_has_the_fields_of_the_contract(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": QUESTION}).json()
    assert set(answer) == {
        *("id", "question", "outcome", "answer", "confidence", "citations", "nearest", "suggestions"),
        *("answerer", "language", "fetched_at", "elapsed_ms"),
    }
    assert answer["outcome"] == "answered"
    assert set(answer["citations"][0]) == {"quote", "start", "end", "page", "title", "heading", "url"}


def test_quotes_are_the_text_of_the_page_route_between_their_offsets(client: TestClient) -> None:
    text = client.get("/api/page").json()["text"]
    for citation in client.post("/api/ask", json={"question": QUESTION}).json()["citations"]:
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_stream_sends_the_words_and_then_the_same_answer(client: TestClient) -> None:
    plain = client.post("/api/ask", json={"question": QUESTION}).json()
    response = client.post("/api/ask", json={"question": QUESTION, "stream": True})
    assert response.headers["content-type"].startswith("text/event-stream")
    *tokens, (last, answer) = events(response.text)
    assert len(tokens) > 3
    assert {name for name, _ in tokens} == {"token"}
    assert last == "answer"
    assert "".join(token for _, token in tokens) == answer["answer"] == plain["answer"]


def test_history_reaches_the_bot_oldest_first_and_bounded(client: TestClient, bot: FakeBot) -> None:
    history = [f"Spørgsmål {number}" for number in range(3000)] + ["", "  "]
    client.post("/api/ask", json={"question": QUESTION, "history": history})
    assert bot.asked == [(QUESTION, tuple(f"Spørgsmål {number}" for number in range(2994, 3000)))]


def test_no_history_is_passed_on_where_the_setting_is_zero(bot: FakeBot) -> None:
    with TestClient(create_app(bot, Settings(max_history=0))) as client:
        client.post("/api/ask", json={"question": QUESTION, "history": ["Hej"]})
    assert bot.asked == [(QUESTION, ())]


@pytest.mark.parametrize(
    "body", [b"{", b'{"question": "x"', b"\xff\xfe", b"[" * 60_000], ids=lambda body: repr(body[:12])
)
def test_malformed_json_is_400(client: TestClient, body: bytes) -> None:
    assert_problem(client.post("/api/ask", content=body, headers={"Content-Type": "application/json"}), 400, "JSON")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "question"),
        ({"question": None}, "question"),
        ({"question": 7}, "question"),
        ({"question": ["Hej"]}, "question"),
        ({"question": "Hej", "history": "Hej"}, "history"),
        ({"question": "Hej", "history": ["Hej", 7]}, "history"),
        ({"question": "Hej", "stream": "ja"}, "stream"),
        ({"question": "Hej", "hsitory": []}, "hsitory"),
        ({"question": "Hej", "<b>": 1}, "JSON"),
        (None, "JSON"),
        ([], "JSON"),
        ("Hej", "JSON"),
    ],
)
def test_wrong_fields_are_422_and_named(client: TestClient, body: object, field: str) -> None:
    assert_problem(client.post("/api/ask", json=body), 422, field)


@pytest.mark.parametrize("question", ["", "   ", "\n\t", "\u00a0"])
def test_empty_question_is_422_and_says_to_write_one(client: TestClient, question: str) -> None:
    assert_problem(client.post("/api/ask", json={"question": question}), 422, "Skriv et spørgsmål")


@pytest.mark.parametrize("letter", ["\\u0000", "\\ud800", "\\udfff", "\\u001b"])
@pytest.mark.parametrize("field", ["question", "history"])
def test_characters_that_are_no_text_are_422(client: TestClient, bot: FakeBot, letter: str, field: str) -> None:
    odd = f'"Hvor {letter} er I?"'
    body = f'{{"question": {odd}}}' if field == "question" else f'{{"question": "Hvor?", "history": [{odd}]}}'
    response = client.post("/api/ask", content=body.encode(), headers={"Content-Type": "application/json"})
    assert_problem(response, 422)
    assert bot.asked == []


def test_odd_but_real_text_is_asked_as_it_was_written(client: TestClient, bot: FakeBot) -> None:
    question = "A\u030abningstider\u00ad?\r\nMåske 🕙 i dag"
    assert client.post("/api/ask", json={"question": question}).status_code == 200
    assert bot.asked[0][0] == question


@pytest.mark.parametrize("field", ["question", "history"])
def test_one_character_too_many_is_413(client: TestClient, bot: FakeBot, field: str) -> None:
    for length, status in ((1000, 200), (1001, 413)):
        long = "å" * length
        body = {"question": long} if field == "question" else {"question": "Hej", "history": [long]}
        response = client.post("/api/ask", json=body)
        assert response.status_code == status
    assert_problem(response, 413, "1000")
    assert len(bot.asked) == 1


def test_a_large_body_whose_length_is_told_is_413(client: TestClient) -> None:
    response = client.post("/api/ask", content=b" " * 1_000_000, headers={"Content-Type": "application/json"})
    assert_problem(response, 413)


@pytest.mark.parametrize("length", ["-1", "mange"])
def test_a_length_that_is_no_number_is_413(client: TestClient, length: str) -> None:
    assert_problem(client.post("/api/ask", content=b"{}", headers={"Content-Length": length}), 413)


def test_a_large_body_in_chunks_is_413_and_not_read_to_its_end(client: TestClient) -> None:
    chunks_read = 0
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        nonlocal chunks_read
        chunks_read += 1
        return {"type": "http.request", "body": b" " * 16_384, "more_body": chunks_read < 100}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/api/ask", "query_string": b"", "root_path": ""}
    headers = [(b"content-type", b"application/json")]
    asyncio.run(client.app(scope | {"headers": headers}, receive, send))  # type: ignore[arg-type]
    assert sent[0]["status"] == 413
    assert json.loads(sent[1]["body"])["code"] == "body_too_long"
    assert chunks_read == 65536 // 16_384 + 1


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/ask", 405),
        ("DELETE", "/api/page", 405),
        ("POST", "/healthz", 405),
        ("GET", "/api/nothing", 404),
        ("GET", "/api/page?id=nothing", 404),
        ("GET", "/nothing", 404),
    ],
)
def test_unknown_addresses_and_methods_are_problems(client: TestClient, method: str, path: str, status: int) -> None:
    assert_problem(client.request(method, path), status)


def test_page_gives_text_and_headings_at_their_offsets(client: TestClient) -> None:
    page = client.get("/api/page").json()
    assert set(page) == {"id", "url", "title", "fetched_at", "text", "headings"}
    assert page["fetched_at"] == "2026-11-23T10:00:00Z"
    assert [heading["text"] for heading in page["headings"]] == ["Biblioteket i Nørreby", "Åbningstider", "Lån"]
    for heading in page["headings"]:
        assert page["text"][heading["start"] : heading["end"]] == heading["text"]


def test_page_is_found_by_its_id() -> None:
    bot = FakeBot([small_page("a"), small_page("b", lines=["Anden side", "Kort."])])
    with TestClient(create_app(bot, Settings())) as client:
        assert client.get("/api/page").json()["id"] == "a"
        assert client.get("/api/page", params={"id": "b"}).json()["title"] == "Anden side"


def test_one_page_can_be_asked_alone() -> None:
    bot = FakeBot([small_page("a"), small_page("b", lines=["Anden side", "Biblioteket har åbent om søndagen."])])
    with TestClient(create_app(bot, Settings())) as client:
        for asked, cited in ((None, {"a", "b"}), ("a", {"a"}), ("b", {"b"})):
            answer = client.post("/api/ask", json={"question": QUESTION, "page": asked}).json()
            assert {citation["page"] for citation in answer["citations"]} == cited
        assert client.get("/api/suggestions", params={"page": "b"}).json()["suggestions"]
        for page in ("c", "", "../a"):
            assert_problem(client.post("/api/ask", json={"question": QUESTION, "page": page}), 422, "side")
            assert_problem(client.get("/api/suggestions", params={"page": page}), 404, "side")
        assert_problem(client.post("/api/ask", json={"question": QUESTION, "page": "a" * 201}), 422, "page")
        assert_problem(client.post("/api/ask", json={"question": QUESTION, "page": 1}), 422, "page")


@pytest.mark.parametrize(("method", "path"), [("GET", "/readyz"), ("GET", "/api/page"), ("POST", "/api/ask")])
def test_before_the_bot_is_ready_is_503_with_retry_after(method: str, path: str) -> None:
    with TestClient(create_app(FakeBot(ready=False), Settings())) as client:
        assert client.get("/healthz").status_code == 200
        response = client.request(method, path, json={"question": "Hej"} if method == "POST" else None)
        assert_problem(response, 503)
        assert int(response.headers["retry-after"]) > 0


def test_a_slow_answer_is_an_error_answer_within_the_time() -> None:
    with TestClient(create_app(FakeBot(slow_s=1), Settings(answer_timeout_s=0.05))) as client:
        answer = client.post("/api/ask", json={"question": QUESTION}).json()
    assert answer["outcome"] == "error"
    assert "lang tid" in answer["answer"]
    assert answer["elapsed_ms"] < 900


def test_a_failing_bot_is_an_error_answer_and_the_log_has_no_question(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bot = FakeBot(fails=RuntimeError(f"cannot read {QUESTION}"))
    with TestClient(create_app(bot, Settings())) as client:
        answer = client.post("/api/ask", json={"question": QUESTION}).json()
    assert answer["outcome"] == "error"
    assert "RuntimeError" in caplog.text
    assert "fake_bot.py" in caplog.text
    assert QUESTION not in caplog.text
    assert "biblioteket" not in caplog.text.lower()


def test_an_unexpected_failure_is_a_500_problem(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client.app.state.desk, "find_page", lambda _: 1 / 0)  # type: ignore[attr-defined]
    assert_problem(client.get("/api/page"), 500, "Prøv igen")


def test_metrics_count_answers_by_outcome_and_never_hold_a_question(client: TestClient) -> None:
    for question in (QUESTION, QUESTION, "Hvem vandt i går?"):
        client.post("/api/ask", json={"question": question})
    client.post("/api/feedback", json={"answer_id": "9f", "helpful": False})
    text = client.get("/metrics").text
    assert 'sidesvar_answers_total{outcome="answered"} 2.0' in text
    assert 'sidesvar_answers_total{outcome="not_on_page"} 1.0' in text
    assert "sidesvar_answer_seconds_count 3.0" in text
    assert 'sidesvar_feedback_total{helpful="false"} 1.0' in text
    assert "bibliotek" not in text


def test_feedback_is_kept_only_where_a_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "new" / "feedback.sqlite"
    body = {"answer_id": "9f0c", "helpful": True, "comment": " Godt svar 👍 "}
    with TestClient(create_app(FakeBot(), Settings())) as client:
        assert client.post("/api/feedback", json=body).status_code == 204
    assert not path.exists()
    with TestClient(create_app(FakeBot(), Settings(feedback=path))) as client:
        response = client.post("/api/feedback", json=body)
        assert (response.status_code, response.content) == (204, b"")
    assert FeedbackStore(path).all() == [Feedback("9f0c", True, "Godt svar 👍")]


def test_a_comment_that_follows_its_thumb_is_kept_and_not_counted_again(tmp_path: Path) -> None:
    path = tmp_path / "feedback.sqlite"
    with TestClient(create_app(FakeBot(), Settings(feedback=path))) as client:
        thumb = {"answer_id": "9f", "helpful": True}
        client.post("/api/feedback", json=thumb)
        client.post("/api/feedback", json=thumb | {"comment": "Klart svar", "counted": True})
        assert 'sidesvar_feedback_total{helpful="true"} 1.0' in client.get("/metrics").text
    assert FeedbackStore(path).all() == [Feedback("9f", True), Feedback("9f", True, "Klart svar")]


def test_a_comment_with_a_cpr_number_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "feedback.sqlite"
    with TestClient(create_app(FakeBot(), Settings(feedback=path))) as client:
        client.post("/api/feedback", json={"answer_id": "9f", "helpful": True, "comment": "Mit er 010190-1234"})
    assert FeedbackStore(path).all() == [Feedback("9f", True, "")]


@pytest.mark.parametrize(
    "change",
    [
        {"answer_id": ""},
        {"answer_id": "9F"},
        {"answer_id": "9f; DROP TABLE"},
        {"answer_id": "9f\n"},
        {"answer_id": "9" * 65},
        {"helpful": "ja"},
        {"helpful": None},
        {"counted": "ja"},
        {"comment": "å" * 1001},
        {"question": "Hvor?"},
    ],
)
def test_feedback_of_another_form_is_422(client: TestClient, change: dict[str, object]) -> None:
    assert_problem(client.post("/api/feedback", json={"answer_id": "9f", "helpful": True} | change), 422)


def test_schema_of_the_api_is_served_and_no_page_of_foreign_scripts(client: TestClient) -> None:
    schema = client.get("/api/openapi.json").json()
    assert {"/ask", "/feedback", "/page"} <= set(schema["paths"])
    assert client.get("/docs").status_code == 404
    assert client.get("/api/docs").status_code == 404
