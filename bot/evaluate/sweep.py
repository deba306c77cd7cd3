"""A sweep: the same questions asked of several bots, side by side in one table."""

import itertools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.evaluate.compare import compare
from bot.evaluate.evaluation import Progress, ask, questions_of
from bot.evaluate.figures import to_json
from bot.evaluate.files import write_file
from bot.evaluate.questions import Split
from bot.evaluate.report import escape_markdown, judgement
from bot.evaluate.runs import Answers, Run
from bot.settings import Settings

SHOWN = ("correct", "evidence_at_1", "evidence_at_3", "answered_rate", "refused_rate", "auroc", "ece", "latency_ms.p50")
Variant = Mapping[str, str]


def read_variants(embedders: Sequence[str], answerers: Sequence[str], settings: Sequence[str]) -> list[dict[str, str]]:
    """Every combination of what varies, the first values first.

    `([], [], ["max_wrong_answers=0.05,0.1"])` -> two variants.

    :raises ValueError: for a setting that there is not, or that has no value.
    """
    choices: dict[str, list[str]] = {"embedder": list(embedders), "answerer": list(answerers)}
    for text in settings:
        name, _, values = text.partition("=")
        if name not in Settings.model_fields or not values:
            raise ValueError(
                f"{text!r} is no NAME=VALUE[,VALUE] of a setting; there are {', '.join(Settings.model_fields)}"
            )
        choices[name] = values.split(",")
    varied = {name: values for name, values in choices.items() if values}
    return [dict(zip(varied, values, strict=True)) for values in itertools.product(*varied.values())]


def run_sweep(
    file: Path,
    split: Split,
    variants: Sequence[tuple[Variant, Settings]],
    out: Path | None,
    progress: Progress,
) -> dict[str, Any]:
    """Ask every variant the same questions; each is compared with the first.

    :param out: folder for `sweep.json` and `sweep.md`.
    """
    from bot.evaluate.bots import Bots

    runs: list[Run] = []
    for number, (variant, settings) in enumerate(variants, 1):
        name = f"{number} of {len(variants)} ({label(variant)})"
        with Answers() as answers:
            run = ask(
                questions_of(settings, file, split),
                Bots(settings),
                answers,
                dict(variant),
                lambda what, done, total, name=name: progress(f"{name}, {what}", done, total),  # type: ignore[misc]
            )
        runs.append(run)
    result = {
        "format": 1,
        "file": str(file),
        "split": split,
        "questions": len(runs[0].verdicts),
        "variants": [
            {
                "variant": dict(variant),
                "seconds": round(run.seconds, 3),
                "figures": to_json(run.total),
                "difference": to_json(compare(run.verdicts, runs[0].verdicts).differences) if number else None,
            }
            for number, ((variant, _), run) in enumerate(zip(variants, runs, strict=True))
        ],
    }
    if out is not None:
        write_file(out / "sweep.json", [json.dumps(result, ensure_ascii=False, indent=1), "\n"])
        write_file(
            out / "sweep.md", [table([(variant, run) for (variant, _), run in zip(variants, runs, strict=True)])]
        )
    return result


def label(variant: Variant) -> str:
    """How a variant is called: what it varies."""
    return ", ".join(f"{name}={value}" for name, value in variant.items()) or "as it is"


def table(runs: Sequence[tuple[Variant, Run]]) -> str:
    """One row a variant, in Markdown. Where a difference from the first is clear (its 95 % interval leaves
    out 0), the value has a mark: + better, - worse."""
    first = runs[0][1]
    lines = ["| variant | " + " | ".join(SHOWN) + " |", "| --- |" + " ---: |" * len(SHOWN)]
    marks = {"better": " +", "worse": " -", "unclear": ""}
    for variant, run in runs:
        differences = compare(run.verdicts, first.verdicts).differences
        cells = [
            _value(run, name) + (marks[judgement(name, differences[name])] if run is not first else "")
            for name in SHOWN
        ]
        lines.append(f"| {escape_markdown(label(variant))} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _value(run: Run, name: str) -> str:
    value = run.total[name].value
    return "-" if value is None else f"{value:.1f}" if name.startswith("latency") else f"{value:.3f}"
