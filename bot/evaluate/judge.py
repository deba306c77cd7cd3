"""One answer judged: what it cites, what it states, whether its quotes are the page's, and why it is wrong.

The ranking that is judged is the citations followed by the nearest sentences, best first, so that evidence
figures measure the search and the reader whether or not the gate let the answer through; `answered_rate`
and `refused_rate` measure the gate. What a visitor gets, all together, is `right`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.answer import Answer, Citation, Outcome
from bot.evaluate.evidence import Span, states
from bot.evaluate.questions import Question

SHOWN = 3
CAUSES = ("retrieval", "reader", "gate", "composition", "error")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the figures count of one answer.

    :param rank: of the first sentence that hits the evidence, from 1; 0 for none; None with nothing to hit.
    :param facts: whether every group is met; None with no facts to state.
    :param found: whether the right sentence is among the first three, cited or nearest (without evidence:
        whether the facts stand in the answer). What a confidence is measured against.
    :param right: what the visitor gets: an answer that cites the evidence among its first three quotes and
        states the facts, or a refusal where the page does not answer.
    :param cause: one of `CAUSES` for an answer that isn't right, else "".
    """

    id: str
    kind: str
    answerable: bool
    answered: bool
    refused: bool
    confidence: float
    rank: int | None
    facts: bool | None
    found: bool
    right: bool
    quotes: int
    verbatim: int
    latency_ms: float
    cause: str


def judge(
    question: Question,
    answer: Answer,
    *,
    texts: Mapping[str, str],
    latency_ms: float,
    candidates: Sequence[Span] | None = None,
) -> Verdict:
    """Judge an answer.

    :param texts: the text of each page by its id.
    :param candidates: what the search handed to the reader, where the bot tells; it parts "the search did
        not find it" from "the reader did not choose it". Without it only the sentences shown are known.
    """
    ranked = [_span(citation) for citation in (*answer.citations, *answer.nearest)]
    rank = _rank(question.spans, ranked) if question.evidence else None
    facts = all(states(answer.answer, group) for group in question.facts) if question.facts else None
    answered = answer.outcome == Outcome.ANSWERED
    refused = not answered and answer.outcome != Outcome.ERROR
    found = bool(question.answerable and (facts if rank is None else 1 <= rank <= SHOWN))
    cited = rank is None or 1 <= rank <= min(SHOWN, len(answer.citations))
    right = (answered and cited and facts is not False) if question.answerable else refused
    among = ranked if candidates is None else [*ranked, *candidates]
    return Verdict(
        id=question.id,
        kind=question.kind,
        answerable=question.answerable,
        answered=answered,
        refused=refused,
        confidence=answer.confidence,
        rank=rank,
        facts=facts,
        found=found,
        right=right,
        quotes=len(ranked),
        verbatim=sum(
            texts.get(citation.page, "")[citation.start : citation.end] == citation.quote != ""
            for citation in (*answer.citations, *answer.nearest)
        ),
        latency_ms=latency_ms,
        cause="" if right else _cause(answer, question, cited, found, _rank(question.spans, among) > 0),
    )


def _cause(answer: Answer, question: Question, cited: bool, found: bool, retrieved: bool) -> str:
    """The first part of the way that went wrong; every part before it did its work."""
    if answer.outcome == Outcome.ERROR:
        return "error"
    if not question.answerable or answer.outcome in (Outcome.SMALLTALK, Outcome.PERSONAL_DATA):
        return "gate"
    if answer.outcome == Outcome.ANSWERED and cited:
        return "composition"
    if question.evidence and not found:
        return "reader" if retrieved else "retrieval"
    return "reader" if answer.outcome == Outcome.ANSWERED else "gate"


def _rank(wanted: Sequence[Span], ranked: Sequence[Span]) -> int:
    hits = (number for number, span in enumerate(ranked, 1) if any(span.overlaps(want) for want in wanted))
    return next(hits, 0)


def _span(citation: Citation) -> Span:
    return Span(citation.page, citation.start, citation.end)
