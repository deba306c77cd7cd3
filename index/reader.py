"""The reader: how likely it is that a sentence answers a question, and that none does.

Owns loading the weights that ship, scoring, and ordering candidates by what was read. The network is
`index.network`, what it is given `index.packing`. Whether to answer at all is for the gate.

Errors: `ReaderError` for a model folder that is missing, of another format or damaged.
"""

import hashlib
import json
import threading
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from index.packing import PADDING, Packed, SentenceContext, pack

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from index.network import ReaderNetwork
    from index.search import Candidate

FORMAT = 1
MODELS = Path(__file__).resolve().parent / "models"
WEIGHTS = "weights.safetensors"
TOKENIZER = "tokenizer.json"
# Sentences that are read for a question.
CANDIDATES = 12

Logits = npt.NDArray[np.float32]


class ReaderError(Exception):
    """A reader that can't be loaded; the message says what is wrong, and what to do."""


@dataclass(frozen=True)
class Fusion:
    """How reading and search are joined: `reader * logit + search * z`, chosen on the tuning pages."""

    reader: float = 1.0
    search: float = 0.0


class Reader:
    """Scores sentences; safe to use from several threads, one question at a time."""

    def __init__(
        self, name: str, network: "ReaderNetwork", tokenizer: "Tokenizer", *, max_tokens: int, fusion: Fusion
    ) -> None:
        """:param max_tokens: longest sequence; more sentences than fit go into several, read side by side."""
        self.name = name
        self.fusion = fusion
        self._network = network.eval()
        self._tokenizer = tokenizer
        self._max_tokens = max_tokens
        self._lock = threading.Lock()

    def score(self, question: str, contexts: Sequence[SentenceContext]) -> Logits:
        """One logit a sentence, in its order: log-odds that it answers, against "not among these" (which is 0).

        :param contexts: in the page's order, for each is read in the light of those around it.
        """
        rows = pack(self._tokenizer, question, contexts, self._max_tokens)
        return self._run(rows, len(contexts)) if rows else np.zeros(0, np.float32)

    def _run(self, rows: Sequence[Packed], count: int) -> Logits:
        import torch

        length = max(len(row.ids) for row in rows)

        def side_by_side(values: Sequence[Sequence[int]], filling: int) -> torch.Tensor:
            return torch.tensor([[*value, *[filling] * (length - len(value))] for value in values])

        ids = side_by_side([row.ids for row in rows], 0)
        owners = side_by_side([row.owners for row in rows], PADDING)
        blocks = side_by_side([row.blocks for row in rows], PADDING)
        sections = side_by_side([row.sections for row in rows], PADDING)
        with self._lock, torch.inference_mode():
            scores, _ = self._network(ids, owners, blocks, sections, count)
        logits: Logits = scores.amax(dim=0).numpy().astype(np.float32)
        return logits


def load_reader(name: str, *, int8: bool = True, folder: Path = MODELS) -> Reader:
    """The reader of `index/models/NAME`; no network is used.

    :param int8: run the layers in 8-bit integers, about twice as fast; otherwise in 32-bit floats.
    :raises ReaderError: when the folder or a file of it is missing, of another format, or damaged.
    """
    from tokenizers import Tokenizer

    place = folder / name
    config = _read_config(place)
    for file, digest in config["sha256"].items():
        if _sha256(place / file) != digest:
            raise ReaderError(f"{place / file} is damaged: its SHA-256 is not {digest[:12]}…; check the file out again")
    tokenizer = Tokenizer.from_file(str(place / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return Reader(
        name,
        _network(place, config, int8=int8),
        tokenizer,
        max_tokens=config["max_tokens"],
        fusion=Fusion(**config["fusion"]),
    )


def _read_config(place: Path) -> dict[str, Any]:
    path = place / "config.json"
    try:
        config: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        names = sorted(config.parent.name for config in place.parent.glob("*/config.json"))
        raise ReaderError(f"no reader {place.name!r} in {place.parent}: there are {', '.join(names)}") from error
    except ValueError as error:
        raise ReaderError(f"{path} is damaged: {error}; check the file out again") from error
    if config.get("reader_format") != FORMAT:
        raise ReaderError(f"{path} is of format {config.get('reader_format')}; this program reads format {FORMAT}")
    return config


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise ReaderError(f"{path} is missing: check the file out again") from error


def _network(place: Path, config: dict[str, Any], *, int8: bool) -> "ReaderNetwork":
    import torch
    from safetensors.torch import load_file

    from index.network import NetworkShape, ReaderNetwork

    with torch.device("meta"):
        network = ReaderNetwork(NetworkShape(**config["shape"] | {"doors": tuple(config["shape"]["doors"])}))
    network.load_state_dict(dequantised(load_file(place / WEIGHTS)), assign=True)
    network.requires_grad_(False)
    return _in_int8(network) if int8 else network


def dequantised(stored: dict[str, Any]) -> dict[str, Any]:
    """The tensors as float32: an int8 one is multiplied by its rows' scales, stored under its name and `.scale`."""
    import torch

    return {
        name: tensor.float() * stored[f"{name}.scale"][:, None] if tensor.dtype == torch.int8 else tensor.float()
        for name, tensor in stored.items()
        if not name.endswith(".scale")
    }


def _in_int8(network: "ReaderNetwork") -> "ReaderNetwork":
    """The encoder's linear layers quantised, activations as they come (torch's dynamic quantisation)."""
    import torch
    from torch.ao.quantization import per_channel_dynamic_qconfig, quantize_dynamic

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecated without a successor in torch itself; torch is pinned
        quantised: ReaderNetwork = quantize_dynamic(  # type: ignore[no-untyped-call]
            network, {"encoder": per_channel_dynamic_qconfig}, dtype=torch.qint8, inplace=True
        )
    return quantised


def rerank(
    reader: Reader, question: str, candidates: Sequence["Candidate"], *, also: str = "", most: int = CANDIDATES
) -> list["Candidate"]:
    """The candidates with what the reader says of them, best first.

    The first `most` are read, in their pages' order; the others follow as they came, unread.

    :param also: another way to read the question; the logits are the mean of both's.
    """
    head = sorted(candidates[:most], key=lambda candidate: candidate.placed.number)
    contexts = [context_of(candidate) for candidate in head]
    ways = (question, also) if also else (question,)
    logits = np.mean([reader.score(way, contexts) for way in ways], axis=0)
    read = [
        replace(
            candidate,
            reader=float(logit),
            score=reader.fusion.reader * float(logit) + reader.fusion.search * candidate.score,
        )
        for candidate, logit in zip(head, logits, strict=True)
    ]
    return [*sorted(read, key=lambda candidate: -candidate.score), *candidates[most:]]


def context_of(candidate: "Candidate") -> SentenceContext:
    """What the reader is told of a candidate."""
    placed = candidate.placed
    return SentenceContext(placed.sentence.text, placed.sentence.heading, placed.page.title)
