from pathlib import Path

import pytest

from index.train.texts import Pair, read_pairs, read_paragraphs, read_questions


def test_pairs_are_english_then_danish_in_order(data: Path, pairs: list[Pair]) -> None:
    assert read_pairs(data, "europarl") == pairs[:50]


def test_a_line_without_two_columns_is_told_with_its_number(data: Path) -> None:
    import gzip

    (data / "parallel" / "udhr.tsv.gz").write_bytes(gzip.compress(b"a\tb\nonly one\n"))
    with pytest.raises(ValueError, match=r"udhr\.tsv\.gz line 2 has 1 columns"):
        read_pairs(data, "udhr")


def test_a_paragraph_has_its_page_and_heading_before_it(data: Path) -> None:
    assert read_paragraphs(data)[3][0] == "Titel: Om 3"


def test_a_question_has_its_passage_and_unanswerable_ones_are_left_out(data: Path) -> None:
    (direct, followup), _ = read_questions(data / "pages" / "train.jsonl")
    assert direct.right == "Åbningstider\nVi har åbent kl. 10 på train. Søndag er train lukket."
    assert direct.wrong == ("Priser\nDet koster 40 kr. på train.",)
    assert followup.text == "Har I åbent? Og prisen på train?"


def test_the_other_sentences_of_a_section_are_wrong_for_a_question(data: Path) -> None:
    direct = read_questions(data / "pages" / "train.jsonl")[1][0]
    assert direct.right == "Åbningstider\nVi har åbent kl. 10 på train."
    assert "Åbningstider\nSøndag er train lukket." in direct.wrong
