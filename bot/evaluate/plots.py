"""The report's plots, as SVG in a `data:` address: no file, no font and no script besides the report.

Letters are drawn as outlines, so that the plots look the same everywhere; the words stand in the picture's
alternative text too.
"""

import base64
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from bot.evaluate.figures import Columns, Figure
from index.measures import Floats, confidence_bins

GOOD, BAD, PLAIN, PALE = "#1b6e53", "#b3401f", "#2f4b7c", "#8a94a6"
_STYLE: Any = {
    "svg.fonttype": "path",
    "svg.hashsalt": "report",
    "font.size": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#dfe3ea",
    "axes.axisbelow": True,
    "figure.constrained_layout.use": True,
}


@contextmanager
def _drawing(width: float, height: float) -> Iterator[tuple[Any, Any, list[str]]]:
    """A figure, its axes, and a list that receives the picture's address."""
    import matplotlib
    from matplotlib.figure import Figure as Drawing

    address: list[str] = []
    with matplotlib.rc_context(_STYLE):
        drawing = Drawing(figsize=(width, height))
        yield drawing, drawing.subplots(), address
        out = io.BytesIO()
        drawing.savefig(out, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    address.append("data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode("ascii"))


def thresholds(columns: Columns, steps: int = 101) -> tuple[Floats, Floats, Floats]:
    """For each threshold in [0, 1]: the share of the answerable questions that reach it, and the share of
    wrong ones among all that do; NaN where none does. "Wrong" is that the right sentence is not among the
    first three, so the curve does not depend on where the threshold was when the bot answered."""
    threshold = np.linspace(0.0, 1.0, steps)
    given = columns.confidence[None, :] >= threshold[:, None] - 1e-12
    shown = given.sum(axis=1)
    answerable = max(int(columns.answerable.sum()), 1)
    answered = (given & columns.answerable).sum(axis=1) / answerable
    wrong = np.divide((given & ~columns.found).sum(axis=1), shown, out=np.full(steps, np.nan), where=shown > 0)
    return threshold, answered, wrong


def working_threshold(columns: Columns) -> float | None:
    """Where the bot's threshold must have been, or None when confidences do not tell."""
    answered, refused = columns.confidence[columns.answered], columns.confidence[columns.refused]
    if answered.size == 0 or (refused.size and refused.max() >= answered.min()):
        return None
    return float((answered.min() + refused.max()) / 2) if refused.size else float(answered.min())


def threshold_plot(columns: Columns, words: Mapping[str, str]) -> str:
    """Answered against wrong, by threshold."""
    threshold, answered, wrong = thresholds(columns)
    with _drawing(7, 4.3) as (_, axes, address):
        axes.plot(threshold, answered, color=GOOD, linewidth=2.2, label=words["answered"])
        axes.plot(threshold, wrong, color=BAD, linewidth=2.2, linestyle="--", label=words["wrong"])
        if (now := working_threshold(columns)) is not None:
            axes.axvline(now, color=PLAIN, linewidth=1.2, linestyle=":", label=words["working_point"])
        _label(axes, words["threshold_x"], words["share"])
        axes.set(xlim=(0, 1), ylim=(0, 1.02))
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:.1f}".replace(".", ","))
        _percent(axes.yaxis)
        _legend(axes)
    return address[0]


def coverage_plot(columns: Columns, words: Mapping[str, str]) -> str:
    """The risk-coverage curve; among equal confidences the risk is that of an average order."""
    order = np.argsort(-columns.confidence, kind="stable")
    confidence, wrong = columns.confidence[order], ~columns.found[order]
    _, starts, sizes = np.unique(-confidence, return_index=True, return_counts=True)
    expected = np.repeat(np.add.reduceat(wrong.astype(float), starts) / sizes, sizes)
    number = np.arange(1, len(wrong) + 1)
    with _drawing(7, 3.2) as (_, axes, address):
        axes.plot(number / len(wrong), np.cumsum(expected) / number, color=BAD, linewidth=2.2)
        _label(axes, words["coverage_x"], words["coverage_y"])
        axes.set(xlim=(0, 1), ylim=(0, 1.02))
        _percent(axes.xaxis)
        _percent(axes.yaxis)
    return address[0]


def kinds_plot(rows: Sequence[tuple[str, Figure, bool]], words: Mapping[str, str]) -> str:
    """A bar for each kind with its interval.

    :param rows: the kind's name, its figure, and whether its questions are answerable.
    """
    known = [(name, figure, answerable) for name, figure, answerable in rows if figure.value is not None]
    with _drawing(7, 0.9 + 0.36 * max(len(known), 1)) as (_, axes, address):
        for place, (_, figure, answerable) in enumerate(reversed(known)):
            value, low, high = figure.value or 0.0, figure.low or 0.0, figure.high or 0.0
            axes.barh(place, value, color=GOOD if answerable else PLAIN, height=0.62)
            spread = [[max(value - low, 0.0)], [max(high - value, 0.0)]]
            axes.errorbar(value, place, xerr=spread, color="#1c2430", capsize=3, linewidth=1.2)
        axes.set_yticks(range(len(known)), [name for name, _, _ in reversed(known)])
        axes.grid(axis="y", visible=False)
        _label(axes, words["kinds_x"], "")
        axes.set(xlim=(0, 1.02))
        _percent(axes.xaxis)
    return address[0]


def calibration(columns: Columns, bins: int = 10) -> list[tuple[float, float, int]]:
    """For each bin that has questions: their mean confidence, the share that was right, how many."""
    number = confidence_bins(columns.confidence, bins)
    return [
        (float(columns.confidence[member].mean()), float(columns.found[member].mean()), int(member.sum()))
        for bin_number in range(bins)
        if (member := number == bin_number).any()
    ]


def calibration_plot(columns: Columns, words: Mapping[str, str]) -> str:
    """The reliability diagram; the dots grow with how many questions they stand for."""
    points = calibration(columns)
    most = max((count for _, _, count in points), default=1)
    with _drawing(7, 4.8) as (_, axes, address):
        axes.plot([0, 1], [0, 1], color=PALE, linewidth=1.2, linestyle="--", label=words["calibration_perfect"])
        confidence, right = [point[0] for point in points], [point[1] for point in points]
        axes.plot(confidence, right, color=PLAIN, linewidth=1.5, label=words["calibration_observed"])
        axes.scatter(confidence, right, s=[30 + 170 * count / most for _, _, count in points], color=PLAIN)
        _label(axes, words["calibration_x"], words["calibration_y"])
        axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.05))
        _percent(axes.xaxis)
        _percent(axes.yaxis)
        _legend(axes)
    return address[0]


def latency_plot(columns: Columns, words: Mapping[str, str]) -> str:
    """How many answers took how long; the slowest hundredth is left out of the picture."""
    latency = columns.latency_ms
    longest = float(np.quantile(latency, 0.99)) if latency.size else 1.0
    with _drawing(7, 2.8) as (_, axes, address):
        axes.hist(latency[latency <= longest], bins=30, color=PLAIN, edgecolor="white", linewidth=0.5)
        _label(axes, words["latency_x"], words["latency_y"])
        axes.set_xlim(left=0)
    return address[0]


def _label(axes: Any, x: str, y: str) -> None:
    axes.set_xlabel(x)
    axes.set_ylabel(y)


def _percent(axis: Any) -> None:
    axis.set_major_formatter(lambda value, _: f"{value * 100:.0f} %")


def _legend(axes: Any) -> None:
    axes.figure.legend(loc="outside upper left", ncols=1, frameon=False, fontsize=10)
