"""The figures of the model card: retrieval, robustness, bitext, evidence and speed of any embedder."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.embedders import Embedder
from index.hybrid import fuse
from index.lexical import Lexical
from index.train.noise import mistype
from index.train.texts import read_questions

Scores = npt.NDArray[np.float32]

SPELT_OUT = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa"})
WEIGHTS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


def ndcg_at_10(scores: Scores, right: Sequence[int]) -> float:
    """Mean nDCG@10 where each question has one right document; ties count against it.

    :param scores: (questions, documents); :param right: the number of each question's document.
    `[[.1, .9, .5]]` with right `[2]` -> `1 / log2(3)`
    """
    own = scores[np.arange(len(right)), list(right)]
    ranks = (scores >= own[:, None]).sum(1) - 1
    return float(np.where(ranks < 10, 1 / np.log2(ranks + 2), 0).mean())


def retrieval(embedder: Embedder, folder: Path) -> dict[str, dict[str, float]]:
    """nDCG@10 on a BEIR folder by words, by meaning and fused, for its questions, in English and misspelt."""
    corpus = list(_rows(folder / "corpus.jsonl"))
    texts = [f"{row['title']}\n{row['text']}".strip() for row in corpus]
    numbers = {row["_id"]: number for number, row in enumerate(corpus)}
    lines = (folder / "qrels" / "test.tsv").read_text(encoding="utf-8").splitlines()[1:]
    qrels = {line.split("\t")[0]: numbers[line.split("\t")[1]] for line in lines}
    lexical, passages = Lexical(texts), _vectors(embedder, texts)
    figures = {}
    for name, questions in _variants(folder).items():
        right = [qrels[key] for key in questions]
        by_words = np.stack([lexical.scores(text) for text in questions.values()])
        by_meaning = _vectors(embedder, list(questions.values())) @ passages.T
        scores = {"lexical": by_words, "dense": by_meaning}
        for weight in WEIGHTS:
            pairs = zip(by_words, by_meaning, strict=True)
            scores[f"hybrid {weight}"] = np.stack([fuse(words, meaning, weight) for words, meaning in pairs])
        figures[name] = {way: round(ndcg_at_10(found, right), 4) for way, found in scores.items()}
    return figures


def _variants(folder: Path) -> dict[str, dict[str, str]]:
    rng = random.Random(1)
    danish = {row["_id"]: row["text"] for row in _rows(folder / "queries.jsonl")}
    english = {row["_id"]: row["text"] for row in _rows(folder / "queries.en.jsonl")}
    changes: dict[str, Callable[[str], str]] = {
        "danish": str,
        "mistyped 10 %": lambda text: mistype(text, 0.1, rng),
        "lower case": str.lower,
        "ae oe aa": lambda text: text.translate(SPELT_OUT),
    }
    changed = {name: {key: change(text) for key, text in danish.items()} for name, change in changes.items()}
    return {"danish": changed.pop("danish"), "english": english, **changed}


def bitext(embedder: Embedder, path: Path) -> float:
    """Share of Danish sentences whose nearest English one is their translation."""
    pairs = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    english = _vectors(embedder, [pair[0] for pair in pairs])
    danish = _vectors(embedder, [pair[1] for pair in pairs])
    return round(float(((danish @ english.T).argmax(1) == np.arange(len(pairs))).mean()), 4)


def evidence(embedder: Embedder, data: Path) -> dict[str, float]:
    """Share of the dev pages' questions with evidence first, or among the first three, of the page's sentences."""
    right: dict[tuple[str, ...], set[str]] = {}
    for question in read_questions(data / "pages" / "dev.jsonl")[1]:
        right.setdefault((question.text, *question.wrong), set()).add(question.right)
    ranks = []
    for (text, *wrong), correct in right.items():
        units = [*correct, *wrong]
        scores = _vectors(embedder, units) @ _vectors(embedder, [text])[0]
        ranks.append(int((scores[len(correct) :] >= scores[: len(correct)].max()).sum()))
    return {f"evidence@{k}": round(float(np.mean([rank < k for rank in ranks])), 4) for k in (1, 3)}


def speed(embedder: Embedder, folder: Path) -> dict[str, float]:
    """Milliseconds a question (median of 100), and passages a second."""
    questions = [row["text"] for row in _rows(folder / "queries.jsonl")][:100]
    passages = [row["text"] for row in _rows(folder / "corpus.jsonl")]
    embedder.embed_query(questions[0])
    times = [_seconds(partial(embedder.embed_query, text)) for text in questions]
    return {
        "ms_per_query": round(1000 * float(np.median(times)), 1),
        "passages_per_s": round(len(passages) / _seconds(partial(embedder.embed_documents, passages)), 1),
    }


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _vectors(embedder: Embedder, texts: list[str]) -> Scores:
    return np.asarray(embedder.embed_documents(texts), dtype=np.float32)


def _rows(path: Path) -> Iterable[dict[str, str]]:
    return map(json.loads, path.read_text(encoding="utf-8").splitlines())
