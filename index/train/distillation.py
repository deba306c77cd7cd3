"""Distillation: the student's vector of a Danish text, or of its English original, towards the teacher's of that.

Reimers and Gurevych (2020, https://arxiv.org/abs/2004.09813), with three changes: the pairs are joined to
passages of up to 200 words, as pages have them; a term keeps apart what the teacher keeps apart; and some Danish texts
are mistyped.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch

from index.train.encoder import Encoder, half_precision
from index.train.noise import mistype
from index.train.texts import Pair

SHARES = {
    "europarl": 0.34,
    "microsoft_docs": 0.16,
    "microsoft_courses": 0.18,
    "tatoeba": 0.16,
    "copenhagen_treebank": 0.155,
    "udhr": 0.005,
}
TEMPERATURE = 0.05


@dataclass(frozen=True)
class Mix:
    """What a batch is made of. Tokens are guessed at 1.5 a word."""

    tokens: int = 2400
    max_words: int = 130
    english: float = 0.15
    mistyped: float = 0.15


def draw_batch(sources: Mapping[str, Sequence[Pair]], mix: Mix, rng: random.Random) -> tuple[list[str], list[str]]:
    """(student's texts, teacher's texts) of about one length; all English or Danish, and mistyped or not, by chance."""
    words = round(rng.triangular(5, mix.max_words, 30))
    names = [name for name in SHARES if sources.get(name)]
    student, teacher = [], []
    for _ in range(max(8, min(128, round(mix.tokens / (1.5 * words + 2))))):
        name = rng.choices(names, [SHARES[name] for name in names])[0]
        english, danish = _draw_text(sources[name], words, rng)
        teacher.append(english)
        if rng.random() < mix.english:
            student.append(english)
        elif rng.random() < mix.mistyped:
            student.append(mistype(danish, 0.05, rng))
        else:
            student.append(danish)
    return student, teacher


def _draw_text(pairs: Sequence[Pair], words: int, rng: random.Random) -> tuple[str, str]:
    """Neighbouring pairs from a random place on, joined until there are about `words` Danish words."""
    for _ in range(20):
        place = rng.randrange(len(pairs))
        if len(pairs[place].danish.split()) <= 1.3 * words:
            break
    chosen: list[Pair] = []
    count = 0
    while count < words and len(chosen) < 12:
        pair = pairs[(place + len(chosen)) % len(pairs)]
        length = len(pair.danish.split())
        if chosen and count + length > 1.3 * words:
            break
        chosen.append(pair)
        count += length
    return " ".join(pair.english for pair in chosen), " ".join(pair.danish for pair in chosen)


def distillation_loss(student: torch.Tensor, teacher: torch.Tensor) -> torch.Tensor:
    """1 - cosine of each row with its teacher's, and a fifth of the divergence of the batch's similarities.

    :param student: (batch, dim), unit rows; :param teacher: the same, the targets.
    """
    distance = 1 - (student * teacher).sum(1).mean()
    wanted = (teacher @ teacher.T / TEMPERATURE).log_softmax(1)
    found = (student @ teacher.T / TEMPERATURE).log_softmax(1)
    divergence = torch.nn.functional.kl_div(found, wanted, reduction="batchmean", log_target=True)
    return distance + 0.2 * divergence


def batch_loss(
    student: Encoder, teacher: Encoder, sources: Mapping[str, Sequence[Pair]], mix: Mix, rng: random.Random
) -> torch.Tensor:
    """The loss of one random batch."""
    texts, originals = draw_batch(sources, mix, rng)
    device = next(student.parameters()).device
    with half_precision(device):
        with torch.inference_mode():
            targets = teacher(originals)
        return distillation_loss(student(texts), targets.clone())
