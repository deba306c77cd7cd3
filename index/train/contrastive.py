"""The contrastive finish: a question next to the passage that answers it, away from the rest of its page.

Questions come with their passages and with their sentences, headings with their paragraphs.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch.nn.functional import cross_entropy

from index.train.encoder import Encoder, half_precision
from index.train.noise import mistype
from index.train.texts import Question

TEMPERATURE = 0.05


@dataclass(frozen=True)
class Texts:
    """What the finish learns from: questions with passages and with sentences, and (heading, paragraph)."""

    by_passage: Sequence[Question]
    by_sentence: Sequence[Question]
    paragraphs: Sequence[tuple[str, str]]


def contrast(queries: torch.Tensor, passages: torch.Tensor) -> torch.Tensor:
    """InfoNCE (van den Oord et al. 2018): query i belongs to passage i; all other passages are wrong.

    :param queries: (n, dim), unit rows; :param passages: (m >= n, dim), unit rows, the first n the right ones.
    """
    return cross_entropy(queries @ passages.T / TEMPERATURE, torch.arange(len(queries), device=queries.device))


def question_batch(
    questions: Sequence[Question], size: int, rng: random.Random, wrong: int = 1
) -> tuple[list[str], list[str]]:
    """(questions, texts): each right text once, then up to `wrong` wrong ones a question.

    One question in five is mistyped.
    """
    chosen: dict[str, Question] = {}
    for question in rng.sample(questions, min(3 * size, len(questions))):
        if len(chosen) < size:
            chosen.setdefault(question.right, question)
    picked = list(chosen.values())
    others = {text for row in picked for text in rng.sample(row.wrong, min(wrong, len(row.wrong)))} - chosen.keys()
    queries = [mistype(row.text, 0.08, rng) if rng.random() < 0.2 else row.text for row in picked]
    return queries, [*chosen, *sorted(others)]


def paragraph_batch(
    paragraphs: Sequence[tuple[str, str]], size: int, rng: random.Random
) -> tuple[list[str], list[str]]:
    """(headings, paragraphs), each once, from a stretch of the file, so that they are about like things."""
    start = rng.randrange(max(1, len(paragraphs) - 3 * size))
    chosen: dict[str, str] = {}
    for heading, text in paragraphs[start : start + 3 * size]:
        if len(text.split()) >= 12 and heading not in chosen and len(chosen) < size:
            chosen[heading] = " ".join(text.split()[:130])
    unique = {text: heading for heading, text in chosen.items()}
    return list(unique.values()), list(unique)


def batch_loss(student: Encoder, texts: Texts, size: int, rng: random.Random) -> torch.Tensor:
    """The loss of a random batch: of passages, of sentences (twice as many, being short), or, seldom, of headings."""
    draw = rng.random()
    if draw < 0.45:
        queries, passages = question_batch(texts.by_passage, size, rng)
    elif draw < 0.9:
        queries, passages = question_batch(texts.by_sentence, 2 * size, rng, wrong=2)
    else:
        queries, passages = paragraph_batch(texts.paragraphs, size, rng)
    with half_precision(next(student.parameters()).device):
        return contrast(student(queries), student(passages))
