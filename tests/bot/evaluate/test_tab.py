"""The editor's tab: from questions to a report in a frame, and errors that say what is wrong."""

import asyncio
import json
from pathlib import Path

import gradio as gr
import pytest
from pydantic import ValidationError

from bot.create import create_bot
from bot.desk import Desk
from bot.evaluate import EvaluationError, QuestionFileError, tab
from bot.settings import Settings
from bot.text import load_text
from bot.ui.chat import build_ui, most_upload_bytes
from tests.fakes import HashEmbedder, make_page

PAGE = make_page(
    "Kontoret", "Kontoret har åbent fra klokken 9 til 15 på hverdage.", id="kontor", headings=("Kontoret",)
)
ROW = {"id": "1", "question": "Hvornår har kontoret åbent?", "answerable": True, "evidence": ["fra klokken 9 til 15"]}


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(create_bot(Settings(reader=""), pages=[PAGE], embedder=HashEmbedder()), Settings(editor_tab=True))


@pytest.fixture
def evaluation(desk: Desk) -> tab.Evaluation:
    return tab.Evaluation(desk)


def test_written_questions_become_a_report(evaluation: tab.Evaluation) -> None:
    done: list[tuple[int, int]] = []
    page, files = evaluation.run(None, json.dumps(ROW), lambda *at: done.append(at))
    assert "Hvor gode er svarene?" in page
    assert done == [(1, 1)]
    assert [Path(file).name for file in files] == list(tab.FILES)
    again, _ = evaluation.run(None, json.dumps(ROW | {"question": "Hvad?"}), lambda *at: None)
    assert Path(files[0]).read_text("utf-8") == again != page


def test_its_files_go_with_it(desk: Desk) -> None:
    evaluation = tab.Evaluation(desk)
    folder = evaluation.folder
    assert folder.is_dir()
    del evaluation
    assert not folder.exists()


def test_a_file_that_brings_its_pages_gets_bots_of_its_own(evaluation: tab.Evaluation, tmp_path: Path) -> None:
    page = {"id": "p", "title": "Havnen", "sections": [{"sentences": ["Havnen er åben om natten."]}]}
    question = {"kind": "direct", "q": "Hvornår er havnen åben?", "evidence": [[0, 0]]}
    file = tmp_path / "sider.jsonl"
    file.write_text(json.dumps(page | {"questions": [question]}), "utf-8")
    evaluation.run(file, "", lambda *at: None)
    kept = json.loads((evaluation.folder / "run.json").read_text("utf-8"))
    assert kept["figures"]["evidence_at_1"]["value"] == 1.0


def test_no_questions_and_too_many_are_told_of(evaluation: tab.Evaluation) -> None:
    with pytest.raises(EvaluationError, match="mindst ét spørgsmål"):
        evaluation.run(None, "  ", lambda *at: None)
    many = "\n".join(json.dumps(ROW | {"id": str(number)}) for number in range(tab.MOST_QUESTIONS + 1))
    with pytest.raises(EvaluationError, match=r"1\.001 spørgsmål"):
        evaluation.run(None, many, lambda *at: None)


def test_every_fault_of_a_file_is_told_in_danish_and_in_english() -> None:
    danish, english = (load_text(language).table("question_files") for language in ("da", "en"))
    assert danish.keys() == english.keys()
    fields = {
        "name": "facts",
        "value": "7",
        "reason": "x",
        "column": 3,
        "count": 2,
        "known": "a",
        "page": "p",
        "start": 0,
    }
    for code in danish.keys() - {"place"}:
        error = QuestionFileError(code, "q.jsonl:7", **fields)
        assert str(error).startswith("q.jsonl:7"), code
        assert error.told("da").startswith("q.jsonl, linje 7"), code
        assert error.told("da").endswith((".", "?", "…]", "a.")), code


def test_the_tab_is_for_ones_own_machine() -> None:
    for host in ("127.0.0.1", "localhost", "::1"):
        assert Settings(host=host, editor_tab=True).editor_tab
    with pytest.raises(ValidationError, match="one's own machine"):
        Settings(host="0.0.0.0", editor_tab=True)
    assert most_upload_bytes(Settings()) == 1
    assert most_upload_bytes(Settings(editor_tab=True)) == 16 * 65536 - 8192
    assert most_upload_bytes(Settings(editor_tab=True, max_body_bytes=1)) == 1


@pytest.mark.parametrize("turned_on", [True, False])
def test_the_chat_has_the_tab_where_the_settings_turn_it_on(desk: Desk, turned_on: bool) -> None:
    async def build() -> gr.Blocks:
        return build_ui(Desk(desk.bot, Settings(editor_tab=turned_on)))

    # Without a running loop Gradio makes one and leaves it open.
    blocks = asyncio.run(build())
    tabs = [block.label for block in blocks.blocks.values() if isinstance(block, gr.Tab)]
    assert tabs == (["Spørg", "Mål svarene"] if turned_on else [])
