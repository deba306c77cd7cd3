"""The embedder that ships, beyond the contract of every embedder."""

import re
from pathlib import Path

import numpy as np
import pytest

from index.embedders import EmbedderError, bundled, load_embedder
from index.embedders.bundled import BundledEmbedder


@pytest.fixture(scope="module")
def embedder() -> BundledEmbedder:
    return bundled.load("")


def test_the_name_tells_the_weights(embedder: BundledEmbedder) -> None:
    assert re.fullmatch(r"bundled:minilm-da-en:[0-9a-f]{12}", embedder.name)


def test_it_fits_the_space_that_weights_have_in_the_repository() -> None:
    files = (bundled.MODELS / bundled.DEFAULT_MODEL).rglob("*")
    assert sum(path.stat().st_size for path in files if path.is_file()) < 25_000_000


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        ("Hvornår åbner biblioteket?", "Opening hours of the library", "Prices of tickets to the zoo"),
        ("When does the library open?", "Bibliotekets åbningstider", "Billetpriser i zoologisk have"),
        ("hvornår åbner bibloteket", "Bibliotekets åbningstider", "Billetpriser i zoologisk have"),
    ],
)
def test_meaning_counts_across_languages_and_misspellings(
    embedder: BundledEmbedder, question: str, right: str, wrong: str
) -> None:
    query = np.asarray(embedder.embed_query(question))
    near, far = np.asarray(embedder.embed_documents([right, wrong]))
    assert query @ near > query @ far + 0.1


@pytest.mark.parametrize(
    "text", ["Rødgrød med fløde på Ærø", "ROEDGROED MED FLOEDE PAA AEROE", "rødgrød med fløde pa\u030a ærø"]
)
def test_spellings_of_one_text_have_one_vector(embedder: BundledEmbedder, text: str) -> None:
    wanted = embedder.embed_query("rødgrød med fløde på ærø")
    assert embedder.embed_query(text) == pytest.approx(wanted, abs=1e-5)


def test_vectors_come_in_the_order_of_the_texts_whatever_their_lengths(embedder: BundledEmbedder) -> None:
    texts = ["kort", "en meget længere tekst om noget helt andet " * 20, "", "mellem to længder", "kort"]
    together = np.asarray(embedder.embed_documents(texts))
    alone = np.asarray([embedder.embed_query(text) for text in texts])
    assert together == pytest.approx(alone, abs=1e-4)


def test_texts_are_cut_at_256_tokens(embedder: BundledEmbedder) -> None:
    assert embedder.embed_query("ord " * 254) == pytest.approx(embedder.embed_query("ord " * 600), abs=1e-5)


def test_batches_hold_texts_of_like_length_within_their_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled, "BATCH_TOKENS", 6)
    assert bundled._batches([1, 3, 2]) == [[1, 2], [0]]


def test_an_unknown_model_says_what_is_missing() -> None:
    with pytest.raises(EmbedderError, match=r"no model in .*findes-ikke: SHA256SUMS is missing"):
        load_embedder("bundled:findes-ikke")


def test_a_damaged_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled, "MODELS", tmp_path)
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "SHA256SUMS").write_text("0" * 64 + "  config.json\n")
    (tmp_path / "m" / "config.json").write_text("{}")
    with pytest.raises(EmbedderError, match=r"config\.json is not the file that ships"):
        load_embedder("bundled:m")
