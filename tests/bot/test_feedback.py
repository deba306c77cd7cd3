"""What is kept of a thumb, and in which files."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.feedback import Feedback, FeedbackError, FeedbackStore


def test_feedback_outlives_the_store_that_took_it(tmp_path: Path) -> None:
    path = tmp_path / "feedback.sqlite"
    FeedbackStore(path).add(Feedback("9f", True, "æøå 👍 '; --"))
    FeedbackStore(path).add(Feedback("0a", False))
    assert FeedbackStore(path).all() == [Feedback("9f", True, "æøå 👍 '; --"), Feedback("0a", False, "")]


def test_the_file_has_no_column_for_a_question(tmp_path: Path) -> None:
    path = tmp_path / "feedback.sqlite"
    FeedbackStore(path)
    with closing(sqlite3.connect(path)) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(feedback)")]
    assert columns == ["answer_id", "helpful", "comment", "at"]


def test_a_database_of_somebody_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    before = path.read_bytes()
    with pytest.raises(FeedbackError, match="format version 0"):
        FeedbackStore(path)
    assert path.read_bytes() == before


def test_another_format_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "feedback.sqlite"
    FeedbackStore(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 7")
    with pytest.raises(FeedbackError, match="format version 7"):
        FeedbackStore(path)


def test_a_file_that_is_no_database_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but long enough to be looked at as one. " * 20)
    with pytest.raises(FeedbackError) as error:
        FeedbackStore(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)
