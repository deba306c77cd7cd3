import numpy as np
import pytest

from index.build import build_index, known_vectors
from index.search import search_sentences
from tests.fakes import HashEmbedder, make_page

PAGE = make_page(
    "Samarbejde",
    "Nationalt",
    "PET samarbejder med FE. Det er vigtigt.",
    "Internationalt",
    "PET deltager i CTG. Norge er med.",
    headings=("Samarbejde", "Nationalt", "Internationalt"),
)


def test_every_document_is_the_pages_text_with_its_context() -> None:
    index = build_index([PAGE], embedder=HashEmbedder())
    for retriever in (index.by_passage, index.by_sentence):
        for document in retriever.store.documents:
            place = document.metadata
            assert document.page_content.endswith(PAGE.text[place["start"] : place["end"]])
            assert place["heading"] in document.page_content


def test_the_sentence_before_is_of_the_same_heading() -> None:
    placed = build_index([PAGE], embedder=HashEmbedder()).sentences
    before = [entry.previous.sentence.text if entry.previous else None for entry in placed]
    assert before == [None, "PET samarbejder med FE.", None, "PET deltager i CTG."]
    assert [entry.number for entry in placed] == [0, 1, 2, 3]


def test_known_texts_are_not_embedded_again() -> None:
    first = build_index([PAGE], embedder=HashEmbedder())
    embedder = HashEmbedder()
    second = build_index([PAGE], embedder=embedder, known=known_vectors(first))
    assert embedder.embedded == []
    assert np.array_equal(first.by_sentence.store.vectors(), second.by_sentence.store.vectors())


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    build_index([PAGE], embedder=HashEmbedder(), progress=lambda done, total: told.append((done, total)))
    assert told
    assert told[-1][0] == told[-1][1]


def test_two_pages_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="share the id 'side'"):
        build_index([PAGE, PAGE], embedder=HashEmbedder())


def test_no_pages_are_refused() -> None:
    with pytest.raises(ValueError, match="nothing to index: 0 pages"):
        build_index([], embedder=HashEmbedder())


def test_the_best_sentence_comes_first() -> None:
    found = search_sentences(build_index([PAGE], embedder=HashEmbedder()), "Er Norge med i CTG?")
    assert found[0].placed.sentence.text == "Norge er med."
    assert [candidate.score for candidate in found] == sorted((c.score for c in found), reverse=True)


def test_k_bounds_the_candidates() -> None:
    assert len(search_sentences(build_index([PAGE], embedder=HashEmbedder()), "PET", k=2)) == 2


def test_another_way_to_ask_counts_as_much() -> None:
    index = build_index([PAGE], embedder=HashEmbedder())
    first, second = "Er Norge med i CTG?", "PET"

    def scores(question: str, also: str = "") -> dict[int, float]:
        return {found.placed.number: found.score for found in search_sentences(index, question, also=also)}

    alone, other = scores(first), scores(second)
    assert scores(first, second) == pytest.approx({number: (alone[number] + other[number]) / 2 for number in alone})
