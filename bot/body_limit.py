"""The largest body a request may have, checked before and while it is read.

Starlette's own middleware answers in English plain text where a length is told; this one answers with a problem.
"""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.problems import problem_response


class BodyLimit:
    """Refuses a body of over `max_bytes` with 413: at once when its length is told, else at the byte too many."""

    def __init__(self, app: ASGIApp, *, max_bytes: int) -> None:
        self.app = app
        self.max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        told = dict(scope["headers"]).get(b"content-length", b"0")
        if not told.isdigit() or int(told) > self.max_bytes:
            await problem_response(413, "body_too_long")(scope, receive, send)
            return
        read_bytes = 0

        async def receive_counted() -> Message:
            nonlocal read_bytes
            message = await receive()
            read_bytes += len(message.get("body", b""))
            if read_bytes > self.max_bytes:
                raise HTTPException(413)
            return message

        await self.app(scope, receive_counted, send)
