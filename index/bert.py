"""A BERT encoder in plain torch, from weights kept in 8 bits: all that the models that ship need to run.

Owns the forward pass and the reading of the weights; heads, pooling and tokens are the caller's. It is here
because importing transformers takes longer than everything else that a question needs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import gelu, layer_norm, linear, scaled_dot_product_attention

WEIGHTS = "model.int8.safetensors"
SCALE = ".scale"
WORDS = "embeddings.word_embeddings.weight"


def dequantise(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """float32 weights of int8 rows and their scales (`name` and `name.scale`); others are widened as they are.

    `{"w": [[127, -64]], "w.scale": [0.01]} -> {"w": [[1.27, -0.64]]}`
    """
    weights = {}
    for name, tensor in tensors.items():
        if name.endswith(SCALE):
            continue
        scale = tensors.get(name + SCALE)
        weights[name] = tensor.float() if scale is None else tensor.float() * scale.float()[:, None]
    return weights


class Bert:
    """The encoder of Devlin et al. (2019, https://arxiv.org/abs/1810.04805) without its pooler, for inference.

    :param weights: named as transformers' `BertModel` names them; float32, but for the words' embeddings, which may
    be int8 with their scale.
    :param config: transformers' `config.json`.
    """

    def __init__(self, weights: Mapping[str, Tensor], config: Mapping[str, object]) -> None:
        self.weights = weights
        self.dim = int(str(config["hidden_size"]))
        self.heads = int(str(config["num_attention_heads"]))
        self.layers = int(str(config["num_hidden_layers"]))
        self.epsilon = float(str(config["layer_norm_eps"]))

    @classmethod
    def load(cls, folder: Path) -> Bert:
        """Read `config.json` and `model.int8.safetensors` of `folder`.

        The largest table, the words', stays in 8 bits: a text needs few of its rows.
        """
        from safetensors.torch import load_file

        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        tensors = load_file(folder / WEIGHTS)
        words = {name: tensors.pop(name) for name in (WORDS, WORDS + SCALE)}
        return cls(dequantise(tensors) | words, config)

    def __call__(self, ids: Tensor, mask: Tensor, types: Tensor | None = None) -> Tensor:
        """The last layer's vectors: float32 (texts, tokens, dim).

        :param ids: token numbers, int64 (texts, tokens); :param mask: bool, false where a row is padded;
        :param types: 0 or 1 for the first and second of two texts; all 0 when left out.
        """
        with torch.inference_mode():
            hidden = self._embed(ids, torch.zeros_like(ids) if types is None else types)
            visible = mask[:, None, None, :]
            for number in range(self.layers):
                hidden = self._layer(f"encoder.layer.{number}", hidden, visible)
            return hidden

    def _embed(self, ids: Tensor, types: Tensor) -> Tensor:
        words = self.weights[WORDS][ids]
        if WORDS + SCALE in self.weights:
            words = words.float() * self.weights[WORDS + SCALE].float()[ids][..., None]
        places = self.weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        kinds = self.weights["embeddings.token_type_embeddings.weight"][types]
        return self._norm("embeddings.LayerNorm", words + places + kinds)

    def _layer(self, name: str, hidden: Tensor, visible: Tensor) -> Tensor:
        rows, tokens, _ = hidden.shape
        query, key, value = (
            self._linear(f"{name}.attention.self.{part}", hidden).view(rows, tokens, self.heads, -1).transpose(1, 2)
            for part in ("query", "key", "value")
        )
        seen = scaled_dot_product_attention(query, key, value, attn_mask=visible)
        seen = self._linear(f"{name}.attention.output.dense", seen.transpose(1, 2).reshape(rows, tokens, self.dim))
        hidden = self._norm(f"{name}.attention.output.LayerNorm", hidden + seen)
        inner = gelu(self._linear(f"{name}.intermediate.dense", hidden))
        return self._norm(f"{name}.output.LayerNorm", hidden + self._linear(f"{name}.output.dense", inner))

    def _linear(self, name: str, values: Tensor) -> Tensor:
        return linear(values, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def _norm(self, name: str, values: Tensor) -> Tensor:
        weight, bias = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        return layer_norm(values, (self.dim,), weight, bias, self.epsilon)
