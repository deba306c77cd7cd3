"""What holds for every reader file."""

from pathlib import Path

import pytest

import corpus.readers
from corpus.clean import clean_text
from corpus.page import CorpusError
from corpus.plugins import load_plugin, plugin_names
from corpus.readers import read_source
from corpus.split import split_passages, split_sentences

NAMES = plugin_names(corpus.readers)
SOURCES = {
    "text": ["a.txt", "A.TXT", "a.text", "a"],
    "markdown": ["a.md", "a.markdown"],
    "html": ["a.html", "a.htm", "a.HTML", "a.xhtml"],
    "pdf": ["a.pdf"],
    "web": ["http://example.dk/a.html", "HTTPS://example.dk", "https://example.dk/sitemap.xml"],
    "folder": ["."],
}
FILES = {
    "a.txt": "Titlen\n\nVi har æbler:\n\n- Æble\n\nSlut.",
    "b.md": "# Titlen\n\nVi har æbler:\n\n- Æble\n\nSlut.",
    "c.html": "<title>x</title><main><h1>Titlen</h1><p>Vi har æbler:<ul><li>Æble</ul><p>Slut.",
}


def test_every_reader_has_its_sources_here() -> None:
    assert set(NAMES) == set(SOURCES)


@pytest.mark.parametrize("name", NAMES)
def test_a_reader_accepts_its_own_sources_and_no_other_s(name: str) -> None:
    reader = load_plugin(corpus.readers, name)
    for owner, sources in SOURCES.items():
        for source in sources:
            assert reader.accepts(source) == (owner == name), source


@pytest.mark.parametrize("name", FILES)
def test_the_same_text_reads_the_same_in_every_kind_of_file(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    (page,) = read_source(str(tmp_path / name))
    assert page.title == "Titlen"
    assert page.text == "Titlen\nVi har æbler:\nÆble\nSlut."
    assert [(heading.text, heading.level) for heading in page.headings] == [("Titlen", 1)]
    assert [page.text[start:end] for start, end in page.items] == ["Æble"]
    assert clean_text(page.text) == page.text
    assert [sentence.text for sentence in split_sentences(page)] == ["Vi har æbler:", "Æble", "Slut."]
    assert len(split_passages(page)) == 1
    assert page.fetched_at.tzinfo is not None


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.pdf"])
@pytest.mark.parametrize("data", [b"", b"\n \n"])
def test_an_empty_file_is_refused(name: str, data: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(CorpusError, match=rf"{name} is empty"):
        list(read_source(str(tmp_path / name)))


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.pdf"])
def test_a_picture_is_refused_whatever_it_is_called(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    with pytest.raises(CorpusError, match=rf"{name} (is not text but a PNG image|as PDF)"):
        list(read_source(str(tmp_path / name)))
