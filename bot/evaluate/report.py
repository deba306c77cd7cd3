"""The report: what a run says, in words an editor reads, as one HTML file and as Markdown.

Owns what is told and in which order; the words are `bot/text`, the looks `templates`, the plots `plots`. Both
forms are filled from the same content, and everything that came from a file or a bot is escaped there.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.evaluate import plots
from bot.evaluate.compare import Comparison
from bot.evaluate.figures import NAMES, Columns, Figure, Figures
from bot.evaluate.gates import Gate
from bot.evaluate.judge import CAUSES, Verdict
from bot.evaluate.runs import Run
from bot.evaluate.words import Words

SHOWN_ANSWERS = 300
Record = Mapping[str, Any]
LOWER_IS_BETTER = ("aurc", "ece", "latency_ms.p50", "latency_ms.p95")


@dataclass(frozen=True)
class Outside:
    """What a report tells besides the run: gates with their values, and the comparison with a baseline."""

    gates: Sequence[tuple[Gate, float | None]] = ()
    comparison: Comparison | None = None
    baseline: str = ""


def render(run: Run, answers: Iterable[Record], outside: Outside = Outside()) -> tuple[str, str]:
    """The report as HTML and as Markdown.

    :param answers: every answer of the run; gone through once.
    """
    import jinja2

    content = _content(run, answers, outside)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=jinja2.select_autoescape(["html"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["plain"] = escape_markdown
    style = (Path(__file__).parent / "templates" / "report.css").read_text(encoding="utf-8")
    html = environment.get_template("report.html").render(**content, style=style)
    return html, environment.get_template("report.md").render(**content)


def escape_markdown(value: object) -> str:
    """Text on one line that Markdown shows as it is: "a|*b*" -> "a\\|\\*b\\*"."""
    text = " ".join(str(value).split())
    return "".join(f"\\{character}" if character in "\\`*_{}[]<>#|~&!" else character for character in text)


def _content(run: Run, answers: Iterable[Record], outside: Outside) -> dict[str, Any]:
    words = Words()
    columns = Columns(run.verdicts)
    numbers = {verdict.id: number for number, verdict in enumerate(_wrong(run.verdicts), 1)}
    told = _Told(numbers, outside.comparison)
    for record in answers:
        told.add(record)
    return {
        "words": words.table,
        "about": words.fill("about", **_about(run, words)),
        "headline": _headline(run, words),
        "warnings": _warnings(run, words),
        "figures": _figures(run, words),
        "kinds": _kinds(run, words, numbers),
        "plots": _plots(run, columns, words),
        "gates": [_gate(gate, value, words) for gate, value in outside.gates],
        "comparison": _comparison(outside, told, words),
        "causes": _causes(run.verdicts, words, numbers),
        "wrong": [_card(record, numbers, words) for record in told.wrong],
        "wrong_intro": words.fill("wrong.intro", count=len(numbers), questions=len(run.verdicts)),
        "wrong_left_out": _left_out(len(told.wrong), len(numbers), words),
        "page": told.page_groups(words),
        "page_off": words.fill("page.off", count=told.off) if told.off else "",
        "method": words.table["method"]["lines"],
    }


def _gate(gate: Gate, value: float | None, words: Words) -> dict[str, Any]:
    """ "near.refused_rate>=0.8" -> "Afvist, når siden ikke kan svare: mindst 80 % (Tæt på emnet)"."""
    name = gate.name
    text = words.fill(f"gates.{gate.relation}", figure=words["figures." + name], bound=words.figure(name, gate.bound))
    if gate.kind:
        text = words.fill("gates.of_kind", gate=text, kind=words.kind(gate.kind))
    return {"text": text, "value": words.figure(name, value), "met": gate.met(value)}


def _wrong(verdicts: Sequence[Verdict]) -> Iterator[Verdict]:
    return (verdict for verdict in verdicts if not verdict.right)


def _about(run: Run, words: Words) -> dict[str, object]:
    about: dict[str, object] = {name: run.about.get(name) or words["none"] for name in ("file", "embedder", "answerer")}
    about["file"] = Path(str(about["file"])).name
    return about | {
        "asked_at": words.moment(datetime.fromisoformat(run.asked_at)),
        "questions": words.count(len(run.verdicts)),
    }


def _headline(run: Run, words: Words) -> list[dict[str, str]]:
    """Plain sentences; of a hundred, in whole numbers that add up."""
    lines = []
    asked = [verdict for verdict in run.verdicts if verdict.answerable]
    if asked:
        right = sum(verdict.right for verdict in asked)
        wrong = sum(verdict.answered and not verdict.right for verdict in asked)
        shares = of_hundred([right, wrong, len(asked) - right - wrong])
        main = words.fill("headline.answerable", right=shares[0], wrong=shares[1], refused=shares[2])
        lines.append({"main": main, "detail": _uncertainty("answerable", run.total["correct"], words)})
    others = [verdict for verdict in run.verdicts if not verdict.answerable]
    if others:
        refused = sum(verdict.refused for verdict in others)
        shares = of_hundred([refused, len(others) - refused])
        main = words.fill("headline.unanswerable", refused=shares[0], answered=shares[1])
        lines.append({"main": main, "detail": _uncertainty("unanswerable", run.total["refused_rate"], words)})
    return lines


def _uncertainty(which: str, figure: Figure, words: Words) -> str:
    low, high = (round(100 * (bound or 0.0)) for bound in (figure.low, figure.high))
    return words.fill(f"headline.{which}_uncertain", n=words.count(figure.n), low=low, high=high)


def of_hundred(counts: Sequence[int]) -> list[int]:
    """Counts as whole hundredths that add up to 100 (largest remainder): [1, 1, 1] -> [34, 33, 33]."""
    total = sum(counts) or 1
    shares = [100 * count / total for count in counts]
    whole = [math.floor(share) for share in shares]
    by_remainder = sorted(range(len(counts)), key=lambda number: whole[number] - shares[number])
    for number in by_remainder[: round(sum(shares)) - sum(whole)]:
        whole[number] += 1
    return whole


def _warnings(run: Run, words: Words) -> list[dict[str, Any]]:
    quotes = sum(verdict.quotes for verdict in run.verdicts)
    altered = quotes - sum(verdict.verbatim for verdict in run.verdicts)
    errors = sum(verdict.cause == "error" for verdict in run.verdicts)
    lines = [
        {"good": False, "text": words.fill("headline.not_verbatim", wrong=altered, quotes=quotes)}
        if altered
        else {"good": True, "text": words.fill("headline.verbatim" if quotes else "headline.no_quotes", quotes=quotes)}
    ]
    if errors:
        lines.append({"good": False, "text": words.fill("headline.errors", errors=errors)})
    if run.unfound:
        lines.append({"good": False, "text": words.fill("headline.unfound", count=len(run.unfound))})
    if run.waiting:
        lines.append({"good": False, "text": words.fill("headline.waiting", count=run.waiting)})
    return lines


def _figures(run: Run, words: Words) -> list[dict[str, str]]:
    names = sorted(NAMES, key=list(words.table["figures"]).index)
    return [
        {
            "name": name,
            "label": words["figures." + name],
            "value": words.figure(name, run.total[name].value),
            "interval": words.interval(name, run.total[name]),
            "n": words.count(run.total[name].n),
            "meaning": words["meanings." + name],
        }
        for name in names
        if run.total[name].n
    ]


def _kinds(run: Run, words: Words, numbers: Mapping[str, int]) -> list[dict[str, Any]]:
    wrong: dict[str, list[int]] = defaultdict(list)
    for verdict in _wrong(run.verdicts):
        wrong[verdict.kind].append(numbers[verdict.id])
    rows = []
    for place, (kind, figures) in enumerate(_kinds_in_order(run), 1):
        name = "correct" if figures["correct"].n else "refused_rate"
        rows.append(
            {
                "anchor": f"art-{place}",
                "kind": kind,
                "label": words.kind(kind),
                "n": words.count(figures["ece"].n),
                "correct": words.figure(name, figures[name].value),
                "interval": words.interval(name, figures[name]),
                "evidence_at_1": words.figure("evidence_at_1", figures["evidence_at_1"].value),
                "wrong": wrong[kind],
            }
        )
    return rows


def _kinds_in_order(run: Run) -> list[tuple[str, Figures]]:
    """What the page answers first, then what it doesn't."""
    return sorted(run.by_kind.items(), key=lambda entry: entry[1]["correct"].n == 0)


