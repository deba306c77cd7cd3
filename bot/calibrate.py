"""Fits the gate: `python -m bot.calibrate PAGES.jsonl`; writes `gate.json`, prints what to expect of it.

PAGES are pages with their questions; those are used that the reader was not trained on, each its own index. What a
page's questions get is predicted by a gate fitted on the other pages, ten times over: the calibration
error and the risks that are told are those of unseen pages. `--report` also tells the figures of pages that took
no part, `--dense-weight` and `--features` those of less: with either of these, nothing is written.
"""

import argparse
import json
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.answerers import Question
from bot.answerers.extractive import choose
from bot.dialogue import clean_question, language_of, standalone
from bot.gate import FORMAT, GATES, Gate, Risk, gate_features, threshold_for
from bot.settings import Settings
from corpus.sections import page_from_sections
from index.build import DENSE_WEIGHT, build_index
from index.embedders import Embedder, load_embedder
from index.measures import auroc, ece
from index.reader import Reader, load_reader, rerank
from index.search import Candidate, search_sentences
from index.train.reader_data import is_tune

Floats = NDArray[np.float64]
FOLDS = 10
# How strongly weights are held back: the inverse of scikit-learn's C, chosen on the training pages.
STRENGTH = 0.3
# The error rates that are told of.
MAX_WRONG = (0.02, 0.03, 0.05, 0.08, 0.1, 0.12, 0.15)
# What counts beside a reader. The others help where there is none; with one, "near" questions, which share more words
# with the page than answered ones, would teach the gate to distrust plain questions in the page's own words.
WITH_READER = ("reader", "reader_any", "reader_unsure", "unknown_names", "holds")


@dataclass(frozen=True)
class Observation:
    """A question, what the gate sees of it, and whether the right sentence was first, among three, or told.

    :param told: whether it is among the sentences that an answer would tell.
    """

    page: str
    kind: str
    features: dict[str, float]
    first: bool
    among_three: bool
    told: bool
    answerable: bool


def observe(
    rows: Sequence[dict[str, Any]],
    embedder: Embedder,
    reader: Reader | None,
    *,
    dense_weight: float = DENSE_WEIGHT,
) -> list[Observation]:
    """Ask every question of its page, up to the gate. Follow-ups are made to stand alone as in a conversation."""
    observations = []
    for row in rows:
        sections = [(section["heading"], section["sentences"]) for section in row["sections"]]
        page, ranges = page_from_sections(row["id"], row["title"], sections)
        index = build_index([page], embedder=embedder, dense_weight=dense_weight)
        for asked in row["questions"]:
            question = _question(asked)
            candidates = search_sentences(index, question.alone, also=question.also)
            if reader is not None:
                candidates = rerank(reader, question.alone, candidates, also=question.also)
            spans = [ranges[section][sentence] for section, sentence in asked.get("evidence") or ()]
            hits = [_overlaps(candidate, spans) for candidate in candidates[:3]]
            observations.append(
                Observation(
                    page=row["id"],
                    kind=asked["kind"],
                    features=gate_features(question, candidates, index.by_sentence.lexical.vocabulary),
                    first=hits[0],
                    among_three=any(hits),
                    told=any(_overlaps(candidate, spans) for candidate in choose(candidates)),
                    answerable=bool(spans),
                )
            )
    return observations


def _question(asked: dict[str, Any]) -> Question:
    text = clean_question(asked["q"])
    history = [clean_question(earlier) for earlier in asked.get("history") or ()]
    return Question(text, standalone(text, history), language_of(text))


def _overlaps(candidate: Candidate, spans: Sequence[tuple[int, int]]) -> bool:
    sentence = candidate.placed.sentence
    return any(sentence.start < end and start < sentence.end for start, end in spans)


def fit_gate(observations: Sequence[Observation], features: Collection[str] | None = None) -> Gate:
    """A gate whose confidence is the chance that the right sentence is among the first three.

    :param features: what it may look at; by default what was chosen for a reader, or all there is without one.
    """
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    there = observations[0].features
    chosen = features or (WITH_READER if "reader" in there else there)
    names = [name for name in there if name in chosen]
    values = np.array([[row.features[name] for name in names] for row in observations])
    centre, spread = values.mean(0), values.std(0)
    spread[spread < 1e-9] = 1.0
    model = LogisticRegression(C=1 / STRENGTH, max_iter=2000)
    model.fit((values - centre) / spread, [row.among_three for row in observations])
    weights = model.coef_[0] / spread
    return Gate(
        intercept=float(model.intercept_[0] - weights @ centre),
        weights={name: round(float(weight), 5) for name, weight in zip(names, weights, strict=True)},
    )


def predict_unseen(observations: Sequence[Observation], fit: Callable[[Sequence[Observation]], Gate]) -> Floats:
    """Each question's confidence by a gate that was fitted without its page."""
    pages = sorted({row.page for row in observations})
    fold_of = {page: number % FOLDS for number, page in enumerate(pages)}
    confidences = np.zeros(len(observations))
    for fold in range(min(FOLDS, len(pages))):
        gate = fit([row for row in observations if fold_of[row.page] != fold])
        for number, row in enumerate(observations):
            if fold_of[row.page] == fold:
                confidences[number] = gate.probability(row.features)
    return confidences


