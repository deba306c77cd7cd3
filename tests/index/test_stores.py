"""The contract of every store."""

from pathlib import Path

import numpy as np
import pytest
from langchain_core.documents import Document

from corpus.plugins import UnknownPluginError, plugin_names
from index import stores
from index.stores import Store, StoreError, store_module
from tests.fakes import HashEmbedder

DIM = 16


def random_vectors(count: int, seed: int = 7) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(count, DIM)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def documents(count: int) -> list[Document]:
    return [Document(page_content=f"tekst {number}", metadata={"number": number}) for number in range(count)]


@pytest.fixture(params=plugin_names(stores))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def store(kind: str) -> Store:
    made = store_module(kind).create(documents(50), random_vectors(50), HashEmbedder(DIM))
    assert isinstance(made, Store)
    return made


def test_nearest_equals_brute_force(store: Store) -> None:
    question = random_vectors(1, seed=11)[0]
    cosines = random_vectors(50) @ question
    numbers, found = store.nearest(question, 10)
    assert list(numbers) == list(np.argsort(-cosines)[:10])
    assert found == pytest.approx(np.sort(cosines)[::-1][:10], abs=1e-6)


def test_more_neighbours_than_documents_are_all_documents(store: Store) -> None:
    numbers, _ = store.nearest(random_vectors(1)[0], 500)
    assert sorted(numbers) == list(range(50))


def test_what_is_saved_is_loaded(kind: str, store: Store, tmp_path: Path) -> None:
    store.save(tmp_path / "store")
    loaded = store_module(kind).load(tmp_path / "store", store.documents, HashEmbedder(DIM))
    assert loaded.vectors() == pytest.approx(random_vectors(50))


@pytest.mark.parametrize("kept", [0, 10, 200])
def test_a_file_cut_short_is_refused(kind: str, store: Store, tmp_path: Path, kept: int) -> None:
    store.save(tmp_path / "store")
    (tmp_path / "cut").write_bytes((tmp_path / "store").read_bytes()[:kept])
    with pytest.raises(StoreError, match="build the index again"):
        store_module(kind).load(tmp_path / "cut", store.documents, HashEmbedder(DIM))


def test_another_number_of_documents_is_refused(kind: str, store: Store, tmp_path: Path) -> None:
    store.save(tmp_path / "store")
    with pytest.raises(StoreError, match="50 vectors for 49 documents"):
        store_module(kind).load(tmp_path / "store", store.documents[:49], HashEmbedder(DIM))


def test_a_vector_of_another_size_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="16"):
        store.nearest(np.zeros(DIM + 1, dtype=np.float32), 3)


def test_langchain_search_gives_documents(kind: str) -> None:
    embedder = HashEmbedder(DIM)
    texts = ["PET samarbejder med Norge", "Biblioteket har åbent"]
    vectors = np.asarray(embedder.embed_documents(texts), dtype=np.float32)
    store = store_module(kind).create([Document(page_content=text) for text in texts], vectors, embedder)
    assert store.add_texts(["Svømmehallen er lukket"]) == ["2"]
    assert store.similarity_search("er svømmehallen lukket", k=1)[0].page_content == "Svømmehallen er lukket"
    assert store.as_retriever(search_kwargs={"k": 1}).invoke("åbent bibliotek")[0].page_content == texts[1]


def test_an_unknown_store_names_those_there_are() -> None:
    with pytest.raises(UnknownPluginError, match=r"unknown name 'pinecone' among the stores: there are .*faiss"):
        store_module("pinecone")
