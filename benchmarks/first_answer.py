"""How long a visitor waits for the first answer, and what is transferred for it: the widget and the chat page.

    python -m bot serve --port 7861 &
    python -m benchmarks.first_answer http://127.0.0.1:7861

Each round is a browser that has nothing in its cache. `ready_ms`: from the click (on the widget's launcher, or on a
link to the chat page) until a question can be typed. `first_words_ms` and `answer_ms`: from the click until the
answer's first words, and until its sources, are on the screen; the question is put in at once, as nobody types.
`kb` and `requests`: what the server sent for all that, as it travelled; of the widget's host page nothing is counted.
The two take turns, so that a busy machine is busy for both. Prints JSON, medians.
"""

import argparse
import json
import statistics
import time
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

QUESTION = "Hvor sidder forbindelsesofficererne?"
CHROMIUM = Path("/usr/bin/chromium")
FIRST_WORDS = {
    "widget": "sidesvar-chat .reply > .text:not(:empty)",
    "chat": "#conversation .answer.busy:not(.searching)",
}
SOURCES = {"widget": "sidesvar-chat .sources", "chat": "#conversation .sources"}


@dataclass(frozen=True)
class Visit:
    """One visitor's first answer."""

    ready_ms: float
    first_words_ms: float
    answer_ms: float
    kb: float
    requests: int


class Transfer:
    """Counts what a page gets from the server: responses and their bytes as they travelled."""

    def __init__(self, page: Page) -> None:
        self.bytes = 0
        self.requests = 0
        self._addresses: dict[str, str] = {}
        session = page.context.new_cdp_session(page)
        session.on("Network.responseReceived", self._received)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def _received(self, event: dict[str, Any]) -> None:
        self._addresses[event["requestId"]] = event["response"]["url"]

    def _finished(self, event: dict[str, Any]) -> None:
        url = self._addresses.get(event["requestId"], "data:")
        if url.startswith("http") and not url.endswith("/side"):
            self.requests += 1
            self.bytes += event["encodedDataLength"]


def visit(browser: Browser, server: str, kind: str) -> Visit:
    """A visitor with an empty cache, from the click to the answer with its sources."""
    context = browser.new_context(locale="da-DK", viewport={"width": 1280, "height": 800})
    page = context.new_page()
    transfer = Transfer(page)
    if kind == "widget":
        page.goto(f"{server}/side")
        page.get_by_role("button", name="Spørg siden").wait_for()
    started = time.perf_counter()
    if kind == "widget":
        page.get_by_role("button", name="Spørg siden").click()
    else:
        page.goto(f"{server}/", wait_until="commit")
    page.get_by_label("Dit spørgsmål").wait_for()
    ready = time.perf_counter()
    page.get_by_label("Dit spørgsmål").fill(QUESTION)
    page.keyboard.press("Enter")
    page.locator(FIRST_WORDS[kind]).first.wait_for()
    first_words = time.perf_counter()
    page.locator(SOURCES[kind]).first.wait_for()
    answer = time.perf_counter()
    page.wait_for_timeout(300)
    context.close()
    milliseconds = [round((moment - started) * 1000, 1) for moment in (ready, first_words, answer)]
    return Visit(*milliseconds, kb=round(transfer.bytes / 1000, 1), requests=transfer.requests)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("server")
    parser.add_argument("--rounds", type=int, default=10)
    arguments = parser.parse_args()
    visits: dict[str, list[Visit]] = {"widget": [], "chat": []}
    with sync_playwright() as playwright:
        path = str(CHROMIUM) if CHROMIUM.exists() else None
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for round_number in range(arguments.rounds + 1):
            for kind, seen in visits.items():
                made = visit(browser, arguments.server, kind)
                if round_number:  # the first warms up both browser and server
                    seen.append(made)
        browser.close()
    figures = {
        kind: {field.name: statistics.median(asdict(one)[field.name] for one in seen) for field in fields(Visit)}
        for kind, seen in visits.items()
    }
    print(json.dumps({"rounds": arguments.rounds, **figures}, indent=1))  # noqa: T201


if __name__ == "__main__":
    main()
