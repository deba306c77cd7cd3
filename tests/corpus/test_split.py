from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.blocks import Block, Origin, page_from_blocks
from corpus.page import CorpusError, Page
from corpus.split import MAX_SENTENCE_CHARS, split_passages, split_sentences

ODD_WORDS = "PET|bl.a.|ca.|3|pct.|Det|.|!|?|…|»|«|(|)|1.|kl.|i.|å|a\u030a|\u00ad|\u00a0|😀|§|\n|hr.|til:|-|“Ja.”|(Se"
WORDS = st.sampled_from(ODD_WORDS.split("|"))
TEXT = st.lists(WORDS, max_size=40).map(" ".join) | st.text(max_size=60)
BLOCKS = st.lists(st.builds(Block, TEXT, level=st.sampled_from([0, 0, 0, 1, 2]), item=st.booleans()), max_size=8)


def page_of(*blocks: Block | str) -> Page:
    origin = Origin("side", "side.txt", datetime(2026, 11, 24, tzinfo=UTC))
    return page_from_blocks([Block(block) if isinstance(block, str) else block for block in blocks], origin)


def maybe_page(blocks: list[Block]) -> Page | None:
    try:
        return page_of(*blocks)
    except CorpusError:
        return None


@given(BLOCKS)
def test_text_between_its_offsets_is_the_sentence_and_the_passage(blocks: list[Block]) -> None:
    if page := maybe_page(blocks):
        for part in [*split_sentences(page), *split_passages(page)]:
            assert page.text[part.start : part.end] == part.text == part.text.strip() != ""


@given(BLOCKS)
def test_sentences_hold_every_character_of_the_body_in_order(blocks: list[Block]) -> None:
    if page := maybe_page(blocks):
        body = list(page.text)
        for heading in page.headings:
            body[heading.start : heading.end] = " " * len(heading.text)
        expected = "".join("".join(body).split()) or "".join(page.text.split())
        assert "".join("".join(sentence.text.split()) for sentence in split_sentences(page)) == expected


@given(BLOCKS, st.integers(1, 30))
def test_each_sentence_is_in_exactly_one_passage(blocks: list[Block], max_words: int) -> None:
    if page := maybe_page(blocks):
        passages = split_passages(page, max_words=max_words)
        assert [sentence for passage in passages for sentence in passage.sentences] == split_sentences(page)
        for passage in passages:
            words = sum(len(sentence.text.split()) for sentence in passage.sentences)
            assert words <= max_words or len(passage.sentences) == 1
            assert {sentence.heading for sentence in passage.sentences} == {passage.heading}
            assert (
                not any(passage.start < heading.start < passage.end for heading in page.headings)
                or len(page.headings) == page.text.count("\n") + 1
            )


def test_a_sentence_never_reaches_over_a_block() -> None:
    page = page_of("En liste uden punktum", "Den næste linje", "Det er alt. Farvel.")
    assert [(sentence.text, sentence.block) for sentence in split_sentences(page)] == [
        ("En liste uden punktum", 0),
        ("Den næste linje", 1),
        ("Det er alt.", 2),
        ("Farvel.", 2),
    ]


def test_headings_are_context_and_not_sentences() -> None:
    page = page_of(Block("Titlen", 1), "Indledning.", Block("Afsnit", 2), "Tekst. Mere tekst.")
    assert [(sentence.text, sentence.heading) for sentence in split_sentences(page)] == [
        ("Indledning.", "Titlen"),
        ("Tekst.", "Afsnit"),
        ("Mere tekst.", "Afsnit"),
    ]


def test_a_page_of_headings_only_still_has_sentences() -> None:
    page = page_of(Block("Åbent hver dag", 1), Block("Kl. 10-16", 2))
    assert [sentence.text for sentence in split_sentences(page)] == ["Åbent hver dag", "Kl. 10-16"]


def test_items_know_the_sentence_that_introduces_them() -> None:
    page = page_of("Gruppen er ny. Medlemmerne er:", Block("Norge", item=True), Block("Schweiz", item=True), "Slut.")
    sentences = split_sentences(page)
    leads = [page.text[slice(*sentence.lead)] if sentence.lead else None for sentence in sentences]
    assert [sentence.text for sentence in sentences] == [
        "Gruppen er ny.",
        "Medlemmerne er:",
        "Norge",
        "Schweiz",
        "Slut.",
    ]
    assert leads == [None, None, "Medlemmerne er:", "Medlemmerne er:", None]


def test_rows_know_the_headings_of_their_columns() -> None:
    rows = Block("Barn | 900 kr.", item=True), Block("Voksen | 1.500 kr.", item=True)
    page = page_of("Prisen ses her.", "Medlem | Pris", *rows, "Navn | Telefon", Block("Bo | 12", item=True))
    leads = {item.text: page.text[slice(*item.lead)] for item in split_sentences(page) if item.lead}
    assert leads == {
        "Barn | 900 kr.": "Medlem | Pris",
        "Voksen | 1.500 kr.": "Medlem | Pris",
        "Bo | 12": "Navn | Telefon",
    }


def test_a_list_under_another_heading_has_no_lead() -> None:
    page = page_of("Medlemmerne er:", Block("Andet", 2), Block("Norge", item=True))
    assert [sentence.lead for sentence in split_sentences(page)] == [None, None]


@pytest.mark.parametrize("line", ["ord " * 1000, "a" * 10_000, "å" * 999 + " b" * 600])
def test_a_sentence_without_end_is_cut_to_size(line: str) -> None:
    sentences = split_sentences(page_of(line))
    assert max(len(sentence.text) for sentence in sentences) <= MAX_SENTENCE_CHARS
    assert len(sentences) <= len(line) / (MAX_SENTENCE_CHARS - 10) + 1
    assert "".join(sentence.text for sentence in sentences).replace(" ", "") == line.replace(" ", "")
    if " " in line:
        words = set(line.split())
        assert all(word in words for sentence in sentences for word in sentence.text.split())


def test_passages_end_at_blocks_where_they_can() -> None:
    page = page_of("et to tre fire.", "fem seks syv.", "otte ni ti elleve tolv.", Block("H", 2), "tretten.")
    assert [passage.text for passage in split_passages(page, max_words=8)] == [
        "et to tre fire.\nfem seks syv.",
        "otte ni ti elleve tolv.",
        "tretten.",
    ]


def test_sections_of_the_same_heading_are_not_joined() -> None:
    page = page_of(Block("Pris", 2), "Fem.", Block("Pris", 2), "Seks.")
    assert [passage.text for passage in split_passages(page)] == ["Fem.", "Seks."]
