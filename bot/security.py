"""Who may use the server from a browser, and the headers on every response.

Owns origins (CORS without credentials, and a plain refusal of other sites' posts) and the security headers. A
route may set its own `Content-Security-Policy`; otherwise HTML gets the chat's, and everything else one that
allows nothing. How much a client may ask is `bot.limits`.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.problems import problem_response
from bot.settings import Settings

CLOSED_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
FIXED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
UNHEARD = frozenset({b"x-forwarded-host", b"x-forwarded-prefix", b"x-forwarded-port"})
"""Gradio would write what they say into its page, whoever says it; a proxy tells the host by `Host`."""


def add_security(app: FastAPI, settings: Settings) -> None:
    """Put the headers and the check of origins around the whole app, what is mounted in it included.

    Call it last: it must be outermost, so that refusals of `bot.limits` carry the headers too. That Starlette's own
    `CORSMiddleware` is there makes Gradio leave out its permissive one.
    """
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(settings.allowed_origins),
        allow_methods=["GET", "POST"],
        allow_headers=["Content-Type"],
        allow_credentials=False,
        expose_headers=["Retry-After"],
        max_age=600,
    )
    app.add_middleware(SecurityHeaders, settings=settings)


class SecurityHeaders:
    """ASGI middleware: refuses posts from origins that are not allowed, and sets the headers.

    The chat's page names the host it was asked for, so no cache on the way may keep it.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._origins = frozenset(settings.allowed_origins)
        self._chat_policy = chat_policy(settings.allowed_origins, reports=settings.editor_tab)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":  # nothing here speaks it
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        heard = [(name, value) for name, value in scope["headers"] if name not in UNHEARD]
        scope = {**scope, "headers": heard}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._set_headers(MutableHeaders(scope=message))
            await send(message)

        if scope["method"] not in SAFE_METHODS and not self._origin_is_allowed(Headers(scope=scope)):
            response = problem_response(403, "origin_not_allowed")
            await response(scope, receive, send_with_headers)
            return
        await self.app(scope, receive, send_with_headers)

    def _origin_is_allowed(self, headers: Headers) -> bool:
        """Programs send no Origin; a browser's must be the server's own or a listed one.

        The port and host are compared, not the scheme, which a reverse proxy changes.
        """
        origin = headers.get("origin")
        if origin is None or origin in self._origins:
            return True
        host = headers.get("host", "")
        return bool(host) and urlsplit(origin).netloc.casefold() == host.casefold()

    def _set_headers(self, headers: MutableHeaders) -> None:
        for name, value in FIXED_HEADERS.items():
            headers.setdefault(name, value)
        is_html = headers.get("content-type", "").startswith("text/html")
        headers.setdefault("Content-Security-Policy", self._chat_policy if is_html else CLOSED_POLICY)
        if is_html:
            headers.setdefault("Cache-Control", "no-store")
        # Gradio's own, should it be there: no response of ours is for credentials.
        del headers["Access-Control-Allow-Credentials"]


def chat_policy(frame_ancestors: Iterable[str] = (), *, reports: bool = False) -> str:
    """The policy for Gradio's page: this server alone.

    Its start is an inline script, its HTML component compiles its templates in the browser, and its styles are
    inline: it can't do without the three 'unsafe' sources. Pages of ours need none of them.

    :param reports: a report in a frame of its own may say that its links lead within itself.
    """
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "manifest-src 'self'",
            "base-uri 'self' about:" if reports else "base-uri 'self'",
            "form-action 'self'",
            " ".join(["frame-ancestors 'self'", *frame_ancestors]),
        ]
    )
