import json
from typing import Any

import pytest
from langchain_core.language_models import FakeListChatModel

from bot.answer import Outcome
from bot.answerers import AnswererError, Composition, Question, create_answerer
from bot.answerers.chat_model import ChatModel
from bot.bot import Bot
from bot.settings import Settings
from index.build import build_index
from index.search import search_sentences
from tests.fakes import HashEmbedder, make_gate, make_page

INDEX = build_index(
    [make_page("Norge, Schweiz og Storbritannien er med i CTG. Gebyret er 890 kr.")], embedder=HashEmbedder()
)
ASKED = "Hvem er med i CTG?"


def reply(answer: str, sources: Any) -> str:
    return json.dumps({"answer": answer, "sources": sources})


def compose(said: str) -> Composition:
    model = ChatModel(FakeListChatModel(responses=[said]))
    return model.compose(Question(ASKED, ASKED, "da"), search_sentences(INDEX, ASKED), INDEX.sentences)


@pytest.mark.parametrize(
    "said",
    [
        reply("Det er Norge, Schweiz og Storbritannien.", [1]),
        reply("På siden står »Norge, Schweiz og Storbritannien er med i CTG.«", [1, 1]),
        "Gerne! " + reply("Der er tre lande, blandt andre Norge.", ["1"]),
    ],
)
def test_an_answer_that_rests_on_its_source_is_let_through(said: str) -> None:
    composition = compose(said)
    assert [placed.sentence.text for placed in composition.cited] == ["Norge, Schweiz og Storbritannien er med i CTG."]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Det er Norge.", "not the JSON"),
        (reply("Det er Norge.", []), "rests on a source"),
        (reply("Det er Norge.", [99]), "rests on a source"),
        (reply("", [1]), "rests on a source"),
        (reply("Det er Norge.", None), "not the JSON"),
        ('{"answer": 3, "sources": [1]}', "not the JSON"),
        (reply("Siden siger »Sverige er også med«.", [1]), "between quotation marks"),
        (reply("Det er blandt andre Island.", [1]), "sources don't hold"),
        (reply("Der er 27 lande.", [1]), "sources don't hold"),
    ],
)
def test_an_answer_that_cannot_be_checked_is_refused(said: str, told: str) -> None:
    with pytest.raises(AnswererError, match=told):
        compose(said)


def test_the_bot_answers_by_extraction_when_the_model_fails() -> None:
    model = ChatModel(FakeListChatModel(responses=["vrøvl"]))
    answer = Bot(INDEX, answerer=model, gate=make_gate(), settings=Settings()).ask(ASKED)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.answerer == "extractive"


def test_the_bot_says_which_answerer_answered() -> None:
    model = ChatModel(FakeListChatModel(responses=[reply("Norge, Schweiz og Storbritannien.", [1])]))
    answer = Bot(INDEX, answerer=model, gate=make_gate(), settings=Settings()).ask(ASKED)
    assert (answer.answerer, answer.answer) == ("chat_model", "Norge, Schweiz og Storbritannien.")


@pytest.mark.parametrize("spec", ["chat_model", "chat_model:findesikke:model"])
def test_a_model_that_cannot_be_had_is_told(spec: str) -> None:
    with pytest.raises(AnswererError, match=r"PROVIDER:MODEL|can't be had"):
        create_answerer(spec)
