import math
from pathlib import Path

import numpy as np
import pytest

from index.embedders import Embedder
from index.train.figures import bitext, evidence, ndcg_at_10


class LetterEmbedder(Embedder):
    """A text's vector counts its letters."""

    name = "letters"
    dim = 256

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        counts = np.bincount([ord(letter) % 256 for letter in text], minlength=256)
        return [float(number) for number in counts / np.linalg.norm(counts)]


def test_ndcg_is_the_discount_of_the_right_documents_rank() -> None:
    scores = np.array([[0.1, 0.9, 0.5], [0.9, 0.1, 0.5]], dtype=np.float32)
    assert ndcg_at_10(scores, [2, 0]) == pytest.approx((1 / math.log2(3) + 1) / 2)


def test_a_right_document_after_the_tenth_counts_nothing() -> None:
    assert ndcg_at_10(np.arange(12, dtype=np.float32)[None, :], [0]) == 0


def test_bitext_counts_the_translations_that_are_nearest(tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text("abc\tabc\nxyz\txyy\nhello\tabcc\n", encoding="utf-8")
    assert bitext(LetterEmbedder(), path) == pytest.approx(2 / 3, abs=1e-4)


def test_evidence_is_a_share_of_the_dev_pages_questions(data: Path) -> None:
    found = evidence(LetterEmbedder(), data)
    assert 0 <= found["evidence@1"] <= found["evidence@3"] == 1
