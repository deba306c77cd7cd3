import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch

from index.build import build_index
from index.packing import SentenceContext
from index.reader import Fusion, Reader, ReaderError, dequantised, load_reader, rerank
from index.search import search_sentences
from index.train.reader_export import export_reader, quantised
from tests.fakes import HashEmbedder, make_page
from tests.index.tiny_reader import make_network, make_tokenizer, save_tokenizer

CONTEXTS = [SentenceContext("bogen koster 200 kr ."), SentenceContext("vi åbner klokken ti .")]


@pytest.fixture
def models(tmp_path: Path) -> Path:
    export_reader(make_network(), save_tokenizer(tmp_path), tmp_path / "tiny", max_tokens=448, fusion=Fusion(1.0, 0.5))
    return tmp_path


def test_what_is_exported_is_what_is_read(models: Path) -> None:
    network = make_network().eval()
    expected = Reader("float", network, make_tokenizer(), max_tokens=448, fusion=Fusion()).score("hvad", CONTEXTS)
    read = load_reader("tiny", folder=models, int8=False)
    np.testing.assert_allclose(read.score("hvad", CONTEXTS), expected, atol=0.15)
    assert read.fusion == Fusion(1.0, 0.5)


def test_8_bit_arithmetic_says_nearly_the_same(models: Path) -> None:
    floats = load_reader("tiny", folder=models, int8=False).score("hvad koster bogen", CONTEXTS)
    integers = load_reader("tiny", folder=models).score("hvad koster bogen", CONTEXTS)
    np.testing.assert_allclose(integers, floats, atol=0.3)


def test_a_row_comes_back_within_half_a_step() -> None:
    weights = {"matrix": torch.tensor([[0.5, -1.0], [0.0, 0.0]]), "vector": torch.tensor([0.25, 3.0])}
    stored = quantised(weights)
    assert stored["matrix"].tolist() == [[64, -127], [0, 0]]
    back = dequantised(stored)
    assert set(back) == {"matrix", "vector"}
    assert (back["matrix"] - weights["matrix"]).abs().max() <= 0.5 / 127
    assert torch.equal(back["vector"], weights["vector"])


def test_scores_do_not_depend_on_how_many_sequences_are_needed(models: Path) -> None:
    reader = load_reader("tiny", folder=models)
    many = [SentenceContext("kaffe " * 70) for _ in range(12)]
    scores = reader.score("hvad koster kaffe", many)
    assert scores.shape == (12,)
    assert np.isfinite(scores).all()


def test_no_sentences_have_no_scores(models: Path) -> None:
    assert load_reader("tiny", folder=models).score("hvad", []).shape == (0,)


def test_a_reader_that_is_not_there_is_told_with_those_that_are(models: Path) -> None:
    with pytest.raises(ReaderError, match=r"no reader 'lille'.*there are tiny"):
        load_reader("lille", folder=models)


@pytest.mark.parametrize("file", ["weights.safetensors", "tokenizer.json"])
def test_a_damaged_file_is_found_by_its_checksum(models: Path, file: str) -> None:
    path = models / "tiny" / file
    path.write_bytes(path.read_bytes()[:-1] + b"\x00")
    with pytest.raises(ReaderError, match="is damaged"):
        load_reader("tiny", folder=models)


def test_a_missing_file_is_told(models: Path) -> None:
    (models / "tiny" / "weights.safetensors").unlink()
    with pytest.raises(ReaderError, match="is missing"):
        load_reader("tiny", folder=models)


def test_another_format_is_refused(models: Path) -> None:
    path = models / "tiny" / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(config | {"reader_format": 99}), encoding="utf-8")
    with pytest.raises(ReaderError, match="format 99"):
        load_reader("tiny", folder=models)


@dataclass
class Wordy:
    """Reads by counting letters; what it was given is kept."""

    fusion: Fusion
    given: list[SentenceContext]

    def score(self, question: str, contexts: list[SentenceContext]) -> np.ndarray:
        self.given = list(contexts)
        return np.array([float(len(context.text)) for context in contexts], np.float32)


def test_rerank_reads_in_the_pages_order_and_leaves_the_rest_unread() -> None:
    page = make_page(
        "Priser",
        "Kaffe koster ti kroner.",
        "The koster fem.",
        "Vi holder lukket i hele juli måned.",
        headings=("Priser",),
    )
    index = build_index([page], embedder=HashEmbedder())
    candidates = search_sentences(index, "Hvad koster the?")
    reader = Wordy(Fusion(1.0, 0.0), [])
    ranked = rerank(reader, "Hvad koster the?", candidates, most=2)  # type: ignore[arg-type]
    read = {candidate.placed.number for candidate in candidates[:2]}
    assert [context.text for context in reader.given] == [
        placed.sentence.text for placed in index.sentences if placed.number in read
    ]
    assert reader.given[0].title == "Priser"
    scores = [candidate.reader for candidate in ranked[:2]]
    assert scores == sorted(scores, reverse=True)  # type: ignore[type-var]
    assert [candidate.reader for candidate in ranked[2:]] == [None] * (len(candidates) - 2)


def test_rerank_joins_reading_and_search_as_the_reader_says() -> None:
    index = build_index([make_page("Kaffe koster ti kroner.", "The koster fem.")], embedder=HashEmbedder())
    candidates = search_sentences(index, "the")
    reader = Wordy(Fusion(0.0, 2.0), [])
    ranked = rerank(reader, "the", candidates)  # type: ignore[arg-type]
    assert [candidate.score for candidate in ranked] == [2 * candidate.score for candidate in candidates]


def test_a_question_that_is_read_two_ways_gets_the_mean() -> None:
    class Counting(Wordy):
        def score(self, question: str, contexts: list[SentenceContext]) -> np.ndarray:
            return np.array([float(len(question))] * len(contexts), np.float32)

    index = build_index([make_page("Kaffe koster ti kroner.", "The koster fem.")], embedder=HashEmbedder())
    ranked = rerank(Counting(Fusion(1.0, 0.0), []), "the", search_sentences(index, "the"), also="kaffe")  # type: ignore[arg-type]
    assert [candidate.reader for candidate in ranked] == [4.0, 4.0]
