"""`python -m bot evaluate`: answers, retrieval, sweep, feedback. JSON goes to stdout, progress to stderr."""

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from bot.evaluate import EvaluationError
from bot.evaluate.questions import Split

app = typer.Typer(help="Measure the answers, or the search, on questions with known answers.", no_args_is_help=True)

FileArgument = Annotated[
    Path, typer.Argument(help="Questions: JSON Lines, pages with questions, SQuAD 2.0 JSON, or a folder of JSON Lines.")
]
SourceOption = Annotated[
    list[str] | None, typer.Option("--source", help="File, folder, URL or sitemap URL the questions are about.")
]
OutOption = Annotated[Path | None, typer.Option("--out", help="Folder for run.json, report.html and report.md.")]
SplitOption = Annotated[Split, typer.Option("--split", help="Which of the questions: tune, report or all.")]
EmbedderOption = Annotated[str | None, typer.Option("--embedder", help="KIND or KIND:MODEL, or a model's folder.")]
AnswererOption = Annotated[str | None, typer.Option("--answerer", help="extractive, or KIND:MODEL.")]
GateOption = Annotated[
    list[str] | None,
    typer.Option("--gate", metavar="NAME>=VALUE", help="A bound that a figure must keep; may be repeated."),
]


@app.command()
def answers(
    file: FileArgument,
    source: SourceOption = None,
    out: OutOption = None,
    baseline: Annotated[Path | None, typer.Option("--baseline", help="An earlier run.json to compare with.")] = None,
    gate: GateOption = None,
    ragas: Annotated[
        Path | None, typer.Option("--ragas", help="Also write the answers for Ragas, as JSON Lines.")
    ] = None,
    split: SplitOption = "all",
    embedder: EmbedderOption = None,
    answerer: AnswererOption = None,
) -> None:
    """Ask the questions and measure the answers."""
    from bot.cli import expected_failures, print_json, settings_from
    from bot.evaluate.evaluation import Wanted, evaluate
    from bot.evaluate.gates import read_gate

    try:
        gates = [read_gate(text) for text in gate or []]
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    settings = settings_from(source=source, embedder=embedder, answerer=answerer)
    wanted = Wanted(file, split=split, out=out, baseline=baseline, gates=gates, ragas=ragas)
    with expected_failures():
        summary = evaluate(settings, wanted, Progress())
        print_json(summary)
        missed = [f"{row['gate']} (is {row['value']})" for row in summary["gates"] if not row["met"]]
        if missed:
            raise EvaluationError(f"gates not met: {', '.join(missed)}")
        if gates:
            kept = ", ".join(f"{row['gate']} (is {row['value']:.4g})" for row in summary["gates"])
            typer.echo(f"gates met: {kept}", err=True)


@app.command()
def retrieval(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A BEIR folder: corpus.jsonl, queries.jsonl, qrels.")],
    queries: Annotated[Path | None, typer.Option("--queries", help="Another query file.")] = None,
    embedder: EmbedderOption = None,
) -> None:
    """Index a BEIR folder in memory and measure the search."""
    from bot.cli import expected_failures, print_json, settings_from

    settings = settings_from(embedder=embedder)
    with expected_failures():
        from bot.evaluate.reading import DocumentReader
        from bot.evaluate.retrieval import measure_retrieval, read_beir
        from index.embedders import load_embedder
        from index.reader import load_reader

        beir = read_beir(folder, queries)
        loaded = load_embedder(settings.embedder)
        reader = DocumentReader(load_reader(settings.reader)) if settings.reader else None
        measured = measure_retrieval(beir, loaded, store=settings.store, reranker=reader, progress=Progress())
        print_json(measured)


@app.command()
def sweep(
    file: FileArgument,
    source: SourceOption = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for sweep.json and sweep.md.")] = None,
    split: SplitOption = "tune",
    embedder: Annotated[list[str] | None, typer.Option("--embedder", help="One to try; may be repeated.")] = None,
    answerer: Annotated[list[str] | None, typer.Option("--answerer", help="One to try; may be repeated.")] = None,
    vary: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE[,VALUE]", help="A setting and values to try; may be repeated."),
    ] = None,
) -> None:
    """Measure every combination on the same questions, side by side; differences are from the first."""
    from bot.cli import expected_failures, print_json, settings_from
    from bot.evaluate.sweep import read_variants, run_sweep

    try:
        variants = read_variants(embedder or [], answerer or [], vary or [])
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    settings = [settings_from(**({"source": source} | variant)) for variant in variants]
    with expected_failures():
        print_json(run_sweep(file, split, list(zip(variants, settings, strict=True)), out, Progress()))


@app.command()
def feedback(
    file: Annotated[
        Path | None, typer.Argument(help="The SQLite file that feedback is kept in; default: the settings'.")
    ] = None,
) -> None:
    """Print the feedback from the chat as drafts of questions, in JSON Lines, for an editor to judge."""
    from bot.cli import expected_failures, settings_from

    kept = file or settings_from().feedback
    with expected_failures():
        from bot.evaluate.drafts import draft_questions
        from bot.feedback import FeedbackStore

        if kept is None:
            raise EvaluationError("no feedback is kept: name its file, or set SIDESVAR_FEEDBACK")
        if not kept.is_file():
            raise EvaluationError(f"{kept} is no file of feedback: name the one that SIDESVAR_FEEDBACK named")
        drafts = draft_questions(FeedbackStore(kept).all())
        sys.stdout.writelines(drafts.lines())
        left_out = f"; {drafts.without_question} thumbs have no question, see SIDESVAR_FEEDBACK_QUESTIONS"
        said = f"{len(drafts.rows)} drafts" + (left_out if drafts.without_question else "")
        typer.echo(said, err=True)


class Progress:
    """Says how far it is and when it is done: twice a second on a terminal, every five seconds in a log."""

    def __init__(self) -> None:
        self._said = 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        terminal = sys.stderr.isatty()
        if done < total and now - self._said < (0.5 if terminal else 5.0):
            return
        self._said = now
        ends = "\r" if terminal and done < total else "\n"
        sys.stderr.write(f"{what}: {done} of {total}{ends}")
        sys.stderr.flush()
