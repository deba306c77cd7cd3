"""The editor's tab as an editor uses it: a file in, a report out, and what is wrong told in Danish."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from bot.evaluate.runs import read_verdicts
from bot.server import create_server
from bot.settings import Settings
from tests.browser.conftest import serving
from tests.browser.test_chat import ask
from tests.fake_bot import FakeBot

Open = Callable[..., Any]
ROWS = [
    {
        "id": "åbent",
        "question": "Hvornår har biblioteket åbent?",
        "answerable": True,
        "evidence": ["lukker biblioteket kl. 14"],
    },
    {"id": "bøger", "question": "Hvor mange bøger kan jeg låne?", "answerable": True, "evidence": ["låne 40 bøger"]},
    {"id": "bold", "question": "Hvem vandt fodboldkampen ${1} {{x}} <b>?", "kind": "off", "answerable": False},
]


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "feedback.sqlite3"


@pytest.fixture
def editor_url(kept: Path) -> Iterator[str]:
    settings = Settings(editor_tab=True, feedback=kept, feedback_questions=True)
    with serving(create_server(settings, FakeBot())) as url:
        yield url


def write_rows(file: Path, *rows: dict[str, Any]) -> Path:
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return file


def open_tab(page: Page) -> None:
    page.get_by_role("tab", name="Mål svarene").click()
    expect(page.get_by_role("heading", name="Hvor gode er svarene?")).to_be_visible()


def upload(page: Page, file: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Vælg en fil").click()
    chooser.value.set_files(file)


def run(page: Page) -> None:
    page.get_by_role("button", name="Stil spørgsmålene").click()


def test_a_file_becomes_a_report_that_can_be_read_and_downloaded(
    open_chat: Open, editor_url: str, tmp_path: Path
) -> None:
    page = open_chat(editor_url)
    open_tab(page)
    upload(page, write_rows(tmp_path / "mine.jsonl", *ROWS))
    expect(page.locator("#questions-note")).to_contain_text("mine.jsonl er lagt ind i feltet")
    run(page)
    expect(page.locator("#evaluate-told")).to_have_text("Rapporten er klar.", timeout=60_000)

    report = page.frame_locator("#evaluate-report iframe")
    expect(report.locator(".headline .main").first).to_contain_text("Af 100 spørgsmål, som siden kan besvare, får 50")
    report.locator('a[href="#art-1"]').click()
    report.locator('#art-1 a[href="#svar-1"]').click()
    expect(report.locator("#svar-1")).to_be_in_viewport()
    expect(report.locator("#svar-1 h3")).to_contain_text("Hvornår har biblioteket åbent?")

    with page.expect_download() as download:
        page.get_by_role("button", name="Hent alle svar").click()
    assert [verdict.id for verdict in read_verdicts(Path(download.value.path()))] == ["åbent", "bøger", "bold"]
    assert page.complaints == []


def test_what_is_wrong_is_told_in_danish_and_can_be_mended_there(
    open_chat: Open, editor_url: str, tmp_path: Path
) -> None:
    page = open_chat(editor_url)
    open_tab(page)
    run(page)
    alert = page.locator("#evaluate").get_by_role("alert")
    expect(alert).to_contain_text("Læg en fil ind, eller skriv mindst ét spørgsmål.")
    upload(page, write_rows(tmp_path / "mine.jsonl", ROWS[0], {"id": "uden"}))
    expect(page.locator("#questions textarea")).to_have_value((tmp_path / "mine.jsonl").read_text("utf-8"))
    run(page)
    expect(alert).to_contain_text("linje 2: Feltet »answerable« skal være true")
    expect(alert).not_to_contain_text("/tmp")
    page.locator("#questions textarea").fill(json.dumps(ROWS[0]))
    run(page)
    expect(page.locator("#evaluate-told")).to_have_text("Rapporten er klar.", timeout=60_000)


def test_a_file_over_the_limit_stays_outside(open_chat: Open, editor_url: str, tmp_path: Path) -> None:
    page = open_chat(editor_url)
    open_tab(page)
    large = tmp_path / "stor.jsonl"
    large.write_bytes(b" " * 1_100_000)
    upload(page, large)
    expect(page.locator(".toast-body")).to_contain_text("Filen er for stor")
    sent = httpx.post(f"{editor_url}/gradio_api/upload", files={"files": ("x.jsonl", b" " * 1_200_000)})
    assert sent.status_code == 413
    just_under = httpx.post(f"{editor_url}/gradio_api/upload", files={"files": ("x.jsonl", b" " * 1_045_000)})
    assert just_under.status_code in (400, 413)


def test_a_thumb_with_a_comment_becomes_a_draft(open_chat: Open, editor_url: str) -> None:
    page = open_chat(editor_url)
    ask(page, "Hvor mange bøger kan jeg låne?")
    page.get_by_role("button", name="Ja", exact=True).click()
    page.get_by_label("Tak. Vil du skrive, hvorfor?").fill("Godt svar")
    page.get_by_role("button", name="Send kommentar").click()
    expect(page.get_by_text("Tak, det er noteret.")).to_be_visible()
    open_tab(page)
    page.get_by_role("button", name="Hent spørgsmål fra besøgendes tilbagemeldinger").click()
    expect(page.locator("#questions-note")).to_contain_text("1 spørgsmål er hentet")
    draft = json.loads(page.locator("#questions textarea").input_value())
    assert draft["question"] == "Hvor mange bøger kan jeg låne?"
    assert draft["evidence"][0] == "Du kan låne 40 bøger ad gangen."
    assert draft["comment"] == "Godt svar"
    run(page)
    expect(page.locator("#evaluate").get_by_role("alert")).to_contain_text("1 venter")
    figures = httpx.get(f"{editor_url}/metrics").text
    assert 'sidesvar_feedback_total{helpful="true"} 1.0' in figures


def test_the_tab_is_not_there_unless_it_is_turned_on(open_chat: Open, chat_url: str) -> None:
    page = open_chat()
    expect(page.get_by_role("tab")).to_have_count(0)
    sent = httpx.post(f"{chat_url}/gradio_api/upload", files={"files": ("x.jsonl", b"ab")})
    assert sent.status_code in (400, 413)


def test_the_tab_is_served_to_this_machine_by_its_own_name_only(editor_url: str) -> None:
    assert httpx.get(editor_url).status_code == 200
    assert httpx.get(editor_url, headers={"Host": "www.example.dk"}).status_code == 400


def test_a_phone_has_no_sideways_scroll(open_chat: Open, editor_url: str) -> None:
    page = open_chat(editor_url, width=360, height=740)
    open_tab(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
