"""The editor's way in: a tab of the chat page that asks a file of questions and shows the report.

Off unless the settings turn it on, as it lets whoever opens the page keep the bot busy. Questions and reports
lie in a temporary folder that the tab's next run replaces.
"""

import html
import tempfile
from pathlib import Path
from typing import Any

import gradio as gr

from bot.bot import Bot
from bot.evaluate import EvaluationError
from bot.evaluate.bots import Bots, TracedBot
from bot.evaluate.files import write_file
from bot.evaluate.questions import read_questions
from bot.evaluate.report import render
from bot.evaluate.runs import Answers, run_questions, write_run
from bot.evaluate.words import Words
from bot.settings import Settings
from corpus.page import Page

MOST_QUESTIONS = 1000
_SHOWN_BYTES = 200_000


def build_tab(bot: Bot, settings: Settings) -> None:
    """Add the tab's components to the page that is being built (inside `gr.Blocks` or `gr.Tabs`).

    :param bot: asked about its own pages; files that bring their pages get bots of their own.
    """
    words = Words()
    with gr.Tab(words["tab.name"]):
        gr.Markdown(words["tab.intro"])
        upload = gr.File(label=words["tab.upload"], file_types=[".jsonl", ".json"])
        written = gr.Textbox(label=words["tab.questions"], placeholder=words["tab.example"], lines=6, max_lines=20)
        button = gr.Button(words["tab.run"], variant="primary")
        report = gr.HTML(label=words["tab.report"])
        downloads = gr.File(label=words["tab.downloads"], file_count="multiple", interactive=False)

    def show(file: str | None) -> str:
        return shown(Path(file)) if file else ""

    def start(file: str | None, text: str, progress: gr.Progress = gr.Progress()) -> tuple[str, list[str]]:  # noqa: B008
        def tell(done: int, total: int) -> None:
            progress((done, total), desc=words["tab.progress"])

        try:
            page, files = evaluate_file(bot, settings, Path(file) if file else None, text, tell)
        except EvaluationError as error:
            raise gr.Error(html.escape(str(error)), print_exception=False) from error
        return framed(page, words["tab.report"]), files

    upload.change(show, upload, written, api_visibility="private")
    button.click(start, [upload, written], [report, downloads], concurrency_limit=1, api_visibility="private")


def shown(file: Path) -> str:
    """A file's questions for editing, or "" for one that is too large to edit or isn't one question a line."""
    if file.suffix != ".jsonl" or file.stat().st_size > _SHOWN_BYTES:
        return ""
    return file.read_text(encoding="utf-8-sig", errors="replace")


def evaluate_file(bot: Bot, settings: Settings, file: Path | None, text: str, progress: Any) -> tuple[str, list[str]]:
    """Ask the questions; returns the report, and the paths of report.html, report.md and run.json.

    :param text: what was written or edited; where there is any, it goes before the file.
    :raises EvaluationError: for wrong questions, none, or more than `MOST_QUESTIONS`.
    """
    words = Words()
    if file is None and not text.strip():
        raise EvaluationError(words["tab.nothing"])
    folder = Path(tempfile.mkdtemp(prefix="sidesvar-"))
    if text.strip():
        name = file.name if file else "questions.jsonl"
        file = folder / name
        write_file(file, [text])
    assert file is not None
    questions = read_questions(file, lambda: bot.pages)
    if questions.count > MOST_QUESTIONS:
        raise EvaluationError(words.fill("tab.too_many", count=questions.count, most=MOST_QUESTIONS))
    others = Bots(settings, embedder=bot.index.embedder)

    def bot_for(pages: tuple[Page, ...]) -> TracedBot:
        return TracedBot(bot) if pages == bot.pages else others(pages)

    about = {"file": file.name, "embedder": bot.index.embedder.name, "answerer": settings.answerer}
    with Answers() as answers:
        run = run_questions(questions, bot_for, answers, about=about, progress=progress)
        page, markdown = render(run, answers)
        write_run(run, answers, folder / "run.json")
    write_file(folder / "report.html", [page])
    write_file(folder / "report.md", [markdown])
    return page, [str(folder / name) for name in ("report.html", "report.md", "run.json")]


def framed(page: str, title: str) -> str:
    """The report in a frame of its own, where nothing in it can reach the chat."""
    return (
        f'<iframe sandbox title="{html.escape(title)}" srcdoc="{html.escape(page)}" '
        'style="width:100%;height:80vh;border:1px solid #d5dae2"></iframe>'
    )
