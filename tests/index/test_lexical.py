import math
from collections import Counter

import numpy as np
import pytest

from index.danish import terms
from index.lexical import GUESSED_WEIGHT, K1, B, Lexical

TEXTS = [
    "PET samarbejder med Norge og Sverige",
    "Forsvarets Efterretningstjeneste samarbejder med PET",
    "Biblioteket har åbent om søndagen",
    "",
]


def brute_force(texts: list[str], question: str) -> list[float]:
    """Lucene's BM25 by its formula, term by term."""
    counted = [Counter(terms(text)) for text in texts]
    # bm25s gives an empty text one empty term, so its length counts nothing in the mean.
    lengths = [sum(count.values()) for count in counted]
    mean = sum(lengths) / len(lengths)
    scores = []
    for count, length in zip(counted, lengths, strict=True):
        score = 0.0
        for term in terms(question):
            holding = sum(term in other for other in counted)
            idf = math.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
            score += idf * count[term] / (count[term] + K1 * (1 - B + B * length / mean))
        scores.append(score)
    return scores


@pytest.mark.parametrize(
    "question", ["samarbejder PET med Norge", "åbent søndag", "Efterretningstjeneste Efterretningstjeneste"]
)
def test_scores_are_bm25_by_the_formula(question: str) -> None:
    lexical = Lexical(TEXTS)
    lexical.vocabulary.abbreviations.clear()
    assert lexical.scores(question) == pytest.approx(brute_force(TEXTS, question), rel=1e-4)


def test_a_question_that_shares_no_term_scores_zero_everywhere() -> None:
    assert not Lexical(TEXTS).scores("qqqqqq xxxxxx").any()


@pytest.mark.parametrize("question", ["", "???", "\x00"])
def test_a_question_without_words_scores_zero(question: str) -> None:
    assert not Lexical(TEXTS).scores(question).any()


def test_a_misspelt_question_finds_its_text() -> None:
    assert int(np.argmax(Lexical(TEXTS).scores("efteretningstjenste"))) == 1


def test_a_guessed_word_counts_less_than_a_typed_one() -> None:
    lexical = Lexical(TEXTS)
    mistyped, typed = "efterretningstjensete", "efterretningstjeneste"
    assert lexical.vocabulary.correct(mistyped) == typed
    expected = brute_force(TEXTS, mistyped)[1] + GUESSED_WEIGHT * brute_force(TEXTS, typed)[1]
    assert lexical.scores(mistyped)[1] == pytest.approx(expected, rel=1e-4)


def test_no_texts_are_refused() -> None:
    with pytest.raises(ValueError, match="got 0"):
        Lexical([])
