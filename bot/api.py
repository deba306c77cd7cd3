"""The HTTP API: questions, feedback, the page's text, and what a machine room asks for.

Everything under `/api` is an application of its own, so that its errors are problems (`bot.problems`) and its
body limit is small, whatever is mounted beside it. Rate limits and headers are middleware around the whole
(`bot.limits`, `bot.security`); the chat is `bot.ui`.
"""

import re
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import FastAPI, Query, Response
from fastapi.responses import JSONResponse
from fastapi.sse import EventSourceResponse, format_sse_event
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr

from bot.answer import Answer
from bot.body_limit import BodyLimit
from bot.desk import AnswersQuestions, Desk, QuestionError
from bot.feedback import MAX_COMMENT_CHARS, Feedback
from bot.metrics import CONTENT_TYPE
from bot.problems import RESPONSES, ProblemError, answer_with_problems
from bot.settings import Settings
from corpus.page import Page

RETRY_AFTER_S = 5
CHAT_BODY_FACTOR = 16
"""A chat sends its conversation along, so the rest of the server takes bodies this many times the API's."""

_NOT_READY = {"Retry-After": str(RETRY_AFTER_S)}
_STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_QUESTION_STATUS = {"question_empty": 422, "question_unreadable": 422, "question_too_long": 413}


PageId = Annotated[str, Field(max_length=200)]


class AskBody(BaseModel):
    """A question, the earlier questions (oldest first), whether to stream, and the only page to answer from."""

    model_config = ConfigDict(extra="forbid")

    question: StrictStr
    history: list[StrictStr] = Field(default_factory=list)
    stream: StrictBool = False
    page: Annotated[StrictStr, Field(max_length=200)] | None = None


class FeedbackBody(BaseModel):
    """A thumb about an answer; `counted` says that the thumb was sent before, and only its comment is new."""

    model_config = ConfigDict(extra="forbid")

    answer_id: Annotated[StrictStr, Field(pattern=r"^[0-9a-f]+$", max_length=64)]
    helpful: StrictBool
    comment: Annotated[StrictStr, Field(max_length=MAX_COMMENT_CHARS)] = ""
    counted: StrictBool = False


def create_app(bot: AnswersQuestions, settings: Settings) -> FastAPI:
    """The API over `bot`; `app.state.desk` is the `Desk` that the chat shares."""
    desk = Desk(bot, settings)
    app = FastAPI(title="Sidesvar", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(BodyLimit, max_bytes=CHAT_BODY_FACTOR * settings.max_body_bytes)
    app.state.desk = desk
    answer_with_problems(app)
    _add_machine_room(app, desk)
    app.mount("/api", _create_api(desk))
    return app


def _create_api(desk: Desk) -> FastAPI:
    api = FastAPI(
        title="Sidesvar",
        docs_url=None,  # its page loads scripts from another host
        redoc_url=None,
        openapi_url="/openapi.json",
        responses=RESPONSES,
    )
    api.add_middleware(BodyLimit, max_bytes=desk.settings.max_body_bytes)
    answer_with_problems(api)

    @api.post("/ask", responses={200: {"model": Answer, "content": {"text/event-stream": {}}}})
    async def ask(body: AskBody) -> Response:
        """Answer one question: JSON, or with `stream` server-sent events, `token` for each word and then `answer`."""
        _require_ready(desk)
        try:
            question, history = desk.read_question(body.question), desk.read_history(body.history)
        except QuestionError as error:
            limit = desk.settings.max_question_chars
            raise ProblemError(_QUESTION_STATUS[error.code], error.code, limit=limit) from error
        if body.page is not None and desk.find_page(body.page) is None:
            raise ProblemError(422, "page_unknown")
        answer = await desk.ask(question, history, page=body.page)
        if body.stream:
            return EventSourceResponse(_events(answer), headers=_STREAM_HEADERS)
        return JSONResponse(answer.to_json())

    @api.post("/feedback", status_code=204)
    async def feedback(body: FeedbackBody) -> Response:
        """Count a thumb; its comment is kept only where the site's owner asks for it."""
        comment = body.comment.replace("\0", "").strip()
        await desk.take_feedback(Feedback(body.answer_id, body.helpful, comment), counted=body.counted)
        return Response(status_code=204)

    @api.get("/page")
    async def page(page_id: Annotated[PageId | None, Query(alias="id")] = None) -> JSONResponse:
        """One page's text; the first page when no id is given."""
        _require_ready(desk)
        found = desk.find_page(page_id)
        if found is None:
            raise ProblemError(404, "page_unknown")
        return JSONResponse(_page_json(found))

    @api.get("/suggestions")
    async def suggestions(page: PageId | None = None) -> dict[str, list[str]]:
        """Questions to begin with: that are answered, by that page where one is named."""
        _require_ready(desk)
        if page is not None and desk.find_page(page) is None:
            raise ProblemError(404, "page_unknown")
        return {"suggestions": list(await desk.suggestions(page))}

    return api


def _add_machine_room(app: FastAPI, desk: Desk) -> None:
    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        """The process is alive."""
        return {"status": "ok"}

    @app.get("/readyz")
    async def readyz() -> dict[str, str]:
        """The index and the models are loaded."""
        _require_ready(desk)
        return {"status": "ready"}

    @app.get("/metrics")
    async def metrics() -> Response:
        """Figures for Prometheus; no questions."""
        return Response(desk.metrics.to_text(), media_type=CONTENT_TYPE)


async def _events(answer: Answer) -> AsyncIterator[bytes]:
    """The answer's words, then the answer.

    The whole answer is proved before its first word is sent: a quote can't be taken back. The tokens, each a JSON
    string, put together are `answer.answer`.
    """
    for token in re.findall(r"\s*\S+\s*\Z|\s*\S+", answer.answer):
        yield format_sse_event(event="token", data_str=_json(token))
    yield format_sse_event(event="answer", data_str=_json(answer.to_json()))


def _json(value: Any) -> str:
    return bytes(JSONResponse(value).body).decode()


def _page_json(page: Page) -> dict[str, Any]:
    headings = [{"text": h.text, "level": h.level, "start": h.start, "end": h.end} for h in page.headings]
    return {
        "id": page.id,
        "url": page.url,
        "title": page.title,
        "fetched_at": page.fetched_at.isoformat().replace("+00:00", "Z"),
        "text": page.text,
        "headings": headings,
    }


def _require_ready(desk: Desk) -> None:
    if not desk.bot.ready:
        raise ProblemError(503, "not_ready", headers=_NOT_READY)
