"""The contract of every embedder that needs no network."""

from pathlib import Path

import numpy as np
import pytest

from corpus.plugins import UnknownPluginError, plugin_names
from index import embedders
from index.embedders import Embedder, EmbedderError, load_embedder


@pytest.fixture(scope="module", params=plugin_names(embedders))
def embedder(request: pytest.FixtureRequest) -> Embedder:
    return load_embedder(str(request.param))


def test_vectors_have_the_size_that_is_told_and_length_one(embedder: Embedder) -> None:
    vectors = np.asarray(embedder.embed_documents(["Norge", "", "æøå 🙂", "ord " * 2000]))
    assert vectors.shape == (4, embedder.dim)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(4), abs=1e-3)


def test_a_text_has_the_same_vector_alone_and_in_a_batch(embedder: Embedder) -> None:
    texts = ["PET samarbejder", "en noget længere tekst om biblioteker og åbningstider i Danmark"]
    together = embedder.embed_documents(texts)
    assert embedder.embed_documents(texts[:1])[0] == pytest.approx(together[0], abs=2e-3)


def test_the_nearer_text_is_nearer(embedder: Embedder) -> None:
    question = np.asarray(embedder.embed_query("Which countries cooperate against terrorism?"))
    near, far = np.asarray(embedder.embed_documents(["countries fight terrorism together", "a cake with sugar"]))
    assert question @ near > question @ far


def test_no_texts_have_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed_documents([]) == []


def test_an_unknown_kind_names_those_there_are() -> None:
    with pytest.raises(UnknownPluginError, match=r"unknown name 'openai' among the embedders: .*sentence_transformer"):
        load_embedder("openai:ada")


@pytest.mark.parametrize("spec", ["sentence_transformer:intfloat/ikke-her", "firma/model-der-mangler"])
def test_a_model_that_is_not_here_says_how_to_get_it(spec: str) -> None:
    with pytest.raises(EmbedderError, match="hf download"):
        load_embedder(spec)


def test_a_folder_without_a_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=r"modules\.json is missing"):
        load_embedder(str(tmp_path))
