"""PDF files (.pdf), by PDFium.

PDFium (pypdfium2) is the engine that shows PDFs in Chrome: it is kept, reads damaged files, and
gives each letter's place and size, of which `corpus.layout` makes headings and paragraphs. pypdf
gives only lines. A scanned PDF has no text and is refused.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from corpus.blocks import Origin, page_from_blocks
from corpus.files import is_file, origin_of, read_bytes
from corpus.layout import PrintedLine, blocks_of_lines
from corpus.page import CorpusError, Page

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

_BOLD = 600


def accepts(source: str) -> bool:
    """Whether the source is a PDF file."""
    return is_file(source, ".pdf")


def read(source: str) -> Iterator[Page]:
    """The file as one page.

    :raises CorpusError: when it can't be read, isn't PDF, is locked or holds no text.
    """
    yield page_from_pdf(read_bytes(source), origin_of(source))


def page_from_pdf(data: bytes, origin: Origin) -> Page:
    """The page of a PDF's bytes.

    Without a title in `origin`, the first of the largest headings, else the document's own title.

    :raises CorpusError: when it isn't PDF, is locked or holds no text.
    """
    lines, title = _read_lines(data, origin.name)
    blocks = blocks_of_lines(lines)
    if not blocks:
        raise CorpusError(f"{origin.name} holds no text: if it is scanned, run it through OCR first")
    if any(block.level for block in blocks):
        title = ""
    return page_from_blocks(blocks, replace(origin, title=origin.title or title))


def _read_lines(data: bytes, name: str) -> tuple[list[PrintedLine], str]:
    """The document's lines in its order, and its own title."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(data) as document:
            lines: list[PrintedLine] = []
            for number in range(len(document)):
                textpage = document[number].get_textpage()
                lines += _page_lines(textpage, number)
            return lines, str(document.get_metadata_dict().get("Title", ""))
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        hint = "remove its password" if locked else "give a PDF file that opens in a browser"
        raise CorpusError(f"can't read {name} as PDF ({error}): {hint}") from error


def _page_lines(textpage: "PdfTextPage", page: int) -> Iterator[PrintedLine]:
    from pypdfium2 import raw

    line: list[tuple[str, int]] = []
    for index in range(textpage.count_chars()):
        char = chr(raw.FPDFText_GetUnicode(textpage, index))
        if char not in "\r\n":
            line.append((char, index))
        elif line:
            yield from _printed_line(textpage, line, page)
            line = []
    yield from _printed_line(textpage, line, page)


def _printed_line(textpage: "PdfTextPage", line: list[tuple[str, int]], page: int) -> Iterator[PrintedLine]:
    """The line of (character, index), or nothing when it is blank."""
    from pypdfium2 import raw

    shown = [index for char, index in line if char.strip()]
    if not shown:
        return
    boxes = [textpage.get_charbox(index, loose=True) for index in shown]
    weights = [raw.FPDFText_GetFontWeight(textpage, index) for index in (shown[0], shown[-1])]
    text = "".join(char for char, _ in line)
    yield PrintedLine(
        text=text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"),  # PDFium counts in UTF-16 units
        page=page,
        left=min(left for left, _, _, _ in boxes),
        right=max(right for _, _, right, _ in boxes),
        top=max(top for _, _, _, top in boxes),
        bottom=min(bottom for _, bottom, _, _ in boxes),
        size=Counter(round(top - bottom, 1) for _, bottom, _, top in boxes).most_common(1)[0][0],
        bold=min(weights) >= _BOLD,
    )
