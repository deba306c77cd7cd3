"""The steps as a person runs them, from the data folder to the model that ships."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from index.embedders import bundled
from index.train.__main__ import app
from index.train.encoder import Encoder


def run(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_steps_make_a_model_that_the_embedder_loads(
    data: Path, teacher: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, models = tmp_path / "out", tmp_path / "models"
    teacher.save(tmp_path / "teacher")
    common = ("--data", data, "--out", out, "--teacher", tmp_path / "teacher")
    run("vocabulary", *common)
    run("align", *common)
    run("distil", *common, "--steps", "2", "--device", "cpu")
    run("contrast", *common, "--steps", "2", "--device", "cpu")
    assert json.loads(run("pack", "--out", out, "--to", models / "tiny"))["megabytes"] < 1
    monkeypatch.setattr(bundled, "MODELS", models)
    texts = ["sun moon", "xsun xmoon"]
    vectors = np.asarray(bundled.load("tiny").embed_documents(texts))
    assert vectors == pytest.approx(Encoder.load(out / "finished")(texts).detach().numpy(), abs=0.02)


def test_leakage_exits_with_1_when_a_text_is_in_both(data: Path) -> None:
    assert json.loads(run("leakage", "--data", data))["both"] == []
    (data / "eval" / "tatoeba-1000.tsv").write_text("Mange tak for ordet.\tx\n")
    assert CliRunner().invoke(app, ["leakage", "--data", str(data)]).exit_code == 1
