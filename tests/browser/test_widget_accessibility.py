"""The widget for people who use a keyboard, a screen reader, great zoom, their own colours or a phone."""

from collections.abc import Callable
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.widget_site import answered, ask

Open = Callable[..., Page]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with the widget, in all its rules for WCAG 2.2 AA and good practice."""
    page.evaluate(AXE)
    found = page.evaluate(
        "(standards) => axe.run('sidesvar-chat', {runOnly: standards}).then((done) => done.violations)", STANDARDS
    )
    return [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]


def fail(route: Route) -> None:
    route.fulfill(status=503, headers={"Access-Control-Allow-Origin": "*"}, body="{}")


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit: Open, scheme: str, look: dict[str, object]) -> None:
    page = visit(color_scheme=scheme, reduced_motion="reduce", bypass_csp=True, **look)
    page.evaluate("document.querySelector('sidesvar-chat').dataset.comments = ''")
    page.get_by_role("button", name="Spørg siden").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Spørg siden").click()
    assert violations(page) == []
    ask(page, "Hvornår har I åbent?")
    answered(page, "10 til 18")
    assert violations(page) == []
    ask(page, "Hvad koster en kop kaffe?")
    answered(page, "Det kan jeg ikke finde")
    page.get_by_role("button", name="Ja, svaret var til hjælp").click()
    page.get_by_role("button", name="Send kommentaren").click()
    expect(page.get_by_label("Vil du fortælle hvorfor?")).to_be_focused()
    assert violations(page) == []
    page.route("**/api/ask", fail)
    ask(page, "Kan jeg låne?")
    page.get_by_role("button", name="Prøv igen").wait_for()
    ask(page, "Mit nummer er 010190-1234")
    expect(page.get_by_role("alert").filter(has_text="CPR-nummer")).to_be_visible()
    assert violations(page) == []


def test_axe_would_find_something(visit: Open) -> None:
    page = visit(bypass_csp=True, launch=True)
    page.evaluate("document.querySelector('sidesvar-chat').shadowRoot.querySelector('label').remove()")
    assert any(found.startswith("label:") for found in violations(page))


def test_the_keyboard_alone_is_enough(visit: Open) -> None:
    page = visit()
    launcher = page.get_by_role("button", name="Spørg siden")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(launcher).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Dit spørgsmål")).to_be_focused()
    page.keyboard.type("Hvornår har I åbent?")
    page.keyboard.press("Enter")
    answered(page, "10 til 18")
    names = []
    for _ in range(5):
        page.keyboard.press("Shift+Tab")
        names.append(page.evaluate("document.activeElement.shadowRoot.activeElement.className"))
    assert names == ["plain", "icon", "icon", "", "log"]  # copy, thumbs, the source, the conversation
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "P"
    page.get_by_label("Dit spørgsmål").focus()
    page.keyboard.press("Escape")
    expect(launcher).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Vis på siden")).to_be_focused()


def test_a_new_line_is_typed_with_shift(visit: Open) -> None:
    page = visit(launch=True)
    page.keyboard.type("Hvornår")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("har I åbent?")
    expect(page.get_by_label("Dit spørgsmål")).to_have_value("Hvornår\nhar I åbent?")


def test_what_has_the_focus_shows_it(visit: Open) -> None:
    page = visit(launch=True)
    ask(page, "Hvornår har I åbent?")
    answered(page, "10 til 18")
    outline = """() => { let element = document.querySelector('sidesvar-chat').shadowRoot.activeElement;
        if (element.matches('textarea')) element = element.parentElement;
        return parseFloat(getComputedStyle(element).outlineWidth) }"""
    for _ in range(6):
        assert page.evaluate(outline) >= 2
        page.keyboard.press("Shift+Tab")


def test_an_answer_is_announced_once_and_not_by_the_word(visit: Open) -> None:
    page = visit(launch=True)
    page.evaluate("""() => { window.said = [];
        const status = document.querySelector('sidesvar-chat').shadowRoot.querySelector('[role=status]');
        new MutationObserver(() => said.push(status.textContent)).observe(status, {childList: true}) }""")
    ask(page, "Hvornår har I åbent?")
    answered(page, "10 til 18")
    assert page.evaluate("said") == [
        "Biblioteket har åbent alle hverdage fra klokken 10 til 18. Om lørdagen er der åbent fra klokken 10 til 14. "
        "Under svaret er der et link til stedet på siden."
    ]
    live = "document.querySelector('sidesvar-chat').shadowRoot.querySelectorAll('[aria-live], [role=log]').length"
    assert page.evaluate(live) == 0


@pytest.mark.parametrize("size", [{"width": 320, "height": 640}, {"width": 320, "height": 256}], ids=["320", "400%"])
def test_nothing_is_cut_off_at_320_px_and_400_percent(visit: Open, size: dict[str, int]) -> None:
    page = visit(viewport=size, launch=True)
    ask(page, f"Hvornår har I åbent? {'lang' * 30}")
    answered(page, "10 til 18")
    sideways = """() => [...document.querySelector('sidesvar-chat').shadowRoot.querySelectorAll('*')]
        .filter((element) => !element.closest('.unseen') && element.scrollWidth > element.clientWidth + 1
            && getComputedStyle(element).display !== 'inline').map((element) => element.className || element.tagName)"""
    assert page.evaluate(sideways) == []
    page.get_by_role("button", name="Luk").click()
    expect(page.get_by_role("button", name="Spørg siden")).to_be_in_viewport(ratio=1)


def test_text_spacing_of_the_visitor_s_own_cuts_nothing_off(visit: Open) -> None:
    page = visit(launch=True)
    page.evaluate("""() => { const sheet = new CSSStyleSheet(); sheet.replaceSync('* { line-height: 1.5 !important; ' +
        'letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }');
        document.querySelector('sidesvar-chat').shadowRoot.adoptedStyleSheets.push(sheet) }""")
    ask(page, "Hvornår har I åbent?")
    answered(page, "10 til 18")
    for name in ("Kopiér svaret", "Send", "Luk"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])
def test_every_target_is_at_least_24_px(visit: Open, look: dict[str, object]) -> None:
    page = visit(launch=True, **look)
    ask(page, "Hvad koster en kop kaffe?")
    answered(page, "Det kan jeg ikke finde")
    ask(page, "Hvornår har I åbent?")
    answered(page, "10 til 18")
    small = """() => [...document.querySelector('sidesvar-chat').shadowRoot.querySelectorAll('button, a, textarea')]
        .map((element) => [element.className, element.getBoundingClientRect()])
        .filter(([, box]) => box.width && (box.width < 24 || box.height < 24)).map(([name]) => name)"""
    assert page.evaluate(small) == []


def test_on_a_phone_the_panel_is_modal_and_gives_way_to_the_quote(visit: Open) -> None:
    page = visit(launch=True, **PHONE)
    assert page.evaluate("document.querySelector('sidesvar-chat').shadowRoot.querySelector('dialog').matches(':modal')")
    ask(page, "Hvornår har I åbent?")
    answered(page, "10 til 18")
    page.get_by_role("link", name="Vis på siden").click()
    expect(page.get_by_text("Biblioteket har åbent alle hverdage").first).to_be_in_viewport()
    assert page.evaluate("document.activeElement.tagName") == "P"
    page.get_by_role("button", name="Spørg siden").click()
    expect(page.get_by_role("link", name="Vis på siden")).to_be_focused()


def test_with_reduced_motion_nothing_moves(visit: Open) -> None:
    moving = "document.querySelector('sidesvar-chat').shadowRoot.getAnimations().length"
    page = visit(launch=True, reduced_motion="reduce")
    page.route("**/api/ask", lambda _: None)
    ask(page, "Hvornår har I åbent?")
    page.locator("sidesvar-chat .waiting").wait_for()
    assert page.evaluate(moving) == 0
    page = visit(launch=True)
    page.route("**/api/ask", lambda _: None)
    ask(page, "Hvornår har I åbent?")
    page.locator("sidesvar-chat .waiting").wait_for()
    assert page.evaluate(moving) > 0


def test_with_forced_colours_every_control_has_an_edge(visit: Open) -> None:
    page = visit(launch=True, forced_colors="active")
    ask(page, "Hvornår har I åbent?")
    answered(page, "10 til 18")
    edgeless = """() => [...document.querySelector('sidesvar-chat').shadowRoot.querySelectorAll('button, a, .field')]
        .filter((element) => element.offsetParent && parseFloat(getComputedStyle(element).borderTopWidth) < 1)
        .map((element) => element.className)"""
    assert page.evaluate(edgeless) == []


@pytest.mark.parametrize("accent", ["#ffd400", "#fff", "#000", "#7a7a7a"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_colour_that_can_t_be_read_is_corrected(visit: Open, scheme: str, accent: str) -> None:
    page = visit("single_page_app.html", color_scheme=scheme)
    page.evaluate(
        """(accent) => { const chat = document.createElement('sidesvar-chat');
        chat.dataset.accent = accent; chat.dataset.questions = 'Hvornår?'; document.body.replaceChildren(chat) }""",
        accent,
    )
    assert violations(page) == []


@pytest.mark.parametrize(
    ("language", "title"), [("en-GB", "Ask the page"), ("da", "Spørg siden"), ("de", "Spørg siden")]
)
def test_the_page_s_language_is_followed(visit: Open, language: str, title: str) -> None:
    page = visit("single_page_app.html")
    page.evaluate(
        """(language) => { document.documentElement.lang = language;
        document.body.replaceChildren(document.createElement('sidesvar-chat')) }""",
        language,
    )
    expect(page.get_by_role("heading", name=title)).to_be_visible()
