"""What a run leaves: its file, the report, the comparison, the export, and the exit status."""

import json
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.answer import Answer
from bot.evaluate import EvaluationError
from bot.evaluate.compare import compare
from bot.evaluate.export import ragas_lines
from bot.evaluate.figures import NAMES
from bot.evaluate.gates import gated_value, read_gate
from bot.evaluate.report import Outside, escape_markdown, of_hundred, render
from bot.evaluate.runs import Answers, Run, read_verdicts, run_questions, write_run
from tests.bot.evaluate import oracle

HOSTILE = '<script>alert(1)</script> & "x" | *y* `z`'


def hostile(answer: Answer) -> Answer:
    return replace(oracle.cites_at_random(answer), answer=HOSTILE)


def ask(bot: oracle.Oracle, answers: Answers) -> Run:
    return run_questions(oracle.question_set(), bot, answers, about={"file": "prøve.jsonl", "embedder": HOSTILE})


class Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src"):
                self.links.append(value or "")


def test_the_report_escapes_all_it_was_given_and_needs_nothing_but_itself() -> None:
    with Answers() as answers:
        html, markdown = render(ask(oracle.Oracle(hostile), answers), answers)
    page = Anchors()
    page.feed(html)
    assert "script" not in page.tags
    assert HOSTILE not in html
    assert HOSTILE not in markdown
    assert escape_markdown(HOSTILE) in markdown
    assert len(page.ids) == len(set(page.ids))
    for link in page.links:
        assert link.startswith("data:image/svg+xml") or link.removeprefix("#") in page.ids, link[:60]
    assert sum(tag == "article" for tag in page.tags) == 40
    assert page.tags.count("img") == 5
    assert 'lang="da"' in html


def test_the_headline_counts_as_the_figures_do() -> None:
    with Answers() as answers:
        html, _ = render(ask(oracle.Oracle(oracle.refuses_everything), answers), answers)
    assert "får 0 et rigtigt svar, 0 får et forkert, og 100 får at vide" in html
    assert "bliver 100 afvist" in html


def test_hundredths_add_up() -> None:
    assert of_hundred([1, 1, 1]) == [34, 33, 33]
    assert of_hundred([0, 0]) == [0, 0]
    assert of_hundred([7, 0, 0]) == [100, 0, 0]


def test_altered_quotes_are_warned_of() -> None:
    with Answers() as answers:
        html, _ = render(ask(oracle.Oracle(oracle.alters_quotes), answers), answers)
    assert "Advarsel: 40 af 100 citater" in html


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    with Answers() as answers:
        run = ask(oracle.Oracle(), answers)
        write_run(run, answers, file)
    kept = json.loads(file.read_text("utf-8"))
    assert kept["format"] == 1
    assert len(kept["answers"]) == kept["questions"] == 60
    assert set(kept["figures"]) | {"latency_ms.p50", "latency_ms.p95"} == set(NAMES) | {"latency_ms"}
    assert read_verdicts(file) == list(run.verdicts)
    assert [entry.name for entry in tmp_path.iterdir()] == ["run.json"]


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"format": 1}', "\x00", '{\n "format": 1,\n "answers": [\n{"x": 1}\n]}']
)
def test_what_is_no_run_is_told_of(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text, "utf-8")
    with pytest.raises(EvaluationError, match=r"is no run\.json"):
        read_verdicts(tmp_path / "run.json")


def test_another_format_version_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{\n "format": 2,\n "answers": [\n]}', "utf-8")
    with pytest.raises(EvaluationError, match="has the format 2"):
        read_verdicts(tmp_path / "run.json")


def test_a_comparison_is_paired_and_names_what_changed() -> None:
    with Answers() as first, Answers() as second:
        before, now = ask(oracle.Oracle(oracle.refuses_everything), first), ask(oracle.Oracle(), second)
        comparison = compare(now.verdicts, before.verdicts)
        html, _ = render(now, second, Outside(comparison=comparison, baseline="før.json"))
    difference = comparison.differences["correct"]
    assert (difference.value, difference.low, difference.high) == (1.0, 1.0, 1.0)
    same = comparison.differences["evidence_at_1"]
    assert (same.value, same.low, same.high) == (0.0, 0.0, 0.0)
    assert len(comparison.better) == 40
    assert comparison.worse == ()
    assert "Blev rigtige (40)" in html
    assert "Tydeligt bedre" in html


def test_runs_without_a_common_question_are_not_compared() -> None:
    with Answers() as answers:
        run = ask(oracle.Oracle(), answers)
    with pytest.raises(EvaluationError, match="no question in common"):
        compare(run.verdicts, [replace(verdict, id="x" + verdict.id) for verdict in run.verdicts])


def test_gates() -> None:
    with Answers() as answers:
        run = ask(oracle.Oracle(oracle.answers_everything), answers)
    for text, met in [
        ("correct>=1.0", True),
        ("refused_rate >= 0.5", False),
        ("near.refused_rate<0.1", True),
        ("latency_ms.p95<=10000", True),
        ("direct.refused_rate>=0", False),
    ]:
        gate = read_gate(text)
        assert gate.met(gated_value(gate, run.total, run.by_kind)) is met, text
    with pytest.raises(EvaluationError, match="names the kind 'nope'"):
        gated_value(read_gate("nope.correct>=1"), run.total, run.by_kind)
    for wrong in ("correct", "correct=1", "nothing>=1", "correct>=x", ""):
        with pytest.raises(ValueError, match=r"gate|figure"):
            read_gate(wrong)


def test_gates_times_and_numbers_are_written_in_danish() -> None:
    gates = [read_gate(text) for text in ("near.refused_rate>=0.5", "latency_ms.p95<=10000", "auroc>0.995")]
    with Answers() as answers:
        run = replace(ask(oracle.Oracle(), answers), asked_at="2026-05-09T12:05:00+00:00")
        values = [(gate, gated_value(gate, run.total, run.by_kind)) for gate in gates]
        html, markdown = render(run, answers, Outside(values))
    for text in (
        "Afvist, når siden ikke kan svare: mindst 50 % (Tæt på emnet, men ikke besvaret)",
        "Svartid, 95 ud af 100 er hurtigere: højst 10000 ms",
        "Skelner mellem kan og kan ikke besvares: over 0,995",
        "Målt den 9. maj 2026 kl. ",
    ):
        assert text in html
    assert "Afvist, når siden ikke kan svare: mindst 50 %" in markdown
    assert "ms ms" not in html


def test_the_export_has_ragas_fields() -> None:
    with Answers() as answers:
        ask(oracle.Oracle(), answers)
        samples = [json.loads(line) for line in ragas_lines(answers)]
    assert samples[0] == {
        "user_input": "Hvad handler sætning 0 om?",
        "response": oracle.SENTENCES[0],
        "retrieved_contexts": [oracle.SENTENCES[0]],
        "reference": oracle.SENTENCES[0],
        "reference_contexts": [oracle.SENTENCES[0]],
    }
    assert "reference" not in samples[-1]


def test_a_hundred_thousand_questions_are_asked_and_reported_in_bounded_memory(tmp_path: Path) -> None:
    """A bot of no cost stands in: what is measured is the evaluation's own memory, in a process of its own."""
    command = [sys.executable, "-m", "tests.bot.evaluate.many_rows", "100000", str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[3], check=True)
    told = json.loads(ended.stdout)
    assert told["rows"] == 100_000
    assert (tmp_path / "run.json").stat().st_size > 80_000_000
    assert told["mb"]["all"] < 300
    assert told["html"] < 1_500_000
    assert told["markdown"] < 500_000
