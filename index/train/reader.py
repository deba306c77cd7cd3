"""Trains the reader: `python -m index.train reader --help`.

A listwise softmax over a page's sentences and "not here", and, inside a right sentence, over its tokens
for those of the answer. Owns the loop and its checkpoints; the examples are `index.train.reader_data`'s, the
network is `index.network`'s.
"""

import json
import math
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from index.network import DOORS, NetworkShape, ReaderNetwork
from index.train.reader_batches import Batch, make_batches
from index.train.reader_data import Example
from index.train.reader_measures import measure

HEAD = ("null.", "token.", "whole.", "scale")


@dataclass(frozen=True)
class Schedule:
    """How to train.

    :param tokens: most tokens in a batch, padding included.
    :param rate: highest learning rate of the encoder; the head's is that times `head_rate`.
    :param answer_weight: weight of the loss over the answer's tokens.
    :param embeddings: whether the words' embeddings are trained too.
    :param minutes: most time to train for; where the epochs take longer, the rate falls to nothing by then.
    :param vary: whether examples are varied by `index.train.reader_data.Variation`.
    """

    epochs: int = 6
    tokens: int = 1536
    rate: float = 1e-4
    head_rate: float = 20.0
    warmup: float = 0.08
    answer_weight: float = 0.3
    dropout: float = 0.1
    seed: int = 5
    checkpoint_s: float = 240.0
    minutes: float = math.inf
    embeddings: bool = False
    vary: bool = True


def encoder_from(
    folder: Path, *, layers: int | None = None, dropout: float, doors: tuple[float, ...] = DOORS
) -> ReaderNetwork:
    """A network whose encoder is a BERT checkpoint's, its lowest `layers` of it, and whose head is new.

    :raises ValueError: when the checkpoint lacks a layer that is needed.
    """
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    shape = NetworkShape(
        vocabulary=config["vocab_size"],
        width=config["hidden_size"],
        layers=layers or config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        inner=config["intermediate_size"],
        positions=config["max_position_embeddings"],
        norm_eps=config["layer_norm_eps"],
        doors=doors,
    )
    network = ReaderNetwork(shape, dropout)
    stored = {name.removeprefix("bert."): tensor for name, tensor in load_file(folder / "model.safetensors").items()}
    weights = {name: tensor for name, tensor in stored.items() if name.startswith(("embeddings.", "encoder."))}
    missing = network.load_state_dict(weights, strict=False).missing_keys
    absent = [name for name in missing if not name.startswith(HEAD)]
    if absent:
        raise ValueError(f"{folder.name} lacks {len(absent)} tensors of the encoder, first {absent[0]}")
    return network


