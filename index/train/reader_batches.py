"""Batches for the reader: examples packed, padded side by side, and what is right marked in them."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from index.packing import PADDING, Packed, pack
from index.train.reader_data import Example, Variation

# Longest sequence; the same in training and in use.
MAX_TOKENS = 448
_POOL = 512
Row = TypeVar("Row")


@dataclass(frozen=True)
class Batch:
    """Sequences side by side; see `ReaderNetwork.forward`.

    :param right: `(batch, count)`, True at sentences that answer.
    :param answer: `(batch, tokens)`, True at the answer's tokens.
    """

    ids: Tensor
    owners: Tensor
    blocks: Tensor
    sections: Tensor
    count: int
    right: Tensor
    answer: Tensor


def make_batches(
    tokenizer: Tokenizer, examples: Sequence[Example], *, tokens: int, seed: int, vary: bool = True
) -> Iterator[Batch]:
    """The batches of one epoch: sequences of like length together, batches in random order.

    :param tokens: most tokens in a batch, padding included.
    :param vary: whether examples are varied (`index.train.reader_data.Variation`).
    """
    generator = random.Random(seed)
    variation = Variation(examples, generator) if vary else _as_it_is
    rows: list[tuple[Example, Packed]] = []
    for example in examples:
        varied = variation(example)
        packed = pack(tokenizer, varied.question, varied.contexts, MAX_TOKENS)
        rows.append((varied, max(packed, key=lambda row: bool(varied.right & set(row.owners)))))
    generator.shuffle(rows)
    batches: list[list[tuple[Example, Packed]]] = []
    for start in range(0, len(rows), _POOL):
        pool = sorted(rows[start : start + _POOL], key=lambda row: len(row[1].ids))
        batches.extend(chunks(pool, tokens))
    generator.shuffle(batches)
    for batch in batches:
        yield collate([packed for _, packed in batch], [example for example, _ in batch])


def _as_it_is(example: Example) -> Example:
    return example


def chunks(rows: Sequence[tuple[Row, Packed]], tokens: int) -> Iterator[list[tuple[Row, Packed]]]:
    """Neighbours whose padded size is at most `tokens` together."""
    chunk: list[tuple[Row, Packed]] = []
    longest = 0
    for row in rows:
        longest = max(longest, len(row[1].ids))
        if chunk and longest * (len(chunk) + 1) > tokens:
            yield chunk
            chunk, longest = [], len(row[1].ids)
        chunk.append(row)
    if chunk:
        yield chunk


def collate(rows: Sequence[Packed], examples: Sequence[Example] | None) -> Batch:
    """The rows side by side; what is right is marked where the examples they were packed of are given."""
    shape = (len(rows), max(len(row.ids) for row in rows))
    count = 1 + max(max(row.owners) for row in rows)
    ids, owners = np.zeros(shape, np.int64), np.full(shape, PADDING, np.int64)
    blocks, sections = np.full(shape, PADDING, np.int64), np.full(shape, PADDING, np.int64)
    answer = np.zeros(shape, bool)
    right = np.zeros((len(rows), count), bool)
    for number, row in enumerate(rows):
        size = len(row.ids)
        ids[number, :size], owners[number, :size] = row.ids, row.owners
        blocks[number, :size], sections[number, :size] = row.blocks, row.sections
        if examples is not None:
            right[number, sorted(examples[number].right & set(row.owners))] = True
            answer[number, :size] = _answer_tokens(row, examples[number])
    return Batch(
        ids=torch.from_numpy(ids),
        owners=torch.from_numpy(owners),
        blocks=torch.from_numpy(blocks),
        sections=torch.from_numpy(sections),
        count=count,
        right=torch.from_numpy(right),
        answer=torch.from_numpy(answer),
    )


def _answer_tokens(row: Packed, example: Example) -> NDArray[np.bool_]:
    """Which tokens overlap the answer's words in the first right sentence that has them."""
    held = np.zeros(len(row.ids), bool)
    for place in sorted(example.right & set(row.owners)):
        start = example.contexts[place].text.find(example.answer) if example.answer else -1
        if start >= 0:
            end = start + len(example.answer)
            for token, (owner, (left, stop)) in enumerate(zip(row.owners, row.offsets, strict=True)):
                held[token] = owner == place and left < end and stop > start
            break
    return held
