import pytest

from index.packing import ABOVE, QUESTION, SentenceContext, pack
from tests.index.tiny_reader import make_tokenizer

TOKENIZER = make_tokenizer()
CONTEXTS = [
    SentenceContext("bogen koster 200 kr .", "the", "kaffe"),
    SentenceContext("vi åbner klokken ti .", "the", "kaffe"),
    SentenceContext("køkken", "gaden", "kaffe"),
]


def told(ids: list[int]) -> str:
    return " ".join(TOKENIZER.id_to_token(number) for number in ids)


def test_layout_is_question_then_title_headings_and_sentences() -> None:
    (row,) = pack(TOKENIZER, "Hvad koster bogen?", CONTEXTS, 448)
    assert told(row.ids) == (
        "[CLS] hvad koster bogen ? [SEP] [CLS] kaffe [SEP] [CLS] the [SEP] [CLS] bogen koster 200 kr . [SEP]"
        " [CLS] vi åbner klokken ti . [SEP] [CLS] gaden [SEP] [CLS] køkken [SEP]"
    )
    assert row.owners == [QUESTION] * 6 + [ABOVE] * 6 + [0] * 7 + [1] * 7 + [ABOVE] * 3 + [2] * 3
    assert row.blocks == [0] * 6 + [1] * 3 + [2] * 3 + [3] * 7 + [4] * 7 + [5] * 3 + [6] * 3
    assert row.sections == [-1] * 6 + [0] * 20 + [1] * 6


def test_every_list_has_one_value_a_token() -> None:
    (row,) = pack(TOKENIZER, "", CONTEXTS, 448)
    assert {len(row.ids)} == {len(row.owners), len(row.blocks), len(row.sections), len(row.offsets)}


def test_offsets_give_back_the_words_of_a_sentence() -> None:
    (row,) = pack(TOKENIZER, "hvad", CONTEXTS, 448)
    words = [
        CONTEXTS[0].text[start:end] for owner, (start, end) in zip(row.owners, row.offsets, strict=True) if owner == 0
    ]
    assert words == ["", "bogen", "koster", "200", "kr", ".", ""]


def test_sentences_that_do_not_fit_go_on_in_a_sequence_with_the_question_and_the_heading() -> None:
    many = [SentenceContext("kaffe " * 60, "the", "kaffe") for _ in range(7)]
    rows = pack(TOKENIZER, "hvad koster", many, 250)
    assert [sorted(set(row.owners)) for row in rows] == [[-2, -1, 0, 1, 2], [-2, -1, 3, 4, 5], [-2, -1, 6]]
    assert all(told(row.ids).startswith("[CLS] hvad koster [SEP] [CLS] kaffe [SEP] [CLS] the [SEP]") for row in rows)
    assert all(len(row.ids) <= 250 for row in rows)


def test_a_word_of_ten_thousand_letters_and_a_long_question_fit() -> None:
    (row,) = pack(TOKENIZER, "hvad " * 5000, [SentenceContext("a" * 10_000)], 448)
    assert row.owners.count(QUESTION) == 66


def test_no_sentences_make_no_sequence() -> None:
    assert pack(TOKENIZER, "hvad", [], 448) == []


def test_too_few_tokens_are_refused() -> None:
    with pytest.raises(ValueError, match="max_tokens is 100"):
        pack(TOKENIZER, "hvad", CONTEXTS, 100)
