"""The reader's steps as a person runs them, from questions to the reader that ships."""

import json
from pathlib import Path

from safetensors.torch import save_file
from typer.testing import CliRunner

from index.packing import SentenceContext
from index.reader import load_reader
from index.train.__main__ import app
from index.train.reader import read_checkpoint, read_reader
from index.train.reader_data import training_examples
from tests.index.tiny_reader import BERT_CONFIG, make_network, save_tokenizer


def run(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def write_data(folder: Path) -> Path:
    (folder / "pages").mkdir(parents=True)
    (folder / "eval").mkdir()
    sections = [{"heading": "the", "sentences": ["Bogen koster 200 kr .", "Vi åbner klokken ti .", "Kaffe i køkken ."]}]
    questions = [{"kind": "direct", "q": "Hvad koster bogen ?", "answer": "200 kr", "evidence": [[0, 0]]}]
    pages = [{"id": f"side-{n}", "title": "gaden", "sections": sections, "questions": questions} for n in range(30)]
    (folder / "pages" / "train.jsonl").write_text("".join(json.dumps(page) + "\n" for page in pages))
    (folder / "eval" / "squad2-da-dev.json").write_text(json.dumps({"data": []}))
    (folder / "own.jsonl").write_text(json.dumps(pages[0] | {"id": "egen-1"}) + "\n")
    return folder


def write_encoder(folder: Path) -> Path:
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(BERT_CONFIG))
    save_file(make_network().state_dict(), folder / "model.safetensors")
    save_tokenizer(folder)
    return folder


def test_the_steps_make_a_reader_that_loads(tmp_path: Path) -> None:
    data, encoder, out = write_data(tmp_path / "data"), write_encoder(tmp_path / "encoder"), tmp_path / "out"
    common = ("--encoder", encoder, "--out", out)
    told = run("reader", *common, "--data", data, "--own-pages", data / "own.jsonl", "--epochs", "1", "--threads", "1")
    assert json.loads(told)["epoch"] == 1
    assert (
        json.loads(run("pack-reader", *common, "--to", tmp_path / "models" / "tiny", "--search", "0.5"))["megabytes"]
        < 1
    )
    reader = load_reader("tiny", folder=tmp_path / "models")
    assert reader.fusion.search == 0.5
    assert reader.score("Hvad koster bogen ?", [SentenceContext("Bogen koster 200 kr .")]).shape == (1,)


def test_a_run_begins_with_the_weights_of_another(tmp_path: Path) -> None:
    data, encoder, first, second = (tmp_path / name for name in ("data", "encoder", "first", "second"))
    write_data(data)
    common = ("--encoder", write_encoder(encoder), "--data", data, "--own-pages", data / "own.jsonl", "--threads", "1")
    run("reader", *common, "--out", first, "--epochs", "1")
    start = first / "checkpoint.safetensors"
    run("reader", *common, "--out", second, "--epochs", "1", "--minutes", "1e-9", "--start", start)
    assert read_checkpoint(second / "checkpoint.safetensors")[1]["step"] > 0
    begun, went_on = read_reader(start).state_dict(), read_reader(second / "checkpoint.safetensors").state_dict()
    assert all((went_on[name] == tensor).all() for name, tensor in begun.items())


def test_the_held_out_half_of_squad_is_what_training_leaves_out(tmp_path: Path) -> None:
    data = write_data(tmp_path / "data")
    paragraph = {"context": "Kaffe koster ti kroner.", "qas": [{"id": "1", "question": "Hvad?", "is_impossible": True}]}
    titles = [f"Artikel {number}" for number in range(20)]
    articles = [{"title": title, "paragraphs": [paragraph]} for title in titles]
    (data / "eval" / "squad2-da-dev.json").write_text(json.dumps({"data": articles}))
    told = json.loads(run("held-out", tmp_path / "half.json", "--data", data))
    kept = {article["title"] for article in json.loads((tmp_path / "half.json").read_text())["data"]}
    train, _ = training_examples(data, [])
    assert told == {"articles": len(kept), "questions": len(kept)}
    assert 0 < len(kept) < 20
    assert {example.page.rpartition(":")[0] for example in train if example.kind == "squad_near"} == set(titles) - kept