def _plots(run: Run, columns: Columns, words: Words) -> dict[str, Any]:
    named = words.table["plots"]
    threshold, answered, wrong = plots.thresholds(columns)
    table = [
        [words.number(float(value)), words.percent(float(share)), words.percent(float(risk))]
        for value, share, risk in zip(threshold[::10], answered[::10], wrong[::10], strict=True)
    ]
    now = plots.working_threshold(columns)
    summary = ""
    if now is not None:
        at = round(now * 100)
        summary = words.fill(
            "plots.threshold_summary",
            threshold=words.number(now),
            answered=words.percent(float(answered[at])),
            wrong=words.percent(float(wrong[at])),
        )
    kinds = [(words.kind(kind), *_kind_figure(figures)) for kind, figures in _kinds_in_order(run)]
    latency = {name: words.figure("latency", run.total[f"latency_ms.{name}"].value) for name in ("p50", "p95")}
    return {
        "threshold": {
            "image": plots.threshold_plot(columns, named),
            "alt": words.fill("plots.threshold_alt", summary=summary).strip(),
            "summary": summary,
            "table": table,
        },
        "coverage": {
            "image": plots.coverage_plot(columns, named),
            "alt": words.fill("plots.coverage_alt", aurc=words.figure("aurc", run.total["aurc"].value)),
        },
        "kinds": {"image": plots.kinds_plot(kinds, named), "alt": named["kinds_alt"]},
        "calibration": {
            "image": plots.calibration_plot(columns, named),
            "alt": words.fill("plots.calibration_alt", ece=words.figure("ece", run.total["ece"].value)),
            "table": [
                [words.percent(confidence), words.percent(right), words.count(count)]
                for confidence, right, count in plots.calibration(columns)
            ],
        },
        "latency": {"image": plots.latency_plot(columns, named), "alt": words.fill("plots.latency_alt", **latency)},
    }


