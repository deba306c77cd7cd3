"""Initialisation: an encoder changes its vocabulary, and every new piece begins as its translations."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from tokenizers import Tokenizer

from index.train.alignment import align, first_embeddings
from index.train.encoder import SPECIAL_TOKENS, Encoder
from index.train.texts import Pair


def change_vocabulary(encoder: Encoder, tokenizer: Tokenizer, pairs: Sequence[Pair]) -> None:
    """Give the English encoder the tokenizer, and embeddings learnt from the pairs, in place.

    Special tokens, and pieces that the pairs say nothing about, keep the encoder's own embeddings.
    """
    danish = _ids(tokenizer, [pair.danish for pair in pairs])
    english = _ids(encoder.tokenizer, [pair.english for pair in pairs])
    old, new = encoder.tokenizer.get_vocab(), tokenizer.get_vocab()
    links = align(danish, english, (len(new), len(old)))
    same = np.array([old.get(piece, -1) for piece in sorted(new, key=new.__getitem__)])
    seen = (_frequencies(danish, len(new)), _frequencies(english, len(old)))
    table = encoder.bert.embeddings.word_embeddings.weight.detach().float().numpy()
    embeddings = first_embeddings(links, table, same, seen)
    for token in SPECIAL_TOKENS:
        embeddings[new[token]] = table[old[token]]
    layer = torch.nn.Embedding.from_pretrained(torch.from_numpy(embeddings), freeze=False, padding_idx=new["[PAD]"])
    encoder.bert.set_input_embeddings(layer)
    encoder.bert.config.vocab_size = len(new)
    encoder.set_tokenizer(tokenizer)


def _ids(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    return [encoding.ids for encoding in tokenizer.encode_batch(list(texts), add_special_tokens=False)]


def _frequencies(rows: Sequence[Sequence[int]], size: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.bincount(np.concatenate([np.asarray(row, dtype=np.int64) for row in rows]), minlength=size)
