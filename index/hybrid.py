"""The hybrid retriever: words and meaning, fused.

Owns the fusion; its weights are chosen by measurement (see `index/models/README.md` and
benchmarks). Whether an answer is among what it finds is for the reader and the gate.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from index.lexical import Lexical
from index.stores import Store

Scores = npt.NDArray[np.float32]

# Documents that each side puts forward; below this many documents every score is exact.
POOL = 400


@dataclass(frozen=True)
class Ranking:
    """The scores of every document for one question, in the documents' order: float32 [n] each.

    `dense` is the cosine; a document outside the dense pool has the pool's lowest.
    """

    lexical: Scores
    dense: Scores
    fused: Scores

    def best(self, k: int) -> list[int]:
        """The numbers of the `k` documents with the highest fused score, best first; ties in order."""
        return [int(number) for number in np.argsort(-self.fused, kind="stable")[:k]]


class HybridRetriever(BaseRetriever):
    """LangChain retriever over the same documents in a lexical index and a vector store."""

    model_config = ConfigDict(arbitrary_types_allowed=True, frozen=True)

    lexical: Lexical
    store: Store
    dense_weight: float = Field(ge=0.0, le=1.0, description="of a question whose words all stand in the texts")
    k: int = 10

    def rank(self, question: str, vector: Scores) -> Ranking:
        """Score every document for the question and its vector (float32 [dim])."""
        lexical = self.lexical.scores(question)
        numbers, cosines = self.store.nearest(vector, POOL)
        dense = np.full(len(lexical), cosines[-1], dtype=np.float32)
        dense[numbers] = cosines
        weight = weight_of_meaning(self.dense_weight, self.lexical.share_known(question))
        return Ranking(lexical, dense, fuse(lexical, dense, weight))

    def embed(self, question: str) -> Scores:
        """The question's vector: float32 [dim]."""
        return np.asarray(self.store.embeddings.embed_query(question), dtype=np.float32)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        ranking = self.rank(query, self.embed(query))
        return [self.store.documents[number] for number in ranking.best(self.k)]


def weight_of_meaning(dense_weight: float, share_known: float) -> float:
    """`dense_weight`, and more for a question with words that the texts don't have, as an English one's.

    Words weigh `(1 - dense_weight)` times the share of them that stands there: with .6 and half of the words,
    meaning weighs .6 / (.6 + .4 * .5) = .75.
    """
    total = dense_weight + (1 - dense_weight) * share_known
    return dense_weight / total if total else 0.0


def fuse(lexical: Scores, dense: Scores, dense_weight: float) -> Scores:
    """The weighted mean of the two sides' z-scores.

    Scores that are all equal say nothing and count 0: `fuse([0, 0], [.2, .8], .5) -> [-.5, .5]`.
    """
    return (1 - dense_weight) * _standardised(lexical) + dense_weight * _standardised(dense)


def _standardised(scores: Scores) -> Scores:
    spread = float(scores.std())
    if spread < 1e-9:
        return np.zeros_like(scores)
    return np.asarray((scores - scores.mean()) / spread, dtype=np.float32)
