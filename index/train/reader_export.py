"""Writes a trained reader as it ships: 8-bit weights, tokenizer, checksums."""

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from index.network import ReaderNetwork
from index.reader import FORMAT, TOKENIZER, WEIGHTS, Fusion


def export_reader(network: ReaderNetwork, tokenizer: Path, folder: Path, *, max_tokens: int, fusion: Fusion) -> None:
    """Write `folder` so that `index.reader.load_reader` reads it; what is there is replaced.

    :param tokenizer: a `tokenizer.json` of the `tokenizers` library.
    """
    folder.mkdir(parents=True, exist_ok=True)
    save_file(quantised(network.state_dict()), folder / f"{WEIGHTS}.new")
    (folder / f"{WEIGHTS}.new").replace(folder / WEIGHTS)
    shutil.copyfile(tokenizer, folder / TOKENIZER)
    config = {
        "reader_format": FORMAT,
        "shape": asdict(network.shape),
        "max_tokens": max_tokens,
        "fusion": asdict(fusion),
        "sha256": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (WEIGHTS, TOKENIZER)},
    }
    (folder / "config.json.new").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    (folder / "config.json.new").replace(folder / "config.json")


def quantised(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Matrices as int8 with one float32 scale a row, under the name and `.scale`; vectors as float16.

    A row's largest value becomes ±127: `[[0.5, -1.0]] -> [[64, -127]], scale [1 / 127]`.
    """
    stored: dict[str, Tensor] = {}
    for name, tensor in weights.items():
        if tensor.ndim == 2 and len(tensor) > 1:
            scale = (tensor.abs().amax(1) / 127).clamp(min=1e-12)
            stored[name] = torch.round(tensor / scale[:, None]).to(torch.int8)
            stored[f"{name}.scale"] = scale.float()
        else:
            stored[name] = tensor.half()
    return stored
