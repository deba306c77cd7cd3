"""The pictures in docs/, taken of a running server that answers about the page that ships.

    python -m bot serve --port 7861 &
    python scripts/screenshots.py http://127.0.0.1:7861

Each is reduced to at most 256 colours, which keeps it below 150 kB.
"""

import argparse
import io
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

DOCS = Path(__file__).resolve().parent.parent / "docs"
MAX_BYTES = 150_000
DESKTOP = {"viewport": {"width": 1180, "height": 760}}
PHONE = {"viewport": {"width": 390, "height": 780}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
QUESTIONS = ("Hvor sidder forbindelsesofficererne?", "Hvem er chef for PET?")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("server")
    server = parser.parse_args().server
    chromium = Path("/usr/bin/chromium")
    with sync_playwright() as playwright:
        path = str(chromium) if chromium.exists() else None
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = widget(browser, server, **DESKTOP)
        keep(page, "widget-desktop")
        page.get_by_role("link", name="Vis på siden").first.click()
        page.wait_for_timeout(800)
        keep(page, "widget")
        page = widget(browser, server, color_scheme="dark", **DESKTOP)
        ask(page, QUESTIONS[1])
        page.wait_for_timeout(800)
        keep(page, "widget-dark")
        keep(widget(browser, server, **PHONE), "widget-phone")
        keep(chat(browser, server), "chat")
        browser.close()


def widget(browser: Browser, server: str, **options: Any) -> Page:
    """The plain page with the widget open and one question answered."""
    page = browser.new_context(locale="da-DK", **options).new_page()
    page.goto(f"{server}/side")
    page.get_by_role("button", name="Spørg siden").click()
    ask(page, QUESTIONS[0])
    return page


def ask(page: Page, question: str) -> None:
    """Ask the widget, and wait until it is done."""
    before = page.locator("sidesvar-chat .question").count()
    page.get_by_label("Dit spørgsmål").fill(question)
    page.keyboard.press("Enter")
    page.locator("sidesvar-chat .question").nth(before).wait_for()
    page.locator("sidesvar-chat .waiting").wait_for(state="detached")
    page.wait_for_timeout(600)


def chat(browser: Browser, server: str) -> Page:
    """The chat page with one question answered."""
    page = browser.new_context(locale="da-DK", viewport={"width": 1280, "height": 800}).new_page()
    page.goto(server)
    page.get_by_label("Dit spørgsmål").fill(QUESTIONS[0])
    page.keyboard.press("Enter")
    page.locator("#page mark").first.wait_for()
    page.wait_for_timeout(1500)
    return page


def keep(page: Page, name: str) -> None:
    """Write the picture, reduced."""
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    path = DOCS / f"{name}.png"
    picture.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path.name}: {size:,} bytes")  # noqa: T201
    if size > MAX_BYTES:
        raise SystemExit(f"{path} is {size} bytes, at most {MAX_BYTES} are kept")


if __name__ == "__main__":
    main()
