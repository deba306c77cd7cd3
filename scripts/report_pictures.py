"""Pictures of an evaluation's report: on a desktop, a phone and paper.

    python scripts/report_pictures.py runs/now/report.html docs

Writes report.png (desktop, its top) and report-phone.png, and with `--all` also the whole of either and each printed
page. Needs Chromium, as the browser tests do.
"""

import argparse
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

DEBIAN_CHROMIUM = Path("/usr/bin/chromium")
COLOURS = 96


def main() -> None:
    """Take the pictures that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("report", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--all", action="store_true", help="the whole report, and each printed page")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    path = str(DEBIAN_CHROMIUM) if DEBIAN_CHROMIUM.exists() else None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name, width, height in (("report", 1000, 1250), ("report-phone", 360, 1000)):
            save(screenshot(browser, options.report, width, height), options.folder / f"{name}.png")
            if options.all:
                whole = screenshot(browser, options.report, width, height, whole=True)
                save(whole, options.folder / f"{name}-whole.png")
        if options.all:
            for number, page in enumerate(printed(browser, options.report), 1):
                save(page, options.folder / f"report-print-{number:02}.png")
        browser.close()


def screenshot(browser: Browser, report: Path, width: int, height: int, *, whole: bool = False) -> Image.Image:
    """The report in a window of that size; without scripts, as it needs none."""
    context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=False)
    page = context.new_page()
    page.goto(report.resolve().as_uri())
    picture = Image.open(BytesIO(page.screenshot(full_page=whole)))
    context.close()
    return picture


def printed(browser: Browser, report: Path) -> list[Image.Image]:
    """Each page as it is printed on A4."""
    import pypdfium2

    page = browser.new_page()
    page.goto(report.resolve().as_uri())
    document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True, print_background=False))
    page.close()
    return [sheet.render(scale=1.2).to_pil() for sheet in document]


def save(picture: Image.Image, file: Path) -> None:
    """Save with few colours, which is what flat pictures have."""
    flat = picture.convert("RGB").quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    flat.save(file, optimize=True)


if __name__ == "__main__":
    main()
