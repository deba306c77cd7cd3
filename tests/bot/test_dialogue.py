import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answerers import Question
from bot.dialogue import (
    clean_question,
    is_bare_why,
    is_followup,
    language_of,
    own_words,
    parts,
    smalltalk_kind,
    standalone,
)


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean_question(clean_question(text)) == clean_question(text)


def test_cleaning_drops_what_cannot_be_seen() -> None:
    assert clean_question(" Hvad\x00 er\r\n\tCTG\u200b\u202e? ") == "Hvad er CTG ?"
    assert clean_question("bla\u030a") == "blå"
    assert clean_question("\ud800") == ""


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Hvem er med i CTG?", "da"),
        ("Who is in the CTG?", "en"),
        ("where are the liaison officers located", "en"),
        ("PET terrorisme", "da"),
        ("hvad laver pet", "da"),
        ("", "da"),
    ],
)
def test_the_language_is_that_of_the_small_words(question: str, language: str) -> None:
    assert language_of(question) == language


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Hej!", "greeting"),
        ("TUSIND TAK", "thanks"),
        ("Hvem er du?", "identity"),
        ("are you a robot?", "identity"),
        ("Hvad kan du?", "help"),
        ("Hej, hvem er med i CTG?", ""),
        ("Hvem er chef?", ""),
        ("", ""),
    ],
)
def test_small_talk_is_the_whole_question(question: str, kind: str) -> None:
    assert smalltalk_kind(question) == kind


@pytest.mark.parametrize(
    "question",
    [
        "Og hvem er så med?",
        "hvorfor det?",
        "hvad med de nordiske?",
        "hvor ligger den?",
        "og Norge?",
        "what about Norway?",
        "hvilke?",
        "Hvilke lande er med?",
        "Hvor lang tid tager det?",
        "Hvor længe varer sådan en?",
        "Okay, men hvad så bagefter?",
        "Gælder det også store lastbiler?",
        "Må de sælge varen videre imens?",
        "Er PET med i det?",
        "and why?",
        "How long does it take?",
    ],
)
def test_a_question_without_its_own_subject_is_a_followup(question: str) -> None:
    assert is_followup(question)


@pytest.mark.parametrize(
    "question",
    [
        "Hvilke lande er med i CTG?",
        "Hvor sidder forbindelsesofficererne?",
        "Hvordan samarbejder PET med de nordiske lande?",
        "Hvad betyder det gensidigt afhængige samarbejde for Danmark?",
        "Who is in CTG?",
        "Hvad er CTG?",
        "Hvad koster det at være medlem af klubben?",
        "Er det rigtigt, at biblioteket lukker?",
        "Og hvad koster medlemskab af klubben for børn under tolv år?",
        "",
    ],
)
def test_a_question_with_its_own_subject_is_none(question: str) -> None:
    assert not is_followup(question)


def test_a_followup_takes_what_it_leaves_out_from_the_question_before() -> None:
    assert standalone("Og hvor er den?", ["Hvad er platformen?"]) == "Hvad er platformen? Og hvor er den?"


def test_a_chain_of_followups_reaches_its_first_question() -> None:
    history = ["Hvad er CTG?", "hvem er med i det?"]
    assert standalone("og hvorfor det?", history).startswith("Hvad er CTG?")


def test_a_new_subject_is_not_dragged_along() -> None:
    history = ["Hvad er CTG?", "hvem er med i det?"]
    assert standalone("Hvornår har biblioteket åbent?", history) == "Hvornår har biblioteket åbent?"


def test_a_followup_after_a_new_subject_is_about_that() -> None:
    history = ["Hvad er CTG?", "Hvornår har biblioteket åbent?"]
    assert "CTG" not in standalone("og om søndagen?", history)


def test_what_is_carried_along_is_bounded() -> None:
    assert len(standalone("og?", ["x " * 5000])) < 400


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Hvem er med i CTG?", ["Hvem er med i CTG?"]),
        (
            "Hvem er med i CTG, og hvor ligger platformen?",
            ["Hvem er med i CTG?", "hvor ligger platformen?"],
        ),
        ("Hvem er chef? Hvor bor han?", ["Hvem er chef?", "Hvor bor han?"]),
        ("Who is in CTG and where is it?", ["Who is in CTG?", "where is it?"]),
        ("Hvad er PET og FE?", ["Hvad er PET og FE?"]),
        ("og hvor er den?", ["og hvor er den?"]),
        ("???", ["???"]),
    ],
)
def test_a_question_of_two_parts_is_parted(question: str, expected: list[str]) -> None:
    assert parts(question) == expected


def test_parts_are_at_most_three() -> None:
    assert len(parts("Hvad? " * 200)) <= 3


def test_own_words_leave_out_those_that_are_no_subject() -> None:
    assert own_words("Hvor lang tid tager en omvisning?") == ["omvisning"]
    assert own_words("og hvor længe varer det så?") == []
    assert own_words("how long is the tour?") == ["tour"]


@pytest.mark.parametrize("question", ["hvorfor det?", "Hvorfor ikke?", "og hvorfor så det", "why?", "and why is that?"])
def test_a_bare_why_has_no_subject(question: str) -> None:
    assert is_bare_why(question)


@pytest.mark.parametrize("question", ["Hvorfor lukker biblioteket?", "hvad så?", "og hvem?", ""])
def test_other_questions_are_no_bare_why(question: str) -> None:
    assert not is_bare_why(question)


def test_a_question_that_may_lean_is_read_both_ways() -> None:
    asked = "og hvor er platformen?"
    alone = standalone(asked, ["Hvad er CTG?"])
    assert Question(asked, alone, "da").also == asked
    assert Question("hvorfor det?", standalone("hvorfor det?", ["Hvad er CTG?"]), "da").also == ""
    assert Question("Hvad er CTG?", "Hvad er CTG?", "da").also == ""
