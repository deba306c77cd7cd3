"""Many questions at once: JSON Lines in, one Answer a line out, in order."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bot.bot import Bot

MAX_LINE_CHARS = 1_000_000


class BatchError(Exception):
    """A file of questions that can't be read; the message names the line."""


def read_rows(file: str) -> Iterator[dict[str, Any]]:
    """The rows of a JSON Lines file, or of stdin for "-", read as they are asked for; empty lines are skipped.

    :raises BatchError: when the file can't be read, or a row is not an object with a `question`.
    """
    if file == "-":
        yield from _rows(sys.stdin, "stdin")
        return
    try:
        with Path(file).open(encoding="utf-8-sig") as lines:
            yield from _rows(lines, file)
    except OSError as error:
        raise BatchError(f"{file} can't be read ({error.strerror}): give a JSON Lines file, or - for stdin") from error
    except UnicodeDecodeError as error:
        raise BatchError(f"{file} is not UTF-8 text (byte {error.start}): save it as UTF-8") from error


def _rows(lines: Iterable[str], name: str) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise BatchError(f"{name} line {number} is not JSON: each line must be one object") from error
        if not isinstance(row, dict) or not isinstance(row.get("question"), str):
            raise BatchError(f'{name} line {number} has no "question" text: each line must be one object with it')
        history = row.get("history") or []
        if not isinstance(history, list) or not all(isinstance(entry, str) for entry in history):
            raise BatchError(f'{name} line {number}: "history" must be a list of texts, oldest first')
        yield row


def answer_rows(bot: Bot, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each row's Answer as JSON, with the row's other fields under `row`."""
    for row in rows:
        answer = bot.ask(row["question"], row.get("history") or [])
        others = {name: value for name, value in row.items() if name not in ("question", "history")}
        yield answer.to_json() | {"row": others}
