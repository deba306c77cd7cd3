"""Lexical search: BM25 over the analyzer's terms. The scoring is bm25s' (Lù 2024, arXiv:2407.03618)."""

from collections.abc import Sequence

import bm25s
import numpy as np
import numpy.typing as npt

from index.danish import Vocabulary, terms, terms_of, words

# Lucene's own values.
K1 = 1.2
B = 0.75
# What a guessed word (a correction, an abbreviation's other form) counts beside one that was typed. With 0, .3 and 1,
# nDCG@10 is .951, .951, .949 on XQuAD-da, .919, .927, .915 with a tenth of it mistyped, .817, .816, .793 on SQuAD-da.
GUESSED_WEIGHT = 0.3


class Lexical:
    """A BM25 index (Robertson & Zaragoza 2009, Lucene's variant) over texts held in memory."""

    def __init__(self, texts: Sequence[str]) -> None:
        """:param texts: at least one; empty texts are allowed and never found."""
        if not texts:
            raise ValueError("a lexical index needs at least one text, got 0")
        self.vocabulary = Vocabulary(texts)
        self._size = len(texts)
        self._bm25 = bm25s.BM25(k1=K1, b=B, method="lucene")
        self._bm25.index([terms(text) for text in texts], show_progress=False)

    def scores(self, question: str) -> npt.NDArray[np.float32]:
        """The BM25 score of every text, in their order: float32 [n], 0 where no term is shared.

        Words that were guessed count `GUESSED_WEIGHT` of what typed ones do.
        """
        asked = words(question)
        scores = self._bm25_of(asked)
        if guessed := self.vocabulary.additions(asked):
            scores += np.float32(GUESSED_WEIGHT) * self._bm25_of(guessed)
        return scores

    def share_known(self, question: str) -> float:
        """The share, in [0, 1], of the question's words that stand in the texts, or nearly do; 0 without words."""
        asked = words(question)
        known = sum(self.vocabulary.knows(self.vocabulary.correct(word)) for word in asked)
        return known / max(1, len(asked))

    def _bm25_of(self, folded_words: Sequence[str]) -> npt.NDArray[np.float32]:
        known = [term for term in terms_of(folded_words) if term in self._bm25.vocab_dict]
        if not known:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(self._bm25.get_scores(known), dtype=np.float32)
