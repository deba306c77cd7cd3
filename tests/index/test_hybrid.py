import numpy as np
import pytest

from index.build import build_index
from index.hybrid import fuse, weight_of_meaning
from tests.fakes import HashEmbedder, make_page


def test_fusion_is_the_weighted_mean_of_z_scores() -> None:
    lexical = np.array([0, 3, 6], dtype=np.float32)
    dense = np.array([0.9, 0.5, 0.1], dtype=np.float32)
    z = np.sqrt(1.5)
    assert fuse(lexical, dense, 0.25) == pytest.approx([0.75 * -z + 0.25 * z, 0, 0.75 * z - 0.25 * z], abs=1e-6)


@pytest.mark.parametrize("weight", [0.0, 0.5, 1.0])
def test_scores_that_are_all_equal_say_nothing(weight: float) -> None:
    same = np.full(4, 0.3, dtype=np.float32)
    assert not fuse(same, same, weight).any()


def test_meaning_weighs_more_where_words_are_unknown() -> None:
    assert weight_of_meaning(0.6, 1.0) == pytest.approx(0.6)
    assert weight_of_meaning(0.6, 0.5) == pytest.approx(0.75)
    assert weight_of_meaning(0.6, 0.0) == 1.0
    assert weight_of_meaning(0.0, 0.5) == 0.0
    assert weight_of_meaning(0.0, 0.0) == 0.0


def test_the_share_of_known_words_counts_misspelt_ones() -> None:
    lexical = build_index([make_page("Om", "Biblioteket har åbent.")], embedder=HashEmbedder()).by_sentence.lexical
    assert lexical.share_known("bibliotekt har zebra?") == pytest.approx(2 / 3)
    assert lexical.share_known("?") == 0.0


def test_the_retriever_is_langchains() -> None:
    page = make_page("Om PET", "PET samarbejder med Norge.", "Biblioteket har åbent.", headings=("Om PET",))
    index = build_index([page], embedder=HashEmbedder())
    found = index.by_sentence.invoke("Hvornår har biblioteket åbent?")
    assert found[0].page_content.endswith("Biblioteket har åbent.")
    assert page.text[found[0].metadata["start"] : found[0].metadata["end"]] == "Biblioteket har åbent."
