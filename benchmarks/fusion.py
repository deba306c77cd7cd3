"""Which weights of words and meaning find the right sentence first.

`python -m benchmarks.fusion PAGES.jsonl [--embedder SPEC] [--every N]` prints a table: for each weight of the dense
side and of the passage, the share of answerable questions whose best sentence, and one of whose three best, is
evidence. PAGES is a file of pages with questions that is not reported on (the training pages).
"""

import argparse
import itertools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.dialogue import standalone
from corpus.sections import page_from_sections
from index.build import build_index
from index.embedders import Embedder, load_embedder
from index.hybrid import Ranking, Scores, fuse, weight_of_meaning
from index.search import of_passages

DENSE = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0)
PASSAGE = (0.0, 0.2, 0.4)


@dataclass(frozen=True)
class Asked:
    """A question's two rankings, each sentence's passage, which sentences are evidence, the share of words known."""

    passages: Ranking
    sentences: Ranking
    numbers: npt.NDArray[np.int64]
    gold: Scores
    known: float


def rankings(entry: dict[str, Any], embedder: Embedder) -> list[Asked]:
    """What the search finds for each answerable question of a page."""
    sections = [(section["heading"], section["sentences"]) for section in entry["sections"]]
    page, ranges = page_from_sections(entry["id"], entry["title"], sections)
    index = build_index([page], embedder=embedder)
    rows = []
    for question in entry["questions"]:
        if question["kind"] in ("near", "off"):
            continue
        asked = standalone(question["q"], question.get("history", []))
        vector = index.by_sentence.embed(asked)
        spans = [ranges[section][sentence] for section, sentence in question["evidence"]]
        gold = [
            any(placed.sentence.start < end and start < placed.sentence.end for start, end in spans)
            for placed in index.sentences
        ]
        rows.append(
            Asked(
                passages=index.by_passage.rank(asked, vector),
                sentences=index.by_sentence.rank(asked, vector),
                numbers=of_passages(index),
                gold=np.asarray(gold, dtype=np.float32),
                known=index.by_sentence.lexical.share_known(asked),
            )
        )
    return rows


def hits(rows: list[Asked], dense: float, passage: float) -> tuple[float, float]:
    """The share of questions with evidence first, and among the first three."""
    first, three = [], []
    for row in rows:
        weight = weight_of_meaning(dense, row.known)
        whole = fuse(row.passages.lexical, row.passages.dense, weight)[row.numbers]
        scores = (1 - passage) * fuse(row.sentences.lexical, row.sentences.dense, weight) + passage * whole
        best = row.gold[np.argsort(-scores, kind="stable")[:3]]
        first.append(best[0])
        three.append(best.max())
    return float(np.mean(first)), float(np.mean(three))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--embedder", default="bundled")
    parser.add_argument("--every", type=int, default=3, help="take every N-th page")
    arguments = parser.parse_args()
    embedder = load_embedder(arguments.embedder)
    entries = [json.loads(line) for line in arguments.pages.read_text(encoding="utf-8").splitlines()][
        :: arguments.every
    ]
    rows = [row for entry in entries for row in rankings(entry, embedder)]
    print(f"| dense | passage | first | in three | ({len(rows)} questions)\n| --- | --- | --- | --- |")  # noqa: T201
    for dense, passage in itertools.product(DENSE, PASSAGE):
        first, three = hits(rows, dense, passage)
        print(f"| {dense} | {passage} | {first:.3f} | {three:.3f} |")  # noqa: T201


if __name__ == "__main__":
    main()