def _kind_figure(figures: Mapping[str, Figure]) -> tuple[Figure, bool]:
    answerable = figures["correct"].n > 0
    return figures["correct" if answerable else "refused_rate"], answerable


def _causes(verdicts: Sequence[Verdict], words: Words, numbers: Mapping[str, int]) -> list[dict[str, Any]]:
    found: dict[str, list[int]] = defaultdict(list)
    for verdict in _wrong(verdicts):
        found[verdict.cause].append(numbers[verdict.id])
    return [
        {
            "label": words[f"causes.{cause}"],
            "meaning": words[f"cause_meanings.{cause}"],
            "count": words.count(len(found[cause])),
            "wrong": found[cause],
        }
        for cause in CAUSES
        if found[cause]
    ]


def _left_out(shown: int, count: int, words: Words) -> str:
    return words.fill("left_out", shown=shown, hidden=count - shown) if shown < count else ""


def _card(record: Record, numbers: Mapping[str, int], words: Words) -> dict[str, Any]:
    question, answer, verdict = record["question"], record["answer"], record["verdict"]
    return {
        "number": numbers[question["id"]],
        "id": question["id"],
        "kind": words.kind(question["kind"]),
        "question": question["question"],
        "history": question["history"],
        "answered": verdict["answered"],
        "answer": answer["answer"],
        "quotes": [citation["quote"] for citation in answer["citations"] or answer["nearest"]],
        "cited": bool(answer["citations"]),
        "confidence": words.fill("wrong.confidence", confidence=words.number(verdict["confidence"])),
        "answerable": question["answerable"],
        "evidence": question["evidence"],
        "facts": [f" {words['wrong.or']} ".join(group) for group in question["facts"]],
        "cause": words[f"causes.{verdict['cause']}"],
        "why": words[f"cause_meanings.{verdict['cause']}"],
    }


