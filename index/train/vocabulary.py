"""The vocabulary: the teacher's frequent English pieces, and the Danish pieces that the training texts use most.

English pieces keep their form, so that English text is cut as the teacher cuts it. Text is lower-cased, accents
are dropped, and æ, ø, å are spelt out: "Ærø" and "aeroe" are the same pieces.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from index.train.encoder import SPECIAL_TOKENS
from index.train.texts import PARALLEL, Pair, read_debates, read_page_texts, read_pairs

SAMPLES = {"europarl": 150_000, "microsoft_docs": 60_000}
DEBATES = 30_000


@dataclass(frozen=True)
class Sizes:
    """How many pieces.

    `english_ranks`: the teacher's first pieces, in its order, which is by frequency; `english_count`: a later one
    stays when it stands this often in the English texts; `candidates`: Danish pieces to choose from.
    """

    total: int = 30_000
    english_ranks: int = 16_000
    english_count: int = 20
    candidates: int = 24_000


def sample_texts(data: Path, seed: int = 1) -> tuple[list[Pair], list[str]]:
    """(pairs, further Danish texts): enough of each source to count pieces and align words."""
    rng = random.Random(seed)
    pairs: list[Pair] = []
    for source in PARALLEL:
        found = read_pairs(data, source)
        pairs += rng.sample(found, min(SAMPLES.get(source, len(found)), len(found)))
    debates = read_debates(data)
    return pairs, rng.sample(debates, min(DEBATES, len(debates))) + read_page_texts(data)


def make_vocabulary(pairs: Sequence[Pair], danish: Sequence[str], teacher: Tokenizer, sizes: Sizes) -> Tokenizer:
    """A tokenizer of `sizes.total` pieces at most."""
    texts = [pair.danish for pair in pairs] + list(danish)
    english = _count(teacher, [pair.english for pair in pairs])
    candidates = _train_pieces(texts, sizes.candidates)
    letters = {piece for piece in candidates if len(piece.removeprefix("##")) == 1}
    kept = _english(teacher, english, sizes)
    kept += sorted(letters - set(kept))
    others = [piece for piece in candidates if piece not in set(kept)]
    for _ in range(2):
        counts = _count(make_tokenizer([*kept, *others]), texts)
        others = sorted(others, key=lambda piece: -counts[piece])[: max(0, sizes.total - len(kept))]
    return make_tokenizer([*kept, *others])


def make_tokenizer(pieces: Sequence[str]) -> Tokenizer:
    """A WordPiece tokenizer of these pieces, numbered in their order."""
    numbers = {piece: number for number, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.WordPiece(numbers, unk_token="[UNK]", max_input_chars_per_word=100))
    _set_up(tokenizer)
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0",
        pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[(token, numbers[token]) for token in ("[CLS]", "[SEP]")],
    )
    return tokenizer


def _set_up(tokenizer: Tokenizer) -> None:
    spelt_out = [normalizers.Replace(letter, by) for letter, by in (("æ", "ae"), ("ø", "oe"), ("å", "aa"))]
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Lowercase(), *spelt_out, normalizers.BertNormalizer(strip_accents=True)]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()


def _train_pieces(texts: Iterable[str], size: int) -> list[str]:
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    _set_up(tokenizer)
    trainer = trainers.WordPieceTrainer(
        vocab_size=size, min_frequency=5, limit_alphabet=200, special_tokens=list(SPECIAL_TOKENS), show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    vocabulary = tokenizer.get_vocab()
    return sorted(vocabulary, key=vocabulary.__getitem__)


def _english(teacher: Tokenizer, counts: Counter[str], sizes: Sizes) -> list[str]:
    vocabulary = teacher.get_vocab()
    ordered = sorted(vocabulary, key=vocabulary.__getitem__)
    european = [piece for piece in ordered if not piece.startswith("[unused") and all(map(_is_european, piece))]
    return [
        piece
        for rank, piece in enumerate(european)
        if piece in SPECIAL_TOKENS or rank < sizes.english_ranks or counts[piece] >= sizes.english_count
    ]


def _is_european(letter: str) -> bool:
    """Latin letters, signs, punctuation and money."""
    return ord(letter) < 0x250 or 0x2000 <= ord(letter) < 0x2200


def _count(tokenizer: Tokenizer, texts: Sequence[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for start in range(0, len(texts), 20_000):
        for encoding in tokenizer.encode_batch(texts[start : start + 20_000], add_special_tokens=False):
            counts.update(encoding.tokens)
    return counts
