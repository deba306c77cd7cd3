from dataclasses import replace
from pathlib import Path

import pytest

from bot.answerers import Question
from bot.answerers.extractive import MAX_ITEMS, Extractive, choose, leans_back
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
    assert text == "Siden siger det sådan: »Biblioteket har åbent.«"
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


def read(index: Index, *scores: float) -> list[Candidate]:
    """The index's sentences in order as candidates that a reader scored, best first."""
    found = [
        Candidate(placed, lexical=0.0, dense=0.0, passage=0.0, score=score, reader=score)
        for placed, score in zip(index.sentences, scores, strict=True)
    ]
    return sorted(found, key=lambda candidate: -candidate.score)


def test_a_sentence_that_may_well_answer_too_is_quoted_apart() -> None:
    index = index_of("Norge er et land i CTG.", "Biblioteket har lukket om søndagen.", "Sverige er et land i CTG.")
    question = Question("Hvilke lande er i CTG?", "Hvilke lande er i CTG?", "da")
    composition = Extractive().compose(question, read(index, 3.0, -2.0, 2.0), index.sentences)
    assert [placed.number for placed in composition.cited] == [0, 2]
    assert "»Norge er et land i CTG.« Og: »Sverige er et land i CTG.«" in composition.text


@pytest.mark.parametrize(
    ("scores", "chosen"),
    [
        ((2.0, 1.0, -1.0, -9.0), [0, 1]),  # shares .71, .26, .04
        ((9.0, 1.0, 1.0, 1.0), [0]),
        ((1.0, 1.0, 1.0, 1.0), [0, 1, 2]),  # at most three
        ((-5.0, -9.0, -4.0, -9.0), [2, 0]),
    ],
)
def test_further_sentences_are_chosen_by_their_share_of_the_odds(scores: tuple[float, ...], chosen: list[int]) -> None:
    candidates = read(index_of("En.", "To.", "Tre.", "Fire."), *scores)
    assert [candidate.placed.number for candidate in choose(candidates)] == chosen


def test_without_a_reader_the_best_is_told_alone() -> None:
    candidates = [replace(candidate, reader=None) for candidate in read(index_of("En.", "To."), 1.0, 1.0)]
    assert [candidate.placed.number for candidate in choose(candidates)] == [0]


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


def test_a_why_question_brings_what_the_reason_explains() -> None:
    index = index_of("Truslerne kommer ofte fra udlandet. Derfor er samarbejdet vigtigt.", "Biblioteket har åbent.")
    _, cited = compose(index, "Hvorfor betyder det noget, at truslerne ofte kommer fra udlandet?")
    assert cited == ["Truslerne kommer ofte fra udlandet.", "Derfor er samarbejdet vigtigt."]


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


@pytest.mark.parametrize(
    ("asked", "whole"),
    [
        ("Hvad skal jeg have med, når jeg skal have pas, foruden mit gamle pas?", True),
        ("hvilke papirer, et gammelt pas?", True),
        ("Skal jeg have mit gamle pas med?", False),
        ("Hvor mange gamle pas skal jeg have?", False),
    ],
)
def test_who_asks_for_one_thing_of_a_list_gets_one(asked: str, whole: bool) -> None:
    _, cited = compose(list_index(), asked)
    assert "dit gamle pas" in cited
    assert ("din sundhedskort-kvittering" in cited) is whole


def table_index(tmp_path: Path) -> Index:
    file = tmp_path / "priser.md"
    rows = "| Medlem | Pris pr. år |\n| --- | --- |\n| Barn | 900 kr. |\n| Voksen | 1.500 kr. |\n"
    file.write_text(f"# Klub\n\nVi er en klub.\n\n{rows}\nVelkommen.\n", encoding="utf-8")
    return build_index([next(read_source(str(file)))], embedder=HashEmbedder())


def test_column_headings_bring_their_table(tmp_path: Path) -> None:
    text, _ = compose(table_index(tmp_path), "Hvad er pris pr. år for et medlem?")
    assert "»Medlem | Pris pr. år\nBarn | 900 kr.\nVoksen | 1.500 kr.«" in text


def test_a_row_brings_the_headings_of_its_columns(tmp_path: Path) -> None:
    text, cited = compose(table_index(tmp_path), "Hvad koster det for en voksen?")
    assert cited == ["Voksen | 1.500 kr.", "Medlem | Pris pr. år"]
    assert "»Medlem | Pris pr. år« Og: »Voksen | 1.500 kr.«" in text


def test_a_very_long_list_is_cut_and_says_so(tmp_path: Path) -> None:
    items = "\n".join(f"- kommune {number}" for number in range(MAX_ITEMS + 10))
    (tmp_path / "lang.md").write_text(f"# Side\n\nDisse kommuner er med:\n\n{items}\n", encoding="utf-8")
    index = build_index([next(read_source(str(tmp_path / "lang.md")))], embedder=HashEmbedder())
    text, cited = compose(index, "Hvilke kommuner er med?")
    assert len(cited) == MAX_ITEMS + 1
    assert text.endswith("Listen er længere; se resten på siden.")