def count_risks(confidences: Floats, right: Sequence[bool]) -> tuple[Risk, ...]:
    """What answering at and above each fiftieth brings, by rising confidence."""
    is_right = np.asarray(right, dtype=bool)
    risks = []
    for confidence in np.arange(1, 50) / 50:
        answered = confidences >= confidence
        wrong = float((answered & ~is_right).mean())
        risks.append(Risk(round(float(confidence), 2), round(float(answered.mean()), 4), round(wrong, 4)))
    return tuple(risks)


def summarise(observations: Sequence[Observation], confidences: Floats) -> dict[str, Any]:
    """The figures of the card: evidence, AUROC by kind of unanswerable question, calibration error."""
    kinds = np.array([row.kind for row in observations])
    answerable = np.array([row.answerable for row in observations])

    def against(kind: str) -> float:
        taken = answerable | (kinds == kind)
        return float(auroc(answerable[taken], confidences[taken]))

    return {
        "questions": len(observations),
        "evidence_at_1": float(np.mean([row.first for row in observations if row.answerable])),
        "evidence_at_3": float(np.mean([row.among_three for row in observations if row.answerable])),
        "told": float(np.mean([row.told for row in observations if row.answerable])),
        "auroc_near": against("near"),
        "auroc_off": against("off"),
        "ece": float(ece([row.among_three for row in observations], confidences)),
        "first_by_kind": {
            kind: float(np.mean([row.first for row in observations if row.kind == kind]))
            for kind in sorted({row.kind for row in observations if row.answerable})
        },
    }


def write_gate(gate: Gate, reader: str, path: Path = GATES) -> None:
    """Put the gate for that reader into the file, beside those for others."""
    stored: dict[str, Any] = {"gate_format": FORMAT, "gates": {}}
    if path.exists():
        stored = json.loads(path.read_text(encoding="utf-8"))
    stored["gates"][reader] = {
        "intercept": round(gate.intercept, 5),
        "weights": dict(gate.weights),
        "risks": [list(asdict(risk).values()) for risk in gate.risks],
    }
    new = path.with_suffix(".new")
    new.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    new.replace(path)


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit the gate on the calibration pages of a file, write it, and print its figures as JSON."""
    fields = Settings.model_fields
    parser = argparse.ArgumentParser(prog="python -m bot.calibrate", description=__doc__)
    parser.add_argument("pages", type=Path, nargs="+", help="pages with their questions, one page a line")
    parser.add_argument("--embedder", default=fields["embedder"].default)
    parser.add_argument("--reader", default=fields["reader"].default, help='a reader of index/models, or "" for none')
    parser.add_argument("--report", type=Path, help="pages with questions to report on")
    parser.add_argument("--dense-weight", type=float, help="share of meaning in the search: 0 for words alone")
    parser.add_argument("--features", nargs="+", help="what the gate may look at: `reader` alone, say")
    chosen = parser.parse_args(arguments)
    reader = load_reader(chosen.reader) if chosen.reader else None
    embedder = load_embedder(chosen.embedder)
    weight = DENSE_WEIGHT if chosen.dense_weight is None else chosen.dense_weight
    fit = partial(fit_gate, features=chosen.features)
    rows = [row for path in chosen.pages for row in _read_rows(path) if is_tune(row["id"])]
    observations = observe(rows, embedder, reader, dense_weight=weight)
    confidences = predict_unseen(observations, fit)
    gate = replace(fit(observations), risks=count_risks(confidences, [row.told for row in observations]))
    if chosen.dense_weight is None and not chosen.features:
        write_gate(gate, chosen.reader)
    told = {"calibration": summarise(observations, confidences)}
    if chosen.report:
        reported = observe(_read_rows(chosen.report), embedder, reader, dense_weight=weight)
        told["report"] = report(gate, reported)
    json.dump(told, sys.stdout, indent=1)


def report(gate: Gate, observations: Sequence[Observation]) -> dict[str, Any]:
    """The figures of pages that the gate was not fitted on, and what each error rate brings there.

    Each row of `risks` tells a `max_wrong_answers`, its threshold and, at that: the share of all questions answered
    wrongly, of answerable ones answered, and of the others refused.
    """
    confidences = np.array([gate.probability(row.features) for row in observations])
    told = np.array([row.told for row in observations])
    answerable = np.array([row.answerable for row in observations])
    risks = []
    for most in MAX_WRONG:
        threshold = threshold_for(gate.risks, most)
        answered = confidences >= threshold
        risks.append(
            {
                "max_wrong_answers": most,
                "threshold": threshold,
                "wrong": float((answered & ~told).mean()),
                "answered_rate": float(answered[answerable].mean()),
                "refused_rate": float((~answered)[~answerable].mean()),
            }
        )
    return {**summarise(observations, confidences), "risks": risks}


def _read_rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main()
