"""Answers in a chat model's words, resting on the page's sentences. Any LangChain chat model.

The model chooses among the candidates and phrases the answer; its citations are the sentences
themselves. What it says is let through only when it can be checked: quotes are verbatim, numbers
and names stand in the cited sentences or in the question. Else the bot answers by extraction.
"""

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.answerers import Answerer, AnswererError, Composition, Question
from bot.text import load_text
from index.build import PlacedSentence
from index.danish import fold, words
from index.search import Candidate

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

SHOWN = 8
TIMEOUT_S = 20
MAX_ANSWER_CHARS = 2000
_QUOTED = re.compile(r"[»“”\"„]([^»«“”\"„]+)[«“”\"]")
_NAME_OR_NUMBER = re.compile(r"\d[\d.,:]*|(?<=[^\s.?!:])\s+[A-ZÆØÅ][\w-]+|\b[A-ZÆØÅ]{2,}\b")


def create(model: str) -> "ChatModel":
    """The chat model `PROVIDER:MODEL` of LangChain's `init_chat_model`.

    :raises AnswererError: when the provider's package or key is missing.
    """
    from langchain.chat_models import init_chat_model

    if not model:
        raise AnswererError("chat_model needs a model: --answerer chat_model:PROVIDER:MODEL")
    try:
        return ChatModel(init_chat_model(model, temperature=0, timeout=TIMEOUT_S, max_retries=1))
    except Exception as error:  # each provider raises its own
        provider = model.partition(":")[0]
        raise AnswererError(
            f"the chat model {model!r} can't be had ({type(error).__name__}): install langchain-{provider} and set "
            f"its key"
        ) from error


class ChatModel(Answerer):
    """Phrases answers with a LangChain chat model."""

    name = "chat_model"

    def __init__(self, model: "BaseChatModel") -> None:
        self._model = model

    def compose(
        self, question: Question, candidates: Sequence[Candidate], sentences: Sequence[PlacedSentence]
    ) -> Composition:
        shown = [candidate.placed for candidate in candidates[:SHOWN]]
        text = load_text(question.language)
        sources = "\n".join(f"[{number}] {placed.sentence.text}" for number, placed in enumerate(shown, 1))
        messages = [
            ("system", text["prompts.system"].format()),
            ("human", text["prompts.question"].format(sources=sources, question=question.alone)),
        ]
        try:
            reply = str(self._model.invoke(messages).text)
        except Exception as error:  # each provider raises its own
            raise AnswererError(f"the chat model failed ({type(error).__name__})") from error
        answer, cited = _parse(reply, shown)
        _check(answer, cited, question)
        return Composition(answer, tuple(cited))


def _parse(reply: str, shown: Sequence[PlacedSentence]) -> tuple[str, list[PlacedSentence]]:
    try:
        data = json.loads(reply[reply.index("{") : reply.rindex("}") + 1])
        answer, numbers = data["answer"].strip()[:MAX_ANSWER_CHARS], data["sources"]
        cited = [shown[int(number) - 1] for number in dict.fromkeys(numbers) if 1 <= int(number) <= len(shown)]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise AnswererError("the chat model's reply was not the JSON that was asked for") from error
    if not answer or not cited:
        raise AnswererError("the chat model gave no answer that rests on a source")
    return answer, cited


def _check(answer: str, cited: Sequence[PlacedSentence], question: Question) -> None:
    """:raises AnswererError: when the answer holds a quote, name or number of its own."""
    rests_on = " ".join(f"{placed.sentence.heading} {placed.sentence.text}" for placed in cited)
    for match in _QUOTED.finditer(answer):
        if match[1].strip() not in rests_on:
            raise AnswererError("the chat model put words between quotation marks that are not on the page")
    known = set(words(f"{rests_on} {question.alone}"))
    for match in _NAME_OR_NUMBER.finditer(answer):
        if not set(words(match[0])) <= known and fold(match[0].strip()) not in fold(rests_on):
            raise AnswererError("the chat model named something that its sources don't hold")
