import pytest

from index.train.encoder import SPECIAL_TOKENS, Encoder
from index.train.texts import Pair
from index.train.vocabulary import Sizes, make_tokenizer, make_vocabulary


@pytest.fixture
def small() -> Sizes:
    return Sizes(total=110, english_ranks=17, english_count=1, candidates=200)


def test_english_pieces_stay_and_danish_ones_come(teacher: Encoder, pairs: list[Pair], small: Sizes) -> None:
    tokenizer = make_vocabulary(pairs, ["rødgrød med fløde"] * 50, teacher.tokenizer, small)
    assert tokenizer.encode("winter house", add_special_tokens=False).tokens == ["winter", "house"]
    assert tokenizer.encode("xwinter rødgrød", add_special_tokens=False).tokens == ["xwinter", "roedgroed"]
    assert tokenizer.get_vocab_size() <= small.total


def test_the_special_tokens_come_first_with_padding_as_0(teacher: Encoder, pairs: list[Pair], small: Sizes) -> None:
    tokenizer = make_vocabulary(pairs, [], teacher.tokenizer, small)
    assert [tokenizer.token_to_id(token) for token in SPECIAL_TOKENS] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("text", ["Ærø på Ål", "AEROE PAA AAL", "ærø på ål"])
def test_spellings_of_one_word_are_the_same_pieces(text: str) -> None:
    tokenizer = make_tokenizer([*SPECIAL_TOKENS, "aeroe", "paa", "aal"])
    assert tokenizer.encode(text).tokens == ["[CLS]", "aeroe", "paa", "aal", "[SEP]"]


def test_two_texts_are_told_apart_by_their_types() -> None:
    tokenizer = make_tokenizer([*SPECIAL_TOKENS, "a", "b"])
    assert tokenizer.encode("a", "b").type_ids == [0, 0, 0, 1, 1]
