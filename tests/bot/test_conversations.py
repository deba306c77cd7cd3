"""Whole conversations with the models that ship, on the page that ships and on two others.

Each turn says which words its answer must find, or that the page does not answer. Written as visitors write.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from bot.answer import Answer, Outcome
from bot.bot import Bot
from bot.create import create_bot
from bot.settings import Settings
from corpus.readers import read_source
from index.embedders import load_embedder
from index.reader import load_reader

ROOT = Path(__file__).resolve().parent.parent.parent / "corpus"
PAGES = {
    "samarbejde": ROOT / "pages",
    "museum": ROOT / "questions" / "pages" / "museum.md",
    "storskrald": ROOT / "questions" / "pages" / "storskrald.md",
}
SILENT = ""


@cache
def bot_for(page: str) -> Bot:
    settings = Settings()
    embedder, reader = load_embedder(settings.embedder), load_reader(settings.reader)
    return create_bot(settings, pages=list(read_source(str(PAGES[page]))), embedder=embedder, reader=reader)


def talk(bot: Bot, questions: Sequence[str]) -> list[Answer]:
    return [bot.ask(question, questions[:turn]) for turn, question in enumerate(questions)]


CONVERSATIONS = [
    (
        "samarbejde",
        [
            ("Hvad er CTG?", "Counter Terrorism Group"),
            ("Og hvem er så med?", "Norge, Schweiz og Storbritannien"),
            ("Hvem er chef for PET?", SILENT),
            ("hvorfor det?", SILENT),
        ],
    ),
    (
        "samarbejde",
        [
            ("Hvad laver PET sammen med udlandet?", "udlandet"),
            ("hvad med de nordiske?", "nordiske efterretningstjenester"),
            ("hvorfor det?", "ligner hinanden"),
        ],
    ),
    (
        "samarbejde",
        [
            ("Hvad er samarbejdsplatformen?", "samarbejdsplatform"),
            ("hvor ligger den?", "Holland"),
            ("Hvilke danske ministerier samarbejder PET med?", "Justitsministeriet"),
            ("Hvornår har biblioteket åbent?", SILENT),
            ("er Kriminalforsorgen med?", "Kriminalforsorgen"),
        ],
    ),
    (
        "samarbejde",
        [
            ("What is CTG?", "Counter Terrorism Group"),
            ("and who is in it?", "Norge, Schweiz og Storbritannien"),
            ("where is the platform?", "Holland"),
            ("and why?", SILENT),
        ],
    ),
    (
        "museum",
        [
            ("Hvornår har I åbent i juli?", "juli og august"),
            ("og i september?", "september og oktober"),
            ("Hvor ligger museet?", "gamle toldbod"),
            ("kan man parkere der?", "parkering på Havnepladsen"),
            ("hvor længe?", "tre timer"),
        ],
    ),
    (
        "museum",
        [
            ("Må man tage hund med?", "Hunde må ikke"),
            ("Heller ikke servicehunde?", "servicehunde"),
            ("Hvad med barnevogne?", "Barnevogne"),
            ("hvorfor det?", "gulvene er skæve"),
            ("Hvem er direktør?", SILENT),
            ("Hvad er momsen på en varmepumpe?", SILENT),
        ],
    ),
    (
        "storskrald",
        [
            ("Må jeg bruge sorte sække?", "Sorte sække"),
            ("hvorfor ikke?", "chaufføren skal kunne se"),
            ("Hvad koster ordningen?", "renovationsgebyret"),
        ],
    ),
]


@pytest.mark.parametrize(("page", "turns"), CONVERSATIONS, ids=[turns[0][0] for _, turns in CONVERSATIONS])
def test_each_turn_is_answered_from_its_own_subject(page: str, turns: list[tuple[str, str]]) -> None:
    answers = talk(bot_for(page), [question for question, _ in turns])
    assert [
        (answer.question, found(answer))
        for answer, (_, words) in zip(answers, turns, strict=True)
        if (words not in found(answer) if words else answer.outcome is not Outcome.NOT_ON_PAGE)
    ] == []


def found(answer: Answer) -> str:
    """What it cites, or shows as nearest: whether it is sure enough to answer is for the gate's own tests."""
    return " ".join(citation.quote for citation in (*answer.citations, *answer.nearest))


def test_a_new_subject_is_answered_as_if_it_came_first() -> None:
    bot = bot_for("museum")
    before = ["Må man tage hund med?", "Hvad med barnevogne?"]
    for asked in ("Hvad koster et årskort til museet?", "Hvem er direktør for museumsforeningen?"):
        assert bot.ask(asked, before).citations == bot.ask(asked).citations


def test_the_conversation_makes_no_refusal_softer() -> None:
    bot = bot_for("samarbejde")
    asked = "Hvor mange ansatte har PET i udlandet?"
    confidence = bot.ask(asked).confidence
    assert bot.ask(asked, ["Hvad er CTG?", "Og hvem er så med?"] * 3).confidence == confidence
