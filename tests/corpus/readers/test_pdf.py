from datetime import UTC, datetime

import pytest

from corpus.blocks import Origin
from corpus.page import CorpusError, Page
from corpus.readers.pdf import page_from_pdf


def pdf(*pages: list[tuple[str, int]]) -> bytes:
    """A PDF of (text, size) lines in Helvetica, from the top of each page."""
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        font,
    ]
    for number, lines in enumerate(pages):
        top, shown = 780, []
        for text, size in lines:
            escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
            shown.append(f"BT /F1 {size} Tf 50 {top} Td ({escaped}) Tj ET".encode("cp1252"))
            top -= round(size * 1.2)
        stream = b"\n".join(shown)
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            + f"/Contents {5 + 2 * number} 0 R >>".encode(),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        ]
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    count = len(objects) + 1
    xref = f"xref\n0 {count}\n0000000000 65535 f \n{table}"
    trailer = f"trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + (xref + trailer).encode()


def read(data: bytes) -> Page:
    return page_from_pdf(data, Origin("a", "a.pdf", datetime(2026, 11, 24, tzinfo=UTC)))


def test_danish_headings_and_paragraphs_are_read() -> None:
    page = read(
        pdf(
            [
                ("Årsberetning for Ærø", 24),
                ("Foreningen blev stiftet i 1923 af en gruppe borgere, som ville bevare de gamle", 11),
                ("huse i byen (ca. 300 nu).", 11),
                ("Økonomi", 16),
                ("Det koster 200 kr. om året.", 11),
            ],
            [("Øen er smuk – og »grøn«.", 11)],
        )
    )
    assert page.title == "Årsberetning for Ærø"
    assert [(heading.text, heading.level) for heading in page.headings] == [("Årsberetning for Ærø", 1), ("Økonomi", 2)]
    assert page.text.split("\n")[1:] == [
        "Foreningen blev stiftet i 1923 af en gruppe borgere, som ville bevare de gamle huse i byen (ca. 300 nu).",
        "Økonomi",
        "Det koster 200 kr. om året.",
        "Øen er smuk – og »grøn«.",
    ]


def test_a_scan_is_refused() -> None:
    with pytest.raises(CorpusError, match=r"a\.pdf holds no text: if it is scanned"):
        read(pdf([]))


@pytest.mark.parametrize("data", [b"not a pdf", b"%PDF-1.7\n", pdf([("x", 10)])[:60]])
def test_a_damaged_file_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(CorpusError, match=r"can't read a\.pdf as PDF"):
        read(data)
