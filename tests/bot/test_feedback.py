"""What is kept of a thumb, and in which files."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from bot.desk import Desk
from bot.feedback import Feedback, FeedbackError, FeedbackStore
from bot.settings import Settings
from tests.fake_bot import FakeBot


def test_feedback_outlives_the_store_that_took_it(tmp_path: Path) -> None:
    path = tmp_path / "feedback.sqlite"
    FeedbackStore(path).add(Feedback("9f", True, "æøå 👍 '; --"))
    FeedbackStore(path).add(Feedback("0a", False))
    assert FeedbackStore(path).all() == [Feedback("9f", True, "æøå 👍 '; --"), Feedback("0a", False, "")]


def test_everything_known_of_an_answer_comes_back(tmp_path: Path) -> None:
    cited = (("side", "Et »citat«."), ("side", "Et til."))
    feedback = Feedback("9f", False, "Nej", "answered", cited, "Hvad?", ("Hvem?", "Hvor?"))
    store = FeedbackStore(tmp_path / "feedback.sqlite")
    store.add(feedback)
    assert store.all() == [feedback]


def test_a_file_of_format_1_is_kept_and_gets_what_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "feedback.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        columns = "(answer_id TEXT NOT NULL, helpful INTEGER NOT NULL, comment TEXT NOT NULL, at TEXT NOT NULL)"
        connection.execute(f"CREATE TABLE feedback {columns}")
        connection.execute("INSERT INTO feedback VALUES ('9f', 1, 'Tak', '2026-11-01T10:00:00+00:00')")
        connection.execute("PRAGMA user_version = 1")
    FeedbackStore(path).add(Feedback("0a", False, question="Hvad?"))
    assert FeedbackStore(path).all() == [Feedback("9f", True, "Tak"), Feedback("0a", False, question="Hvad?")]


def take(path: Path, *feedback: Feedback, question: str, **settings: bool) -> list[Feedback]:
    """What a desk keeps of feedback about its answer to a question."""

    async def work() -> None:
        desk = Desk(FakeBot(), Settings(feedback=path, **settings))  # type: ignore[arg-type]
        answer = await desk.ask(question, ("Hvad er det?",))
        for one in feedback:
            await desk.take_feedback(replace(one, answer_id=answer.id))

    anyio.run(work)
    return FeedbackStore(path).all()


def test_the_question_is_not_kept_unless_the_settings_say_so(tmp_path: Path) -> None:
    told = Feedback("", True, question="Hvor mange bøger kan jeg låne?", history=("Hemmelig?",))
    (kept,) = take(tmp_path / "f.sqlite", told, question="Hvor mange bøger kan jeg låne?")
    assert (kept.question, kept.history, kept.outcome) == ("", (), "answered")
    assert kept.cited[0] == ("bibliotek", "Du kan låne 40 bøger ad gangen.")
    assert b"kan jeg" not in (tmp_path / "f.sqlite").read_bytes()
    assert b"Hemmelig" not in (tmp_path / "f.sqlite").read_bytes()


def test_the_question_is_kept_where_the_settings_say_so(tmp_path: Path) -> None:
    question = "Hvor mange bøger kan jeg låne?"
    own = Feedback("", False, question="Hvor mange bøger?")
    kept = take(tmp_path / "f.sqlite", Feedback("", True), own, question=question, feedback_questions=True)
    assert [(one.question, one.history) for one in kept] == [(question, ("Hvad er det?",)), ("Hvor mange bøger?", ())]


def test_what_holds_personal_data_is_not_kept(tmp_path: Path) -> None:
    odd = Feedback("", False, "Jeg er 010190-1234", question="Jeg er 010190-1234, hvad koster det at aflevere?")
    (kept,) = take(tmp_path / "f.sqlite", odd, question="Hvad koster det at aflevere?", feedback_questions=True)
    assert (kept.comment, kept.question) == ("", "")


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
