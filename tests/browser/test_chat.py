"""The chat as a person uses it."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.server import create_server
from bot.settings import Settings
from tests.browser.conftest import serving
from tests.fake_bot import FakeBot, small_page

Open = Callable[..., Any]
OPEN_HOURS = "Biblioteket har åbent mandag til fredag kl. 10-18."


def ask(page: Page, question: str) -> None:
    box = page.get_by_label("Dit spørgsmål")
    box.fill(question)
    box.press("Enter")
    expect(page.locator("#conversation .question").last).to_have_text(question)


def expect_in_view(mark: Locator) -> None:
    """The mark lies within the pane's own window."""
    pane = mark.locator("xpath=ancestor::article")
    expect(mark).to_be_visible()
    edges = "one => { const { top, bottom } = one.getBoundingClientRect(); return [top, bottom] }"
    (top, bottom), (mark_top, mark_bottom) = pane.evaluate(edges), mark.evaluate(edges)
    assert top <= mark_top < mark_bottom <= bottom + 1


def test_two_questions_are_answered_and_marked_on_the_page(open_chat: Open) -> None:
    page = open_chat()
    conversation, marks = page.locator("#conversation"), page.locator("#page mark")
    expect(conversation).to_contain_text("Jeg er en maskine")
    expect(conversation).to_contain_text("Biblioteket i Nørreby")
    expect(marks).to_have_count(0)

    ask(page, "Hvornår har biblioteket åbent mandag til fredag?")
    expect(conversation.locator(".sources blockquote").first).to_have_text(re.compile("^Biblioteket har åbent mandag"))
    expect(conversation.locator(".sources .place").first).to_contain_text("Åbningstider")
    expect(marks.filter(has_text="Biblioteket har åbent mandag")).to_have_count(1)

    ask(page, "Hvor mange bøger kan jeg låne ad gangen?")
    expect(marks.filter(has_text="Du kan låne 40 bøger ad gangen.")).to_have_count(1)
    expect(marks.filter(has_text="Biblioteket har åbent mandag")).to_have_count(0)
    assert page.complaints == []


def test_no_request_leaves_the_host(open_chat: Open, chat_url: str) -> None:
    page = open_chat()
    ask(page, "Hvor mange bøger kan jeg låne ad gangen?")
    expect(page.locator("#page mark")).not_to_have_count(0)
    hosts = {urlsplit(url).netloc for url in page.requested if urlsplit(url).scheme not in ("data", "blob")}
    assert hosts == {urlsplit(chat_url).netloc}


@pytest.mark.parametrize("locale", ["da-DK", "en-GB", "de-DE"])
def test_everything_is_danish_whatever_the_browsers_language(open_chat: Open, locale: str) -> None:
    page = open_chat(locale=locale)
    expect(page).to_have_title("Spørg siden")
    expect(page.get_by_role("log", name="Samtale")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "da"
    names = page.evaluate(
        """[...document.querySelectorAll('button, a, textarea')].filter(one => one.checkVisibility())
        .map(one => one.ariaLabel || one.title || one.labels?.[0]?.innerText || one.innerText.trim())"""
    )
    suggestions = list(FakeBot().suggestions())
    assert [name.split("\n")[0] for name in names] == [
        "Start forfra",
        *suggestions,
        "Dit spørgsmål",
        "Send",
        "Åbn siden",
    ]


def test_an_empty_question_is_told_in_danish(open_chat: Open) -> None:
    page = open_chat()
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".toast-body")).to_contain_text("Skriv et spørgsmål")
    expect(page.locator(".toast-title")).to_have_text("Prøv igen")
    expect(page.get_by_role("button", name="Luk", exact=True)).to_be_visible()


def test_a_suggestion_is_asked_when_it_is_clicked(open_chat: Open) -> None:
    page = open_chat()
    page.get_by_role("button", name="Hvor mange bøger kan jeg låne?").click()
    expect(page.locator("#conversation .question")).to_have_text("Hvor mange bøger kan jeg låne?")
    expect(page.locator("#page mark").first).to_contain_text("40 bøger")


def test_what_the_page_does_not_say_is_refused_with_new_suggestions(open_chat: Open) -> None:
    page = open_chat()
    ask(page, "Hvem vandt fodboldkampen?")
    expect(page.locator("#conversation .answer").last).to_have_text("Det står der ikke noget om på siden.")
    expect(page.locator("#conversation .option")).to_have_count(3)
    expect(page.locator("#page mark")).to_have_count(0)


def test_thumbs_are_counted_and_thanked(open_chat: Open, chat_url: str) -> None:
    page = open_chat()
    expect(page.get_by_role("button", name="Ja")).to_have_count(0)
    ask(page, "Hvor mange bøger kan jeg låne ad gangen?")
    page.get_by_role("button", name="Ja").click()
    expect(page.get_by_text("Tak, det er noteret.")).to_be_visible()
    expect(page.get_by_role("button", name="Ja")).to_have_count(0)
    figures = page.request.get(f"{chat_url}/metrics").text()
    assert 'sidesvar_feedback_total{helpful="true"} 1.0' in figures


