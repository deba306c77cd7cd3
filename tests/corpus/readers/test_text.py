from pathlib import Path

import pytest

from corpus.page import CorpusError
from corpus.readers import read_source
from corpus.readers.text import blocks_of


def kinds(text: str) -> list[tuple[str, int, bool]]:
    return [(block.text, block.level, block.item) for block in blocks_of(text)]


def test_headings_are_short_lines_alone_before_text() -> None:
    assert kinds("Titlen\n\nEn indledning.\n\nEt afsnit\n\nMere tekst. Slut.\n\nLøs linje til sidst") == [
        ("Titlen", 1, False),
        ("En indledning.", 0, False),
        ("Et afsnit", 2, False),
        ("Mere tekst. Slut.", 0, False),
        ("Løs linje til sidst", 0, False),
    ]


def test_list_items_are_not_headings() -> None:
    assert kinds("Titlen\n\nVi har:\n\n- Æbler\n- Pærer\n\n1. Udfyld skemaet\n\nSend det.") == [
        ("Titlen", 1, False),
        ("Vi har:", 0, False),
        ("Æbler", 0, True),
        ("Pærer", 0, True),
        ("1. Udfyld skemaet", 0, True),
        ("Send det.", 0, False),
    ]


def test_short_lines_after_an_introduction_are_items() -> None:
    assert kinds("Vi har frugt.\n\nDet er:\n\nÆbler\n\nPærer\n\nVi sælger dem.")[2:4] == [
        ("Æbler", 0, True),
        ("Pærer", 0, True),
    ]


def test_a_run_of_short_lines_is_not_headings() -> None:
    assert all(
        level == 0 for _, level, _ in kinds("Tekst er her.\n\nPET\n\nKlausdalsbrovej 1\n\n2860 Søborg\n\nRing til os.")
    )


def test_lines_within_a_block_are_not_headings() -> None:
    assert kinds("Titel\n\nPolitiets Efterretningstjeneste\nKlausdalsbrovej 1\n\nRing til os.")[1:3] == [
        ("Politiets Efterretningstjeneste", 0, False),
        ("Klausdalsbrovej 1", 0, False),
    ]


def test_a_title_and_a_heading_may_follow_each_other() -> None:
    assert [level for _, level, _ in kinds("Titlen\n\nFørste del\n\nTekst er her.")] == [1, 2, 0]


def test_questions_and_numbered_lines_head_their_text() -> None:
    assert kinds("Titlen\n\nHvad er CTG?\n\nEn gruppe.\n\n1. Formål\n\nDet er godt.\n\nEr det alt?\n\n- Ja") == [
        ("Titlen", 1, False),
        ("Hvad er CTG?", 2, False),
        ("En gruppe.", 0, False),
        ("1. Formål", 2, False),
        ("Det er godt.", 0, False),
        ("Er det alt?", 2, False),
        ("Ja", 0, True),
    ]


def test_a_heading_may_stand_right_above_its_text() -> None:
    assert kinds(
        "Titlen\n\nKontakt\nRing til os på 45 15 90 00.\n\nAdresse\nKlausdalsbrovej 1\n2860 Søborg\n\nSlut."
    ) == [
        ("Titlen", 1, False),
        ("Kontakt", 2, False),
        ("Ring til os på 45 15 90 00.", 0, False),
        ("Adresse", 0, False),
        ("Klausdalsbrovej 1", 0, False),
        ("2860 Søborg", 0, False),
        ("Slut.", 0, False),
    ]


def test_lines_under_an_introduction_are_items_to_the_next_empty_line() -> None:
    found = kinds("Titlen\n\nVi har:\næbler,\npærer og\nbananer.\n\nSlut.")
    assert found[2:] == [("æbler,", 0, True), ("pærer og", 0, True), ("bananer.", 0, True), ("Slut.", 0, False)]


def test_numbered_lines_in_a_row_are_a_list() -> None:
    assert [item for _, _, item in kinds("Titlen\n\nSådan.\n\n1. Udfyld\n\n2. Send\n\nVi svarer snart.")][2:4] == [
        True,
        True,
    ]


def test_breadcrumbs_and_dates_are_not_the_title() -> None:
    assert kinds("Forside > Om os\n\nOpdateret 3. maj 2024\n\nSamarbejde\n\nVi samarbejder.") == [
        ("Opdateret 3. maj 2024", 0, False),
        ("Samarbejde", 2, False),
        ("Vi samarbejder.", 0, False),
    ]


def test_lines_broken_to_a_width_are_joined() -> None:
    text = (
        "Overskriften\n\n"
        "Politiets Efterretningstjeneste samarbejder med en række myndigheder\n"
        "både i Danmark og i udlandet, og det gør tjenesten for at kunne løse\n"
        "sine opgaver.\n\n"
        "En kort linje\n"
    )
    assert [block.text for block in blocks_of(text)] == [
        "Overskriften",
        "Politiets Efterretningstjeneste samarbejder med en række myndigheder både i Danmark og i udlandet, og det gør "
        "tjenesten for at kunne løse sine opgaver.",
        "En kort linje",
    ]


def test_a_date_at_the_start_of_a_broken_line_is_no_item() -> None:
    text = "Overskydende skat sættes ind på din NemKonto i perioden fra den 9. til den\n12. april, og det sker selv."
    assert [block.text for block in blocks_of(text)] == [text.replace("\n", " ")]


def test_canonical_text_reads_as_itself() -> None:
    text = "Titlen\nEn sætning om noget.\nEt afsnit\nEn anden sætning om noget andet."
    assert kinds(text) == [
        ("Titlen", 1, False),
        ("En sætning om noget.", 0, False),
        ("Et afsnit", 2, False),
        ("En anden sætning om noget andet.", 0, False),
    ]


@pytest.mark.parametrize("data", [b"", b" \n\t\n", "Spring til hovedindhold\n\nalt=””\n".encode(), b"\xef\xbb\xbf"])
def test_a_file_without_text_is_refused_by_name(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "tom.txt").write_bytes(data)
    with pytest.raises(CorpusError, match=r"tom\.txt (is empty|holds no text)"):
        list(read_source(str(tmp_path / "tom.txt")))


def test_the_file_names_the_page_and_dates_it(tmp_path: Path) -> None:
    path = tmp_path / "om-os.txt"
    path.write_bytes("Om os\r\n\r\nVi er en forening.\r\n".encode("utf-8-sig"))
    (page,) = read_source(str(path))
    assert (page.id, page.title, page.url) == ("om-os", "Om os", "")
    assert page.text == "Om os\nVi er en forening."
    assert page.fetched_at.timestamp() == int(path.stat().st_mtime)
    assert page.fetched_at.utcoffset() is not None
