"""The chat's components and what happens on a click; how an answer looks is `bot.ui.markup`.

The only importer of Gradio. The conversation lives in the visitor's browser: what it sends back is checked
like any other input, and nothing about a visitor is kept here.
"""

import json
import os
import re
from collections.abc import AsyncIterator, Sequence
from importlib.resources import files
from typing import Any

import anyio
import gradio as gr
from fastapi import FastAPI

from bot.answer import Answer, Citation, Outcome
from bot.api import CHAT_BODY_FACTOR
from bot.desk import Desk, QuestionError
from bot.feedback import MAX_COMMENT_CHARS, Feedback
from bot.settings import Settings
from bot.text import Text, load_text
from bot.ui import markup
from bot.ui.document import Document

LANGUAGE = "da"
MAX_SUGGESTIONS = 4
STREAM_STEPS = 12
STREAM_STEP_S = 0.05
"""An answer comes in at most this many steps, so that a long one takes under a second too."""

MAX_MESSAGES = 60
"""Older messages fall out of the conversation, so that no request grows without end."""

WORDS_OF_THE_SCRIPT = ("conversation", "failed_title", "failed", "close", "file_too_large")

FORM_BYTES = 8192
"""What a browser puts around an uploaded file, generously."""

UPLOADS_KEPT_S = 3600

Message = dict[str, Any]


