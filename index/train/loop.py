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
    save_every: int = 200
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
    groups = [
        {"params": list(encoder.bert.embeddings.parameters()), "lr": schedule.embedding_rate},
        {"params": list(encoder.bert.encoder.parameters()), "lr": schedule.encoder_rate},
    ]
    optimizer = torch.optim.Adam(groups)
    rates = LambdaLR(optimizer, schedule.factor)
    first = _resume(encoder, optimizer, rates, checkpoint)
    recent: list[float] = []
    started = time.monotonic()
    for step in range(first, schedule.steps):
        loss = loss_of(random.Random(f"{schedule.seed}-{step}"))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
        optimizer.step()
        rates.step()
        recent = [*recent[-99:], loss.item()]
        done = step + 1
        if done % 20 == 0 or done == schedule.steps:
            left_s = (time.monotonic() - started) / (done - first) * (schedule.steps - done)
            logger.info("step %d of %d: loss %.4f, %.0f s left", done, schedule.steps, _mean(recent), left_s)
        if done % schedule.save_every == 0 or done == schedule.steps:
            _save(encoder, optimizer, rates, done, checkpoint)
    return _mean(recent)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else float("nan")


def _save(encoder: Encoder, optimizer: torch.optim.Optimizer, rates: LambdaLR, step: int, path: Path) -> None:
    state = {
        "format": 1,
        "step": step,
        "bert": encoder.bert.state_dict(),
        "optimizer": optimizer.state_dict(),
        "rates": rates.state_dict(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    with temporary.open("wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _resume(encoder: Encoder, optimizer: torch.optim.Optimizer, rates: LambdaLR, path: Path) -> int:
    if not path.exists():
        return 0
    state = torch.load(path, map_location="cpu", weights_only=True)
    if state.get("format") != 1:
        raise ValueError(f"{path} has format {state.get('format')!r}; this version reads 1: remove it to start anew")
    encoder.bert.load_state_dict(state["bert"])
    optimizer.load_state_dict(state["optimizer"])
    rates.load_state_dict(state["rates"])
    return int(state["step"])
