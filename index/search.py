"""A question's way through an index: to the sentences that may answer it, best first.

Owns how a sentence's own scores and its passage's are joined. Whether the best one answers is for
the reader and the gate.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.build import Index, PlacedSentence
from index.hybrid import Scores

# Share of a sentence's score that comes from its passage; chosen on the training pages' questions.
PASSAGE_WEIGHT = 0.2


@dataclass(frozen=True)
class Candidate:
    """A sentence that may answer, and why it is thought so.

    :param lexical: the BM25 score, 0 when no term is shared.
    :param dense: the cosine of question and sentence, in [-1, 1].
    :param passage: the fused z-score of its passage.
    :param score: what candidates are ordered by.
    :param reader: the reader's log-odds that it answers, against "not on the page"; None when it was not read.
    """

    placed: PlacedSentence
    lexical: float
    dense: float
    passage: float
    score: float
    reader: float | None = None


def search_sentences(
    index: Index, question: str, *, also: str = "", k: int = 24, page: str | None = None
) -> list[Candidate]:
    """The `k` sentences most likely to answer the question, best first; ties in the pages' order.

    :param also: another way to read the question; every score is the mean of both's.
    :param page: the id of the only page to take them from; the scores are those among all pages.
    """
    ways = [_scores(index, way) for way in ((question, also) if also else (question,))]
    lexical, dense, passage, score = (np.mean(found, axis=0) for found in zip(*ways, strict=True))
    return [
        Candidate(
            placed=index.sentences[number],
            lexical=float(lexical[number]),
            dense=float(dense[number]),
            passage=float(passage[number]),
            score=float(score[number]),
        )
        for number in _best(index, score, page)[:k]
    ]


def _best(index: Index, score: npt.NDArray[np.float32], page: str | None) -> npt.NDArray[np.int64]:
    """The numbers of the page's sentences, or of all, by score."""
    order: npt.NDArray[np.int64] = np.argsort(-score, kind="stable")
    if page is None:
        return order
    return order[[index.sentences[number].page.id == page for number in order]]


def _scores(index: Index, question: str) -> tuple[Scores, Scores, Scores, Scores]:
    """Of every sentence: its words', its meaning's and its passage's score, and what they are joined to."""
    vector = index.by_sentence.embed(question)
    passages = index.by_passage.rank(question, vector)
    sentences = index.by_sentence.rank(question, vector)
    of_passage = passages.fused[of_passages(index)]
    joined = (1 - PASSAGE_WEIGHT) * sentences.fused + PASSAGE_WEIGHT * of_passage
    return sentences.lexical, sentences.dense, of_passage, joined


def of_passages(index: Index) -> npt.NDArray[np.int64]:
    """Each sentence's passage's number: int64 [sentences]."""
    return np.fromiter((placed.passage for placed in index.sentences), dtype=np.int64)
