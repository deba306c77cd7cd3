"""HTML of answers and pages: text stays text, and marks lie where the citations say."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answer import Answer, Citation, Outcome
from bot.text import load_text
from bot.ui.markup import answer_html, escape, join_neighbours, page_html, question_html, words_html
from corpus.page import Page
from tests.fake_bot import small_page

TEXT = load_text("da")
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00"))


class Reader(HTMLParser):
    """What a browser would show: the text outside `unseen`, the text of each mark, and the tags met."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags, self.marks, self._open = "", [], [], []  # type: ignore[var-annotated]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "br":
            self.text += "\n"
            return
        self._open.append((tag, dict(attrs).get("class")))
        if tag == "mark":
            self.marks.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag, f"{tag} closes something else"

    def handle_data(self, data: str) -> None:
        if any(name == "unseen" for _, name in self._open):
            return
        self.text += data
        if any(tag == "mark" for tag, _ in self._open):
            self.marks[-1] += data


def cite(page: Page, *quotes: str) -> list[Citation]:
    found = []
    for quote in quotes:
        start = page.text.index(quote)
        found.append(Citation(quote, start, start + len(quote), page.id, page.title, "", page.url))
    return found


@given(ANY_TEXT)
def test_escaped_text_reads_back_as_it_was(text: str) -> None:
    read = Reader(f"<p>{escape(text)}</p>")
    assert read.text == text
    assert set(read.tags) <= {"p", "br"}


@given(st.text("{}$`\\*_[]()~#|!^=<>&\"'@: ab\n;39"))
def test_nothing_is_left_for_markdown_latex_or_templates_to_read(text: str) -> None:
    without_entities = re.sub(r"&#?\w+;|<br>", "", escape(text))
    assert not set(without_entities) & set("{}$`\\*_[]()~#|!^=<>&\"'@:\n")


@given(ANY_TEXT)
def test_a_message_is_one_block_without_blank_lines(text: str) -> None:
    for html in (question_html(text), words_html(text)):
        assert html.startswith("<div")
        assert "\n" not in html


@given(ANY_TEXT, ANY_TEXT)
def test_a_part_set_off_leaves_the_words_as_they_were(words: str, title: str) -> None:
    read = Reader(words_html(f"Om {title}: {words}", strong=title))
    assert read.text == f"Om {title}: {words}"
    assert ("strong" in read.tags) == bool(title)


def test_every_line_of_the_page_is_shown_in_order() -> None:
    page = small_page()
    shown = Reader(page_html(page, (), TEXT)).text
    at = 0
    for line in page.text.split("\n"):
        at = shown.index(line, at) + len(line)


def test_marks_are_the_quotes_in_the_order_of_the_page() -> None:
    page = small_page()
    quotes = ["Du kan låne 40 bøger ad gangen.", "Adgang uden personale kræver sundhedskort og pinkode."]
    html = page_html(page, cite(page, *quotes), TEXT)
    assert Reader(html).marks == [quotes[1], quotes[0]]
    assert re.findall(r'data-cites="([\d ]+)"', html) == ["2", "1"]


def test_overlapping_citations_share_a_mark_that_tells_both_numbers() -> None:
    page = small_page()
    html = page_html(page, cite(page, "40 bøger ad gangen", "Du kan låne 40 bøger"), TEXT)
    assert Reader(html).marks == ["Du kan låne 40 bøger ad gangen"]
    assert 'data-cites="1 2"' in html


def test_a_citation_over_two_lines_is_marked_in_both() -> None:
    page = small_page()
    quote = "En bog kan lånes i 30 dage.\nAfleverer du for sent"
    assert Reader(page_html(page, cite(page, quote), TEXT)).marks == quote.split("\n")


@given(st.lists(st.tuples(st.integers(-5, 400), st.integers(-5, 400)), max_size=6))
def test_marks_cover_exactly_the_cited_letters(spans: list[tuple[int, int]]) -> None:
    page = small_page()
    citations = [Citation("", start, end, page.id, "", "", "") for start, end in spans]
    valid = [(start, end) for start, end in spans if 0 <= start < end <= len(page.text)]
    wanted = {at for start, end in valid for at in range(start, end) if page.text[at] != "\n"}
    read = Reader(page_html(page, citations, TEXT))
    assert sum(map(len, read.marks)) == len(wanted)
    assert sorted("".join(read.marks)) == sorted(page.text[at] for at in wanted)


def test_citations_of_another_page_are_not_marked() -> None:
    page, other = small_page(), small_page("anden")
    assert Reader(page_html(page, cite(other, "Du kan låne 40 bøger ad gangen."), TEXT)).marks == []


def test_neighbouring_sentences_are_shown_as_one() -> None:
    page = small_page()
    first, second, far = "Du kan låne 40 bøger ad gangen.", "En bog kan lånes i 30 dage.", "Adgang uden personale"
    joined = join_neighbours(cite(page, second, far, first), {page.id: page})
    assert [citation.quote for citation in joined] == [f"{first} {second}", far]
    for citation in joined:
        assert page.text[citation.start : citation.end] == citation.quote


def test_sentences_of_different_lines_or_pages_are_not_joined() -> None:
    page, other = small_page(), small_page("anden")
    apart = cite(page, "En bog kan lånes i 30 dage.", "Afleverer du for sent, koster det 25 kr. pr. gang.")
    assert list(join_neighbours(apart, {page.id: page})) == apart
    two_pages = cite(page, "Du kan låne 40 bøger ad gangen.") + cite(other, "En bog kan lånes i 30 dage.")
    assert list(join_neighbours(two_pages, {page.id: page, other.id: other})) == two_pages


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "", "/side", "//example.org", "ftp://a.dk"])
def test_only_web_addresses_become_links(url: str) -> None:
    citation = Citation("Kort.", 0, 5, "side", "Side", "", url)
    html = answer_html(Answer("9f", "?", Outcome.ANSWERED, "Kort.", citations=(citation,)), [citation], TEXT)
    assert re.findall(r'href="([^"]*)"', html) == ["#cite-1"]


def test_an_address_can_not_end_its_attribute() -> None:
    citation = Citation("Kort.", 0, 5, "side", "Side", "", 'https://a.dk/"onclick="alert(1)')
    html = answer_html(Answer("9f", "?", Outcome.ANSWERED, "Kort.", citations=(citation,)), [citation], TEXT)
    assert "onclick=" not in re.sub(r'"[^"]*"', "", html)


@given(ANY_TEXT, ANY_TEXT)
def test_hostile_quotes_and_headings_make_no_tags(quote: str, heading: str) -> None:
    citation = Citation(quote, 0, 1, "side", "Side", heading, "")
    html = answer_html(Answer("9f", "?", Outcome.ANSWERED, "Svar.", citations=(citation,)), [citation], TEXT)
    assert set(Reader(html).tags) <= {"div", "p", "section", "h3", "ol", "li", "blockquote", "span", "a", "br"}


def test_an_english_answer_has_english_words_around_danish_quotes() -> None:
    page = small_page()
    citations = cite(page, "Du kan låne 40 bøger ad gangen.")
    answer = Answer("9f", "?", Outcome.ANSWERED, "The page says so.", citations=tuple(citations), language="en")
    html = answer_html(answer, citations, load_text("en"))
    shown = Reader(html).text
    assert "This is where the page says it" in shown
    assert "Vis i teksten" not in shown
    assert '<blockquote lang="da">' in html
