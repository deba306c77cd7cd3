"""How well a network reads, while it is trained: over examples, without an index."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.measures import auroc
from index.network import ReaderNetwork
from index.packing import pack
from index.train.reader_batches import MAX_TOKENS, chunks, collate
from index.train.reader_data import Example


def score_examples(
    network: ReaderNetwork, tokenizer: Tokenizer, examples: Sequence[Example], tokens: int = 8192
) -> list[NDArray[np.float32]]:
    """The sentences' logits of each example, against "not here"; over several sequences where needed."""
    network.eval()
    scores = [np.full(len(example.contexts), -np.inf, np.float32) for example in examples]
    packed = [
        (number, row)
        for number, example in enumerate(examples)
        for row in pack(tokenizer, example.question, example.contexts, MAX_TOKENS)
    ]
    packed.sort(key=lambda item: len(item[1].ids))
    with torch.inference_mode():
        for chunk in chunks(packed, tokens):
            batch = collate([row for _, row in chunk], None)
            logits = network(batch.ids, batch.owners, batch.blocks, batch.sections, batch.count)[0].numpy()
            for (number, _), row in zip(chunk, logits, strict=True):
                size = min(len(scores[number]), len(row))
                scores[number][:size] = np.maximum(scores[number][:size], row[:size])
    return scores


def measure(network: ReaderNetwork, tokenizer: Tokenizer, examples: Sequence[Example]) -> dict[str, float]:
    """Evidence first and among three, and AUROC of answerable against near misses and against the rest."""
    if not examples:
        return {}
    scores = score_examples(network, tokenizer, examples)
    hits = [hit_ranks(example, row) for example, row in zip(examples, scores, strict=True) if example.right]
    best = np.array([row.max() for row in scores])
    kinds = np.array(["right" if example.right else example.kind for example in examples])

    def against(others: NDArray[np.bool_]) -> float:
        taken = others | (kinds == "right")
        return round(float(auroc(kinds[taken] == "right", best[taken])), 4)

    loss = [listwise_loss(example, row) for example, row in zip(examples, scores, strict=True)]
    return {
        "tune_loss": round(float(np.mean(loss)), 4),
        "evidence_at_1": round(float(np.mean([rank < 1 for rank in hits])), 4),
        "evidence_at_3": round(float(np.mean([rank < 3 for rank in hits])), 4),
        "auroc_near": against(np.char.endswith(kinds, "near")),
        "auroc_off": against(kinds == "off"),
    }


def hit_ranks(example: Example, scores: NDArray[np.float32]) -> int:
    """The place of the first right sentence, best first, from 0."""
    order = np.argsort(-scores, kind="stable")
    return int(np.argmax([place in example.right for place in order]))


def listwise_loss(example: Example, scores: NDArray[np.float32]) -> float:
    """Minus the log of the right sentences' share of the softmax, or of "not here"'s."""
    logits = np.append(scores, 0.0).astype(np.float64)
    right = [*example.right] or [len(scores)]
    return float(np.logaddexp.reduce(logits) - np.logaddexp.reduce(logits[right]))
