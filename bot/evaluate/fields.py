"""Rows and fields of question files: what is there, or one line that says what is wrong and where."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.evaluate import QuestionFileError

Fields = dict[str, Any]


def read_text(file: Path) -> str:
    """The whole file.

    :raises QuestionFileError: when it can't be read or isn't UTF-8.
    """
    return "".join(_lines(file))


def first_line(file: Path) -> str:
    """The first line that isn't blank, or "" for an empty file."""
    return next((line for line in _lines(file) if line.strip()), "")


def read_rows(file: Path) -> Iterator[tuple[str, Fields]]:
    """Each line's object, and its place for messages ("name:line"). Blank lines are passed over."""
    for number, line in enumerate(_lines(file), 1):
        if line.strip():
            place = f"{file.name}:{number}"
            yield place, as_fields(parse(line.rstrip("\r\n"), place), place)


def _lines(file: Path) -> Iterator[str]:
    try:
        with file.open(encoding="utf-8-sig") as lines:
            yield from lines
    except OSError as error:
        raise QuestionFileError("unreadable", file, reason=error.strerror) from error
    except UnicodeDecodeError as error:
        raise QuestionFileError("not_utf8", file) from error


def parse(text: str, place: str) -> Any:
    """The JSON value of a text."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise QuestionFileError("not_json", place, reason=error.msg, column=error.colno) from error
    except RecursionError as error:
        raise QuestionFileError("too_deep", place) from error


def as_fields(value: Any, place: str) -> Fields:
    """The value, which must be an object."""
    if not isinstance(value, dict):
        raise QuestionFileError("no_object", place, value=_short(value))
    return value


def entries(row: Fields, name: str, place: str) -> list[Any]:
    """A list, empty when the field is missing."""
    value = row.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise QuestionFileError("no_list", place, name=name, value=_short(value))
    return value


def texts(row: Fields, name: str, place: str) -> tuple[str, ...]:
    """A list of texts, empty when the field is missing."""
    return as_texts(entries(row, name, place), name, place)


def as_texts(values: Any, name: str, place: str) -> tuple[str, ...]:
    """The value, which must be a list of texts that aren't blank."""
    if not isinstance(values, list):
        raise QuestionFileError("no_texts", place, name=name, value=_short(values))
    return tuple(_as_text(value, name, place) for value in values)


def text(row: Fields, name: str, place: str) -> str:
    """A text that must be there and not be blank."""
    if row.get(name) is None:
        raise QuestionFileError("missing", place, name=name)
    return _as_text(row[name], name, place)


def optional_text(row: Fields, name: str, place: str) -> str:
    """A text, "" when the field is missing or blank."""
    value = row.get(name)
    return "" if value is None or value == "" else _as_text(value, name, place)


def _as_text(value: Any, name: str, place: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise QuestionFileError("no_text", place, name=name, value=_short(value))
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise QuestionFileError("half_character", place, name=name) from error
    return value


def _short(value: Any) -> str:
    return json.dumps(value)[:60]
