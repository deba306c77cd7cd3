import numpy as np
import torch
from transformers import BertConfig, BertModel

from index.network import RELATIONS, ReaderNetwork, relations
from index.packing import ABOVE, PADDING, QUESTION, SentenceContext, pack
from tests.index.tiny_reader import SHAPE, make_network, make_tokenizer


def tensors(question: str, texts: list[str]) -> tuple[torch.Tensor, ...]:
    (row,) = pack(make_tokenizer(), question, [SentenceContext(text, "the") for text in texts], 448)
    return tuple(torch.tensor([values]) for values in (row.ids, row.owners, row.blocks, row.sections))


def test_one_block_is_encoded_as_transformers_does() -> None:
    network = make_network().eval()
    config = BertConfig(
        vocab_size=SHAPE.vocabulary,
        hidden_size=SHAPE.width,
        num_hidden_layers=SHAPE.layers,
        num_attention_heads=SHAPE.heads,
        intermediate_size=SHAPE.inner,
        max_position_embeddings=SHAPE.positions,
    )
    reference = BertModel(config, add_pooling_layer=False).eval()
    reference.load_state_dict(network.state_dict(), strict=False)
    ids = torch.tensor([[2, 4, 5, 9, 3]])
    zeros = torch.zeros_like(ids)
    with torch.inference_mode():
        ours = network.encode(ids, zeros, zeros, zeros)
        theirs = reference(input_ids=ids).last_hidden_state
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_with_the_doors_shut_a_sentence_is_read_as_if_alone() -> None:
    network = make_network(doors=(-1e4,) * 5).eval()
    with torch.inference_mode():
        together, _ = network(*tensors("hvad koster bogen", ["bogen koster 200 kr", "vi åbner klokken ti"]), 2)
        alone, _ = network(*tensors("hvad koster bogen", ["vi åbner klokken ti"]), 1)
    np.testing.assert_allclose(together[0, 1], alone[0, 0], atol=1e-5)


def test_with_the_doors_open_a_sentence_is_read_in_the_light_of_the_question() -> None:
    network = make_network(doors=(0.0,) * 5).eval()
    with torch.inference_mode():
        states = [network.encode(*tensors(asked, ["bogen"]))[0, -2] for asked in ("hvad koster", "hvor køkken")]
    assert not torch.allclose(states[0], states[1], atol=1e-3)


def test_padding_changes_nothing() -> None:
    network = make_network().eval()
    rows = tensors("hvad koster", ["bogen", "kaffe"])
    padded = [
        torch.nn.functional.pad(row, (0, 7), value=filling)
        for row, filling in zip(rows, (0, *[PADDING] * 3), strict=True)
    ]
    with torch.inference_mode():
        np.testing.assert_allclose(network(*rows, 2)[0], network(*padded, 2)[0], atol=1e-5)


def test_a_sentence_that_is_not_there_scores_minus_infinity() -> None:
    with torch.inference_mode():
        scores, _ = make_network().eval()(*tensors("hvad", ["bogen"]), 3)
    assert torch.isfinite(scores[0, 0])
    assert torch.isneginf(scores[0, 1:]).all()


def test_relations_by_hand() -> None:
    owners = torch.tensor([[QUESTION, ABOVE, 0, 1, ABOVE, 2, PADDING]])
    blocks = torch.tensor([[0, 1, 2, 3, 4, 5, PADDING]])
    sections = torch.tensor([[-1, 0, 0, 0, 1, 1, PADDING]])
    names = [*RELATIONS, "own", "padding"]
    told = [[names[number] for number in row] for row in relations(owners, blocks, sections)[0].tolist()]
    assert told[0] == ["own", *["from_question"] * 5, "padding"]
    assert told[3] == ["question", "above", "before", "own", "other", "other", "padding"]
    assert told[5] == ["question", "other", "other", "other", "above", "own", "padding"]
    assert told[1] == ["question", "own", "other", "other", "other", "other", "padding"]


def test_the_network_has_no_parameter_that_is_not_saved() -> None:
    network = make_network()
    other = ReaderNetwork(SHAPE)
    other.load_state_dict(network.state_dict())
    rows = tensors("hvad koster", ["bogen"])
    with torch.inference_mode():
        assert torch.equal(network.eval()(*rows, 1)[0], other.eval()(*rows, 1)[0])
