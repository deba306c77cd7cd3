import pytest

from bot.privacy import has_personal_data


@pytest.mark.parametrize(
    "text",
    [
        "mit cpr er 010203-1234",
        "0102031234",
        "CPR: 01.02.03-1234",
        "010203 1234 er mit nummer",
        "010203–1234",
        "０１０２０３-１２３４",
        "290200-4321",
        "610190-1234",
        "kort 4111 1111 1111 1111",
    ],
)
def test_personal_numbers_are_found(text: str) -> None:
    assert has_personal_data(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hvem er med i CTG?",
        "310299-1234",
        "001299-1234",
        "ring 33 15 80 00",
        "j.nr. 2024-123456",
        "10203-1234",
        "99010203-12345",
        "4111 1111 1111 1112",
    ],
)
def test_other_numbers_are_let_through(text: str) -> None:
    assert not has_personal_data(text)
