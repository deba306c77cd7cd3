"""Files as sources: their bytes, their id, and the notes beside them.

A file `NAME.EXT` may have notes in `NAME.toml`, for what it can't say itself:

    url = "https://example.dk/om-os"    the page's public address
    title = "Om os"                     instead of the title found in the page
    fetched_at = 2026-11-23             a date or a time (UTC unless it says otherwise), instead of
                                        when the file was last changed
"""

import tomllib
import unicodedata
from datetime import UTC, date, datetime, time
from pathlib import Path

from corpus.blocks import Origin
from corpus.page import CorpusError

MAX_BYTES = 20_000_000
"""Largest source that is read, in bytes."""


def is_file(source: str, *endings: str) -> bool:
    """Whether the source is a file, not an address, with one of the endings (lower case, with the dot; "" is none)."""
    return not is_url(source) and Path(source).suffix.lower() in endings and not Path(source).is_dir()


def is_url(source: str) -> bool:
    """Whether the source is an address on the web."""
    return source.strip().lower().startswith(("http://", "https://"))


def read_bytes(source: str) -> bytes:
    """The file's bytes.

    :raises CorpusError: when there is no such file, it can't be read, is empty, or is over MAX_BYTES.
    """
    path = Path(source)
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise CorpusError(f"{path} is {size:,} bytes, and the limit is {MAX_BYTES:,}: give a smaller file")
        data = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"can't read {path}: {error.strerror or error}") from error
    if not data.strip():
        raise CorpusError(f"{path} is empty: give a file with text in it")
    return data


def origin_of(source: str) -> Origin:
    """What is known of the file: its notes, and what the file system knows where they are silent.

    Its id is its name without the ending, NFC.

    :raises CorpusError: when the notes aren't TOML, or hold an unknown key or a value of the wrong type.
    """
    path = Path(source)
    beside = path.with_suffix(".toml")
    values: dict[str, object] = {}
    if beside.is_file():
        try:
            values = tomllib.loads(beside.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CorpusError(f"can't read {beside}: {error}") from error
    unknown = sorted(set(values) - {"url", "title", "fetched_at"})
    if unknown:
        raise CorpusError(f"unknown key {unknown[0]!r} in {beside}: there are url, title and fetched_at")
    return Origin(
        id=unicodedata.normalize("NFC", path.stem),
        name=source,
        fetched_at=_moment(values.get("fetched_at", path.stat().st_mtime), beside),
        url=_string(values.get("url", ""), "url", beside),
        title=_string(values.get("title", ""), "title", beside),
    )


def _string(value: object, key: str, beside: Path) -> str:
    if not isinstance(value, str):
        raise CorpusError(f"{key} in {beside} is {value!r}: write it between quotation marks")
    return value


def _moment(value: object, beside: Path) -> datetime:
    match value:
        case datetime():
            return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
        case date():
            return datetime.combine(value, time(), UTC)
        case int() | float() if not isinstance(value, bool):
            return datetime.fromtimestamp(int(value), UTC)
        case _:
            raise CorpusError(f"fetched_at in {beside} is {value!r}: write a date, such as 2026-11-23, without quotes")
