"""A tiny world: an invented language whose words are English ones with `x` before them, and a tiny encoder."""

import gzip
import json
import random
from pathlib import Path

import pytest
import torch
from transformers import BertConfig, BertModel

from index.train.encoder import SPECIAL_TOKENS, Encoder
from index.train.texts import PARALLEL, Pair
from index.train.vocabulary import make_tokenizer

WORDS = ["sun", "moon", "house", "garden", "river", "bread", "water", "king", "book", "stone", "winter", "summer"]


@pytest.fixture
def pairs() -> list[Pair]:
    rng = random.Random(3)
    sentences = [rng.sample(WORDS, 4) for _ in range(300)]
    return [Pair(" ".join(row), " ".join("x" + word for word in row)) for row in sentences]


@pytest.fixture
def teacher() -> Encoder:
    torch.manual_seed(5)
    pieces = [
        *SPECIAL_TOKENS,
        *WORDS,
        *"abcdefghijklmnopqrstuvwxyz",
        *(f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"),
    ]
    config = BertConfig(
        vocab_size=len(pieces), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64
    )
    return Encoder(BertModel(config, add_pooling_layer=False).eval(), make_tokenizer(pieces))


@pytest.fixture
def data(tmp_path: Path, pairs: list[Pair]) -> Path:
    """The data folder's layout with invented texts."""
    for folder in ("parallel", "paragraphs", "pages", "eval/xquad-da-dev"):
        (tmp_path / folder).mkdir(parents=True)
    for number, source in enumerate(PARALLEL):
        rows = "".join(f"{pair.english}\t{pair.danish}\n" for pair in pairs[number * 50 : number * 50 + 50])
        (tmp_path / "parallel" / f"{source}.tsv.gz").write_bytes(gzip.compress(rows.encode()))
    paragraphs = "".join(f"Titel\tOm {number}\tafsnit {number} {'ord ' * 15}\n" for number in range(40))
    (tmp_path / "paragraphs" / "microsoft_docs.tsv.gz").write_bytes(gzip.compress(paragraphs.encode()))
    (tmp_path / "paragraphs" / "folketinget_2023.txt.gz").write_bytes(gzip.compress(b"Mange tak for ordet.\n"))
    for name in ("train", "dev"):
        (tmp_path / "pages" / f"{name}.jsonl").write_text(json.dumps(_page(name)) + "\n", encoding="utf-8")
    (tmp_path / "eval" / "xquad-da-dev" / "queries.jsonl").write_text('{"_id": "1", "text": "hvem skrev bogen mon"}\n')
    return tmp_path


def _page(name: str) -> dict[str, object]:
    sections = [
        {"heading": "Åbningstider", "sentences": [f"Vi har åbent kl. 10 på {name}.", f"Søndag er {name} lukket."]},
        {"heading": "Priser", "sentences": [f"Det koster 40 kr. på {name}."]},
    ]
    questions = [
        {"kind": "direct", "q": f"Hvornår har {name} åbent?", "answer": "kl. 10", "evidence": [[0, 0]]},
        {
            "kind": "followup",
            "q": f"Og prisen på {name}?",
            "answer": "40 kr.",
            "evidence": [[1, 0]],
            "history": ["Har I åbent?"],
        },
        {"kind": "near", "q": "Er der parkering?", "answer": "", "evidence": []},
    ]
    return {"id": name, "title": name, "sections": sections, "questions": questions}
