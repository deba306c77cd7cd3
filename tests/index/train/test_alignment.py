import numpy as np
import pytest

from index.train.alignment import align, first_embeddings
from index.train.encoder import Encoder
from index.train.initialisation import change_vocabulary
from index.train.texts import Pair
from index.train.vocabulary import Sizes, make_vocabulary


def test_model_1_finds_the_words_that_always_go_together() -> None:
    """The example of Koehn's textbook: das Haus/the house, das Buch/the book, ein Buch/a book."""
    das, haus, buch, ein, the, house, book, a = 0, 1, 2, 3, 0, 1, 2, 3
    counts = align([[das, haus], [das, buch], [ein, buch]], [[the, house], [the, book], [a, book]], (4, 4), rounds=50)
    assert counts.toarray().argmax(1).tolist() == [the, house, book, a]


def test_one_round_shares_alike_between_a_pairs_words_and_the_empty_word() -> None:
    counts = align([[0, 1]], [[0]], (2, 1), rounds=1)
    assert counts.toarray() == pytest.approx(np.array([[1 / 3], [1 / 3]]))


def test_pairs_that_are_all_too_long_are_told() -> None:
    with pytest.raises(ValueError, match="none of 1 pairs"):
        align([list(range(60))], [[0]], (60, 1))


def test_a_new_piece_begins_where_its_translation_is_and_an_unknown_one_in_the_middle() -> None:
    counts = align([[0]] * 30, [[0]] * 30, (2, 2))
    table = np.array([[3.0, 0.0], [0.0, 4.0]], dtype=np.float32)
    first = first_embeddings(counts, table, np.array([-1, -1]), (np.array([30, 0]), np.array([30, 0])))
    assert first[0] == pytest.approx(table[0])
    assert first[1] == pytest.approx(table.mean(0))


def test_a_piece_of_both_languages_is_mixed_by_how_often_it_is_either() -> None:
    counts = align([[0]] * 60, [[1]] * 60, (1, 2))
    table = np.array([[3.0, 0.0], [0.0, 4.0]], dtype=np.float32)
    first = first_embeddings(counts, table, np.array([0]), (np.array([60]), np.array([20, 60])))
    assert first[0] == pytest.approx(0.6 * table[1] + 0.4 * table[0])


def test_a_translation_is_near_its_original_once_the_vocabulary_is_changed(teacher: Encoder, pairs: list[Pair]) -> None:
    before = teacher([pair.english for pair in pairs[:20]]).detach()
    tokenizer = make_vocabulary(pairs, [], teacher.tokenizer, Sizes(110, 17, 1, 200))
    change_vocabulary(teacher, tokenizer, pairs)
    after = teacher([pair.danish for pair in pairs[:20]]).detach()
    assert (before @ after.T).argmax(1).tolist() == list(range(20))
