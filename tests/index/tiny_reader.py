"""A reader small enough to make in a test: 16 wide, two layers, one token a word."""

from dataclasses import replace
from pathlib import Path

import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace

from index.network import DOORS, NetworkShape, ReaderNetwork

WORDS = ("hvad koster hvor åbner vi bogen 200 kr . ? klokken ti i gaden på fem kaffe the køkken hvornår lukker").split()
SHAPE = NetworkShape(vocabulary=len(WORDS) + 4, width=16, layers=2, heads=2, inner=32, positions=128)
# The config.json of a BERT checkpoint of that shape.
BERT_CONFIG = {
    "vocab_size": SHAPE.vocabulary,
    "hidden_size": SHAPE.width,
    "num_hidden_layers": SHAPE.layers,
    "num_attention_heads": SHAPE.heads,
    "intermediate_size": SHAPE.inner,
    "max_position_embeddings": SHAPE.positions,
    "layer_norm_eps": 1e-12,
}


def make_tokenizer() -> Tokenizer:
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS]
    tokenizer = Tokenizer(WordLevel({token: number for number, token in enumerate(tokens)}, unk_token="[UNK]"))
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = Whitespace()
    return tokenizer


def make_network(seed: int = 1, dropout: float = 0.0, doors: tuple[float, ...] = DOORS) -> ReaderNetwork:
    torch.manual_seed(seed)
    return ReaderNetwork(replace(SHAPE, doors=doors), dropout)


def save_tokenizer(folder: Path) -> Path:
    path = folder / "tokenizer.json"
    make_tokenizer().save(str(path))
    return path
