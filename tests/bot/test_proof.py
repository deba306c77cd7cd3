from dataclasses import replace
from urllib.parse import unquote

from bot.answer import Answer, Outcome
from bot.proof import cite, fragment_url, is_proven
from corpus.page import Page
from index.build import build_index
from tests.fakes import HashEmbedder, make_page

PAGE = make_page("En stor del af de trusler, som PET imødegår, har en international vinkel.", "Kort-svar, ja & nej.")
SENTENCES = build_index([PAGE], embedder=HashEmbedder()).sentences


def test_a_citation_is_the_pages_text_between_its_offsets() -> None:
    for placed in SENTENCES:
        citation = cite(placed)
        assert PAGE.text[citation.start : citation.end] == citation.quote == placed.sentence.text


def test_a_long_quote_is_linked_by_its_ends() -> None:
    url = fragment_url(PAGE, SENTENCES[0].sentence.text)
    assert unquote(url) == "https://eksempel.dk/side#:~:text=En stor del af,har en international vinkel."


def test_what_has_a_meaning_in_a_fragment_is_encoded() -> None:
    assert fragment_url(PAGE, "Kort-svar, ja & nej.").endswith("#:~:text=Kort%2Dsvar%2C%20ja%20%26%20nej.")


def test_an_address_loses_its_own_fragment() -> None:
    page = replace_url("https://eksempel.dk/side#top")
    assert fragment_url(page, "ja").startswith("https://eksempel.dk/side#:~:text=")


def test_a_page_without_an_address_has_no_link() -> None:
    assert fragment_url(replace_url(""), "ja") == ""


def replace_url(url: str) -> Page:
    return make_page("ja", url=url)


def test_an_altered_quote_is_not_proven() -> None:
    citation = cite(SENTENCES[0])
    answer = Answer(id="1", question="", outcome=Outcome.ANSWERED, answer="…", citations=(citation,))
    assert is_proven(answer, {PAGE.id: PAGE})
    for altered in (
        replace(citation, quote=citation.quote + "!"),
        replace(citation, start=citation.start + 1),
        replace(citation, page="en-anden"),
    ):
        assert not is_proven(replace(answer, citations=(altered,)), {PAGE.id: PAGE})
        assert not is_proven(replace(answer, citations=(), nearest=(altered,)), {PAGE.id: PAGE})
