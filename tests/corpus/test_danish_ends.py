from itertools import pairwise

import pytest

from corpus.danish_ends import sentence_ends


def parts(line: str) -> list[str]:
    bounds = [0, *sentence_ends(line), len(line)]
    return [line[start:end].strip() for start, end in pairwise(bounds)]


@pytest.mark.parametrize(
    "expected",
    [
        ["Det sker bl.a. i Norge.", "Det gør det."],
        ["Egils saga m.fl. omtaler det, bl.a. Egils saga.", "Det er alt."],
        ["Vi bruger f.eks. Danmark.", "Det er godt."],
        ["Der er ca. 3 pct.", "Det er fint."],
        ["Se § 2, stk. 1.", "Loven gælder."],
        ["Det følger af § 2, stk. 1, nr. 3, i loven.", "Den gælder."],
        ["Mødet var d. 3. maj 2024.", "Alle kom."],
        ["Mødet var d. 3. Maj 2024.", "Alle kom."],
        ["Vi mødes kl. 10.30.", "Så går vi."],
        ["Vi mødes kl. 10.", "Derefter spiser vi."],
        ["Det er nr. 4 på listen.", "Nr. 5 er ny."],
        ["Hr. Jensen kom.", "Dr. P. Olsen gik."],
        ["Det koster 1.200 kr. pr. måned.", "Det er dyrt."],
        ["Det koster 1.200 kr.", "Det er dyrt."],
        ["Der er mange lande, f.eks. Norge, Sverige osv.", "Alle er med."],
        ["Det er det, som PET deltager i.", "Platformen er ny.", "Kom med.", "Vi går nu."],
        ["Børn under 15 år, men over det 12. år er med.", "Andre er ikke."],
        ["Sådan er loven.", "12 medarbejdere er her."],
        ["Kontoret åbner 1. januar 2025.", "Det lukker igen."],
        ["Han sagde: »Kom nu. Vi går.«", "Så gik han."],
        ['"Kom nu!" sagde han.', "Så gik han."],
        ["“Vi er klar.”", "Sådan sagde hun."],
        ["(Se side 3.)", "Det er godt."],
        ["Loven gælder alle (bl.a. børn).", "Den er ny."],
        ["Hvad er det?", "Det er godt!", "Ja."],
        ["Se pet.dk.", "Der er mere."],
        ["1. Udfyld skemaet.", "2. Send det."],
        ["Vinden er 8 m/s.", "Vi bliver hjemme."],
        ["Det er sagt.", "😀 Godt."],
        ["Mandag | Vi har åbent. | Ring først."],
    ],
)
def test_danish_sentences_end_where_a_reader_ends_them(expected: list[str]) -> None:
    assert parts(" ".join(expected)) == expected


@pytest.mark.parametrize("line", ["", " ", ".", "...", "Norge", "§ 2, stk. 1.", "a" * 10_000])
def test_a_line_of_one_sentence_has_no_end_within(line: str) -> None:
    assert sentence_ends(line) == []