def test_start_over_forgets_the_conversation(open_chat: Open) -> None:
    bot = FakeBot()
    with serving(create_server(Settings(), bot)) as url:
        page = open_chat(url)
        ask(page, "Hvor mange bøger kan jeg låne?")
        expect(page.locator("#page mark")).not_to_have_count(0)
        ask(page, "Og hvor længe?")
        expect(page.locator("#conversation .answer").nth(2)).not_to_have_class(re.compile("busy"))
        page.get_by_role("button", name="Start forfra").click()
        expect(page.locator("#conversation .question")).to_have_count(0)
        expect(page.locator("#page mark")).to_have_count(0)
        ask(page, "Hvad koster det?")
        expect(page.locator("#conversation .answer")).to_have_count(2)
        expect(page.locator("#conversation .answer").last).not_to_have_class(re.compile("busy"))
    assert bot.asked == [
        ("Hvor mange bøger kan jeg låne?", ()),
        ("Og hvor længe?", ("Hvor mange bøger kan jeg låne?",)),
        ("Hvad koster det?", ()),
    ]


def test_keyboard_alone_asks_and_reaches_the_source(open_chat: Open) -> None:
    page = open_chat()
    page.get_by_label("Dit spørgsmål").focus()
    page.keyboard.type("Hvor mange bøger kan jeg låne ad gangen?")
    page.keyboard.press("Enter")
    show = page.get_by_role("link", name="Vis i teksten").first
    expect(show).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if show.evaluate("link => link === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#page mark").first).to_be_focused()


def test_the_answer_is_said_once_to_a_screen_reader(open_chat: Open) -> None:
    page = open_chat()
    ask(page, "Hvor mange bøger kan jeg låne ad gangen?")
    expect(page.get_by_role("status").filter(has_text="På siden står der: Du kan låne 40 bøger")).to_have_count(1)
    assert page.locator('#conversation [role="log"]').get_attribute("aria-live") == "off"
    assert page.locator("#conversation [data-testid][aria-label]").count() == 0


def test_a_phone_has_no_sideways_scroll_and_the_page_is_below_the_chat(open_chat: Open) -> None:
    page = open_chat(width=360, height=740)
    ask(page, "Hvornår har biblioteket åbent mandag til fredag?")
    mark = page.locator("#page mark").first
    expect(mark).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    chat, side = page.locator("#chat").bounding_box(), page.locator("#side").bounding_box()
    assert side["y"] >= chat["y"] + chat["height"]
    too_wide = page.evaluate(
        """[...document.querySelectorAll('#chat *, #side *, #top *')].filter(one => one.checkVisibility())
        .filter(one => !one.closest('.unseen') && one.getBoundingClientRect().right > 360).length"""
    )
    assert too_wide == 0


def test_what_is_cited_far_down_a_long_page_is_scrolled_into_view(open_chat: Open) -> None:
    lines = ["En lang side", *(f"Afsnit {number} handler om noget andet." for number in range(200)), "Skovsøen er dyb."]
    bot = FakeBot([small_page("lang", lines=lines)])
    with serving(create_server(Settings(), bot)) as url:
        for width, height in ((1280, 800), (360, 740)):
            page = open_chat(url, width=width, height=height)
            top = page.evaluate("scrollY")
            ask(page, "Hvor dyb er Skovsøen?")
            mark = page.locator("#page mark")
            expect(mark).to_have_text(re.compile(r"Skovsøen er dyb\.$"))
            page.wait_for_function("document.querySelector('#page .page').scrollTop > 1000")
            expect_in_view(mark)
            assert page.evaluate("scrollY") == top


def test_text_that_looks_like_markup_is_shown_as_text(open_chat: Open) -> None:
    odd = "Skovsøen <img src=x onerror=alert(1)> **er** `dyb` ${1} {{x}} $$y$$ [x](javascript:alert(1)) &amp; @children"
    bot = FakeBot([small_page("odd", lines=["<script>alert(1)</script> {{title}}", odd])])
    with serving(create_server(Settings(), bot)) as url:
        page = open_chat(url)
        page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
        expect(page.locator("#page h2")).to_have_text("<script>alert(1)</script> {{title}}")
        ask(page, "Er Skovsøen <b>dyb</b> **eller** ${2+2} $$z$$?")
        expect(page.locator("#page mark")).to_have_text(f"citat 1: {odd}")
        expect(page.locator("#conversation .sources blockquote")).to_have_text(odd)
        made = page.locator(":is(#conversation, #page) :is(img, script, b, em, code, .katex)")
        expect(made).to_have_count(0)
        assert page.complaints == []


def test_a_slow_answer_ends_with_a_word_about_it(open_chat: Open) -> None:
    with serving(create_server(Settings(answer_timeout_s=0.2), FakeBot(slow_s=1))) as url:
        page = open_chat(url)
        ask(page, "Hvor mange bøger kan jeg låne?")
        expect(page.locator("#conversation .answer").last).to_contain_text("Det tog for lang tid")


def test_a_question_with_personal_data_is_masked_and_not_sent_again(open_chat: Open) -> None:
    bot = FakeBot()
    with serving(create_server(Settings(), bot)) as url:
        page = open_chat(url)
        page.get_by_label("Dit spørgsmål").fill("Jeg er 010190-1234, hvad skal jeg?")
        page.keyboard.press("Enter")
        expect(page.locator("#conversation .question")).to_have_text("[skjult]")
        expect(page.locator("body")).not_to_contain_text("010190")
        ask(page, "Hvad koster det?")
        expect(page.locator("#conversation .answer")).to_have_count(3)
    assert bot.asked[-1] == ("Hvad koster det?", ())
