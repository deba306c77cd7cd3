"""The training loop that the steps share: seeded batches, two learning rates, checkpoints to go on from.

A batch is made from its step's number alone, and dropout is off; a run that was stopped and taken up again
is the run that was not stopped.
"""

from __future__ import annotations

import logging
import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch.optim.lr_scheduler import LambdaLR

from index.train.encoder import Encoder

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Schedule:
    """Steps and rates; both rates rise for `warmup` steps and then fall to nothing in a straight line."""

    steps: int
    embedding_rate: float
    encoder_rate: float
    warmup: int = 100
    save_every: int = 50
    seed: int = 1

    def factor(self, step: int) -> float:
        """Share of the full rate at `step`."""
        rise = (step + 1) / (self.warmup + 1)
        fall = (self.steps - step) / max(1, self.steps - self.warmup)
        return min(1.0, rise, fall)


def train(
    encoder: Encoder, loss_of: Callable[[random.Random], torch.Tensor], schedule: Schedule, checkpoint: Path
) -> float:
    """Train in place, from `checkpoint` where there is one; the mean loss of the last hundred steps.

    :param loss_of: draws a batch with the generator that it is given, and returns its loss.
    """
    optimizers = _optimizers(encoder, schedule)
    rates = [LambdaLR(optimizer, schedule.factor) for optimizer in optimizers]
    first = _resume(encoder, optimizers, rates, checkpoint)
    recent: list[float] = []
    started = time.monotonic()
    for step in range(first, schedule.steps):
        loss = loss_of(random.Random(f"{schedule.seed}-{step}"))
        encoder.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(encoder.bert.encoder.parameters(), 1.0)
        for optimizer, rate in zip(optimizers, rates, strict=True):
            optimizer.step()
            rate.step()
        recent = [*recent[-99:], loss.item()]
        done = step + 1
        if done % 20 == 0 or done == schedule.steps:
            left_s = (time.monotonic() - started) / (done - first) * (schedule.steps - done)
            logger.info("step %d of %d: loss %.4f, %.0f s left", done, schedule.steps, _mean(recent), left_s)
        if done % schedule.save_every == 0 or done == schedule.steps:
            _save(encoder, optimizers, rates, done, checkpoint)
    return _mean(recent)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else float("nan")


def _optimizers(encoder: Encoder, schedule: Schedule) -> list[torch.optim.Optimizer]:
    """Adam, and for the pieces' embeddings its sparse form: most of them are in no one batch."""
    embeddings = encoder.bert.embeddings
    embeddings.word_embeddings.sparse = True
    words = embeddings.word_embeddings.weight
    others = [parameter for parameter in embeddings.parameters() if parameter is not words]
    groups = [
        {"params": others, "lr": schedule.embedding_rate},
        {"params": list(encoder.bert.encoder.parameters()), "lr": schedule.encoder_rate},
    ]
    return [torch.optim.SparseAdam([words], lr=schedule.embedding_rate), torch.optim.Adam(groups, fused=True)]


def _save(
    encoder: Encoder, optimizers: list[torch.optim.Optimizer], rates: list[LambdaLR], step: int, path: Path
) -> None:
    state = {
        "format": 1,
        "step": step,
        "bert": encoder.bert.state_dict(),
        "optimizers": [optimizer.state_dict() for optimizer in optimizers],
        "rates": [rate.state_dict() for rate in rates],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    with temporary.open("wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _resume(encoder: Encoder, optimizers: list[torch.optim.Optimizer], rates: list[LambdaLR], path: Path) -> int:
    if not path.exists():
        return 0
    state = torch.load(path, map_location="cpu", weights_only=True)
    if state.get("format") != 1:
        raise ValueError(f"{path} has format {state.get('format')!r}; this version reads 1: remove it to start anew")
    encoder.bert.load_state_dict(state["bert"])
    for optimizer, kept in zip(optimizers, state["optimizers"], strict=True):
        optimizer.load_state_dict(kept)
    for rate, kept in zip(rates, state["rates"], strict=True):
        rate.load_state_dict(kept)
    return int(state["step"])
