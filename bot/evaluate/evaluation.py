"""One evaluation from file to figures: ask, compare, gate, write."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.evaluate.compare import Comparison, compare
from bot.evaluate.export import ragas_lines
from bot.evaluate.files import write_file
from bot.evaluate.gates import Gate, gated_value
from bot.evaluate.questions import QuestionSet, Split, read_questions
from bot.evaluate.runs import Answers, BotForPages, Run, read_verdicts, run_questions, write_run
from bot.settings import Settings

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Wanted:
    """What to ask, what to compare with, and what to write.

    :param out: folder for run.json and the reports; none are written without it.
    :param ragas: file for the answers in Ragas' form.
    """

    file: Path
    split: Split = "all"
    out: Path | None = None
    baseline: Path | None = None
    gates: Sequence[Gate] = ()
    ragas: Path | None = None


def evaluate(settings: Settings, wanted: Wanted, progress: Progress) -> dict[str, Any]:
    """Evaluate the bot that the settings describe; returns the JSON that the command prints.

    Files are checked before a model is loaded.

    :raises EvaluationError: for files and gates; and whatever `create_bot` raises.
    """
    from bot.evaluate.bots import Bots

    before = read_verdicts(wanted.baseline) if wanted.baseline else None
    questions = questions_of(settings, wanted.file, wanted.split)
    bots = Bots(settings)
    about = {
        "file": str(wanted.file),
        "split": wanted.split,
        "source": settings.source,
        "embedder": bots.embedder,
        "answerer": settings.answerer,
    }
    with Answers() as answers:
        run = ask(questions, bots, answers, about, progress)
        comparison = compare(run.verdicts, before) if before is not None else None
        return _conclude(run, answers, comparison, wanted)


def questions_of(settings: Settings, file: Path, split: Split) -> QuestionSet:
    """The questions of a file, about the settings' source."""
    from corpus.readers import read_sources

    return read_questions(file, lambda: tuple(read_sources(settings.sources)), split=split)


def ask(
    questions: QuestionSet, bots: BotForPages, answers: Answers, about: Mapping[str, str], progress: Progress
) -> Run:
    """Run the questions, telling how far it is."""
    return run_questions(
        questions, bots, answers, about=about, progress=lambda done, total: progress("asking", done, total)
    )


def _conclude(run: Run, answers: Answers, comparison: Comparison | None, wanted: Wanted) -> dict[str, Any]:
    values = [(gate, gated_value(gate, run.total, run.by_kind)) for gate in wanted.gates]
    extra: dict[str, Any] = {
        "gates": [{"gate": gate.text, "value": value, "met": gate.met(value)} for gate, value in values]
    }
    if comparison is not None:
        extra |= {"baseline": str(wanted.baseline), "comparison": comparison.to_json()}
    if wanted.out is not None:
        from bot.evaluate.report import Outside, render

        html, markdown = render(run, answers, Outside(values, comparison, str(wanted.baseline or "")))
        write_run(run, answers, wanted.out / "run.json", extra)
        write_file(wanted.out / "report.html", [html])
        write_file(wanted.out / "report.md", [markdown])
    if wanted.ragas is not None:
        write_file(wanted.ragas, ragas_lines(answers))
    return run.head() | extra
