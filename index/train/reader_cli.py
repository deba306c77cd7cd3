"""The reader's commands of `python -m index.train`; `index.train.__main__` adds them to its own."""

import json
import math
import random
from pathlib import Path
from typing import Annotated

import typer

Out = Annotated[Path, typer.Option(help="Folder for the run")]
Encoder = Annotated[Path, typer.Option(help="A BERT checkpoint's folder, with its tokenizer.json")]
OwnPages = Annotated[Path, typer.Option(help="The project's own pages with questions")]

OUT = Path("runs/reader")
OWN_PAGES = Path("index/train/pages.jsonl")
ENCODER = Path("runs/embedder/distilled")
# Tuning questions that are measured after each epoch.
_WATCHED = 150


def reader(
    data: Annotated[Path, typer.Option(help="Folder of the training data")] = Path("../shared/data"),
    own_pages: OwnPages = OWN_PAGES,
    encoder: Encoder = ENCODER,
    out: Out = OUT,
    epochs: Annotated[int, typer.Option(help="Times through the questions")] = 4,
    minutes: Annotated[float, typer.Option(help="Most minutes to train for")] = math.inf,
    threads: Annotated[int, typer.Option(help="Threads to train with")] = 2,
    most_pages: Annotated[int | None, typer.Option(help="Train on that many pages alone: a learning curve")] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same batches")] = 5,
    start: Annotated[Path | None, typer.Option(help="Begin with the weights of another run's checkpoint")] = None,
) -> None:
    """Train the reader, going on from a checkpoint (an hour on two cores); prints the last measures as JSON."""
    import torch
    from tokenizers import Tokenizer

    from index.train.reader import Schedule, encoder_from, read_reader, train_reader
    from index.train.reader_data import training_examples

    torch.set_num_threads(threads)
    schedule = Schedule(epochs=epochs, minutes=minutes, seed=seed)
    train, tune = training_examples(data, [own_pages], most_pages=most_pages)
    random.Random(seed).shuffle(tune)
    dropout = schedule.dropout
    network = read_reader(start, dropout) if start else encoder_from(encoder, dropout=dropout)
    tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    rows = train_reader(network, tokenizer, train, tune[:_WATCHED], schedule, out)
    typer.echo(json.dumps(rows[-1]))


def held_out(
    to: Annotated[Path, typer.Argument(help="New file, for `python -m bot evaluate answers`")],
    data: Annotated[Path, typer.Option(help="Folder of the training data")] = Path("../shared/data"),
) -> None:
    """Write the half of SQuAD 2.0-da dev that the reader is not trained on, and print its size."""
    from index.train.reader_data import is_reported_article

    squad = json.loads((data / "eval" / "squad2-da-dev.json").read_text(encoding="utf-8"))
    squad["data"] = [article for article in squad["data"] if is_reported_article(article["title"])]
    to.write_text(json.dumps(squad, ensure_ascii=False), encoding="utf-8")
    questions = sum(len(paragraph["qas"]) for article in squad["data"] for paragraph in article["paragraphs"])
    typer.echo(json.dumps({"articles": len(squad["data"]), "questions": questions}))


def pack_reader(
    out: Out = OUT,
    encoder: Encoder = ENCODER,
    to: Annotated[Path, typer.Option(help="Folder of the model that ships")] = Path("index/models/reader-da-en"),
    search: Annotated[float, typer.Option(help="Weight of the search's score beside the reader's logit")] = 0.0,
) -> None:
    """Write the reader that ships, in 8 bits and with checksums; fit the gate after it: `python -m bot.calibrate`."""
    from index.reader import Fusion
    from index.train.reader import read_reader
    from index.train.reader_batches import MAX_TOKENS
    from index.train.reader_export import export_reader

    network = read_reader(out / "checkpoint.safetensors")
    export_reader(network, encoder / "tokenizer.json", to, max_tokens=MAX_TOKENS, fusion=Fusion(search=search))
    size = sum(path.stat().st_size for path in to.iterdir())
    typer.echo(json.dumps({"folder": str(to), "megabytes": round(size / 1e6, 1)}))