def build_ui(desk: Desk) -> gr.Blocks:
    """The chat over one desk. Nothing is asked of the bot until a visitor does."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "100")  # its queue sums them all up after every answer
    text = load_text(LANGUAGE)
    editor = desk.settings.editor_tab
    blocks = gr.Blocks(
        title=text["chat.title"],
        analytics_enabled=False,
        fill_width=True,
        delete_cache=(UPLOADS_KEPT_S, UPLOADS_KEPT_S) if editor else None,
    )
    with blocks:
        if not editor:
            _build_chat(desk, text)
            return blocks
        from bot.evaluate.tab import build_tab

        with gr.Tabs(elem_id="faces"):
            with gr.Tab(text["chat.tab"], id="chat"):
                _build_chat(desk, text)
            build_tab(desk, most_bytes=most_upload_bytes(desk.settings))
    return blocks


def _build_chat(desk: Desk, text: Text) -> None:
    with gr.Row(elem_id="top"):
        _title(text)
        start_over = gr.Button(text["chat.start_over"], elem_id="start-over", size="sm", min_width=100)
    with gr.Row(elem_id="rooms"):
        with gr.Column(elem_id="chat", min_width=280):
            chatbot = _chatbot(desk, text)
            thumbs = _Thumbs(text)
            question = _question_box(desk, text)
            _plain(f"<p>{markup.escape(text['chat.note'])}</p>", elem_id="note")
        with gr.Column(elem_id="side", min_width=280):
            pane = _plain(markup.page_html(desk.find_page(), (), text), elem_id="page")
    asked = gr.JSON([], visible=False)
    latest = gr.Textbox("", visible=False)

    talk = _Talk(desk, text)
    shown = [thumbs.row, thumbs.thanks, thumbs.why]
    outputs = [question, chatbot, asked, latest, pane, *shown]
    options: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}
    if desk.settings.workers == 1:
        typed = question.submit(talk.ask, [question, chatbot, asked], outputs, **options)
        picked = chatbot.option_select(talk.ask_suggestion, [chatbot, asked], outputs, **options)
        under_way: list[dict[str, Any]] = [typed, picked]
    else:  # Gradio's queue, without which nothing is streamed, is in one process's memory
        options["queue"] = False
        question.submit(talk.ask_at_once, [question, chatbot, asked], outputs, **options)
        chatbot.option_select(talk.ask_suggestion_at_once, [chatbot, asked], outputs, **options)
        under_way = []
    start_over.click(talk.start_over, None, outputs, cancels=under_way, **options)
    given = [*shown, thumbs.helpful, thumbs.comment]
    thumbs.yes.click(talk.thumb_up, [latest, asked], given, **options)
    thumbs.no.click(talk.thumb_down, [latest, asked], given, **options)
    commented = [latest, asked, thumbs.helpful, thumbs.comment]
    thumbs.comment.submit(talk.comment, commented, [thumbs.thanks, thumbs.why], **options)


def most_upload_bytes(settings: Settings) -> int:
    """The largest file that may be uploaded, in bytes: none to speak of without the editor's tab, else what is left
    of the largest body beside the form around it."""
    return max(1, CHAT_BODY_FACTOR * settings.max_body_bytes - FORM_BYTES) if settings.editor_tab else 1


def mount_ui(app: FastAPI, blocks: gr.Blocks) -> None:
    """Mount the chat at `/`, after every other route: it takes whatever is left."""
    folder = files(__name__.rpartition(".")[0])
    text = load_text(LANGUAGE)
    app.add_middleware(Document, text=text)
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        theme=_theme(),
        css=(folder / "style.css").read_text("utf-8"),
        head=_script((folder / "page.js").read_text("utf-8"), text),
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        show_error=False,
        max_file_size=most_upload_bytes(app.state.desk.settings),
        ssr_mode=False,
        pwa=False,
    )


class _Talk:
    """What the chat's events do. Each handler gives new values for all its outputs, in their order."""

    def __init__(self, desk: Desk, text: Text) -> None:
        self.desk = desk
        self.text = text

    async def ask(self, raw: str, messages: list[Message], asked: object) -> AsyncIterator[tuple[Any, ...]]:
        """A typed question: the answer word by word, then its sources, the page with marks and the thumbs."""
        messages = list(messages or [])[-MAX_MESSAGES:]
        try:
            question = self.desk.read_question(raw or "")
            history = self.desk.read_history(_strings(asked))
        except QuestionError as error:
            words = self.text[f"errors.{error.code}"].format(limit=self.desk.settings.max_question_chars)
            gr.Info(words, title=self.text["chat.failed_title"])
            yield (gr.skip(),) * 8
            return
        messages.append(_message("user", markup.question_html(question)))
        quiet = (_hidden(),) * 3
        pending = _message("assistant", markup.searching_html(self.text))
        yield "", [*messages, pending], gr.skip(), "", gr.skip(), *quiet

        if not self.desk.bot.ready:
            sorry = _message("assistant", markup.words_html(self.text["errors.not_ready"]))
            yield gr.skip(), [*messages, sorry], gr.skip(), "", gr.skip(), *quiet
            return
        answer = await self.desk.ask(question, history)
        for words in _growing(answer.answer) if self.desk.settings.workers == 1 else ():
            part = _message("assistant", markup.words_html(words, busy=True))
            yield gr.skip(), [*messages, part], gr.skip(), "", gr.skip(), *quiet
            await anyio.sleep(STREAM_STEP_S)
        if answer.outcome is Outcome.PERSONAL_DATA:  # not to be seen or sent again: the bot's own mask stands for it
            messages[-1] = _message("user", markup.question_html(answer.question))
        else:
            history = (*history, question)
        messages.append(self._answer_message(answer))
        thumbs = gr.update(visible=answer.outcome in (Outcome.ANSWERED, Outcome.NOT_ON_PAGE))
        yield gr.skip(), messages, list(history), answer.id, self._pane(answer), thumbs, *quiet[1:]

    async def ask_suggestion(
        self, messages: list[Message], asked: object, picked: gr.SelectData
    ) -> AsyncIterator[tuple[Any, ...]]:
        """A question picked from the suggestions."""
        async for step in self.ask(str(picked.value), messages, asked):
            yield step

    async def ask_at_once(self, raw: str, messages: list[Message], asked: object) -> tuple[Any, ...]:
        """A typed question, all of whose answer comes at once."""
        return await _last_values(self.ask(raw, messages, asked))

    async def ask_suggestion_at_once(
        self, messages: list[Message], asked: object, picked: gr.SelectData
    ) -> tuple[Any, ...]:
        """A question picked from the suggestions, all of whose answer comes at once."""
        return await _last_values(self.ask(str(picked.value), messages, asked))

    async def start_over(self) -> tuple[Any, ...]:
        """The chat as it was when it opened."""
        pane = markup.page_html(self.desk.find_page(), (), self.text)
        return "", [greeting(self.desk, self.text)], [], "", pane, _hidden(), _hidden(), _hidden()

    async def thumb_up(self, latest: str, asked: object) -> tuple[Any, ...]:
        """The latest answer helped."""
        return await self._thumb(latest, asked, helpful=True)

    async def thumb_down(self, latest: str, asked: object) -> tuple[Any, ...]:
        """The latest answer did not help."""
        return await self._thumb(latest, asked, helpful=False)

    async def comment(self, latest: str, asked: object, helpful: bool, words: str) -> tuple[Any, Any]:
        """What the visitor says about the latest answer, after the thumb."""
        words = words.replace("\0", "").strip()[:MAX_COMMENT_CHARS]
        if words and (feedback := self._feedback(latest, asked, helpful=helpful is True, comment=words)):
            await self.desk.take_feedback(feedback, counted=True)
        return gr.update(visible=True), _hidden()

    async def _thumb(self, latest: str, asked: object, *, helpful: bool) -> tuple[Any, ...]:
        if feedback := self._feedback(latest, asked, helpful=helpful):
            await self.desk.take_feedback(feedback)
        keeps = self.desk.feedback is not None
        return _hidden(), gr.update(visible=not keeps), gr.update(visible=keeps), helpful, ""

    def _feedback(self, latest: str, asked: object, *, helpful: bool, comment: str = "") -> Feedback | None:
        """Feedback with the question it is about, as the browser tells; None without an answer to be about."""
        if not re.fullmatch(r"[0-9a-f]{1,64}", latest or ""):
            return None
        try:
            *history, question = self.desk.read_history(_strings(asked)) or ("",)
        except QuestionError:
            history, question = [], ""
        return Feedback(latest, helpful, comment, question=question, history=tuple(history))

    def _answer_message(self, answer: Answer) -> Message:
        text = load_text(answer.language if answer.language == "en" else LANGUAGE)
        suggestions = answer.suggestions if answer.outcome is not Outcome.ANSWERED else ()
        return _message("assistant", markup.answer_html(answer, self._cited(answer), text), suggestions)

    def _cited(self, answer: Answer) -> tuple[Citation, ...]:
        """What the chat lists and the pane marks: the citations, or where there are none the nearest sentences."""
        citations = answer.nearest if answer.outcome is Outcome.NOT_ON_PAGE else answer.citations
        return markup.join_neighbours(citations, {page.id: page for page in self.desk.bot.pages})

    def _pane(self, answer: Answer) -> Any:
        """The page of the first citation with its marks. Without any, the only page without marks, or what is there."""
        citations = self._cited(answer)
        if not citations and len(self.desk.bot.pages) != 1:
            return gr.skip()
        page = self.desk.find_page(citations[0].page if citations else None)
        near = answer.outcome is Outcome.NOT_ON_PAGE
        return markup.page_html(page, citations, self.text, near=near)


