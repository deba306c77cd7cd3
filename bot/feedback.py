"""Thumbs and comments, kept in SQLite only where the site's owner asks for it.

A row holds the answer's id, the thumb, the comment, the time, and what the answer cited: never who asked, and the
question only where `Settings.feedback_questions` says so, which is for `bot.desk` to see to.
"""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

FORMAT_VERSION = 2
MAX_COMMENT_CHARS = 1000
_MADE_IN_2 = ("outcome", "cited", "question", "history")


class FeedbackError(Exception):
    """A feedback file that can't be used; the message says which, why, and what to do."""


@dataclass(frozen=True)
class Feedback:
    """One thumb about one answer.

    :param answer_id: `Answer.id`: hexadecimal digits.
    :param comment: at most `MAX_COMMENT_CHARS` characters; "" when the visitor wrote none.
    :param outcome: the answer's outcome, "" when it is not known any more.
    :param cited: page id and quote of each citation, best first.
    :param question: "" when it is not to be kept, or not known; `history` the earlier ones, oldest first.
    """

    answer_id: str
    helpful: bool
    comment: str = ""
    outcome: str = ""
    cited: tuple[tuple[str, str], ...] = ()
    question: str = ""
    history: tuple[str, ...] = ()


class FeedbackStore:
    """A SQLite file of feedback; each call opens and closes it, so that any thread or process may write."""

    def __init__(self, path: Path) -> None:
        """Open `path`, or make it with its folder; a file of format 1 gets the columns it lacks.

        :raises FeedbackError: when the file is not this project's, or of another format version.
        """
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._connect()) as connection, connection:
                connection.execute("BEGIN IMMEDIATE")  # workers that start together make the file one after another
                version = connection.execute("PRAGMA user_version").fetchone()[0]
                tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
                if version not in (1, FORMAT_VERSION) and (version or tables):
                    raise FeedbackError(
                        f"{path} has format version {version}, this program writes {FORMAT_VERSION}: name another file"
                    )
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS feedback"
                    " (answer_id TEXT NOT NULL, helpful INTEGER NOT NULL, comment TEXT NOT NULL, at TEXT NOT NULL)"
                )
                if version != FORMAT_VERSION:
                    for name in _MADE_IN_2:
                        connection.execute(f"ALTER TABLE feedback ADD COLUMN {name} TEXT NOT NULL DEFAULT ''")
                connection.execute(f"PRAGMA user_version = {FORMAT_VERSION}")
        except (OSError, sqlite3.Error) as error:
            raise FeedbackError(f"cannot keep feedback in {path} ({error}): name a file that can be written") from error

    def add(self, feedback: Feedback) -> None:
        """Keep one thumb."""
        row = (
            feedback.answer_id,
            feedback.helpful,
            feedback.comment,
            datetime.now(UTC).isoformat(timespec="seconds"),
            feedback.outcome,
            _as_json(feedback.cited),
            feedback.question,
            _as_json(feedback.history),
        )
        with closing(self._connect()) as connection, connection:
            connection.execute("INSERT INTO feedback VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

    def all(self) -> list[Feedback]:
        """Everything kept, oldest first."""
        columns = "answer_id, helpful, comment, outcome, cited, question, history"
        with closing(self._connect()) as connection:
            rows = connection.execute(f"SELECT {columns} FROM feedback ORDER BY rowid").fetchall()
        return [
            Feedback(
                answer_id,
                bool(helpful),
                comment,
                outcome,
                tuple((page, quote) for page, quote in json.loads(cited or "[]")),
                question,
                tuple(json.loads(history or "[]")),
            )
            for answer_id, helpful, comment, outcome, cited, question, history in rows
        ]

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=5)


def _as_json(values: tuple[object, ...]) -> str:
    return json.dumps(values, ensure_ascii=False) if values else ""
