import pytest

from corpus.encoding import decode
from corpus.page import CorpusError

DANISH = "Ærø har 3 færger – og »Ø-kortet« koster 50 €."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_danish_is_read_in_the_encodings_it_is_saved_in(encoding: str) -> None:
    assert decode(DANISH.encode(encoding), "a.txt") == DANISH


def test_latin_1_is_read() -> None:
    assert decode("blåbærgrød på Ærø".encode("latin-1"), "a.txt") == "blåbærgrød på Ærø"


def test_a_declared_encoding_is_used() -> None:
    assert decode("Łódź".encode("iso-8859-2"), "a.html", declared="iso-8859-2") == "Łódź"


@pytest.mark.parametrize("encoding", ["cp865", "mac_roman", "iso-8859-5", "koi8-r", "shift_jis"])
def test_an_encoding_that_cannot_be_told_is_refused(encoding: str) -> None:
    text = {"iso-8859-5": "Привет мир", "koi8-r": "Привет мир", "shift_jis": "こんにちは世界"}.get(
        encoding, "blåbærgrød på øen"
    )
    with pytest.raises(CorpusError, match=r"a\.txt is not UTF-8 .* save it as UTF-8"):
        decode(text.encode(encoding), "a.txt")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n", "a PNG image"),
        (b"\xff\xd8\xff\xe0", "a JPEG image"),
        (b"%PDF-1.7", "a PDF file"),
        (b"PK\x03\x04", "a ZIP file"),
        (b"abc\x00def", "NUL bytes"),
        ("uden mærke".encode("utf-16-le"), "NUL bytes"),
    ],
)
def test_a_file_that_is_not_text_is_refused_by_kind(data: bytes, kind: str) -> None:
    with pytest.raises(CorpusError, match=rf"a\.txt is not text .*{kind}"):
        decode(data, "a.txt")


@pytest.mark.parametrize("declared", ["findes-ikke", "ascii"])
def test_a_broken_declaration_does_not_break_the_reading(declared: str) -> None:
    assert decode("grød".encode("cp1252"), "a.html", declared=declared) == "grød"


def test_a_broken_mark_is_told() -> None:
    with pytest.raises(CorpusError, match="says it is utf-16"):
        decode(b"\xff\xfea", "a.txt")
