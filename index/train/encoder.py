"""A BERT encoder and its tokenizer in plain torch: ids, padding, mean pooling, reading and writing a folder."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch.nn.functional import normalize
from torch.nn.utils.rnn import pad_sequence
from transformers import BertModel, PreTrainedTokenizerFast
from transformers.utils.logging import disable_progress_bar, set_verbosity_error

MAX_TOKENS = 256
SPECIAL_TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def pick_device(name: str) -> torch.device:
    """`auto` is the GPU when there is one."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(name)


def half_precision(device: torch.device) -> AbstractContextManager[object]:
    """bfloat16 arithmetic; the weights stay in float32."""
    return torch.autocast(device.type, torch.bfloat16)


class Encoder(torch.nn.Module):
    """Texts -> unit vectors: the mean of the last layer over a text's tokens."""

    def __init__(self, bert: BertModel, tokenizer: Tokenizer) -> None:
        super().__init__()
        self.bert = bert
        self.set_tokenizer(tokenizer)

    def set_tokenizer(self, tokenizer: Tokenizer) -> None:
        """Use this tokenizer; the embeddings must have its numbers."""
        self.tokenizer = tokenizer
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(MAX_TOKENS)

    @classmethod
    def load(cls, folder: Path) -> Encoder:
        """Read a folder that `save`, or sentence-transformers, has written."""
        disable_progress_bar()
        set_verbosity_error()
        # On a CPU, plain attention trains a quarter faster than the fused kind on texts of this length.
        bert = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="eager")
        return cls(bert.eval(), Tokenizer.from_file(str(folder / "tokenizer.json")))

    def save(self, folder: Path) -> None:
        """Write weights, configuration and tokenizer as transformers reads them."""
        self.bert.save_pretrained(folder)
        names = dict(
            zip(("pad_token", "unk_token", "cls_token", "sep_token", "mask_token"), SPECIAL_TOKENS, strict=True)
        )
        inputs = ["input_ids", "token_type_ids", "attention_mask"]
        PreTrainedTokenizerFast(
            tokenizer_object=self.tokenizer, model_max_length=MAX_TOKENS, model_input_names=inputs, **names
        ).save_pretrained(folder)

    def forward(self, texts: Sequence[str]) -> torch.Tensor:
        """(texts, dim), float32; texts of like length go through together, so that little is padded."""
        rows = [torch.tensor(encoding.ids) for encoding in self.tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(rows)), key=lambda number: len(rows[number]))
        size = max(4, len(rows) // 4)
        parts = [self._encode([rows[number] for number in order[i : i + size]]) for i in range(0, len(rows), size)]
        back = torch.tensor(order).argsort()
        return normalize(torch.cat(parts)[back.to(parts[0].device)], dim=1)

    def _encode(self, rows: Sequence[torch.Tensor]) -> torch.Tensor:
        device = next(self.bert.parameters()).device
        ids = pad_sequence(list(rows), batch_first=True).to(device)
        mask = pad_sequence([torch.ones_like(row) for row in rows], batch_first=True).to(device)
        hidden = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        mean: torch.Tensor = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return mean
