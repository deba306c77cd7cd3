"""The editor's way in: a tab of the chat page that asks a file of questions and shows the report.

Off unless the settings turn it on, and then for one's own machine only (`Settings.editor_tab`), as whoever opens the
page can keep the bot busy and read the feedback. One evaluation runs at a time; its report lies in a temporary folder
until the next one or the end of the program.
"""

import shutil
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cached_property
from html import escape as escape_html
from pathlib import Path
from typing import Any

import gradio as gr

from bot.bot import Bot
from bot.desk import Desk
from bot.evaluate import EvaluationError, QuestionFileError
from bot.evaluate.bots import Bots, TracedBot
from bot.evaluate.drafts import draft_questions
from bot.evaluate.files import write_file
from bot.evaluate.questions import read_questions
from bot.evaluate.report import render
from bot.evaluate.runs import Answers, run_questions, write_run
from bot.evaluate.runs import Bot as AnyBot
from bot.evaluate.words import Words
from bot.failures import EXPECTED
from bot.ui.markup import escape
from corpus.page import Page

MOST_QUESTIONS = 1000
EDITABLE_BYTES = 200_000
WRITTEN = "spørgsmål.jsonl"
FILES = ("report.html", "report.md", "run.json")
_LOOK_AGAIN_S = 0.3
_TEMPLATE_SIGNS = str.maketrans({sign: f"&#{ord(sign)};" for sign in "{}$`@\\"})
"""Gradio reads its HTML as a template."""

Tell = Callable[[int, int], None]


class _StoppedError(Exception):
    """The editor stopped the evaluation, or left."""


def build_tab(desk: Desk, *, most_bytes: int) -> None:
    """Add the tab to the page that is being built (inside `gr.Tabs`).

    :param most_bytes: the largest file that the server lets in; told to the editor.
    """
    words = Words()
    tab = _Tab(Evaluation(desk), words)
    with gr.Tab(words["tab.name"], id="evaluate", elem_id="evaluate"):
        _html(f"<h2>{escape(words['tab.title'])}</h2>{_paragraphs(words['tab.intro'])}")
        with gr.Row(elem_classes="buttons"):
            types = [".jsonl", ".json"]
            upload = gr.UploadButton(words["tab.upload"], file_types=types, elem_id="questions-file", size="sm")
            drafts = gr.Button(words["tab.drafts"], size="sm", visible=desk.feedback is not None, elem_id="drafts")
        limits = words.fill("tab.limits", megabytes=words.number(most_bytes / 1_000_000, digits=1), most=MOST_QUESTIONS)
        _html(f'<p class="quiet">{escape(limits)}</p>')
        note = _html("", elem_id="questions-note")
        written = gr.Textbox(
            label=words["tab.questions"],
            placeholder=words["tab.example"],
            lines=6,
            max_lines=16,
            max_length=most_bytes,
            elem_id="questions",
        )
        with gr.Row(elem_classes="buttons"):
            run = gr.Button(words["tab.run"], variant="primary", elem_id="evaluate-run")
            stop = gr.Button(words["tab.stop"], visible=False, elem_id="evaluate-stop")
        told = _html("", elem_id="evaluate-told")
        with gr.Row(visible=False, elem_classes="buttons") as downloads:
            files = [gr.DownloadButton(words[f"tab.download.{Path(name).suffix[1:]}"], size="sm") for name in FILES]
        report = _html("", elem_id="evaluate-report")
        kept = gr.State("")

        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        outputs = [told, report, stop, downloads, *files]
        upload.upload(tab.take_file, upload, [written, kept, note], **quiet)
        drafts.click(tab.take_drafts, written, [written, note], **quiet)
        asking = run.click(tab.run, [kept, written], outputs, concurrency_limit=1, **quiet)
        stop.click(tab.stopped, None, outputs, cancels=[asking], **quiet)


