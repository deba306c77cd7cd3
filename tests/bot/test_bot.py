"""The one path of a question, on the page that ships, with a fake embedder."""

import json
import logging
import random
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.answer import Outcome
from bot.bot import Bot
from bot.create import create_bot
from bot.gate import Gate
from bot.settings import Settings
from corpus.readers import read_source
from tests.fakes import HashEmbedder, make_gate, make_page

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def bot() -> Bot:
    pages = list(read_source(str(ROOT / "corpus" / "pages")))
    return create_bot(Settings(reader=""), pages=pages, embedder=HashEmbedder(), gate=make_gate())


def test_an_answer_cites_the_page(bot: Bot) -> None:
    answer = bot.ask("Hvor er forbindelsesofficererne placeret?")
    assert answer.outcome is Outcome.ANSWERED
    assert "Holland" in answer.answer
    assert answer.citations[0].heading == "Internationalt samarbejde"
    assert answer.fetched_at.endswith("Z")


def test_an_unrelated_question_is_not_on_the_page(bot: Bot) -> None:
    answer = bot.ask("Hvordan bager man en æblekage?")
    assert answer.outcome is Outcome.NOT_ON_PAGE
    assert answer.answer.startswith("Det står der ikke noget om på siden")
    assert answer.citations == ()


def test_an_answer_says_which_names_the_page_does_not_have(bot: Bot) -> None:
    answer = bot.ask("Er USA med i Counter Terrorism Group ligesom Norge, Schweiz og Storbritannien?")
    assert answer.outcome is Outcome.ANSWERED
    assert answer.answer.startswith("Siden nævner ikke USA. Siden siger det sådan: »")


def test_a_refusal_says_which_names_the_page_does_not_have(bot: Bot) -> None:
    answer = bot.ask("Kan man bage æblekage i Peru, Japan eller Kina?")
    assert answer.answer == "Det står der ikke noget om på siden. Siden nævner ikke Peru, Japan eller Kina."


def test_sentences_that_hardly_answer_are_not_shown_as_nearest(bot: Bot) -> None:
    pages = [make_page("Vi har åbent.", "Vi har lukket.")]
    for confidence, shown in ((-9.0, 0), (-1.0, 2)):
        sure = Gate(confidence, {}, threshold=0.5)
        asked = create_bot(Settings(reader=""), pages=pages, embedder=HashEmbedder(), gate=sure)
        assert len(asked.ask("Hvad koster en vielsesring?").nearest) == shown


def test_thousand_questions_of_the_pages_words_have_only_true_quotes(bot: Bot) -> None:
    page = bot.pages[0]
    vocabulary = re.findall(r"\w+", page.text)
    dice = random.Random(7)
    for _ in range(1000):
        answer = bot.ask(" ".join(dice.choices(vocabulary, k=dice.randint(1, 9))) + "?")
        assert answer.answer
        assert answer.outcome is not Outcome.ERROR
        assert answer.outcome is not Outcome.ANSWERED or answer.citations
        for citation in (*answer.citations, *answer.nearest):
            assert page.text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize("question", ["", "   ", "\x00\x00", "\u200b"])
def test_an_empty_question_asks_for_one(bot: Bot, question: str) -> None:
    answer = bot.ask(question)
    assert answer.outcome is Outcome.ERROR
    assert answer.answer == "Skriv et spørgsmål, så leder jeg efter svaret på siden."


@pytest.mark.parametrize(
    "question",
    [
        "a" * 1_000_000,
        "🙂" * 900,
        "\ud800 hvad",
        "<script>alert(1)</script>",
        "a" * 999,
        "Å" * 500,
        "?" * 999,
        "{0} %s {x}",
    ],
)
def test_odd_questions_get_an_answer(bot: Bot, question: str) -> None:
    answer = bot.ask(question)
    assert answer.answer
    assert len(answer.question) <= 1000
    json.dumps(answer.to_json()).encode()


def test_a_cpr_number_goes_no_further(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = bot.ask("Jeg hedder Ib, 010203-1234, hvem er med i CTG?")
    assert answer.outcome is Outcome.PERSONAL_DATA
    assert "010203" not in json.dumps(answer.to_json()) + caplog.text


def test_a_cpr_number_in_the_history_is_forgotten(bot: Bot) -> None:
    asked = "Hvem er med i CTG?"
    assert bot.ask(asked, ["mit cpr er 010203-1234"]) == bot.ask(asked)


def test_small_talk_is_answered_without_the_page(bot: Bot) -> None:
    answer = bot.ask("Hej")
    assert answer.outcome is Outcome.SMALLTALK
    assert answer.citations == ()
    assert answer.suggestions


def test_the_same_answer_has_the_same_id_whatever_was_asked(bot: Bot) -> None:
    first, second = bot.ask("Hvor er forbindelsesofficererne?"), bot.ask("hvor er forbindelsesofficererne")
    assert first.id == second.id
    assert re.fullmatch(r"[0-9a-f]{24}", first.id)


def test_every_suggestion_is_answered(bot: Bot) -> None:
    assert bot.suggestions()
    assert {bot.ask(question).outcome for question in bot.suggestions()} == {Outcome.ANSWERED}


def test_one_page_of_several_is_asked_alone() -> None:
    pages = [
        make_page(
            "Bibliotek", "Priser", "Det koster 20 kroner at låne en film.", id="a", headings=("Bibliotek", "Priser")
        ),
        make_page(
            "Museum", "Billetter", "Det koster 90 kroner at komme ind.", id="b", headings=("Museum", "Billetter")
        ),
    ]
    bot = create_bot(Settings(reader=""), pages=pages, embedder=HashEmbedder(), gate=make_gate())
    for page in pages:
        answer = bot.ask("Hvad koster det at komme ind?", page=page.id)
        assert {citation.page for citation in (*answer.citations, *answer.nearest)} == {page.id}
        for question in bot.suggestions(page.id):
            assert bot.ask(question, page=page.id).citations[0].page == page.id
    assert bot.suggestions("a")
    assert not set(bot.suggestions("a")) & set(bot.suggestions("b"))
    assert bot.ask("Hvad koster det at komme ind?").citations[0].page == "b"


def test_a_question_is_never_logged(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        bot.ask("hemmeligord i spørgsmålet")
    assert "hemmeligord" not in caplog.text


def test_what_goes_wrong_inside_is_a_calm_answer(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(HashEmbedder):
        def embed_query(self, text: str) -> list[float]:
            if text == "gå i stykker":
                raise RuntimeError("itu")
            return super().embed_query(text)

    broken = create_bot(Settings(reader=""), pages=[make_page("En sætning.")], embedder=Broken(), gate=make_gate())
    answer = broken.ask("gå i stykker")
    assert answer.outcome is Outcome.ERROR
    assert "Prøv igen" in answer.answer
    assert "gå i stykker" not in "".join(record.getMessage() for record in caplog.records)


@pytest.mark.parametrize("history", [[], ["x"] * 10_000, ["\x00", ""], ["y" * 100_000]])
def test_any_history_is_bounded(bot: Bot, history: Sequence[str]) -> None:
    assert bot.ask("og hvorfor det?", history).answer
