"""`python -m bot evaluate`, as it is called: JSON on stdout, one line for a failure, the exit status."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.evaluate.sweep import read_variants
from tests.fakes import HashEmbedder

PAGE = """# Kontoret

Kontoret har åbent fra klokken 9 til 15 på hverdage.

Telefonen er lukket om onsdagen, men post bliver læst hver dag.
"""
ROWS = [
    {"id": "1", "question": "Hvornår har kontoret åbent?", "kind": "direct", "answerable": True,
     "evidence": ["Kontoret har åbent fra klokken 9 til 15 på hverdage."], "facts": [["9 til 15"]], "split": "tune"},
    {"id": "2", "question": "Hvad koster en vielse i Paris?", "kind": "off", "answerable": False, "split": "report"},
]  # fmt: skip


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("index.embedders.load_embedder", lambda spec: HashEmbedder(name=spec))
    monkeypatch.setattr("bot.evaluate.bots.load_embedder", lambda spec: HashEmbedder(name=spec))
    (tmp_path / "kontor.md").write_text(PAGE, "utf-8")
    (tmp_path / "q.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), "utf-8")
    return tmp_path


def call(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["evaluate", *map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


def test_answers_prints_figures_and_writes_three_files(files: Path) -> None:
    out = files / "ud"
    status, stdout, stderr = call(
        "answers", files / "q.jsonl", "--source", files / "kontor.md", "--out", out, "--gate", "quotes_verbatim>=1"
    )
    assert status == 0, stderr
    printed = json.loads(stdout)
    assert printed["questions"] == 2
    assert printed["figures"]["evidence_at_1"]["value"] == 1.0
    assert set(printed["by_kind"]) == {"direct", "off"}
    assert printed["gates"] == [{"gate": "quotes_verbatim>=1", "value": 1.0, "met": True}]
    assert "asking: 2 of 2" in stderr
    assert "gates met: quotes_verbatim>=1 (is 1)" in stderr
    assert sorted(file.name for file in out.iterdir()) == ["report.html", "report.md", "run.json"]

    again = call("answers", files / "q.jsonl", "--source", files / "kontor.md", "--baseline", out / "run.json")
    assert json.loads(again[1])["comparison"]["differences"]["evidence_at_1"]["value"] == 0.0


def test_a_missed_gate_ends_with_1_after_the_figures(files: Path) -> None:
    status, stdout, stderr = call(
        "answers", files / "q.jsonl", "--source", files / "kontor.md", "--split", "tune", "--gate", "latency_ms.p95<0"
    )
    assert status == 1
    assert json.loads(stdout)["questions"] == 1
    assert stderr.strip().splitlines()[-1].startswith("sidesvar: gates not met: latency_ms.p95<0 (is ")


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["answers", "nej.jsonl"], 1, "sidesvar: nej.jsonl can't be read"),
        (["answers", "q.jsonl", "--gate", "nothing>=1"], 2, "there is no figure"),
        (["answers", "q.jsonl", "--baseline", "nej.json"], 1, "nej.json can't be read"),
        (["answers", "q.jsonl", "--source", "nej.md"], 1, "nej.md"),
        (["retrieval", "nej"], 1, "nej is no folder"),
        (["sweep", "q.jsonl", "--set", "nothing=1"], 2, "is no NAME=VALUE"),
    ],
)
def test_failures_are_one_line(
    files: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], status: int, says: str
) -> None:
    monkeypatch.chdir(files)
    ended, stdout, stderr = call(*arguments)
    assert (ended, stdout) == (status, "")
    assert says in " ".join(stderr.replace("│", "").split())
    if status == 1:
        assert len(stderr.strip().splitlines()) == 1


def test_a_sweep_puts_variants_side_by_side(files: Path) -> None:
    status, stdout, stderr = call(
        "sweep", files / "q.jsonl", "--source", files / "kontor.md", "--split", "all", "--out", files / "ud",
        "--embedder", "a", "--embedder", "b",
    )  # fmt: skip
    assert status == 0, stderr
    first, second = json.loads(stdout)["variants"]
    assert first["variant"] == {"embedder": "a"}
    assert first["difference"] is None
    assert second["difference"]["evidence_at_1"]["value"] == 0.0
    assert (files / "ud" / "sweep.md").read_text("utf-8").count("\n") == 4


def test_variants_are_every_combination() -> None:
    assert read_variants([], [], []) == [{}]
    assert read_variants(["a", "b"], [], ["max_history=0,6"]) == [
        {"embedder": "a", "max_history": "0"},
        {"embedder": "a", "max_history": "6"},
        {"embedder": "b", "max_history": "0"},
        {"embedder": "b", "max_history": "6"},
    ]


def beir(folder: Path, qrels: str = "query-id\tcorpus-id\tscore\nq\td1\t1\n") -> Path:
    (folder / "qrels").mkdir()
    (folder / "qrels" / "test.tsv").write_text(qrels, "utf-8")
    documents = [
        {"_id": f"d{number}", "title": "", "text": text} for number, text in enumerate(["Om kager.", "Om både.", ""])
    ]
    (folder / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in documents), "utf-8")
    (folder / "queries.jsonl").write_text('{"_id": "q", "text": "både"}\n{"_id": "udømt", "text": "x"}\n', "utf-8")
    (folder / "queries.en.jsonl").write_text('{"_id": "q", "text": "kager"}\n', "utf-8")
    return folder


def test_retrieval_measures_each_way_of_searching(files: Path) -> None:
    folder = beir(files)
    status, stdout, stderr = call("retrieval", folder)
    assert status == 0, stderr
    printed = json.loads(stdout)
    assert (printed["documents"], printed["queries"]) == (3, 1)
    for way in ("lexical", "dense", "hybrid", "reranked"):
        assert printed[way]["nDCG@10"] == printed[way]["recall@1"] == printed[way]["MRR@10"] == 1.0
    other = json.loads(call("retrieval", folder, "--queries", "queries.en.jsonl")[1])
    assert other["lexical"]["MRR@10"] == 0.5


def test_retrieval_without_a_reader_has_nothing_reranked(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIDESVAR_READER", "")
    assert json.loads(call("retrieval", beir(files))[1])["reranked"] is None


@pytest.mark.parametrize(
    ("qrels", "says"),
    [("q\td9\t1\n", "judges 'd9'"), ("q d1 1\n", "is not query<TAB>"), ("", "has no query that qrels")],
)
def test_wrong_judgements_are_told_of(files: Path, qrels: str, says: str) -> None:
    status, _, stderr = call("retrieval", beir(files, qrels))
    assert status == 1
    assert says in stderr
