from pathlib import Path

import pytest

from bot.answerers import Question
from bot.answerers.extractive import Extractive, leans_back
from corpus.page import Page
from corpus.readers import read_source
from index.build import Index, build_index
from index.search import Candidate, search_sentences
from tests.fakes import HashEmbedder, make_page


def index_of(*blocks: str, headings: tuple[str, ...] = ()) -> Index:
    return build_index([make_page(*blocks, headings=headings)], embedder=HashEmbedder())


def compose(index: Index, asked: str, language: str = "da") -> tuple[str, list[str]]:
    composition = Extractive().compose(
        Question(asked, asked, language), search_sentences(index, asked), index.sentences
    )
    return composition.text, [placed.sentence.text for placed in composition.cited]


def test_the_sentence_is_quoted_in_a_frame() -> None:
    text, cited = compose(index_of("PET samarbejder med FE.", "Biblioteket har åbent."), "Har biblioteket åbent?")
    assert text == "Det siger siden sådan: »Biblioteket har åbent.«"
    assert cited == ["Biblioteket har åbent."]


def test_an_english_question_gets_an_english_frame_and_danish_quotes() -> None:
    text, _ = compose(index_of("PET samarbejder med FE.", "Andet."), "Does PET work with FE?", "en")
    assert text == "The page puts it this way (in Danish): »PET samarbejder med FE.«"


def test_a_heading_is_named_where_there_is_one() -> None:
    index = index_of("Side", "Åbningstider", "Der er åbent til kl. 16.", headings=("Side", "Åbningstider"))
    text, _ = compose(index, "Hvornår er der åbent?")
    assert text == "Under »Åbningstider« står der: »Der er åbent til kl. 16.«"


@pytest.mark.parametrize(
    ("before", "sentence", "leans"),
    [
        ("PET har et tæt samarbejde.", "Det hænger sammen med, at de ligner hinanden.", True),
        ("PET deltager i et samarbejde.", "Dette samarbejde foregår i CTG.", True),
        ("Der er en samarbejdsplatform.", "Platformen gør det muligt.", True),
        ("Der er et samarbejde.", "De nordiske lande ligner hinanden.", False),
        ("Der er et samarbejde.", "Den 1. maj er der lukket.", False),
        ("Der er et samarbejde.", "Biblioteket har åbent.", False),
        ("Der er et samarbejde.", "", False),
    ],
)
def test_a_sentence_that_points_back_leans_on_the_one_before(before: str, sentence: str, leans: bool) -> None:
    placed = index_of(f"{before} {sentence}").sentences
    assert leans_back(placed[-1]) is (leans and len(placed) == 2)


def test_a_leaning_sentence_brings_the_one_before_it_in_the_pages_order() -> None:
    index = index_of("Der er en samarbejdsplatform i Holland. Platformen deler oplysninger.", "Noget andet.")
    text, cited = compose(index, "Hvad deler platformen?")
    assert cited == ["Platformen deler oplysninger.", "Der er en samarbejdsplatform i Holland."]
    assert "»Der er en samarbejdsplatform i Holland. Platformen deler oplysninger.«" in text


def test_quotes_of_two_blocks_are_quoted_apart() -> None:
    index = index_of("Norge er et land i CTG.", "Sverige er et land i CTG.", "Biblioteket har lukket om søndagen.")
    text, cited = compose(index, "Hvilke lande er i CTG?")
    assert set(cited) == {"Norge er et land i CTG.", "Sverige er et land i CTG."}
    assert "»Norge er et land i CTG.« Og: »Sverige er et land i CTG.«" in text


def test_every_quote_in_the_text_stands_on_the_page() -> None:
    index = index_of("Norge er et land i CTG. Det er vigtigt. Sverige er et land i CTG.")
    text, _ = compose(index, "Hvilke lande er i CTG?")
    page: Page = index.pages[0]
    quotes = [part.split("«")[0] for part in text.split("»")[1:]]
    assert quotes
    assert all(quote in page.text for quote in quotes)


def test_one_candidate_is_enough() -> None:
    index = index_of("Kun en sætning.")
    candidates: list[Candidate] = search_sentences(index, "noget")
    assert (
        Extractive().compose(Question("noget", "noget", "da"), candidates[:1], index.sentences).cited == index.sentences
    )


def test_a_why_question_brings_the_reason_that_follows() -> None:
    index = index_of(
        "PET har et tæt samarbejde med Norden. Det hænger sammen med, at landene ligner hinanden.", "Andet."
    )
    text, cited = compose(index, "Hvorfor har PET et tæt samarbejde med Norden?")
    assert text.startswith("Siden forklarer det sådan: »PET har et tæt samarbejde med Norden. Det hænger")
    assert len(cited) == 2


def list_index() -> Index:
    page = next(read_source(str(Path(__file__).parent / "liste.md")))
    return build_index([page], embedder=HashEmbedder())


def test_a_list_question_gets_the_whole_list_with_its_introduction() -> None:
    text, cited = compose(list_index(), "Hvilke papirer skal du have med?")
    assert set(cited) == {"Du skal have disse papirer med:", "dit gamle pas", "et foto", "din sundhedskort-kvittering"}
    assert "»Du skal have disse papirer med:\ndit gamle pas\net foto\ndin sundhedskort-kvittering«" in text


def test_one_item_brings_what_introduces_it() -> None:
    _, cited = compose(list_index(), "Skal jeg have mit gamle pas med?")
    assert cited[0] == "dit gamle pas"
    assert "Du skal have disse papirer med:" in cited
