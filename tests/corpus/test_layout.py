from corpus.layout import PrintedLine, blocks_of_lines


def line(text: str, top: float, *, page: int = 0, size: float = 10, bold: bool = False) -> PrintedLine:
    """A line at the left margin whose letters are half as wide as high."""
    return PrintedLine(text, page, 50, 50 + len(text) * size / 2, top, top - size, size, bold)


def texts(*lines: PrintedLine) -> list[tuple[str, int]]:
    return [(block.text, block.level) for block in blocks_of_lines(lines)]


def test_full_lines_go_on_and_short_ones_end() -> None:
    assert texts(
        line("Tjenesten arbejder sammen med mange andre", 700),
        line("myndigheder i Danmark.", 688),
        line("Den har også venner i andre lande, og det", 676),
        line("er godt.", 664),
    ) == [
        ("Tjenesten arbejder sammen med mange andre myndigheder i Danmark.", 0),
        ("Den har også venner i andre lande, og det er godt.", 0),
    ]


def test_a_gap_ends_a_paragraph() -> None:
    assert (
        len(texts(line("Tjenesten arbejder sammen med mange", 700), line("Andre lande er også med i arbejdet.", 670)))
        == 2
    )


def test_larger_and_bolder_lines_are_headings() -> None:
    body = "Dette er en lang linje med almindelig tekst."
    assert texts(
        line("Årsberetning", 700, size=20),
        line("Økonomi", 660, size=14),
        line(body, 640),
        line("Medlemmer", 620, bold=True),
        line(body, 608),
        line("Dette er vigtigt.", 590, bold=True),
    ) == [("Årsberetning", 1), ("Økonomi", 2), (body, 0), ("Medlemmer", 3), (body, 0), ("Dette er vigtigt.", 0)]


def test_a_heading_of_two_lines_is_one() -> None:
    body = line("Dette er en lang linje med almindelig tekst, der er lang.", 640)
    assert texts(line("Årsberetning for", 700, size=20), line("foreningen", 678, size=20), body)[0] == (
        "Årsberetning for foreningen",
        1,
    )


def test_words_broken_at_the_end_of_a_line_are_made_whole() -> None:
    for before, after, whole in [
        ("Det gør de andre landes efterret-", "ningstjenester.", "efterretningstjenester."),
        ("Det gør de andre landes efterretnings-", "og sikkerhedstjenester.", "efterretnings- og sikkerhedstjenester."),
        ("Det gør de mange andre lande, som er EU-", "lande.", "EU-lande."),
        ("Det gør de andre landes efterret\u0002", "ningstjenester.", "efterretningstjenester."),
    ]:
        ((text, _),) = texts(line(before, 700), line(after, 688))
        assert text.endswith(" " + whole)


def test_page_numbers_and_repeated_lines_go() -> None:
    lines = [
        each
        for page in range(3)
        for each in (
            line("Årsberetning 2025", 800, page=page),
            line(f"Dette er indholdet på side {page} alene.", 700 - page, page=page),
            line(f"Side {page + 1} af 3", 20, page=page),
        )
    ]
    assert [text for text, _ in texts(*lines)] == [f"Dette er indholdet på side {page} alene." for page in range(3)]


def test_items_are_marked() -> None:
    blocks = blocks_of_lines(
        [line("Vi har en hel del forskellig frugt her:", 700), line("• Æbler", 688), line("• Pærer", 676)]
    )
    assert [block.item for block in blocks] == [False, True, True]


def test_no_lines_are_no_blocks() -> None:
    assert blocks_of_lines([]) == []
