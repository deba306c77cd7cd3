"""The page that ships."""

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

from corpus.clean import clean_text
from corpus.page import Page
from corpus.readers import read_source
from corpus.split import split_sentences

PAGES = Path("corpus/pages")


def shipped() -> Page:
    (page,) = [page for page in read_source(str(PAGES)) if page.id == "samarbejde"]
    return page


def test_each_file_is_as_its_sources_say() -> None:
    rows = re.findall(
        r"^\| (\S+\.txt) \|.*\b([0-9a-f]{64}) \|$", (PAGES / "SOURCES.md").read_text("utf-8"), re.MULTILINE
    )
    assert "samarbejde.txt" in dict(rows)
    for name, digest in rows:
        assert hashlib.sha256((PAGES / name).read_bytes()).hexdigest() == digest


def test_the_page_is_read_as_a_person_reads_it() -> None:
    page = shipped()
    assert page.title == "Samarbejde – nationalt og internationalt"
    assert [(heading.text, heading.level) for heading in page.headings] == [
        ("Samarbejde – nationalt og internationalt", 1),
        ("Nationalt samarbejde", 2),
        ("Internationalt samarbejde", 2),
    ]
    assert page.url == "https://pet.dk/om-pet/samarbejde"
    assert page.fetched_at == datetime(2026, 11, 23, tzinfo=UTC)


def test_the_page_has_all_its_words_and_no_navigation() -> None:
    page = shipped()
    given = (PAGES / "samarbejde.txt").read_text("utf-8").split()
    navigation = ["Spring", "til", "hovedindhold", "Forslag"]
    assert page.text.split() == [word for word in given[len(navigation) :] if word != "alt=””"]
    assert clean_text(page.text) == page.text


def test_the_page_has_fifteen_sentences() -> None:
    sentences = split_sentences(shipped())
    assert len(sentences) == 15
    assert sentences[-1].text.startswith("Det hænger sammen med, at de nordiske")
    assert {sentence.heading for sentence in sentences[1:4]} == {"Nationalt samarbejde"}
