"""A test of the evaluation itself: a broken bot shows in the figures about what is broken, and in no other."""

from collections.abc import Callable

import pytest

from bot.answer import Answer
from bot.evaluate.figures import NAMES, Figures
from bot.evaluate.runs import Answers, Run, run_questions
from tests.bot.evaluate import oracle

# What a visitor gets, all in all, follows from any part that breaks.
OVERALL = {"correct", "right_when_answered"}


def run(broken: Callable[[Answer], Answer]) -> Run:
    with Answers() as answers:
        return run_questions(oracle.question_set(), oracle.Oracle(broken), answers, about={})


def changed(figures: Figures, right: Figures) -> set[str]:
    return {
        name
        for name in NAMES
        if not name.startswith("latency") and figures[name].value != pytest.approx(right[name].value)
    }


@pytest.fixture(scope="module")
def right() -> Figures:
    return run(lambda answer: answer).total


def test_the_oracle_is_perfect(right: Figures) -> None:
    for name in NAMES:
        if not name.startswith("latency") and name not in ("aurc", "ece"):
            assert right[name].value == 1.0, name
    assert right["ece"].value == 0.0
    # No question is wrong until all 40 that can be answered are: then 1/41, 2/42 ... 20/60.
    assert right["aurc"].value == pytest.approx(sum(k / (40 + k) for k in range(1, 21)) / 60)


@pytest.mark.parametrize(
    ("broken", "shows"),
    [
        (oracle.answers_everything, {"refused_rate", "right_when_answered"}),
        # Without an answer no fact is stated, and nothing is left to be right about.
        (oracle.refuses_everything, {"answered_rate", "facts"} | OVERALL),
        (oracle.cites_at_random, {"evidence_at_1", "evidence_at_3", "aurc", "ece"} | OVERALL),
        (oracle.alters_quotes, {"quotes_verbatim"}),
        (oracle.forgets_the_facts, {"facts"} | OVERALL),
        (oracle.knows_no_confidence, {"auroc", "auroc_near", "auroc_off", "aurc", "ece"}),
    ],
)
def test_what_is_broken_shows_in_its_figures_and_in_no_other(
    broken: Callable[[Answer], Answer], shows: set[str], right: Figures
) -> None:
    assert changed(run(broken).total, right) == shows


@pytest.mark.parametrize(
    ("broken", "cause"),
    [
        (oracle.answers_everything, "gate"),
        (oracle.refuses_everything, "gate"),
        (oracle.cites_at_random, "retrieval"),
        (oracle.forgets_the_facts, "composition"),
    ],
)
def test_the_cause_is_the_part_that_was_broken(broken: Callable[[Answer], Answer], cause: str) -> None:
    assert {verdict.cause for verdict in run(broken).verdicts if not verdict.right} == {cause}


def test_a_sentence_that_the_search_found_and_did_not_choose_is_the_readers_fault() -> None:
    class Traced(oracle.Oracle):
        def candidates(self, question: str, history: object = ()) -> list[object]:
            from bot.evaluate.evidence import Span

            return [Span(oracle.PAGE.id, 0, len(oracle.PAGE.text))]

    with Answers() as answers:
        traced = Traced(oracle.cites_at_random)
        traced_for_pages = lambda pages: traced  # noqa: E731
        verdicts = run_questions(oracle.question_set(), traced_for_pages, answers, about={}).verdicts
    assert {verdict.cause for verdict in verdicts if not verdict.right} == {"reader"}


def test_intervals_hold_their_value_and_kinds_add_up() -> None:
    result = run(oracle.cites_at_random)
    for figures in (result.total, *result.by_kind.values()):
        for figure in figures.values():
            if figure.value is not None:
                assert figure.low is not None
                assert figure.high is not None
                assert figure.low - 1e-9 <= figure.value <= figure.high + 1e-9
    assert sum(figures["ece"].n for figures in result.by_kind.values()) == 60
    assert result.by_kind["near"]["auroc"].n == 50
    assert result.by_kind["near"]["evidence_at_1"].value is None
