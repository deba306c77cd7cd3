import random
from functools import partial
from pathlib import Path

import pytest
import torch

from index.train import contrastive, distillation
from index.train.encoder import Encoder
from index.train.loop import Schedule, train
from index.train.noise import mistype
from index.train.texts import Pair, Question

SCHEDULE = Schedule(steps=12, embedding_rate=1e-2, encoder_rate=1e-3, warmup=2, save_every=5)


@pytest.fixture
def loss_of(teacher: Encoder, pairs: list[Pair], tmp_path: Path):
    """A loss that pulls English towards what the untrained teacher says of it."""
    teacher.save(tmp_path / "teacher")
    guide = Encoder.load(tmp_path / "teacher")
    return partial(
        distillation.batch_loss, teacher, guide, {"tatoeba": pairs}, distillation.Mix(tokens=200, max_words=12)
    )


def test_distillation_lowers_the_loss(teacher: Encoder, loss_of, tmp_path: Path) -> None:
    before = loss_of(random.Random(99)).item()
    train(teacher, loss_of, SCHEDULE, tmp_path / "run.pt")
    assert loss_of(random.Random(99)).item() < 0.8 * before


def test_a_run_taken_up_again_is_the_run_that_was_not_stopped(teacher: Encoder, loss_of, tmp_path: Path) -> None:
    start = {name: value.clone() for name, value in teacher.bert.state_dict().items()}
    train(teacher, loss_of, SCHEDULE, tmp_path / "whole.pt")
    whole = {name: value.clone() for name, value in teacher.bert.state_dict().items()}

    class PowerCutError(Exception):
        pass

    def cut(rng: random.Random, calls: list[int]) -> torch.Tensor:
        calls.append(1)
        if len(calls) > 7:
            raise PowerCutError
        return loss_of(rng)

    teacher.bert.load_state_dict(start)
    with pytest.raises(PowerCutError):
        train(teacher, partial(cut, calls=[]), SCHEDULE, tmp_path / "cut.pt")
    train(teacher, loss_of, SCHEDULE, tmp_path / "cut.pt")
    for name, value in teacher.bert.state_dict().items():
        assert torch.allclose(value, whole[name], atol=1e-4), name


def test_a_checkpoint_of_another_format_is_refused(teacher: Encoder, loss_of, tmp_path: Path) -> None:
    torch.save({"format": 7}, tmp_path / "old.pt")
    with pytest.raises(ValueError, match="has format 7"):
        train(teacher, loss_of, SCHEDULE, tmp_path / "old.pt")


def test_the_rates_rise_and_then_fall_to_nothing() -> None:
    schedule = Schedule(steps=100, embedding_rate=1, encoder_rate=1, warmup=9)
    assert [schedule.factor(0), schedule.factor(9), schedule.factor(100)] == pytest.approx([0.1, 1.0, 0.0])


def test_the_loss_is_nothing_for_a_perfect_student() -> None:
    rows = torch.nn.functional.normalize(torch.randn(5, 8), dim=1)
    assert float(distillation.distillation_loss(rows, rows)) == pytest.approx(0, abs=1e-5)


def test_a_batch_joins_neighbouring_pairs_and_keeps_to_the_token_budget(pairs: list[Pair]) -> None:
    mix = distillation.Mix(tokens=300, max_words=40, english=0, mistyped=0)
    student, teacher = distillation.draw_batch({"tatoeba": pairs}, mix, random.Random(1))
    assert [text.replace("x", "") for text in student] == [text.replace("x", "") for text in teacher]
    assert max(len(text.split()) for text in student) > 4
    assert sum(len(text.split()) for text in student) < 400


def test_contrast_wants_each_question_at_its_own_passage() -> None:
    rows = torch.eye(4)
    assert float(contrastive.contrast(rows[:2], rows)) < 1e-6
    assert float(contrastive.contrast(rows[:2], rows[[1, 0, 2, 3]])) > 10


def test_question_batches_hold_a_passage_once_and_the_right_ones_first() -> None:
    questions = [Question(f"spørgsmål {n}", f"afsnit {n // 2}", (f"afsnit {n // 2 + 100}",)) for n in range(40)]
    texts, passages = contrastive.question_batch(questions, 8, random.Random(1))
    assert len(texts) == 8
    assert len(set(passages)) == len(passages) > 8


def test_paragraph_batches_hold_each_heading_and_paragraph_once() -> None:
    rows = [(f"om {n // 2}", f"afsnit {n} " + "ord " * 200) for n in range(60)] + [("kort", "for kort")]
    headings, paragraphs = contrastive.paragraph_batch(rows, 8, random.Random(1))
    assert len(set(headings)) == len(headings) == len(paragraphs) == 8
    assert max(len(text.split()) for text in paragraphs) == 130


@pytest.mark.parametrize(("share", "same"), [(0.0, True), (0.5, False)])
def test_slips_touch_letters_only_and_as_many_as_asked(share: float, same: bool) -> None:
    text = "hvornår har I åbent kl. 10.30?"
    slipped = mistype(text, share, random.Random(1))
    assert (slipped == text) is same
    assert [letter for letter in slipped if not letter.isalpha()] == [letter for letter in text if not letter.isalpha()]