class _Tab:
    """What the tab's events do; each gives new values for its outputs, in their order."""

    def __init__(self, evaluation: "Evaluation", words: Words) -> None:
        self._evaluation = evaluation
        self._words = words

    def take_file(self, path: str) -> tuple[str, str, str]:
        """A small file of own questions can be edited; another is asked as it is."""
        file = Path(path)
        text = editable(file)
        which = "tab.file_shown" if text else "tab.file_kept"
        return text, "" if text else path, self._said(self._words.fill(which, file=file.name))

    def take_drafts(self, written: str) -> tuple[str, str]:
        """Drafts made of the feedback, under what is written already."""
        store = self._evaluation.desk.feedback
        drafts = draft_questions(store.all() if store else ())
        said = self._words.fill("tab.drafts_made", count=len(drafts.rows))
        if drafts.without_question:
            said += " " + self._words.fill("tab.drafts_without", count=drafts.without_question)
        above = written.rstrip("\n") + "\n" if written.strip() else ""
        return above + "".join(drafts.lines()), self._said(said)

    def run(self, kept: str, written: str) -> Iterator[tuple[Any, ...]]:
        """Ask the questions, telling how far it is; then the report, or what was wrong."""
        done, stop = (0, 0), threading.Event()

        def tell(asked: int, count: int) -> None:
            nonlocal done
            done = asked, count
            if stop.is_set():
                raise _StoppedError

        same = [gr.skip()] * len(FILES)
        with ThreadPoolExecutor(max_workers=1) as pool:
            asking = pool.submit(self._evaluation.run, Path(kept) if kept else None, written, tell)
            try:
                while not wait([asking], timeout=_LOOK_AGAIN_S).done:
                    yield self._progress(*done), "", gr.update(visible=True), gr.update(visible=False), *same
            finally:
                stop.set()
        try:
            page, files = asking.result()
        except EXPECTED as error:
            yield self._wrong(error, kept), "", gr.update(visible=False), gr.update(visible=False), *same
            return
        told = self._said(self._words["tab.done"])
        yield told, self._framed(page), gr.update(visible=False), gr.update(visible=True), *files

    def stopped(self) -> tuple[Any, ...]:
        """What is shown once the editor stopped it."""
        told = self._said(self._words["tab.stopped"])
        return told, "", gr.update(visible=False), gr.update(visible=False), *[gr.skip()] * len(FILES)

    def _progress(self, done: int, count: int) -> str:
        """A bar with words, or words alone until the file is read."""
        if not count:
            return self._said(self._words["tab.reading"])
        words = self._words.fill("tab.progress", done=self._words.count(done), count=self._words.count(count))
        bar = f'<progress max="{count}" value="{done}" aria-label="{escape(words)}"></progress>'
        return f'<p class="progress">{bar} <span>{escape(words)}</span></p>'

    def _said(self, words: str) -> str:
        return f'<p role="status">{escape(words)}</p>'

    def _wrong(self, error: Exception, kept: str) -> str:
        words = error.told("da") if isinstance(error, QuestionFileError) else str(error)
        for folder in (Path(kept).parent, self._evaluation.folder):
            words = words.replace(f"{folder}/", "")
        lead = self._words["tab.wrong"]
        return f'<p class="wrong" role="alert"><strong>{escape(lead)}</strong> {escape(words)}</p>'

    def _framed(self, page: str) -> str:
        """The report in a frame of its own, where nothing in it can reach the chat."""
        page = page.replace("<head>", '<head><base href="about:srcdoc">', 1)  # else links lead to the chat's address
        source = escape_html(page).translate(_TEMPLATE_SIGNS)
        return f'<iframe sandbox title="{escape(self._words["tab.report"])}" srcdoc="{source}"></iframe>'


class Evaluation:
    """Evaluates the desk's bot, one file at a time, and keeps the files of the latest."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.folder = Path(tempfile.mkdtemp(prefix="sidesvar-"))
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)

    def run(self, file: Path | None, written: str, tell: Tell) -> tuple[str, list[str]]:
        """Ask the questions; returns the report, and the paths of `FILES`.

        :param written: what was written or edited; where there is any, it goes before the file.
        :param tell: called with how many are done, and of how many.
        :raises EvaluationError: for wrong questions, none, or more than `MOST_QUESTIONS`, told in Danish.
        """
        words = Words()
        if written.strip():
            file = self.folder / WRITTEN
            write_file(file, [written])
        if file is None:
            raise EvaluationError(words["tab.nothing"])
        bot = self.desk.bot
        questions = read_questions(file, lambda: bot.pages)
        if questions.count > MOST_QUESTIONS:
            raise EvaluationError(
                words.fill("tab.too_many", count=words.count(questions.count), most=words.count(MOST_QUESTIONS))
            )
        about = {"file": file.name, "embedder": self._embedder, "answerer": self.desk.settings.answerer}
        with Answers() as answers:
            run = run_questions(questions, self._bot_for, answers, about=about, progress=tell)
            page, markdown = render(run, answers)
            write_run(run, answers, self.folder / "run.json")
        write_file(self.folder / "report.html", [page])
        write_file(self.folder / "report.md", [markdown])
        return page, [str(self.folder / name) for name in FILES]

    def _bot_for(self, pages: tuple[Page, ...]) -> AnyBot:
        """The desk's own bot for its own pages; one beside it for pages that the file brings."""
        bot = self.desk.bot
        if pages != bot.pages:
            return self._others(pages)
        return TracedBot(bot) if isinstance(bot, Bot) else bot

    @cached_property
    def _others(self) -> Bots:
        bot, settings = self.desk.bot, self.desk.settings
        return (
            Bots(settings, embedder=bot.index.embedder, reader=bot.reader) if isinstance(bot, Bot) else Bots(settings)
        )

    @property
    def _embedder(self) -> str:
        bot = self.desk.bot
        return bot.index.embedder.name if isinstance(bot, Bot) else self.desk.settings.embedder


def editable(file: Path) -> str:
    """A file's questions for editing, or "" for one that is too large to edit or isn't one question a line."""
    if file.suffix != ".jsonl" or file.stat().st_size > EDITABLE_BYTES:
        return ""
    return file.read_text(encoding="utf-8-sig", errors="replace")


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines())


def _html(html: str, **options: Any) -> gr.HTML:
    """HTML that needs no script of its own."""
    return gr.HTML(html, js_on_load=None, **options)
