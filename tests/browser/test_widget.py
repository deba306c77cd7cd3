"""The widget on three kinds of host page: what a visitor sees, what the page's policy sees, what goes wrong."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.widget_site import ATTACK, EXAMPLES, Site, answered, ask

Open = Callable[..., Page]


def test_nothing_is_asked_before_the_visitor_opens_it_and_nothing_is_stored(visit: Open, site: Site) -> None:
    page = visit()
    page.get_by_role("button", name="Spørg siden").wait_for()
    page.wait_for_timeout(300)
    assert [url for url in page.asked if url.startswith(site.server)] == [f"{site.server}/widget.js"]  # type: ignore[attr-defined]
    page.get_by_role("button", name="Spørg siden").click()
    ask(page, "Hvornår har I åbent?")
    answered(page, "10 til 18")
    hosts = {url.split("/")[2] for url in page.asked}  # type: ignore[attr-defined]
    assert hosts == {site.address.split("/")[2], site.server.split("/")[2]}
    assert page.context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert page.evaluate("indexedDB.databases().then((found) => found.length)") == 0


def test_a_page_with_a_strict_policy_reports_nothing(visit: Open) -> None:
    page = visit(launch=True)
    ask(page, "Hvornår har I åbent?")
    answered(page, "10 til 18")
    page.get_by_role("link", name="Vis på siden").first.click()
    assert page.evaluate("broken") == []


def test_the_quote_is_highlighted_on_the_page_and_has_the_focus(visit: Open) -> None:
    page = visit(launch=True)
    ask(page, "Hvornår har I åbent?")
    page.get_by_role("link", name="Vis på siden").click()
    marked = page.evaluate("[...CSS.highlights.get('sidesvar-quote')].map(String)")
    assert marked == [
        "Biblioteket har åbent alle hverdage fra klokken 10 til 18. Om lørdagen er der åbent fra klokken 10 til 14."
    ]
    assert page.evaluate("document.activeElement.tagName") == "P"
    assert page.url.endswith("strict_policy.html")


def test_the_panel_does_not_lie_over_the_quote(visit: Open) -> None:
    page = visit(viewport={"width": 900, "height": 820}, reduced_motion="reduce")
    page.evaluate("""() => { const main = document.querySelector('main');
        for (let number = 0; number < 60; number++) {
            for (const place of ['before', 'after']) {
                main[place](Object.assign(document.createElement('p'), {textContent: 'Andet'}));
            }
        } }""")
    page.get_by_role("button", name="Spørg siden").click()
    ask(page, "Hvornår har I åbent?")
    page.get_by_role("link", name="Vis på siden").click()
    bottom, right = page.evaluate("""() => { const [range] = CSS.highlights.get('sidesvar-quote');
        const { bottom, right, top } = range.getBoundingClientRect(); return [top > 0 ? bottom : -1, right] }""")
    panel = page.get_by_role("dialog").bounding_box()
    assert panel
    assert right > panel["x"]
    assert 0 < bottom < panel["y"]


def test_a_quote_in_a_closed_fold_opens_it(visit: Open) -> None:
    page = visit(launch=True)
    ask(page, "Hvad koster det at aflevere for sent?")
    page.get_by_role("link", name="Vis på siden").click()
    expect(page.get_by_text("Du betaler 20 kroner").first).to_be_in_viewport()
    assert page.evaluate("document.querySelector('details').open")


def test_without_highlights_the_quote_is_selected(visit: Open) -> None:
    page = visit()
    page.evaluate("delete window.Highlight")
    page.get_by_role("button", name="Spørg siden").click()
    ask(page, "Kan jeg låne?")
    page.get_by_role("link", name="Vis på siden").click()
    assert page.evaluate("String(getSelection())") == "Du låner gratis med dit sundhedskort."


def test_a_quote_that_is_not_on_this_page_opens_at_the_quote_in_a_new_window(visit: Open) -> None:
    page = visit(launch=True)
    ask(page, "Hvad koster et medlemskab?")
    link = page.get_by_role("link", name="Åbn siden ved citatet")
    expect(link).to_have_attribute("href", "https://bibliotek.example/#:~:text=Et%20medlemskab%20af%20Bib")
    expect(link).to_have_attribute("rel", "noopener noreferrer")


def test_not_on_the_page_shows_the_nearest_and_what_can_be_asked(visit: Open) -> None:
    page = visit(launch=True)
    ask(page, "Hvad koster en kop kaffe?")
    answered(page, "Det kan jeg ikke finde på siden.")
    expect(page.get_by_text("Foreninger i Fjordby kan låne mødelokalerne").last).to_be_visible()
    page.get_by_role("button", name="Hvornår har biblioteket åbent?").click()
    answered(page, "10 til 18")


def test_earlier_questions_go_along_and_start_over_forgets_them(visit: Open, site: Site) -> None:
    page = visit(launch=True)
    ask(page, "Hvornår har I åbent?")
    answered(page, "10 til 18")
    ask(page, "Kan jeg låne?")
    answered(page, "gratis")
    assert site.bot.asked[-1] == ("Kan jeg låne?", ("Hvornår har I åbent?",))
    page.get_by_role("button", name="Start forfra").click()
    expect(page.locator("sidesvar-chat .question")).to_have_count(0)
    ask(page, "Kan jeg låne?")
    answered(page, "gratis")
    assert site.bot.asked[-1] == ("Kan jeg låne?", ())


def test_a_thumb_is_sent_and_thanked_for(visit: Open) -> None:
    page = visit(launch=True)
    ask(page, "Kan jeg låne?")
    with page.expect_response("**/api/feedback") as response:
        page.get_by_role("button", name="Ja, svaret var til hjælp").click()
    assert response.value.status == 204
    expect(page.get_by_role("button", name="Ja, svaret var til hjælp")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("status")).to_have_text("Tak, det er noteret.")


SET = """(options) => { const chat = document.createElement('sidesvar-chat');
    Object.assign(chat.dataset, options); document.body.replaceChildren(chat) }"""


def test_a_thumb_can_be_followed_by_a_comment_where_the_site_asks_for_one(visit: Open) -> None:
    page = visit("single_page_app.html")
    page.evaluate(SET, {"comments": ""})
    ask(page, "Kan jeg låne?")
    page.get_by_role("button", name="Nej, svaret var ikke til hjælp").click()
    expect(page.get_by_role("status")).to_contain_text("Vil du fortælle hvorfor?")
    page.keyboard.press("Tab")  # the button that copies
    page.keyboard.press("Tab")
    page.keyboard.type("Mit nummer er 010190-1234")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="CPR-nummer")).to_be_visible()
    page.get_by_label("Vil du fortælle hvorfor?").fill("Der mangler en pris.")
    with page.expect_request("**/api/feedback") as sent:
        page.get_by_role("button", name="Send kommentaren").click()
    body = sent.value.post_data_json
    assert (body["helpful"], body["comment"], body["counted"]) == (False, "Der mangler en pris.", True)
    expect(page.get_by_label("Vil du fortælle hvorfor?")).to_have_count(0)
    expect(page.get_by_label("Dit spørgsmål")).to_be_focused()


def test_without_the_option_no_comment_is_asked_for(visit: Open) -> None:
    page = visit(launch=True)
    ask(page, "Kan jeg låne?")
    page.get_by_role("button", name="Ja, svaret var til hjælp").click()
    expect(page.get_by_role("status")).to_have_text("Tak, det er noteret.")
    expect(page.get_by_role("textbox")).to_have_count(1)


def test_only_the_page_that_the_tag_names_is_asked(visit: Open, site: Site) -> None:
    page = visit("single_page_app.html")
    page.evaluate(SET, {"page": "bibliotek"})
    page.get_by_label("Dit spørgsmål").focus()
    page.get_by_role("button", name="Hvornår har biblioteket åbent?").click()
    answered(page, "10 til 18")
    assert site.bot.asked_of[-1] == "bibliotek"
    assert f"{site.server}/api/suggestions?page=bibliotek" in page.asked  # type: ignore[attr-defined]
    page.evaluate(SET, {"page": "æ ø/å?"})
    ask(page, "Hvornår har I åbent?")
    expect(page.get_by_role("alert")).to_contain_text("Den side findes ikke her")
    assert f"{site.server}/api/suggestions?page=%C3%A6%20%C3%B8%2F%C3%A5%3F" in page.asked  # type: ignore[attr-defined]


def test_hostile_styles_and_keys_stay_outside(visit: Open) -> None:
    page = visit("hostile_styles.html", launch=True)
    page.keyboard.type("Hvornår har I åbent?")
    page.keyboard.press("Enter")
    answered(page, "10 til 18")
    looks = page.locator("sidesvar-chat .reply > .text").evaluate(
        "(element) => { const style = getComputedStyle(element); return [style.fontSize, style.color, "
        "style.textTransform, style.letterSpacing, style.visibility] }"
    )
    assert looks == ["16px", "rgb(27, 31, 36)", "none", "normal", "visible"]
    assert page.title() == "Fjordby Bibliotek"
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Spørg siden")).to_be_focused()


def test_the_page_s_own_styles_are_left_alone(visit: Open) -> None:
    page = visit()
    before = page.evaluate("getComputedStyle(document.querySelector('h1')).cssText")
    page.get_by_role("button", name="Spørg siden").click()
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).cssText") == before


def test_an_element_that_is_taken_out_and_put_back_keeps_its_conversation(visit: Open) -> None:
    page = visit("single_page_app.html")
    ask(page, "Vil du vente lidt, kan jeg låne?")
    page.get_by_role("button", name="Nyheder").click()
    expect(page.locator("sidesvar-chat")).to_have_count(0)
    page.get_by_role("button", name="Spørg", exact=True).click()
    answered(page, "gratis")
    expect(page.locator("sidesvar-chat .question")).to_have_count(1)


def test_markup_in_answers_quotes_and_suggestions_is_text(visit: Open, site: Site) -> None:
    page = visit(f"{site.server}/side", launch=True)
    ask(page, f"angreb {ATTACK}")
    answered(page, "<script>")
    assert page.locator("sidesvar-chat :is(img, script, [href^=javascript])").count() == 0
    page.wait_for_timeout(200)
    assert page.title() == "Fjordby Bibliotek"


def test_a_cpr_number_does_not_leave_the_browser(visit: Open) -> None:
    page = visit(launch=True)
    for number in ("010190-1234", "0101901234", "01.01.90 1234", "010190 – 1234", "610190-1234", "０１０１９０‐1234"):
        ask(page, f"Jeg har {number}, kan jeg låne?")
        expect(page.get_by_role("alert")).to_contain_text("CPR-nummer")
        expect(page.get_by_label("Dit spørgsmål")).to_have_value(f"Jeg har {number}, kan jeg låne?")
    assert not [url for url in page.asked if url.endswith("/api/ask")]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("status", "headers", "said"),
    [
        (429, {"Retry-After": "7"}, "Prøv igen om 7 sekunder"),
        (503, {}, "Chatten er ikke klar lige nu"),
        (502, {}, "Chatten er ikke klar lige nu"),
        (None, {}, "Forbindelsen blev afbrudt"),
    ],
)
def test_trouble_is_told_and_can_be_tried_again(
    visit: Open, status: int | None, headers: dict[str, str], said: str
) -> None:
    page = visit(launch=True)

    def fail(route: Route) -> None:
        if status is None:
            return route.abort()
        shared = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"}
        return route.fulfill(status=status, headers={**headers, **shared}, body="<h1>no</h1>")

    page.route("**/api/ask", fail)
    ask(page, "Hvornår har I åbent?")
    expect(page.locator("sidesvar-chat .failure")).to_contain_text(said)
    expect(page.locator("sidesvar-chat .question")).to_contain_text("Hvornår har I åbent?")
    page.unroute("**/api/ask")
    page.get_by_role("button", name="Prøv igen").click()
    answered(page, "10 til 18")
    expect(page.locator("sidesvar-chat .question")).to_have_count(1)


def test_an_answer_that_breaks_off_is_not_shown_as_one(visit: Open) -> None:
    page = visit(launch=True)
    page.route(
        "**/api/ask",
        lambda route: route.fulfill(
            headers={"Access-Control-Allow-Origin": "*", "Content-Type": "text/event-stream"},
            body='event: token\ndata: "Halvt"\n\n',
        ),
    )
    ask(page, "Hvornår har I åbent?")
    expect(page.locator("sidesvar-chat .failure")).to_contain_text("Forbindelsen blev afbrudt")
    expect(page.locator("sidesvar-chat .reply")).not_to_contain_text("Halvt")


def test_offline_in_mid_answer_keeps_what_was_typed(visit: Open) -> None:
    page = visit(launch=True)
    ask(page, "Vil du vente, har I åbent?")
    page.get_by_label("Dit spørgsmål").fill("Og om søndagen?")
    page.context.set_offline(True)
    page.route("**/api/ask", lambda route: route.abort())
    page.wait_for_timeout(1800)
    if page.locator("sidesvar-chat .failure").count() == 0:  # the answer under way came in before the net was gone
        page.keyboard.press("Enter")
    expect(page.locator("sidesvar-chat .failure")).to_contain_text("ikke forbindelse til internettet")
    expect(page.locator("sidesvar-chat")).to_contain_text("har I åbent?")
    page.unroute("**/api/ask")
    page.context.set_offline(False)
    page.get_by_role("button", name="Prøv igen").click()
    answered(page, "")
    expect(page.locator("sidesvar-chat .failure")).to_have_count(0)


def test_a_question_the_server_refuses_goes_back_into_the_field(visit: Open) -> None:
    page = visit(launch=True)
    question = "å" * 1001
    ask(page, question)
    expect(page.get_by_role("alert")).to_contain_text("Skriv højst 1000 tegn")
    expect(page.get_by_label("Dit spørgsmål")).to_have_value(question)


def test_an_answer_that_takes_long_says_so(visit: Open) -> None:
    page = visit()
    page.clock.install()
    page.get_by_role("button", name="Spørg siden").click()
    page.route("**/api/ask", lambda _: None)
    ask(page, "Hvornår har I åbent?")
    page.clock.run_for(4100)
    expect(page.locator("sidesvar-chat .waiting")).to_contain_text("Jeg leder stadig")
    page.clock.run_for(31000)
    expect(page.locator("sidesvar-chat .failure")).to_contain_text("Der kom ikke noget svar i tide")


def test_the_first_answer_is_there_in_a_moment(visit: Open) -> None:
    page = visit()
    page.get_by_role("button", name="Spørg siden").wait_for()
    started = time.perf_counter()
    page.get_by_role("button", name="Spørg siden").click()
    ask(page, "Hvornår har I åbent?")
    answered(page, "10 til 18")
    assert time.perf_counter() - started < 5


def test_the_example_pages_are_all_tried() -> None:
    tried = Path(__file__).read_text("utf-8")
    for example in EXAMPLES.glob("*.html"):
        assert f'"{example.name}"' in tried


def test_a_number_that_is_no_date_is_asked(visit: Open) -> None:
    page = visit(launch=True)
    ask(page, "Har I åbent på 12 34 56 78, sag 992399-1234?")
    answered(page, "10 til 18")