def train_reader(
    network: ReaderNetwork,
    tokenizer: Tokenizer,
    train: Sequence[Example],
    tune: Sequence[Example],
    schedule: Schedule,
    folder: Path,
    *,
    told: Callable[[int], None] = lambda epoch: None,
) -> list[dict[str, Any]]:
    """Train `network` in place and return one row of measures an epoch.

    Checkpoints and the measures go to `folder`; a run that finds its own there goes on from it.

    :param told: called with each epoch's number, from 1, once it is kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(schedule.seed)
    network.embeddings.word_embeddings.weight.requires_grad = schedule.embeddings
    optimizer = _optimizer(network, schedule)

    def batches_of(epoch: int) -> list[Batch]:
        seed = schedule.seed * 1000 + epoch
        return list(make_batches(tokenizer, train, tokens=schedule.tokens, seed=seed, vary=schedule.vary))

    per_epoch = len(batches_of(0))
    total = per_epoch * schedule.epochs
    step, spent_s, rows = _resume(folder, network, optimizer, schedule)
    begun = saved = time.monotonic()

    def keep() -> None:
        spent = spent_s + time.monotonic() - begun
        _checkpoint(folder, network, optimizer, {"step": step, "spent_s": spent, "rows": rows}, schedule)

    done = 0.0
    for epoch in range(step // per_epoch, schedule.epochs):
        torch.manual_seed(schedule.seed + epoch)
        losses: list[float] = []
        for batch in batches_of(epoch)[step - epoch * per_epoch : per_epoch]:
            minutes = (spent_s + time.monotonic() - begun) / 60
            done = max(step / total, minutes / schedule.minutes)
            if done >= 1:
                break
            _set_rate(optimizer, schedule, done)
            losses.append(_step(network, optimizer, batch, schedule))
            step += 1
            if step % 20 == 0:
                _say(f"step {step} of {total}, {done:.1%} done after {minutes:.0f} minutes, loss {_mean(losses[-40:])}")
            if time.monotonic() - saved > schedule.checkpoint_s:
                keep()
                saved = time.monotonic()
        step = max(step, (epoch + 1) * per_epoch)
        rows.append({"epoch": epoch + 1, "loss": _mean(losses), **measure(network, tokenizer, tune)})
        _say(json.dumps(rows[-1]))
        keep()
        told(epoch + 1)
        if done >= 1:
            break
    return rows


def _mean(losses: Sequence[float]) -> float:
    return round(float(np.mean(losses)), 4) if losses else 0.0


def batch_loss(network: ReaderNetwork, batch: Batch, answer_weight: float) -> Tensor:
    """The mean over a batch of the listwise loss, and of the answers' tokens'."""
    with torch.autocast("cpu", torch.bfloat16):
        states = network.encode(batch.ids, batch.owners, batch.blocks, batch.sections)
    scores, tokens = network.judge(states.float(), batch.owners, batch.count)
    logits = torch.cat([scores, scores.new_zeros(len(scores), 1)], dim=1)
    target = torch.cat([batch.right, ~batch.right.any(1, keepdim=True)], dim=1)
    listwise = torch.logsumexp(logits, 1) - torch.logsumexp(logits.masked_fill(~target, -torch.inf), 1)
    loss = listwise.mean()
    has = batch.answer.any(1)
    if answer_weight and bool(has.any()):
        owner = torch.gather(batch.owners, 1, batch.answer.int().argmax(1, keepdim=True))
        inside = tokens.masked_fill(batch.owners != owner, -torch.inf)[has]
        held = functional.log_softmax(inside, 1).masked_fill(~batch.answer[has], 0.0).sum(1) / batch.answer[has].sum(1)
        loss = loss - answer_weight * held.mean() * has.float().mean()
    return loss


def _step(network: ReaderNetwork, optimizer: torch.optim.Optimizer, batch: Batch, schedule: Schedule) -> float:
    network.train()
    loss = batch_loss(network, batch, schedule.answer_weight)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()
    return float(loss.detach())


def _optimizer(network: ReaderNetwork, schedule: Schedule) -> torch.optim.Optimizer:
    head, plain, decayed = [], [], []
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        if name.startswith(HEAD):
            head.append(parameter)
        elif parameter.ndim == 1:
            plain.append(parameter)
        else:
            decayed.append(parameter)
    groups = [
        {"params": decayed, "weight_decay": 0.01, "scale": 1.0},
        {"params": plain, "weight_decay": 0.0, "scale": 1.0},
        {"params": head, "weight_decay": 0.0, "scale": schedule.head_rate},
    ]
    return torch.optim.AdamW(groups, lr=schedule.rate, betas=(0.9, 0.98), fused=True)


def _set_rate(optimizer: torch.optim.Optimizer, schedule: Schedule, done: float) -> None:
    """Up over the warm-up, then down to nothing in a straight line; `done` is the share of the training behind."""
    share = min((done + 1e-3) / schedule.warmup, (1 - done) / (1 - schedule.warmup))
    for group in optimizer.param_groups:
        group["lr"] = schedule.rate * share * group["scale"]


def _checkpoint(
    folder: Path,
    network: ReaderNetwork,
    optimizer: torch.optim.Optimizer,
    progress: dict[str, Any],
    schedule: Schedule,
) -> None:
    tensors = {f"network.{name}": tensor.contiguous() for name, tensor in network.state_dict().items()}
    for number, state in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{number}.{name}": torch.as_tensor(value).contiguous() for name, value in state.items()}
    told = {**progress, "schedule": _as_json(schedule), "shape": asdict(network.shape)}
    new = folder / "checkpoint.new"
    save_file(tensors, new, metadata={"progress": json.dumps(told)})
    new.replace(folder / "checkpoint.safetensors")


def _resume(
    folder: Path, network: ReaderNetwork, optimizer: torch.optim.Optimizer, schedule: Schedule
) -> tuple[int, float, list[dict[str, Any]]]:
    """(steps behind, seconds spent, measures), after loading what is there."""
    path = folder / "checkpoint.safetensors"
    if not path.exists():
        return 0, 0.0, []
    tensors, progress = read_checkpoint(path)
    if progress["schedule"] != _as_json(schedule):
        raise ValueError(f"{path} is of another schedule: {progress['schedule']}; remove it or use that one")
    network.load_state_dict({n.removeprefix("network."): t for n, t in tensors.items() if n.startswith("network.")})
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        if name.startswith("optimizer."):
            _, number, key = name.split(".")
            state.setdefault(int(number), {})[key] = tensor
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
    _say(f"goes on from step {progress['step']}")
    return int(progress["step"]), float(progress["spent_s"]), list(progress["rows"])


def _as_json(schedule: Schedule) -> dict[str, Any]:
    return {name: str(value) for name, value in asdict(schedule).items()}


def read_reader(path: Path, dropout: float = 0.0) -> ReaderNetwork:
    """The network as a checkpoint has it, to be used or trained further."""
    tensors, progress = read_checkpoint(path)
    shape = progress["shape"]
    network = ReaderNetwork(NetworkShape(**shape | {"doors": tuple(shape["doors"])}), dropout)
    network.load_state_dict({n.removeprefix("network."): t for n, t in tensors.items() if n.startswith("network.")})
    return network


def read_checkpoint(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """A checkpoint's tensors, and what was written of the run's progress."""
    with safe_open(path, "pt") as file:
        progress = json.loads(file.metadata()["progress"])
    return load_file(path), progress


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201
