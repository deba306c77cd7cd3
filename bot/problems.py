"""Errors over HTTP as `application/problem+json` (RFC 9457), with a Danish title fit to be shown.

Beside the members of the RFC each problem has a `code`: the name of its sentence under `errors` in `bot.text`,
for programs. Nothing of what the visitor sent is repeated.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from bot.text import load_text

_CODES = {404: "not_found", 405: "not_allowed", 413: "body_too_long", 429: "too_many", 503: "not_ready"}


_MEMBERS = {"type": "string", "title": "string", "status": "integer", "code": "string"}
_SCHEMA = {
    "type": "object",
    "properties": {name: {"type": kind} for name, kind in _MEMBERS.items()},
    "required": list(_MEMBERS),
}
RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"description": description, "content": {"application/problem+json": {"schema": _SCHEMA}}}
    for status, description in {
        400: "Malformed",
        403: "From a site that is not allowed",
        404: "No such page",
        408: "The body did not come in time",
        413: "Too long",
        422: "Wrong fields",
        429: "Too many requests",
        500: "It went wrong here",
        503: "Not ready, or too busy",
    }.items()
}
"""The problems as the API's schema tells them."""


class ProblemError(Exception):
    """Raised by a route to answer with a problem.

    :param code: the sentence's name under `errors` in `bot.text`; `values` fill its fields.
    """

    def __init__(self, status: int, code: str, *, headers: Mapping[str, str] | None = None, **values: object) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.headers = headers
        self.values = values


def problem_response(
    status: int, code: str, *, headers: Mapping[str, str] | None = None, **values: object
) -> JSONResponse:
    """The response for one problem; middleware that can't raise `ProblemError` answers with this."""
    title = load_text("da")[f"errors.{code}"].format(**values)
    body = {"type": "about:blank", "title": title, "status": status, "code": code}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def answer_with_problems(app: FastAPI) -> None:
    """Make every error that leaves the app a problem."""

    @app.exception_handler(ProblemError)
    async def _problem(_: Request, problem: ProblemError) -> JSONResponse:
        return problem_response(problem.status, problem.code, headers=problem.headers, **problem.values)

    @app.exception_handler(RequestValidationError)
    async def _wrong_request(_: Request, error: RequestValidationError) -> JSONResponse:
        errors = error.errors()
        if any(entry["type"] == "json_invalid" for entry in errors):
            return problem_response(400, "malformed")
        if errors[0]["loc"] == ("body",):
            return problem_response(422, "no_object")
        return problem_response(422, "wrong_fields", field=_field_name(errors[0]["loc"]))

    @app.exception_handler(HTTPException)
    async def _http(_: Request, error: HTTPException) -> JSONResponse:
        headers = dict(error.headers or {})
        if error.status_code == 405:
            return problem_response(405, "not_allowed", headers=headers, methods=headers.get("Allow", "GET"))
        if error.status_code == 400:
            return problem_response(400, "malformed", headers=headers)
        return problem_response(error.status_code, _CODES.get(error.status_code, "other"), headers=headers)

    @app.exception_handler(Exception)
    async def _unexpected(_: Request, __: Exception) -> JSONResponse:
        return problem_response(500, "internal")


def _field_name(location: tuple[int | str, ...]) -> str:
    """The field's name; one that the client made up is repeated only where it is a short plain word.

    ("body", "history", 3) -> "history"
    """
    name = str(location[1])
    return name if name.isidentifier() and len(name) <= 40 else "JSON"
