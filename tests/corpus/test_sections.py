import pytest

from corpus.page import CorpusError
from corpus.sections import page_from_sections
from corpus.split import split_sentences


def test_ranges_are_where_the_sentences_stand() -> None:
    sections = [("", ["Indledning."]), ("Åbningstider", ["Vi åbner kl.\u00a010.30.", "", "Vi lukker  kl. 16."])]
    page, ranges = page_from_sections("kontor", "Kontoret", sections)
    assert page.text == "Kontoret\nIndledning.\nÅbningstider\nVi åbner kl. 10.30. Vi lukker kl. 16."
    assert [[page.text[start:end] for start, end in section] for section in ranges] == [
        ["Indledning."],
        ["Vi åbner kl. 10.30.", "", "Vi lukker kl. 16."],
    ]
    assert [(heading.text, heading.level) for heading in page.headings] == [("Kontoret", 1), ("Åbningstider", 2)]


def test_splitting_finds_the_sentences_again() -> None:
    page, ranges = page_from_sections(
        "a", "A", [("Pris", ["Det koster ca. 20 kr.", "Det er fint."]), ("Menu", ["Øl."])]
    )
    found = [(sentence.start, sentence.end) for sentence in split_sentences(page)]
    assert found == [span for section in ranges for span in section]


def test_the_same_sections_make_the_same_page() -> None:
    sections = [("Om", ["En sætning."])]
    assert page_from_sections("a", "A", sections) == page_from_sections("a", "A", sections)


def test_a_page_without_sentences_is_refused() -> None:
    with pytest.raises(CorpusError, match="'tom' has no sentences"):
        page_from_sections("tom", "Titel", [("Overskrift", [""])])