def greeting(desk: Desk, text: Text) -> Message:
    """The first message: that a machine answers, from which page, and what one might ask."""
    pages = desk.bot.pages
    kind = "none" if not pages else "one" if len(pages) == 1 else "many"
    title = pages[0].title if pages else ""
    words = text[f"chat.greeting.{kind}"].format(title=title, count=len(pages))
    suggestions = desk.bot.suggestions()
    below = f'<p class="aside">{markup.escape(text["chat.suggestions"])}</p>' if suggestions else ""
    return _message("assistant", markup.words_html(words, strong=title, below=below), suggestions)


def _title(text: Text) -> None:
    title, lead = markup.escape(text["chat.title"]), markup.escape(text["chat.lead"])
    _plain(f"<h1>{title}</h1><p>{lead}</p>", elem_id="title")


def _plain(html: str, **options: Any) -> gr.HTML:
    """HTML of `bot.ui.markup`, which needs no script of its own."""
    return gr.HTML(html, js_on_load=None, **options)


def _chatbot(desk: Desk, text: Text) -> gr.Chatbot:
    first: list[Any] = [greeting(desk, text)]
    return gr.Chatbot(
        first,
        label=text["chat.conversation"],
        show_label=False,
        elem_id="conversation",
        buttons=[],
        latex_delimiters=[],
        layout="bubble",
        height="auto",
        allow_tags=False,
        feedback_options=None,
        group_consecutive_messages=False,
    )


