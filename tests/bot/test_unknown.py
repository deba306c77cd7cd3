import pytest

from bot.unknown import unknown_names
from index.danish import Vocabulary

VOCABULARY = Vocabulary(["PET deltager i Counter Terrorism Group (CTG). Danske interesser i Norge og udlandet."])


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Er USA medlem af CTG?", ["USA"]),
        ("Er Norges tjeneste med i CTG?", []),
        ("Samarbejder PET med Danske Bank?", ["Danske Bank"]),
        ("Er Counter Terrorism Group med?", []),
        ("Har PET folk i Japan, Peru og Japan?", ["Japan", "Peru"]),
        ("Er Island med? Er Norge?", ["Island"]),
        ("Hvem er chef?", []),
        ("ER USA MED?", []),
        ("er usa med", []),
        ("Norg er et land, ikke Norgge", []),
        ("", []),
    ],
)
def test_names_that_the_page_does_not_have_are_found(question: str, names: list[str]) -> None:
    assert unknown_names(question, VOCABULARY) == names
