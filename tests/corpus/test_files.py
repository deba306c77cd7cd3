from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from corpus import files
from corpus.files import origin_of, read_bytes
from corpus.page import CorpusError


def test_notes_say_what_the_file_cannot(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    (tmp_path / "a.toml").write_text(
        'url = "https://example.dk/a"\ntitle = "Ærø"\nfetched_at = 2026-11-23T12:00:00+01:00\n', encoding="utf-8"
    )
    notes = origin_of(str(tmp_path / "a.txt"))
    assert (notes.url, notes.title) == ("https://example.dk/a", "Ærø")
    assert notes.fetched_at == datetime(2026, 11, 23, 12, tzinfo=timezone(timedelta(hours=1)))
    assert notes.fetched_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("titel = 'x'", "unknown key 'titel'"),
        ("title = 3", "title in .* is 3"),
        ("fetched_at = 'i går'", "fetched_at in .* 'i går'"),
        ("url = ", "can't read"),
    ],
)
def test_wrong_notes_are_told(toml: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    (tmp_path / "a.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(CorpusError, match=message):
        origin_of(str(tmp_path / "a.txt"))


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "stor.txt"
    with path.open("wb") as file:
        file.truncate(files.MAX_BYTES + 1)
    with pytest.raises(CorpusError, match=r"stor\.txt is 20,000,001 bytes, and the limit is 20,000,000"):
        read_bytes(str(path))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"can't read .*ingen"):
        read_bytes(str(tmp_path / "ingen.txt"))
