from pathlib import Path

import pytest
import torch

from index.bert import Bert, dequantise
from index.checksum import ChecksumError, verify
from index.train.encoder import Encoder
from index.train.packing import pack, quantise, unpack


def test_quantised_weights_are_within_half_a_step() -> None:
    weight = torch.randn(20, 30)
    back = dequantise(quantise({"w": weight}))["w"]
    assert ((weight - back).abs() <= 0.51 * weight.abs().amax(1, keepdim=True) / 127 + 1e-4).all()


def test_the_worked_example() -> None:
    packed = quantise({"w": torch.tensor([[1.27, -0.64]])})
    assert packed["w"].tolist() == [[127, -64]]


def test_plain_torch_computes_what_transformers_does(teacher: Encoder) -> None:
    config = teacher.bert.config.to_dict()
    ids = torch.tensor([[2, 8, 9, 3], [2, 7, 3, 0]])
    mask, types = ids != 0, torch.tensor([[0, 0, 1, 1], [0, 0, 0, 0]])
    wanted = teacher.bert(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state
    found = Bert(teacher.bert.state_dict(), config)(ids, mask, types)
    assert torch.allclose(found[mask], wanted[mask], atol=1e-5)


def test_a_packed_model_gives_nearly_the_same_vectors_in_sentence_transformers(
    teacher: Encoder, tmp_path: Path
) -> None:
    from sentence_transformers import SentenceTransformer

    pack(teacher, tmp_path / "packed")
    unpack(tmp_path / "packed", tmp_path / "plain")
    texts = ["sun moon", "the king reads a book about the winter"]
    found = torch.from_numpy(SentenceTransformer(str(tmp_path / "plain"), device="cpu").encode(texts))
    assert (found * teacher(texts).detach()).sum(1).tolist() == pytest.approx([1, 1], abs=1e-3)


def test_an_exchanged_file_is_refused(teacher: Encoder, tmp_path: Path) -> None:
    pack(teacher, tmp_path)
    verify(tmp_path)
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ChecksumError, match=r"config\.json is not the file that ships"):
        verify(tmp_path)


def test_a_missing_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(ChecksumError, match="SHA256SUMS is missing"):
        verify(tmp_path)
