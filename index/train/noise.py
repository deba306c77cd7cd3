"""Slips of the keyboard, so that a mistyped question still lands near its meaning."""

from __future__ import annotations

import random

LETTERS = "abcdefghijklmnopqrstuvwxyzæøå"


def mistype(text: str, share: float, rng: random.Random) -> str:
    """Swap, drop, double or replace about `share` of the letters; other characters stay.

    `mistype("hvornår har I åbent", 0.1, rng)` -> `"hvronår har I åbnt"`
    """
    letters = list(text)
    for place, letter in enumerate(letters):
        if not letter.isalpha() or rng.random() >= share:
            continue
        slip = rng.randrange(4)
        if slip == 0 and place + 1 < len(letters) and letters[place + 1].isalpha():
            letters[place], letters[place + 1] = letters[place + 1], letter
        elif slip == 1:
            letters[place] = ""
        elif slip == 2:
            letters[place] = letter * 2
        else:
            letters[place] = rng.choice(LETTERS)
    return "".join(letters)
