"""Feedback made into drafts, and drafts that no figure counts until somebody has judged them."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.evaluate import QuestionFileError
from bot.evaluate.drafts import draft_questions
from bot.evaluate.questions import read_questions
from bot.feedback import Feedback, FeedbackStore
from tests.fakes import make_page

PAGE = make_page("Siden", "Kontoret har åbent kl. 9–15.", id="side", headings=("Siden",))
GOOD = Feedback(
    "ab12", True, "", "answered", (("side", "Kontoret har åbent kl. 9–15."),), "Hvornår er der åbent?", ("Hej?",)
)


def test_a_helpful_answer_brings_its_evidence_and_another_does_not() -> None:
    refused = Feedback("cd", False, "Jo, der gør!", "not_on_page", (), "Hvad koster det?")
    drafts = draft_questions([GOOD, replace(GOOD, answer_id="ef", helpful=False), refused])
    first, second, third = drafts.rows
    assert (first["answerable"], first["evidence"], first["history"]) == (True, [GOOD.cited[0][1]], ["Hej?"])
    assert (second["answerable"], second["evidence"]) == (True, [])
    assert (third["answerable"], third["evidence"], third["comment"]) == (False, [], "Jo, der gør!")
    assert len({row["id"] for row in drafts.rows}) == 3
    assert "ikke nyttigt" in third["to_judge"]


def test_a_comment_joins_its_thumb_and_a_changed_mind_counts() -> None:
    (draft,) = draft_questions([replace(GOOD, helpful=False), replace(GOOD, comment="Fint"), GOOD]).rows
    assert (draft["comment"], draft["evidence"]) == ("Fint", [GOOD.cited[0][1]])


def test_what_has_no_question_is_counted_only() -> None:
    drafts = draft_questions([replace(GOOD, question="", history=()), GOOD])
    assert (len(drafts.rows), drafts.without_question) == (1, 1)


def test_drafts_are_passed_over_until_they_are_judged(tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    (row,) = draft_questions([GOOD]).rows
    file.write_text(json.dumps(row) + "\n", "utf-8")
    with pytest.raises(QuestionFileError, match="1 wait to be judged"):
        read_questions(file, lambda: (PAGE,))
    judged = {name: value for name, value in row.items() if name != "to_judge"} | {"id": "judged"}
    file.write_text(json.dumps(row) + "\n" + json.dumps(judged) + "\n", "utf-8")
    questions = read_questions(file, lambda: (PAGE,))
    assert (questions.count, questions.waiting, questions.unfound) == (1, 1, ())


def test_the_command_prints_drafts(tmp_path: Path) -> None:
    file = tmp_path / "f.sqlite3"
    store = FeedbackStore(file)
    store.add(GOOD)
    store.add(Feedback("99", True))
    result = CliRunner().invoke(app, ["evaluate", "feedback", str(file)])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["question"] == GOOD.question
    assert result.stderr.startswith("1 drafts; 1 thumbs have no question")
    missing = CliRunner().invoke(app, ["evaluate", "feedback", str(tmp_path / "nej")])
    assert (missing.exit_code, missing.stdout) == (1, "")
    assert "is no file of feedback" in missing.stderr
