import pytest

from bot.asking import Asked, asked_for, holds, numbers_in


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Hvem er chef for styrelsen?", Asked.WHO),
        ("Hvad hedder lederen?", Asked.WHO),
        ("Hvornår åbner I?", Asked.WHEN),
        ("hvornaar lukker i", Asked.WHEN),
        ("Hvor længe varer det?", Asked.WHEN),
        ("Hvor ligger kontoret?", Asked.WHERE),
        ("Hvor mange lande er med?", Asked.HOW_MANY),
        ("Hvor meget koster et pas?", Asked.HOW_MUCH),
        ("Hvad koster det?", Asked.HOW_MUCH),
        ("Hvad er jeres telefonnummer?", Asked.CONTACT),
        ("Hvorfor er der spærret?", Asked.WHY),
        ("Hvordan søger jeg?", Asked.HOW),
        ("Er det gratis?", Asked.YES_NO),
        ("Og må man tage sin hund med?", Asked.YES_NO),
        ("Hvad er CTG?", Asked.WHAT),
        ("frimærker", Asked.WHAT),
        ("åbningstider svømmehal", Asked.WHEN),
        ("How many members are there?", Asked.HOW_MANY),
        ("Is parking free?", Asked.YES_NO),
        ("Which road is closed?", Asked.WHAT),
        ("Hvilken vej er lukket? Hvor længe?", Asked.WHEN),
        ("", Asked.WHAT),
        ("?", Asked.WHAT),
        ("a" * 10_000, Asked.WHAT),
    ],
)
def test_what_a_question_asks_for(question: str, asked: Asked) -> None:
    assert asked_for(question) is asked


@pytest.mark.parametrize(
    ("asked", "sentence", "expected"),
    [
        (Asked.HOW_MUCH, "Det koster 200 kr. om året.", True),
        (Asked.HOW_MUCH, "Kontoret har åbent fra 10 til 14.", False),
        (Asked.HOW_MANY, "Gruppen har tredive lande.", False),
        (Asked.HOW_MANY, "Gruppen har 30 lande.", True),
        (Asked.WHEN, "Vi har åbent hver mandag.", True),
        (Asked.WHEN, "Vi ligger på Torvet.", False),
        (Asked.WHO, "Lederen er Anne Holm.", True),
        (Asked.WHO, "Det er gratis.", False),
        (Asked.WHERE, "Mødet holdes i Aarhus.", True),
        (Asked.CONTACT, "Ring på 55 00 12 70.", True),
        (Asked.WHY, "Det skyldes et brud på ledningen.", True),
        (Asked.WHY, "Vejen er spærret.", False),
        (Asked.WHAT, "", True),
        (Asked.YES_NO, "", True),
    ],
)
def test_whether_a_sentence_holds_it(asked: Asked, sentence: str, expected: bool) -> None:
    assert holds(asked, sentence) is expected


def test_numbers_are_told_as_written() -> None:
    assert numbers_in("2.000 kr. i 2024, kl. 10.30.") == ["2.000", "2024", "10.30"]
