from datetime import UTC, datetime

import pytest

from corpus.blocks import Origin
from corpus.page import CorpusError, Page
from corpus.readers.markdown import page_from_markdown


def read(text: str) -> Page:
    return page_from_markdown(text, Origin("side", "side.md", datetime(2026, 11, 24, tzinfo=UTC)))


def test_markdown_is_read_as_what_it_stands_for() -> None:
    page = read(
        "Om os\n=====\n\nVi er en *forening* med\n[medlemmer](http://x.dk) og `kode`.\n\n## Priser ##\n\n"
        "| Hvem | Pris |\n|---|---|\n| Voksne | 200 kr. |\n\n1. Lyst\n2. Tid\n   - Aften\n\n"
        "```\net\nto\n```\n\n<script>x</script>\n\n> Et citat.\n"
    )
    assert page.text.split("\n") == [
        "Om os",
        "Vi er en forening med medlemmer og kode.",
        "Priser",
        "Hvem | Pris",
        "Voksne | 200 kr.",
        "Lyst",
        "Tid",
        "Aften",
        "et",
        "to",
        "Et citat.",
    ]
    assert [(heading.text, heading.level) for heading in page.headings] == [("Om os", 1), ("Priser", 2)]
    items = [page.text[start:end] for start, end in page.items]
    assert items == ["Voksne | 200 kr.", "Lyst", "Tid", "Aften"]


@pytest.mark.parametrize("title", ["Ærø", '"Ærø"', "'Ærø'"])
def test_front_matter_gives_only_the_title(title: str) -> None:
    page = read(f"---\nlayout: side\ntitle: {title}\n---\nVi er en forening.\n")
    assert (page.title, page.text) == ("Ærø", "Vi er en forening.")


def test_a_line_across_the_page_is_no_front_matter() -> None:
    assert read("Før.\n\n---\n\ntitle: x\n\n---\n\nEfter.").text == "Før.\ntitle: x\nEfter."


@pytest.mark.parametrize("text", ["---\ntitle: x\n---\n", "<!-- x -->", "![alt](x.png)", "---"])
def test_a_file_without_text_is_refused_by_name(text: str) -> None:
    with pytest.raises(CorpusError, match=r"side\.md holds no text"):
        read(text)