def _comparison(outside: Outside, told: "_Told", words: Words) -> dict[str, Any] | None:
    comparison = outside.comparison
    if comparison is None:
        return None
    rows = [
        {
            "label": words["figures." + name],
            "difference": words.figure(name, figure.value, signed=True),
            "interval": words.interval(name, figure, signed=True),
            "verdict": words["comparison." + judgement(name, figure)],
        }
        for name, figure in comparison.differences.items()
        if figure.value is not None
    ]
    n = comparison.differences["ece"].n
    return {
        "intro": words.fill("comparison.intro", n=words.count(n), baseline=Path(outside.baseline).name),
        "left_out": words.fill("comparison.left_out", count=comparison.left_out) if comparison.left_out else "",
        "rows": rows,
        "better_title": words.fill("comparison.got_better", count=len(comparison.better)),
        "worse_title": words.fill("comparison.got_worse", count=len(comparison.worse)),
        "better": [told.changed[name] for name in comparison.better if name in told.changed],
        "worse": [told.changed[name] for name in comparison.worse if name in told.changed],
    }


def judgement(name: str, difference: Figure) -> str:
    """Whether a difference is clear: its interval leaves out 0."""
    low, high = difference.low or 0.0, difference.high or 0.0
    if low <= 0 <= high:
        return "unclear"
    return "better" if (low > 0) != (name in LOWER_IS_BETTER) else "worse"


class _Told:
    """The answers that the report shows, picked while the run goes by; each list has its limit."""

    def __init__(self, numbers: Mapping[str, int], comparison: Comparison | None) -> None:
        self.wrong: list[Record] = []
        self.changed: dict[str, dict[str, Any]] = {}
        self.off = 0
        self._numbers = numbers
        self._changed = {*comparison.better, *comparison.worse} if comparison else set()
        self._sections: dict[tuple[str, str], list[Record]] = defaultdict(list)
        self._kept = 0

    def add(self, record: Record) -> None:
        question, verdict = record["question"], record["verdict"]
        if not verdict["right"] and len(self.wrong) < SHOWN_ANSWERS:
            self.wrong.append(record)
        if question["id"] in self._changed and len(self.changed) < SHOWN_ANSWERS:
            number = self._numbers.get(question["id"])
            shown = number is not None and number <= SHOWN_ANSWERS
            self.changed[question["id"]] = {"question": question["question"], "number": number if shown else None}
        if question["kind"] == "off":
            self.off += 1
        elif not question["answerable"] or not verdict["right"]:
            self._kept += 1
            if self._kept <= SHOWN_ANSWERS:
                self._sections[record["section"]["page"], record["section"]["heading"]].append(record)

    def page_groups(self, words: Words) -> list[dict[str, Any]]:
        """Questions by the section they belong to, the fullest first."""
        groups = sorted(self._sections.items(), key=lambda entry: -len(entry[1]))
        return [
            {
                "page": page,
                "heading": heading or words["page.top"],
                "missed": [record["question"]["question"] for record in records if record["question"]["answerable"]],
                "absent": [
                    record["question"]["question"] for record in records if not record["question"]["answerable"]
                ],
                "unused": self._unused(records, words),
            }
            for (page, heading), records in groups
        ]

    def _unused(self, records: Sequence[Record], words: Words) -> str:
        """Words that visitors use of what the page does answer, and that the page does not have."""
        counted = Counter(
            word for record in records if record["question"]["answerable"] for word in record["section"]["unused_words"]
        )
        most = [word for word, _ in counted.most_common(12)]
        return words.fill("page.unused_words", words=", ".join(most)) if most else ""
