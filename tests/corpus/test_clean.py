import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.clean import clean_line, clean_text

ODD = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from("aåe\u030a\u0301 \u00a0\u2009\u00ad\u200b\u200d\ufeff\r\n\t\u2028•-–*.=\"'😀👩💻\ufe0f"),
    ),
    max_size=80,
)
PHRASES = st.lists(
    st.sampled_from(["Forslag", "Menu", "Spring til hovedindhold", "", "En sætning.", "Overskrift", "- ", "• Æbler"])
).map("\n".join)


@given(st.one_of(ODD, PHRASES))
def test_cleaning_clean_text_changes_nothing(raw: str) -> None:
    once = clean_text(raw)
    assert clean_text(once) == once


@given(ODD)
def test_canonical_text_has_no_empty_lines_odd_spaces_or_invisible_characters(raw: str) -> None:
    text = clean_text(raw)
    assert unicodedata.normalize("NFC", text) == text
    assert all(line == " ".join(line.split()) != "" for line in text.split("\n")) or text == ""
    left = set(text) - {"\n", "\u200d"}
    assert not {char for char in left if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co")}


@given(st.text(alphabet="abcæøåÆØÅ0123456789,;? é§", max_size=60))
def test_letters_digits_and_punctuation_are_kept_in_order(raw: str) -> None:
    from corpus.navigation import is_navigation, may_be_navigation

    if not (is_navigation(" ".join(raw.split())) or may_be_navigation(raw)):
        assert clean_text(raw).replace(" ", "") == raw.replace(" ", "")


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("A\u030a er en a\u030a", "Å er en å"),
        ("opga\u00adver og tje\u00adne\u00adster", "opgaver og tjenester"),
        ("ca.\u00a03\u2009pct.", "ca. 3 pct."),
        ("\ufeffBe\u200bgynd", "Begynd"),
        ("a\x00b\x07c", "abc"),
        ("bekræ\ufb00else", "bekræffelse"),
        ("  to\t\tord  ", "to ord"),
        ("• Norge", "Norge"),
        ("- Norge", "Norge"),
        ("-5 grader", "-5 grader"),
        ("efterretnings- og sikkerhedstjenester", "efterretnings- og sikkerhedstjenester"),
        ("Nationalt – internationalt", "Nationalt – internationalt"),
        ("👩\u200d💻 koder", "👩\u200d💻 koder"),
        ("ord\ud800", "ord"),
        ("", ""),
    ],
)
def test_a_line_is_cleaned(raw: str, clean: str) -> None:
    assert clean_line(raw) == clean


def test_line_breaks_of_all_systems_part_blocks() -> None:
    assert clean_text("Et.\r\nTo.\rTre.\n\n\n \n Fire.\u2028Fem.") == "Et.\nTo.\nTre.\nFire.\nFem."


@pytest.mark.parametrize(
    "line",
    [
        "Spring til hovedindhold",
        "Læs mere >",
        "DEL PÅ FACEBOOK",
        "alt=””",
        'alt="Et billede"',
        "* * *",
        "-----",
        "Print",
    ],
)
def test_navigation_lines_go(line: str) -> None:
    assert clean_text(f"Overskrift\n\n{line}\n\nOverskrift igen\n\nDet er en sætning.") == (
        "Overskrift\nOverskrift igen\nDet er en sætning."
    )


@pytest.mark.parametrize(
    "line",
    ["Vi bruger cookies på siden.", "Forslag til lov om ændring", "Læs mere om PET på siden.", "Privatlivspolitik"],
)
def test_text_that_only_resembles_navigation_stays(line: str) -> None:
    assert clean_text(line) == line


def test_an_ambiguous_word_stays_where_text_follows_it() -> None:
    assert clean_text("Forslag\n\nVi foreslår en ny vej.") == "Forslag\nVi foreslår en ny vej."
    assert clean_text("Forslag\n\nMenu\n\nSamarbejde\n\nVi samarbejder.") == "Samarbejde\nVi samarbejder."
