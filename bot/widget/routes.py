"""The widget's routes: the script itself, and a plain page with the widget on it.

Both are public and the same for everybody: the script may be loaded from any site, for what it may ask is
decided when it asks (`bot.security`).
"""

import base64
import gzip
import hashlib
from html import escape
from importlib.resources import files
from string import Template

from fastapi import FastAPI, Request, Response

from bot.desk import AnswersQuestions
from bot.problems import problem_response
from bot.text import load_text
from bot.widget.script import integrity, widget_script
from corpus.page import Page

SCRIPT_MAX_AGE_S = 3600


def add_widget(app: FastAPI, bot: AnswersQuestions) -> None:
    """Serve `/widget.js` and `/side`."""
    etag = f'W/"{integrity()}"'  # weak: the script as it is and gzipped are the same
    script, squeezed = widget_script(), gzip.compress(widget_script(), 9, mtime=0)
    script_headers = {
        "Cache-Control": f"public, max-age={SCRIPT_MAX_AGE_S}",
        "ETag": etag,
        "Vary": "Accept-Encoding",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    side_headers = {"Content-Security-Policy": _side_policy(), "Cache-Control": "no-cache"}

    @app.api_route("/widget.js", methods=["GET", "HEAD"], include_in_schema=False)
    async def widget(request: Request) -> Response:
        """The widget, at most 12 kB gzipped."""
        if etag.removeprefix("W/") in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=script_headers)
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(script, media_type="text/javascript", headers=script_headers)
        headers = script_headers | {"Content-Encoding": "gzip"}
        return Response(squeezed, media_type="text/javascript", headers=headers)

    @app.get("/side", include_in_schema=False)
    def side(id: str | None = None) -> Response:
        """A page's text as a plain page of a site, with the widget on it."""
        if not bot.ready:
            return problem_response(503, "not_ready", headers={"Retry-After": "5"})
        page = next((page for page in bot.pages if id in (None, page.id)), None)
        if page is None:
            return problem_response(404, "page_unknown")
        return Response(side_page(page, bot.suggestions(page.id)), media_type="text/html", headers=side_headers)


def side_page(page: Page, questions: tuple[str, ...]) -> str:
    """The page's text as HTML: its headings as headings, each other line as a paragraph."""
    words = load_text("da")
    return Template(_read("side.html")).substitute(
        language="da",
        title=escape(page.title),
        page=escape(page.id),
        styles=_read("side.css"),
        questions=escape("|".join(questions[:4])),
        text=_text(page),
        noscript=escape(words["widget.noscript"]),
    )


def _text(page: Page) -> str:
    levels = {heading.start: min(heading.level, 6) for heading in page.headings}
    lines = [] if 1 in levels.values() else [f"<h1>{escape(page.title)}</h1>"]
    start = 0
    for line in page.text.split("\n"):
        tag = f"h{levels[start]}" if start in levels else "p"
        if line.strip():
            lines.append(f"<{tag}>{escape(line)}</{tag}>")
        start += len(line) + 1
    return "\n".join(lines)


def _side_policy() -> str:
    """Only the widget's own script, this page's own styles, and questions to this server."""
    styles = base64.b64encode(hashlib.sha256(_read("side.css").encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'sha256-{styles}'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _read(name: str) -> str:
    return (files(__package__) / name).read_text("utf-8")
