import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from index.network import ReaderNetwork
from index.packing import SentenceContext
from index.train.reader import (
    Schedule,
    batch_loss,
    encoder_from,
    read_reader,
    train_reader,
)
from index.train.reader_batches import make_batches
from index.train.reader_data import Example
from index.train.reader_measures import hit_ranks, listwise_loss, measure, score_examples
from tests.index.tiny_reader import BERT_CONFIG, make_network, make_tokenizer

SENTENCES = ("bogen koster 200 kr", "vi åbner klokken ti", "kaffe på gaden", "the i køkken", "fem kr", "vi lukker")
CONTEXTS = tuple(SentenceContext(text) for text in SENTENCES)
EXAMPLES = [
    Example("a", "side", "direct", "hvad koster bogen", CONTEXTS, frozenset({0}), "200 kr"),
    Example("b", "side", "direct", "hvornår åbner vi", CONTEXTS, frozenset({1}), "klokken ti"),
    Example("c", "side", "direct", "hvor kaffe", CONTEXTS, frozenset({2}), "gaden"),
    Example("d", "side", "near", "hvornår bogen", CONTEXTS, tempting=0),
]
SCHEDULE = Schedule(epochs=3, tokens=256, rate=1e-3, dropout=0.0, checkpoint_s=1e9)


def run(folder: Path, schedule: Schedule = SCHEDULE) -> ReaderNetwork:
    network = make_network()
    train_reader(network, make_tokenizer(), EXAMPLES * 4, EXAMPLES, schedule, folder)
    return network


def test_training_learns_its_examples(tmp_path: Path) -> None:
    before = measure(make_network(), make_tokenizer(), EXAMPLES)["tune_loss"]
    schedule = Schedule(epochs=12, tokens=256, rate=2e-3, dropout=0.0, checkpoint_s=1e9, embeddings=True)
    after = measure(run(tmp_path, schedule), make_tokenizer(), EXAMPLES)["tune_loss"]
    assert after < before / 3


def test_a_run_that_was_stopped_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    whole = run(tmp_path / "whole")

    class StoppedError(Exception):
        pass

    def stop_after(epoch: int) -> None:
        if epoch == 2:
            raise StoppedError

    network = make_network()
    with pytest.raises(StoppedError):
        train_reader(network, make_tokenizer(), EXAMPLES * 4, EXAMPLES, SCHEDULE, tmp_path / "parts", told=stop_after)
    resumed = run(tmp_path / "parts")
    kept = read_reader(tmp_path / "parts" / "checkpoint.safetensors")
    for name, tensor in whole.state_dict().items():
        torch.testing.assert_close(resumed.state_dict()[name], tensor)
        torch.testing.assert_close(kept.state_dict()[name], tensor)


def test_a_run_stops_when_its_time_is_over(tmp_path: Path) -> None:
    network = make_network()
    schedule = Schedule(epochs=10_000, tokens=256, minutes=0.02)
    rows = train_reader(network, make_tokenizer(), EXAMPLES, EXAMPLES, schedule, tmp_path)
    assert 1 <= len(rows) < 10_000


def test_another_schedule_is_not_gone_on_with(tmp_path: Path) -> None:
    run(tmp_path)
    with pytest.raises(ValueError, match="another schedule"):
        run(tmp_path, Schedule(epochs=4))


def test_a_batch_says_what_is_right_and_where_the_answer_is() -> None:
    (batch,) = make_batches(make_tokenizer(), EXAMPLES[:1], tokens=4096, seed=0, vary=False)
    assert batch.right.tolist() == [[True, False, False, False, False, False]]
    words = [make_tokenizer().id_to_token(int(number)) for number in batch.ids[0][batch.answer[0]]]
    assert words == ["200", "kr"]


def test_batches_stay_within_their_tokens() -> None:
    for batch in make_batches(make_tokenizer(), EXAMPLES * 10, tokens=256, seed=1):
        assert batch.ids.numel() <= 256


def test_loss_is_the_softmax_over_sentences_and_not_here() -> None:
    network = make_network().eval()
    (batch,) = make_batches(make_tokenizer(), EXAMPLES[:1], tokens=4096, seed=0, vary=False)
    with torch.inference_mode():
        ours = float(batch_loss(network, batch, answer_weight=0.0))
    (scores,) = score_examples(network, make_tokenizer(), EXAMPLES[:1])
    logits = np.append(scores, 0.0)
    expected = -np.log(np.exp(logits[0]) / np.exp(logits).sum())
    assert ours == pytest.approx(expected, abs=0.05)  # the loss is in bfloat16
    assert listwise_loss(EXAMPLES[0], scores) == pytest.approx(expected, abs=1e-5)


def test_the_right_sentences_rank_is_counted_from_0() -> None:
    assert hit_ranks(EXAMPLES[1], np.array([3.0, 1.0, 2.0, 0, 0, 0], np.float32)) == 2


def test_measures_by_kind() -> None:
    told = measure(make_network(), make_tokenizer(), EXAMPLES)
    assert set(told) == {"tune_loss", "evidence_at_1", "evidence_at_3", "auroc_near", "auroc_off"}
    assert np.isnan(told["auroc_off"])
    assert 0 <= told["evidence_at_1"] <= told["evidence_at_3"] <= 1


def test_a_checkpoint_without_a_layer_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(BERT_CONFIG))
    weights = {name: tensor for name, tensor in make_network().state_dict().items() if ".layer.1." not in name}
    save_file(weights, tmp_path / "model.safetensors")
    assert encoder_from(tmp_path, layers=1, dropout=0.0).shape.layers == 1
    with pytest.raises(ValueError, match="lacks 16 tensors"):
        encoder_from(tmp_path, layers=None, dropout=0.0)
