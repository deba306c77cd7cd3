"""The reader as a judge of whole documents, for BEIR folders: a document is worth its best sentence.

The reader judges sentences in the light of those beside them, so the sentences of all the documents in question are
read together. What it says is joined with the search's score as `index.reader.rerank` joins them, but for the weight.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from corpus.page import Page
from corpus.split import split_sentences
from index.measures import Floats
from index.packing import SentenceContext
from index.reader import Reader

# How much more the search's score of a document counts than that of a sentence: the best of many sentences is the
# luckiest too. Chosen on every third question of the first half of XQuAD-da, where nDCG@10 is .967 unread, and .963,
# .976, .972 with 1, 2, 4 here. On all of that half: .966 unread, .969 read; in English .933 and .941.
SEARCH_WEIGHT = 2.0


@dataclass(frozen=True)
class DocumentReader:
    """:param depth: how many of the search's best documents are read."""

    reader: Reader
    depth: int = 8

    def score(self, question: str, texts: Sequence[str], search: Floats) -> Floats:
        """A score for each document, float64 [n]; one without a sentence gets -inf.

        :param search: the search's fused z-scores of the documents, float [n].
        """
        sentences = [(number, sentence) for number, text in enumerate(texts) for sentence in sentences_of(text)]
        logits = self.reader.score(question, [SentenceContext(sentence) for _, sentence in sentences])
        best = np.full(len(texts), -np.inf)
        np.maximum.at(best, [number for number, _ in sentences], logits)
        fusion = self.reader.fusion
        return fusion.reader * best + SEARCH_WEIGHT * fusion.search * np.asarray(search, dtype=np.float64)


def sentences_of(text: str) -> list[str]:
    """The sentences of a document, in its order; none of an empty one."""
    page = Page(id="document", url="", title="", fetched_at=datetime.min.replace(tzinfo=UTC), text=text)
    return [sentence.text for sentence in split_sentences(page)] if text.strip() else []
