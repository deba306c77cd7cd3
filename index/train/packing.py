"""Packing: float32 weights to the folder that ships, in 8 bits and with checksums; and back, for other programs."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from index.bert import SCALE, WEIGHTS, dequantise
from index.checksum import write_sums
from index.train.encoder import MAX_TOKENS, Encoder

MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
]


def quantise(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """Matrices as int8 rows with one float16 scale a row, largest value 127; vectors as float16.

    `[[1.27, -0.64]] -> [[127, -64]] and the scale [0.01]`
    """
    tensors = {}
    for name, weight in weights.items():
        if weight.dim() != 2:
            tensors[name] = weight.half().contiguous()
            continue
        scale = (weight.abs().amax(1) / 127).clamp(min=1e-7).half()
        tensors[name] = (weight / scale.float()[:, None]).round().clamp(-127, 127).to(torch.int8).contiguous()
        tensors[name + SCALE] = scale
    return tensors


def pack(encoder: Encoder, folder: Path) -> int:
    """Write `folder` in the layout of sentence-transformers, with the weights in 8 bits; its bytes."""
    _write_layout(encoder, folder)
    places = "embeddings.position_embeddings.weight"
    weights = {name: tensor for name, tensor in encoder.bert.state_dict().items() if tensor.is_floating_point()}
    weights[places] = weights[places][:MAX_TOKENS]
    save_file(quantise(weights), folder / WEIGHTS)
    files = [path for path in folder.rglob("*") if path.is_file() and path.name not in ("README.md", "SHA256SUMS")]
    write_sums(folder, [str(path.relative_to(folder)) for path in files])
    return sum(path.stat().st_size for path in files)


def unpack(packed: Path, folder: Path) -> None:
    """Write the packed model as a folder that `SentenceTransformer(folder)` loads."""
    weights = dequantise(load_file(packed / WEIGHTS))
    folder.mkdir(parents=True, exist_ok=True)
    for path in packed.rglob("*"):
        if path.is_file() and path.name not in (WEIGHTS, "SHA256SUMS"):
            target = folder / path.relative_to(packed)
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(path.read_bytes())
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def _write_layout(encoder: Encoder, folder: Path) -> None:
    encoder.save(folder)
    (folder / "model.safetensors").unlink()
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    _write(folder / "config.json", {**config, "max_position_embeddings": MAX_TOKENS})
    _write(folder / "modules.json", MODULES)
    _write(folder / "sentence_bert_config.json", {"max_seq_length": MAX_TOKENS, "do_lower_case": False})
    pooling = {"word_embedding_dimension": encoder.bert.config.hidden_size, "pooling_mode_mean_tokens": True}
    _write(folder / "1_Pooling" / "config.json", pooling)


def _write(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
