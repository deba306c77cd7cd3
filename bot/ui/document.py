"""The HTML document around the chat, which Gradio writes in English, about Gradio.

Middleware: the language is right from the first byte, the preview for other sites names this page and no other
host, and a browser without scripts is told so.
"""

import re
from html import escape

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.text import Text

_PREVIEW = re.compile(rb"""\s*<meta\s+(?:property="og:|name="twitter:)[^>]*?/?>""")
_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Cpath fill='%230b4f86' "
    "d='M6 3h20a4 4 0 0 1 4 4v13a4 4 0 0 1-4 4H15l-8 6v-6H6a4 4 0 0 1-4-4V7a4 4 0 0 1 4-4z'/%3E%3Cpath "
    "stroke='%23fff' stroke-width='2.5' stroke-linecap='round' d='M9 11h14M9 16.500h9'/%3E%3C/svg%3E"
)
_MANIFEST = re.compile(rb"""\s*<link rel="manifest"[^>]*>""")


class Document:
    """Rewrites the HTML that is served at `/`, and leaves everything else alone."""

    def __init__(self, app: ASGIApp, *, text: Text) -> None:
        self.app = app
        no_script = f"<noscript><p>{escape(text['chat.no_script'])}</p></noscript>"
        title = f"<title>{escape(text['chat.title'])}</title>"
        description = f'<meta name="description" content="{escape(text["chat.lead"])}" />'
        self._language = f'<html lang="{text.language}"'.encode()
        self._head = f'{title}{description}<link rel="icon" href="{_ICON}" /></head>'.encode()
        self._end = f"{no_script}</body>".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        if scope["type"] != "http" or scope["method"] != "GET" or path not in ("", "/"):
            await self.app(scope, receive, send)
            return
        start: Message = {}
        body = b""

        async def send_rewritten(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            headers = dict(start["headers"])
            if headers.get(b"content-type", b"").startswith(b"text/html"):
                body = self.rewrite(body)
                headers[b"content-length"] = str(len(body)).encode()
            await send({**start, "headers": list(headers.items())})
            await send({"type": "http.response.body", "body": body})

        await self.app(scope, receive, send_rewritten)

    def rewrite(self, html: bytes) -> bytes:
        """The document in the chat's language, without what names Gradio: the preview, the manifest and its icon."""
        html = re.sub(rb'<html\s+lang="en"', self._language, html, count=1)
        html = _MANIFEST.sub(b"", _PREVIEW.sub(b"", html))
        html = html.replace(b"</head>", self._head, 1)
        before, end, after = html.rpartition(b"</body>")
        return before + self._end + after if end else html
