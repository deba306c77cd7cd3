from pathlib import Path

import pytest

from corpus.page import CorpusError
from corpus.readers import read_source, read_sources

SENTENCE = "Det er en sætning.\n"


def test_pages_come_in_order_with_an_id_each_and_the_folder_s_own_files_stay_out(tmp_path: Path) -> None:
    (tmp_path / "under").mkdir()
    (tmp_path / ".skjult").mkdir()
    for name in ["b.txt", "a.txt", "under/a.txt", "README.md", "SOURCES.md", "readme.txt", ".skjult/c.txt", ".d.txt"]:
        (tmp_path / name).write_text(SENTENCE, encoding="utf-8")
    (tmp_path / "billede.png").write_bytes(b"\x89PNG\r\n")
    (tmp_path / "a.toml").write_text('url = "https://example.dk/a"\n', encoding="utf-8")
    pages = list(read_source(str(tmp_path)))
    assert [(page.id, page.url) for page in pages] == [("a", "https://example.dk/a"), ("b", ""), ("a-2", "")]


def test_a_folder_without_pages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no pages in the folder"):
        list(read_source(str(tmp_path)))


def test_a_page_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SENTENCE, encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(b"\x00\x01")
    with pytest.raises(CorpusError, match=r"b\.txt is not text"):
        list(read_source(str(tmp_path)))


@pytest.mark.parametrize("source", ["findes-ikke.txt", "/findes/ikke", "\0", "http:/x", "a" * 5000, "\ud800"])
def test_a_missing_source_is_told(source: str) -> None:
    with pytest.raises(CorpusError, match="no such file or folder"):
        list(read_source(source))


def test_an_empty_source_is_told() -> None:
    with pytest.raises(CorpusError, match="no source given"):
        list(read_source(" "))


def test_a_kind_without_a_reader_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"PK\x03\x04")
    with pytest.raises(CorpusError, match=r"no reader for .*a\.docx"):
        list(read_source(str(tmp_path / "a.docx")))


def test_ids_are_unique_across_sources(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SENTENCE, encoding="utf-8")
    assert [page.id for page in read_sources([str(tmp_path / "a.txt")] * 3)] == ["a", "a-2", "a-3"]
