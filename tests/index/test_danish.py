import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.danish import Vocabulary, abbreviations, fold, grams, stem, terms, words


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Rødgrød med fløde", "roedgroed med floede"),
        ("Århus", "aarhus"),
        (unicodedata.normalize("NFD", "blåbær"), "blaabaer"),
        ("Café Müller", "cafe myller"),
        ("", ""),
    ],
)
def test_folding_spells_danish_letters_out(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_words_keep_numbers_whole_and_part_hyphens() -> None:
    assert words("EU-lande, § 2, stk. 1, kl. 10.30 og 1.500,50 kr.") == [
        "eu", "lande", "§", "2", "stk", "1", "kl", "10.30", "og", "1.500,50", "kr",
    ]  # fmt: skip


def test_letters_typed_without_a_danish_keyboard_give_the_same_terms() -> None:
    assert terms("sikkerhedsmæssige forhøjelser på Århus Å") == terms("sikkerhedsmaessige forhoejelser paa Aarhus Aa")


def test_forms_of_a_word_share_a_stem() -> None:
    assert len({stem(word) for word in ("samarbejde", "samarbejder", "samarbejdet")}) == 1


def test_grams_mark_the_ends_of_a_word() -> None:
    assert grams("pet") == ["#pet", "pet#"]
    assert grams("a") == ["#a#"]
    assert grams("sikker") == ["#sik", "sikk", "ikke", "kker", "ker#"]


def test_a_compound_shares_grams_with_its_parts() -> None:
    assert len(set(grams("efterretningstjeneste")) & set(grams("tjeneste"))) >= 5


def test_a_word_of_ten_thousand_letters_has_bounded_terms() -> None:
    assert len(terms("a" * 10_000)) < 200


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i Counter Terrorism Group (CTG), som", {"ctg": "counter terrorism group"}),
        ("og Forsvarets Efterretningstjeneste (FE) samt", {"fe": "forsvarets efterretningstjeneste"}),
        ("samt Center for Cybersikkerhed (CFCS).", {"cfcs": "center for cybersikkerhed"}),
        ("en regel (Se side 4)", {}),
        ("mange ord uden (XYZ) mening", {}),
    ],
)
def test_abbreviations_are_the_texts_own(text: str, expected: dict[str, str]) -> None:
    assert abbreviations(text) == expected


def test_a_misspelt_word_is_corrected_to_the_vocabulary() -> None:
    vocabulary = Vocabulary(["forbindelsesofficerer er placeret i Holland"])
    assert vocabulary.correct("forbindelsesoficerer") == "forbindelsesofficerer"
    assert vocabulary.correct("holand") == "holland"


def test_a_known_or_short_or_far_word_is_left_alone() -> None:
    vocabulary = Vocabulary(["samarbejdet med Norge og Schweiz i CTG"])
    assert vocabulary.correct("samarbejder") == "samarbejder"
    assert vocabulary.correct("cgt") == "cgt"
    assert vocabulary.correct("svømmehal") == "svømmehal"


def test_a_word_of_grammar_is_spelt_right_on_any_page() -> None:
    vocabulary = Vocabulary(["Villie og Voes, Theyre"])
    assert [vocabulary.correct(word) for word in ("ville", "vores", "there")] == ["ville", "vores", "there"]
    assert vocabulary.correct("vilie") == "villie"


def test_an_abbreviations_other_form_is_added() -> None:
    vocabulary = Vocabulary(["Counter Terrorism Group (CTG)"])
    assert vocabulary.additions(["ctg"]) == ["counter", "terrorism", "group"]
    assert vocabulary.additions(["the", "counter", "terrorism", "group"]) == ["ctg"]
    assert vocabulary.additions(["terrorism"]) == []
