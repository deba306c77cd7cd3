"""The editor's tab: from questions to a report in a frame, and errors that say what is wrong."""

import asyncio
import json
from pathlib import Path

import gradio as gr
import pytest

from bot.bot import Bot
from bot.create import create_bot
from bot.evaluate import EvaluationError, tab
from bot.settings import Settings
from tests.fakes import HashEmbedder, make_page

PAGE = make_page(
    "Kontoret", "Kontoret har åbent fra klokken 9 til 15 på hverdage.", id="kontor", headings=("Kontoret",)
)
ROW = {"id": "1", "question": "Hvornår har kontoret åbent?", "answerable": True, "evidence": ["fra klokken 9 til 15"]}


@pytest.fixture
def bot() -> Bot:
    return create_bot(Settings(), pages=[PAGE], embedder=HashEmbedder())


def test_written_questions_become_a_report(bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    done: list[tuple[int, int]] = []
    page, files = tab.evaluate_file(bot, Settings(), None, json.dumps(ROW), lambda *at: done.append(at))
    assert "Hvor gode er svarene?" in page
    assert done == [(1, 1)]
    assert [Path(file).name for file in files] == ["report.html", "report.md", "run.json"]
    assert "<h1>" not in tab.framed(page, "Rapport")


def test_no_questions_and_too_many_are_told_of(bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(EvaluationError, match="mindst ét spørgsmål"):
        tab.evaluate_file(bot, Settings(), None, "  ", lambda *at: None)
    many = "\n".join(json.dumps(ROW | {"id": str(number)}) for number in range(tab.MOST_QUESTIONS + 1))
    with pytest.raises(EvaluationError, match="1001 spørgsmål"):
        tab.evaluate_file(bot, Settings(), None, many, lambda *at: None)


def test_the_tab_can_be_built(bot: Bot) -> None:
    async def build() -> gr.Blocks:
        with gr.Blocks() as blocks, gr.Tabs():
            tab.build_tab(bot, Settings())
        return blocks

    # Without a running loop Gradio makes one and leaves it open.
    blocks = asyncio.run(build())
    assert len(blocks.fns) == 2
