"""Alignment: which English pieces a Danish piece is the translation of, and a first embedding for it from theirs.

IBM Model 1 (Brown et al. 1993, https://aclanthology.org/J93-2003) over pieces gives p(english | danish); a new
piece begins as the mean of its translations' embeddings, weighted by it. WECHSEL (Minixhofer et al. 2022) takes the
nearest neighbours in a static space instead.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

Numbers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

MAX_PIECES = 45
# Chosen on xquad-da-dev; the model card has what else was tried.
SPECIFICITY = 0.25
LEAST_SHARE = 0.05
ENGLISH_PRIOR = 20


def align(
    danish: Sequence[Sequence[int]], english: Sequence[Sequence[int]], sizes: tuple[int, int], rounds: int = 8
) -> sparse.csr_matrix:
    """Expected numbers of times that a Danish and an English piece translate each other: (danish, english).

    Model 1's EM over pairs of rows of piece numbers; a row counts a piece once, and pairs longer than `MAX_PIECES`
    are left out. :param sizes: the two vocabularies' sizes, Danish first.
    """
    empty_word, width = sizes
    keys, groups, group = [], [], 0
    for source, target in zip(danish, english, strict=True):
        left = np.unique([*source, empty_word])
        right = np.unique(np.asarray(target, dtype=np.int64))
        if not 1 < len(left) <= MAX_PIECES or not 0 < len(right) <= MAX_PIECES:
            continue
        keys.append((left[None, :] * width + right[:, None]).ravel())
        groups.append(np.repeat(np.arange(group, group + len(right), dtype=np.int32), len(left)))
        group += len(right)
    if not keys:
        raise ValueError(f"none of {len(danish)} pairs is short enough to align: at most {MAX_PIECES} pieces a side")
    types, place = np.unique(np.concatenate(keys), return_inverse=True)
    counts = _expectation_maximisation(types // width, place.astype(np.int32), np.concatenate(groups), rounds)
    real = types // width != empty_word
    rows, columns = types[real] // width, types[real] % width
    return sparse.csr_matrix((counts[real], (rows, columns)), shape=sizes)


def _expectation_maximisation(
    source: Numbers, place: npt.NDArray[np.int32], group: npt.NDArray[np.int32], rounds: int
) -> Floats:
    """Expected counts of each kind of link.

    :param source: the Danish piece of each kind of link; :param place: the kind of each link; :param group: the
    English word (token) that each link could explain.
    """
    chance: Floats = np.ones(len(source))
    for _ in range(rounds):
        share = chance[place]
        share /= np.bincount(group, weights=share)[group]
        counts: Floats = np.asarray(np.bincount(place, weights=share, minlength=len(source)), dtype=np.float64)
        chance = counts / np.maximum(np.bincount(source, weights=counts), 1e-30)[source]
    return counts


def first_embeddings(
    links: sparse.csr_matrix, embeddings: npt.NDArray[np.float32], same: Numbers, seen: tuple[Numbers, Numbers]
) -> npt.NDArray[np.float32]:
    """float32 (Danish and English pieces, dim) for the new vocabulary.

    :param embeddings: the teacher's; :param same: for each new piece its number in the teacher's vocabulary or -1;
    :param seen: how often each piece stands in the Danish texts, and each of the teacher's in the English ones.
    A piece of both languages ("at", "for", "den") is mixed by how often it is either.
    """
    weights = _translations(links)
    means = np.asarray(weights @ embeddings)
    lengths = np.asarray(weights @ np.linalg.norm(embeddings, axis=1))
    means *= (lengths / np.maximum(np.linalg.norm(means, axis=1), 1e-6))[:, None]
    known = lengths > 0
    shared = same >= 0
    danish, english = seen
    share = danish / (danish + np.where(shared, english[same], 0) + ENGLISH_PRIOR)
    share = np.where(known, np.where(shared, share, 1.0), 0.0)[:, None]
    otherwise = np.where(shared[:, None], embeddings[same], embeddings.mean(0))
    return np.asarray(share * means + (1 - share) * otherwise, dtype=np.float32)


def _translations(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """Rows that add up to 1 (or 0 where nothing is known): p(e|d) * p(d|e)^0.25, without the long tail.

    The second factor takes weight from "the" and "of", which go with everything.
    """
    links = counts.tocoo()
    danish, english, count = links.row, links.col, links.data
    of_danish = np.bincount(danish, weights=count, minlength=counts.shape[0])
    of_english = np.bincount(english, weights=count, minlength=counts.shape[1])
    given_danish = count / np.maximum(of_danish[danish], 1e-30)
    given_english = count / np.maximum(of_english[english], 1e-30)
    weight = given_danish * given_english**SPECIFICITY
    largest = np.zeros(counts.shape[0])
    np.maximum.at(largest, danish, weight)
    kept = weight > LEAST_SHARE * largest[danish]
    danish, english, weight = danish[kept], english[kept], weight[kept]
    total = np.bincount(danish, weights=weight, minlength=counts.shape[0])
    return sparse.csr_matrix((weight / total[danish], (danish, english)), shape=counts.shape)
