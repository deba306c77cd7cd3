"""Search on a small BEIR folder of our own, with the models that ship.

Seventy questions about authorities' pages, and twenty-four about places and people; each in Danish and in English,
to be found among 96 Danish passages. What is measured on texts of other origin is larger: XQuAD-da.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.evaluate.reading import SEARCH_WEIGHT, DocumentReader, sentences_of
from bot.evaluate.retrieval import Beir, measure_retrieval, read_beir
from index.embedders import Embedder, load_embedder
from index.packing import SentenceContext
from index.reader import Fusion

FOLDER = Path(__file__).parent / "beir"
WAYS = ("lexical", "dense", "hybrid")


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder("bundled")


def among(beir: Beir, wanted: Callable[[str], bool]) -> Beir:
    """The same documents, and some of the queries."""
    queries = {query: text for query, text in beir.queries.items() if wanted(query)}
    return replace(beir, queries=queries, relevant={query: beir.relevant[query] for query in queries})


def ndcg(beir: Beir, embedder: Embedder) -> tuple[float, ...]:
    """nDCG@10 of each way."""
    measured = measure_retrieval(beir, embedder)
    return tuple(measured[way]["nDCG@10"] for way in WAYS)


def test_danish_questions_are_found_better_by_both_than_by_either(embedder: Embedder) -> None:
    lexical, dense, hybrid = ndcg(read_beir(FOLDER), embedder)
    assert hybrid > lexical
    assert hybrid > dense
    assert hybrid > 0.8


def test_english_questions_are_found_better_by_both_than_by_either(embedder: Embedder) -> None:
    lexical, dense, hybrid = ndcg(read_beir(FOLDER, Path("queries.en.jsonl")), embedder)
    assert hybrid > lexical
    assert hybrid > dense


class FakeReader:
    """Likes sentences with the question in them."""

    fusion = Fusion(reader=2.0, search=0.5)

    def score(self, question: str, contexts: list[SentenceContext]) -> np.ndarray:  # type: ignore[type-arg]
        return np.array([3.0 if question in context.text else -1.0 for context in contexts], np.float32)


def test_a_document_is_worth_its_best_sentence_and_its_search() -> None:
    reader = DocumentReader(FakeReader())  # type: ignore[arg-type]
    scores = reader.score("både", ["Om kager. Om både.", "Om kager.", ""], np.array([1.0, 2.0, 3.0]))
    assert scores[:2] == pytest.approx([2 * 3 + SEARCH_WEIGHT * 0.5 * 1, 2 * -1 + SEARCH_WEIGHT * 0.5 * 2])
    assert scores[2] == -np.inf


def test_the_sentences_of_a_document() -> None:
    assert sentences_of("Titel\nEt. To, bl.a. tre.") == ["Titel", "Et.", "To, bl.a. tre."]
    assert sentences_of(" \n ") == []


def test_the_reader_orders_the_best_anew_and_leaves_the_rest(embedder: Embedder) -> None:
    class Backwards:
        depth = 3

        def score(self, question: str, texts: list[str], search: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
            assert list(search) == sorted(search, reverse=True)
            return -search

    few = among(read_beir(FOLDER), lambda query: query == "navn-skovsoe")
    measured = measure_retrieval(few, embedder, reranker=Backwards())
    assert measured["hybrid"]["MRR@10"] == 1.0
    assert measured["reranked"]["MRR@10"] == pytest.approx(1 / 3)
