"""The command line: `python -m bot COMMAND`, or `sidesvar COMMAND`.

Data goes to stdout, progress and logs to stderr. Exit status 0: done; 1: an expected failure, told in one
line; 2: wrong usage.
"""

import json
import logging
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.evaluate.cli import app as evaluate_app
from bot.settings import Settings

app = typer.Typer(
    name="sidesvar",
    help="Ask a web page, in Danish: answers with the page's own words as proof.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.add_typer(evaluate_app, name="evaluate")

SourceOption = Annotated[
    list[str] | None, typer.Option("--source", help="File, folder, URL or sitemap URL to answer from; may be repeated.")
]
IndexOption = Annotated[Path | None, typer.Option("--index", help="Folder of the index.")]
EmbedderOption = Annotated[str | None, typer.Option("--embedder", help="KIND or KIND:MODEL, or a model's folder.")]
AnswererOption = Annotated[str | None, typer.Option("--answerer", help="extractive, or KIND:MODEL.")]


@app.command()
def build(
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Default: the page that ships.")
    ] = None,
    index: IndexOption = None,
    embedder: EmbedderOption = None,
) -> None:
    """Read the sources and build the index folder; prints a JSON summary."""
    settings = settings_from(source=sources or None, index=index, embedder=embedder)
    with expected_failures():
        from bot.create import rebuild
        from index.embedders import load_embedder

        started = time.perf_counter()
        built = rebuild(settings, load_embedder(settings.embedder), _show_progress)
        summary = {
            "pages": len(built.index.pages),
            "passages": len(built.index.by_passage.store.documents),
            "sentences": len(built.index.sentences),
            "seconds": round(time.perf_counter() - started, 2),
            "embedder": built.index.embedder.name,
            "index": str(settings.index),
            "added": built.changes.added,
            "changed": built.changes.changed,
            "removed": built.changes.removed,
            "unchanged": built.changes.unchanged,
        }
        print_json(summary)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="The question, in quotes.")] = None,
    batch: Annotated[
        str | None, typer.Option("--batch", metavar="FILE", help="Questions in JSON Lines; - for stdin.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole answer as JSON.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print each candidate's scores, and why it was used.")
    ] = False,
    source: SourceOption = None,
    index: IndexOption = None,
    embedder: EmbedderOption = None,
    answerer: AnswererOption = None,
) -> None:
    """Answer one question, or a file of them."""
    if (question is None) == (batch is None):
        raise typer.BadParameter("give either a QUESTION or --batch FILE")
    if batch is not None and explain:
        raise typer.BadParameter("--explain goes with a QUESTION, not with --batch")
    settings = settings_from(source=source, index=index, embedder=embedder, answerer=answerer)
    with expected_failures():
        from bot.batch import answer_rows, read_rows
        from bot.create import create_bot
        from bot.explain import explain as explained
        from bot.plain import to_plain_text

        bot = create_bot(settings)
        if batch is not None:
            for row in answer_rows(bot, read_rows(batch)):
                print_json(row, indent=None)
            return
        answer = bot.ask(question or "")
        if explain:
            print_json(explained(bot.judge(question or "") if answer.confidence else [], answer, bot.threshold))
        elif as_json:
            print_json(answer.to_json())
        else:
            typer.echo(to_plain_text(answer))


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes that answer.")] = None,
    source: SourceOption = None,
    index: IndexOption = None,
    embedder: EmbedderOption = None,
    answerer: AnswererOption = None,
) -> None:
    """Start the web server: the chat, the API and the widget."""
    given = {"source": source, "index": index, "embedder": embedder, "answerer": answerer}
    settings = settings_from(**given, host=host, port=port, workers=workers)
    with expected_failures():
        from bot.server import run

        run(settings)


@app.command()
def embed(
    server: Annotated[str, typer.Argument(help="The server's public address.")] = "https://chat.example.dk",
    language: Annotated[str, typer.Option(help="da or en: the language of the link without JavaScript.")] = "da",
) -> None:
    """Print the tag that puts the widget on a page, and what the page's security policy must allow."""
    with expected_failures():
        from bot.widget.embed import embed_tag, policy_lines

        typer.echo(f"{embed_tag(server, language)}\n\nContent-Security-Policy:\n{policy_lines(server)}")


@app.command()
def settings() -> None:
    """Print every setting as a Markdown table: its variable, default and meaning."""
    typer.echo(Settings.table())


def settings_from(**given: Any) -> Settings:
    """Settings from the environment, and from what was given on the command line.

    Wrong values end the command with status 2.
    """
    from pydantic import ValidationError

    values = {name: value for name, value in given.items() if value is not None}
    if isinstance(sources := values.get("source"), list):
        values["source"] = "\n".join(sources)
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        raise typer.BadParameter(f"{first['loc'][0]}: {first['msg']} (got {first['input']!r})") from error


@contextmanager
def expected_failures() -> Iterator[None]:
    """Tell an expected failure in one line on stderr and end with status 1."""
    from bot.failures import EXPECTED

    try:
        yield
    except EXPECTED as error:
        message = " ".join(str(error).split())
        typer.echo(f"sidesvar: {message}", err=True)
        raise typer.Exit(1) from error


def print_json(data: Any, *, indent: int | None = 1) -> None:
    """Write one JSON value to stdout, letters as they are."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=indent))


def _show_progress(done: int, total: int) -> None:
    typer.echo(f"\rembedding {done} of {total} texts", err=True, nl=done == total)


def main(arguments: Sequence[str] | None = None) -> None:
    """The entry point of `sidesvar`, of `python -m bot` and of `app.py`.

    :param arguments: the command and its options; by default those of the command line.
    """
    set_up_logging()
    app(arguments)


def set_up_logging() -> None:
    """Warnings of all, and what the bot tells, to stderr; a worker (`bot.workers`) does the same."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("bot").setLevel(logging.INFO)
    for handler in logging.getLogger().handlers:
        handler.setLevel(logging.INFO)  # bm25s asks for its own debugging lines when it is imported