def _question_box(desk: Desk, text: Text) -> gr.Textbox:
    return gr.Textbox(
        label=text["chat.question_label"],
        placeholder=text["chat.placeholder"],
        submit_btn=text["chat.send"],
        max_length=desk.settings.max_question_chars,
        lines=1,
        max_lines=4,
        elem_id="question",
    )


class _Thumbs:
    """The row that asks whether the latest answer helped, the comment that may follow, and the thanks."""

    def __init__(self, text: Text) -> None:
        with gr.Row(elem_id="feedback", visible=False) as row:
            _plain(f"<span>{markup.escape(text['chat.feedback.question'])}</span>", elem_classes="ask")
            self.yes = gr.Button(text["chat.feedback.yes"], elem_id="helpful-yes", size="sm", min_width=70)
            self.no = gr.Button(text["chat.feedback.no"], elem_id="helpful-no", size="sm", min_width=70)
        self.row = row
        with gr.Column(elem_id="why", visible=False) as why:
            self.comment = gr.Textbox(
                label=text["chat.feedback.comment"],
                info=text["chat.feedback.comment_note"],
                submit_btn=text["chat.feedback.comment_send"],
                max_length=MAX_COMMENT_CHARS,
                lines=1,
                max_lines=4,
                elem_id="comment",
            )
        self.why = why
        self.helpful = gr.Checkbox(visible=False)
        thanks = f'<p role="status">{markup.escape(text["chat.feedback.thanks"])}</p>'
        self.thanks = _plain(thanks, elem_id="thanks", visible=False)


def _hidden() -> Any:
    return gr.update(visible=False)


def _message(role: str, content: str, suggestions: Sequence[str] = ()) -> Message:
    options = [{"value": suggestion, "label": suggestion} for suggestion in suggestions[:MAX_SUGGESTIONS]]
    return {"role": role, "content": content, "options": options}


def _growing(words: str) -> list[str]:
    """Beginnings of `words`, each longer than the one before, cut between words; at most `STREAM_STEPS`."""
    ends = [match.end() for match in re.finditer(r"\S+", words)][:-1]
    step = -(-len(ends) // STREAM_STEPS) or 1
    return [words[:end] for end in ends[step - 1 :: step]]


async def _last_values(steps: AsyncIterator[tuple[Any, ...]]) -> tuple[Any, ...]:
    """What each output ends with, after all steps; those that no step changes are skipped."""
    values: tuple[Any, ...] = ()
    async for step in steps:
        kept = values or step
        values = tuple(old if new == gr.skip() else new for old, new in zip(kept, step, strict=True))
    return values


def _strings(value: object) -> list[str]:
    """The strings of what the browser sent back as its list of questions."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _theme() -> gr.themes.Base:
    """Gradio's plainest theme with the visitor's own fonts: no font is fetched from anywhere."""
    return gr.themes.Base(
        primary_hue="blue",
        neutral_hue="slate",
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )


def _script(function: str, text: Text) -> str:
    words = {name: text[f"chat.{name}"] for name in WORDS_OF_THE_SCRIPT}
    return f"<script>({function.strip()})({json.dumps(words)});</script>"
