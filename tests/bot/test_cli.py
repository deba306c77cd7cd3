"""The command line, as its users run it, with the test's own small pages and a fake embedder."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import cli

PAGE = "Åbningstider\n\nBiblioteket har åbent til kl. 16 om lørdagen.\n\nDu kan ringe til os.\n"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "bibliotek.txt"
    file.write_text(PAGE, encoding="utf-8")
    return file


def run(*arguments: str | Path, stdin: str = "") -> Result:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments], input=stdin)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def test_build_tells_what_changed(page: Path, index: Path) -> None:
    first = json.loads(run("build", page, "--index", index).stdout)
    assert first["added"] == ["bibliotek"]
    assert first["sentences"] == 2
    second = json.loads(run("build", page, "--index", index).stdout)
    assert second["unchanged"] == ["bibliotek"]
    page.write_text(PAGE + "\nVi holder lukket i juli.\n", encoding="utf-8")
    third = json.loads(run("build", page, "--index", index).stdout)
    assert third["changed"] == ["bibliotek"]
    assert third["sentences"] == 3


def test_ask_builds_what_is_missing_and_stale(page: Path, index: Path) -> None:
    asked = ("ask", "Hvornår har biblioteket åbent?", "--source", page, "--index", index, "--json")
    assert "kl. 16" in json.loads(run(*asked).stdout)["answer"]
    page.write_text(PAGE.replace("kl. 16", "kl. 18"), encoding="utf-8")
    assert "kl. 18" in json.loads(run(*asked).stdout)["answer"]


def test_ask_for_people_is_plain_text(page: Path, index: Path) -> None:
    result = run("ask", "Hvornår har biblioteket åbent?", "--source", page, "--index", index)
    assert result.stdout.count("Biblioteket har åbent til kl. 16 om lørdagen.") == 2
    assert "Kilder:" in result.stdout


def test_a_damaged_index_is_built_again(page: Path, index: Path) -> None:
    run("build", page, "--index", index)
    (index / "manifest.json").write_text("{")
    result = run("ask", "Hvornår er der åbent?", "--source", page, "--index", index, "--json")
    assert result.exit_code == 0
    assert json.loads((index / "manifest.json").read_text())["format"]


def test_batch_reads_stdin_and_writes_a_line_an_answer(page: Path, index: Path) -> None:
    rows = '{"question": "Hej", "id": 1}\n{"question": "Hvornår er der åbent?", "id": 2}\n'
    result = run("ask", "--batch", "-", "--source", page, "--index", index, stdin=rows)
    assert [json.loads(line)["row"]["id"] for line in result.stdout.splitlines()] == [1, 2]


def test_explain_shows_every_candidate(page: Path, index: Path) -> None:
    result = run("ask", "Hvornår har biblioteket åbent?", "--explain", "--source", page, "--index", index)
    candidates = json.loads(result.stdout)["parts"][0]["candidates"]
    assert [candidate["used"] for candidate in candidates] == ["cited", "outscored"]
    shares = [candidate["share"] for candidate in candidates]
    assert sum(shares) == pytest.approx(1, abs=0.01)
    assert candidates[0]["why"] == f"Brugt: den har {shares[0]:.2f} af chancen blandt de læste sætninger."
    assert candidates[1]["why"].startswith("Ikke brugt: ")


def test_explain_says_that_a_question_was_refused(page: Path, index: Path) -> None:
    result = run("ask", "asdf qwer zxcv", "--explain", "--source", page, "--index", index)
    assert result.exit_code == 0, result.output
    part = json.loads(result.stdout)["parts"][0]
    assert part["decision"].startswith("Afvist")
    assert {candidate["used"] for candidate in part["candidates"]} == {"refused"}
    assert part["candidates"][0]["why"] == "Ikke brugt: spørgsmålet blev afvist."


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("ask", "Hej", "--source", "findes/ikke.txt"), "no such file"),
        (("ask", "Hej", "--embedder", "magi"), "unknown name 'magi' among the embedders"),
        (("ask", "Hej", "--embedder", "firma/mangler"), "hf download"),
        (("ask", "Hej", "--answerer", "magi"), "unknown name 'magi' among the answerers"),
        (("build", "findes/ikke.txt"), "no such file"),
        (("ask", "--batch", "findes-ikke.jsonl"), "can't be read"),
    ],
)
def test_an_expected_failure_is_one_line_and_status_one(index: Path, arguments: tuple[str, ...], told: str) -> None:
    result = run(*arguments, "--index", index)
    assert result.exit_code == 1
    assert told in result.stderr
    assert result.stderr.strip().splitlines()[-1].startswith("sidesvar: ")
    assert result.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask",),
        ("ask", "Hej", "--batch", "x"),
        ("serve", "--port", "99999"),
        ("nej",),
        ("ask", "--batch", "x", "--explain"),
    ],
)
def test_wrong_usage_is_status_two(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2
