"""The embedding model that ships with the project: Danish and English in one space, no network, no transformers.

`bundled` is the default model; `bundled:NAME` another folder of `index/models/`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.checksum import ChecksumError, verify
from index.embedders import Embedder, EmbedderError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from index.bert import Bert

DEFAULT_MODEL = "minilm-da-en"
MODELS = Path(__file__).resolve().parent.parent / "models"
MAX_TOKENS = 256
BATCH_TOKENS = 4096


def load(model: str) -> BundledEmbedder:
    """Load `index/models/{model}`.

    :raises EmbedderError: when there is no such model, or its files are not those that were listed.
    """
    folder = MODELS / (model or DEFAULT_MODEL)
    try:
        checksum = verify(folder)
    except ChecksumError as error:
        raise EmbedderError(str(error)) from error
    from tokenizers import Tokenizer

    from index.bert import Bert

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    return BundledEmbedder(f"bundled:{folder.name}:{checksum}", Bert.load(folder), tokenizer)


class BundledEmbedder(Embedder):
    """Mean-pooled, normalised vectors; longer texts are cut at 256 tokens (about 160 words)."""

    def __init__(self, name: str, bert: Bert, tokenizer: Tokenizer) -> None:
        self._name = name
        self._bert = bert
        self._tokenizer = tokenizer
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()

    @property
    def name(self) -> str:
        return self._name

    @property
    def dim(self) -> int:
        return self._bert.dim

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        rows = [encoding.ids for encoding in self._tokenizer.encode_batch(texts)]
        vectors: list[list[float]] = [[]] * len(rows)
        for batch in _batches([len(row) for row in rows]):
            for number, vector in zip(batch, self._embed([rows[number] for number in batch]), strict=True):
                vectors[number] = vector
        return vectors

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]

    def _embed(self, rows: Sequence[Sequence[int]]) -> list[list[float]]:
        import torch

        longest = max(map(len, rows))
        ids = torch.tensor([[*row, *[0] * (longest - len(row))] for row in rows])
        mask = torch.tensor([[True] * len(row) + [False] * (longest - len(row)) for row in rows])
        hidden = self._bert(ids, mask)
        mean = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        unit: list[list[float]] = torch.nn.functional.normalize(mean, dim=1).tolist()
        return unit


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Numbers of texts of like length, longest first, each batch at most `BATCH_TOKENS` with its padding.

    With room for 6 tokens `[1, 3, 2] -> [[1, 2], [0]]`.
    """
    batches: list[list[int]] = []
    for number in sorted(range(len(lengths)), key=lambda number: -lengths[number]):
        if batches and (len(batches[-1]) + 1) * lengths[batches[-1][0]] <= BATCH_TOKENS:
            batches[-1].append(number)
        else:
            batches.append([number])
    return batches
