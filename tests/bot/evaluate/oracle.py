"""A bot that answers every question rightly, and the ways to break it: each one thing only."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.answer import Answer, Citation, Outcome
from bot.evaluate.questions import Question, QuestionSet, Task
from corpus.page import Page
from tests.fakes import make_page

SENTENCES = tuple(f"Sætning nummer {number} handler om emnet {chr(65 + number % 26)}{number}." for number in range(40))
PAGE = make_page("Prøvesiden", *SENTENCES, id="prøve", headings=("Prøvesiden",))


def question_set() -> QuestionSet:
    """Forty answerable questions and twenty that are not, half near and half off."""
    from bot.evaluate.evidence import FoldedText

    text = FoldedText(PAGE.id, PAGE.text)
    kinds = ("direct", "keyword")
    questions = [
        Question(
            id=f"ja-{number}",
            question=f"Hvad handler sætning {number} om?",
            kind=kinds[number % 2],
            answerable=True,
            facts=((f"emnet {chr(65 + number % 26)}{number}",),),
            evidence=(sentence,),
            spans=text.find(sentence),
        )
        for number, sentence in enumerate(SENTENCES)
    ] + [
        Question(
            id=f"nej-{number}", question=f"Hvad koster {number}?", kind=("near", "off")[number % 2], answerable=False
        )
        for number in range(20)
    ]
    return QuestionSet(len(questions), (), lambda: iter([Task((PAGE,), questions)]))


def cite(sentence: str, page: Page = PAGE) -> Citation:
    start = page.text.index(sentence)
    return Citation(sentence, start, start + len(sentence), page.id, page.title, page.title, "")


class Oracle:
    """Right about everything, with a confidence of 1 or 0; `broken` changes each answer."""

    def __init__(self, broken: Callable[[Answer], Answer] = lambda answer: answer) -> None:
        self._broken = broken

    def __call__(self, pages: tuple[Page, ...]) -> "Oracle":
        return self

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        if question.startswith("Hvad handler"):
            sentence = SENTENCES[int(question.split()[3])]
            answer = Answer("1", question, Outcome.ANSWERED, sentence, 1.0, citations=(cite(sentence),))
        else:
            nearest = tuple(cite(sentence) for sentence in SENTENCES[:3])
            answer = Answer("2", question, Outcome.NOT_ON_PAGE, "Det står der ikke.", 0.0, nearest=nearest)
        return self._broken(answer)


def answers_everything(answer: Answer) -> Answer:
    """No gate: what it would have cited it cites, at its old confidence."""
    if answer.outcome is Outcome.ANSWERED:
        return answer
    return replace(
        answer, outcome=Outcome.ANSWERED, citations=answer.nearest, nearest=(), answer=answer.nearest[0].quote
    )


def refuses_everything(answer: Answer) -> Answer:
    """A gate that is shut: the sentences are shown as the nearest."""
    nearest = answer.citations or answer.nearest
    return replace(answer, outcome=Outcome.NOT_ON_PAGE, citations=(), nearest=nearest, answer="Det står der ikke.")


def cites_at_random(answer: Answer) -> Answer:
    """The answer's text is kept; its citations are any sentences."""
    chance = random.Random(answer.question)
    cited = tuple(cite(chance.choice(SENTENCES)) for _ in answer.citations)
    return replace(answer, citations=cited)


def alters_quotes(answer: Answer) -> Answer:
    """The offsets are right; the words are not the page's."""
    return replace(
        answer, citations=tuple(replace(citation, quote=citation.quote + "!") for citation in answer.citations)
    )


def forgets_the_facts(answer: Answer) -> Answer:
    """Cites the right place and says something else."""
    return replace(answer, answer="Det handler om noget.")


def knows_no_confidence(answer: Answer) -> Answer:
    """The same confidence for everything."""
    return replace(answer, confidence=0.5)
