"""Search measured on a BEIR folder (Thakur et al. 2021): does the right document come first?

Each document, its title and text together, is one unit of the index, in memory. Words, meaning and both fused
come from one ranking of the retriever; `reranked` is the reader's order of the best of the fused, or null
without one.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from langchain_core.documents import Document

from bot.evaluate import EvaluationError, fields
from index.build import DENSE_WEIGHT
from index.embedders import Embedder
from index.hybrid import HybridRetriever
from index.lexical import Lexical
from index.measures import RANKING_MEASURES, Floats, ranking_measures
from index.stores import store_module

DEPTH = 100
_BATCH = 256
WAYS = ("lexical", "dense", "hybrid", "reranked")
Progress = Callable[[str, int, int], None]


class Reranker(Protocol):
    """What a reader does here: from each text and its fused score a new score, higher is better."""

    @property
    def depth(self) -> int: ...

    def score(self, question: str, texts: Sequence[str], search: Floats) -> Floats: ...


@dataclass(frozen=True)
class Beir:
    """A folder's documents (id -> title and text), queries (id -> text) and judgements (query -> document -> grade)."""

    documents: Mapping[str, str]
    queries: Mapping[str, str]
    relevant: Mapping[str, Mapping[str, int]]


def read_beir(folder: Path, queries: Path | None = None) -> Beir:
    """Read a BEIR folder; queries that nothing is judged for are left out.

    :param queries: another query file, as a path or as a name in the folder.
    :raises EvaluationError: for a file that is missing or wrong.
    """
    if not folder.is_dir():
        raise EvaluationError(
            f"{folder} is no folder; name a BEIR folder with corpus.jsonl, queries.jsonl, qrels/test.tsv"
        )
    documents = _by_id(folder / "corpus.jsonl", lambda row, place: _document(row, place))
    relevant = _judgements(folder / "qrels" / "test.tsv", documents)
    asked = queries or Path("queries.jsonl")
    file = asked if queries and asked.exists() else folder / asked
    texts = _by_id(file, lambda row, place: fields.text(row, "text", place))
    judged = {query: text for query, text in texts.items() if query in relevant}
    if not judged:
        raise EvaluationError(f"{file} has no query that qrels/test.tsv judges a document for")
    return Beir(documents, judged, {query: relevant[query] for query in judged})


def _by_id(file: Path, value: Callable[[fields.Fields, str], str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for place, row in fields.read_rows(file):
        identity = fields.text(row, "_id", place)
        if identity in found:
            raise EvaluationError(f"{place}: the id {identity!r} stands twice")
        found[identity] = value(row, place)
    if not found:
        raise EvaluationError(f"{file} is empty")
    return found


def _document(row: fields.Fields, place: str) -> str:
    parts = fields.optional_text(row, "title", place), fields.optional_text(row, "text", place)
    return "\n".join(part for part in parts if part)


def _judgements(file: Path, documents: Mapping[str, str]) -> dict[str, dict[str, int]]:
    relevant: dict[str, dict[str, int]] = {}
    for number, line in enumerate(fields.read_text(file).splitlines(), 1):
        if not line.strip() or (number == 1 and line.startswith("query-id")):
            continue
        try:
            query, document, grade = line.split("\t")
            relevant.setdefault(query, {})[document] = int(grade)
        except ValueError as error:
            raise EvaluationError(f"{file.name}:{number} is not query<TAB>document<TAB>grade: {line[:60]!r}") from error
        if document not in documents:
            raise EvaluationError(f"{file.name}:{number} judges {document!r}, which corpus.jsonl does not have")
    return relevant


def measure_retrieval(
    beir: Beir,
    embedder: Embedder,
    *,
    store: str = "faiss",
    reranker: Reranker | None = None,
    progress: Progress = lambda what, done, total: None,
) -> dict[str, Any]:
    """Index the documents, ask every query, and return the contract's JSON.

    :param progress: called with what is being done, how many are done, and of how many.
    """
    started = time.perf_counter()
    ids = list(beir.documents)
    retriever = _retriever(list(beir.documents.values()), embedder, store, progress)
    indexed = time.perf_counter()
    ranked: dict[str, dict[str, dict[str, float]]] = {way: {} for way in WAYS}
    fused: dict[str, Floats] = {}
    for done, (query, text) in enumerate(beir.queries.items(), 1):
        ranking = retriever.rank(text, retriever.embed(text))
        for way, scores in (("lexical", ranking.lexical), ("dense", ranking.dense), ("hybrid", ranking.fused)):
            ranked[way][query] = _in_order(ids, np.argsort(-scores, kind="stable")[:DEPTH])
        fused[query] = np.sort(ranking.fused.astype(np.float64))[::-1][:DEPTH]
        progress("asking", done, len(beir.queries))
    asked = time.perf_counter()
    if reranker is not None:
        ranked["reranked"] = _reranked(beir, ranked["hybrid"], fused, reranker, progress)
    reread = time.perf_counter()
    result: dict[str, Any] = {
        "documents": len(ids),
        "queries": len(beir.queries),
        "embedder": embedder.name,
        "seconds_indexing": round(indexed - started, 3),
        "seconds_per_query": round((asked - indexed) / len(beir.queries), 5),
        "seconds_per_query_reranked": round((reread - indexed) / len(beir.queries), 5) if reranker else None,
    }
    return result | {way: _means(beir, ranked[way]) if ranked[way] else None for way in WAYS}


def _retriever(texts: Sequence[str], embedder: Embedder, store: str, progress: Progress) -> HybridRetriever:
    vectors = []
    for start in range(0, len(texts), _BATCH):
        vectors.append(np.asarray(embedder.embed_documents(list(texts[start : start + _BATCH])), dtype=np.float32))
        progress("embedding", min(start + _BATCH, len(texts)), len(texts))
    documents = [Document(page_content=text) for text in texts]
    return HybridRetriever(
        lexical=Lexical(list(texts)),
        store=store_module(store).create(documents, np.concatenate(vectors), embedder),
        dense_weight=DENSE_WEIGHT,
    )


def _reranked(
    beir: Beir,
    hybrid: Mapping[str, Mapping[str, float]],
    fused: Mapping[str, Floats],
    reranker: Reranker,
    progress: Progress,
) -> dict[str, dict[str, float]]:
    """The best of the fused order, ordered anew by the reader; the rest follows as it was.

    :param fused: each query's fused scores, in the order of `hybrid`.
    """
    reranked = {}
    for done, (query, text) in enumerate(beir.queries.items(), 1):
        order = list(hybrid[query])
        best = order[: reranker.depth]
        scores = reranker.score(text, [beir.documents[document] for document in best], fused[query][: len(best)])
        reordered = [best[number] for number in np.argsort(-np.asarray(scores), kind="stable")]
        reranked[query] = _in_order(reordered + order[reranker.depth :], range(len(order)))
        progress("reading", done, len(beir.queries))
    return reranked


def _in_order(ids: Sequence[str], numbers: Any) -> dict[str, float]:
    """Scores that only say the order, so that no measure breaks ties of its own."""
    return {ids[int(number)]: float(-place) for place, number in enumerate(numbers)}


def _means(beir: Beir, ranked: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    values = ranking_measures(beir.relevant, ranked)
    return {name: round(float(np.mean(list(values[name].values()))), 6) for name in RANKING_MEASURES}
