"""Packs a question and sentences into one sequence of tokens for the reader.

    [CLS] question [SEP] | [CLS] title [SEP] | [CLS] heading [SEP] | [CLS] sentence [SEP] | [CLS] sentence [SEP] | …

The parts between bars are blocks. A title or heading is given once, before the first of its sentences.
Owns the layout, and so must be the same in training and in use; owns no weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

QUESTION_TOKENS = 64
TITLE_TOKENS = 24
SENTENCE_TOKENS = 80


@dataclass(frozen=True)
class SentenceContext:
    """A sentence and where it stands."""

    text: str
    heading: str = ""
    title: str = ""


QUESTION = -2
ABOVE = -1
PADDING = -9


@dataclass
class Packed:
    """One sequence; each list has one value a token.

    :param owners: the number of the sentence a token belongs to, from 0; `QUESTION`, or `ABOVE` for a title or heading.
    :param blocks: the number of the token's block, from 0, which is the question's.
    :param sections: the number of the heading a token stands under or belongs to, from 0.
    :param offsets: a token's `(start, end)` in its sentence's text, `(0, 0)` elsewhere.
    """

    ids: list[int] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)
    sections: list[int] = field(default_factory=list)
    offsets: list[tuple[int, int]] = field(default_factory=list)

    def add(self, ids: Sequence[int], *, owner: int, section: int, offsets: Sequence[tuple[int, int]] = ()) -> None:
        """Append one block."""
        self.blocks.extend([self.blocks[-1] + 1 if self.blocks else 0] * len(ids))
        self.ids.extend(ids)
        self.owners.extend([owner] * len(ids))
        self.sections.extend([section] * len(ids))
        self.offsets.extend(offsets or [(0, 0)] * len(ids))


def pack(tokenizer: "Tokenizer", question: str, contexts: Sequence[SentenceContext], max_tokens: int) -> list[Packed]:
    """The sequences that hold all sentences in their order; one where they fit.

    A new sequence begins, with the question, title and heading again, where the next sentence would pass
    `max_tokens`. Over-long questions and sentences lose their ends. No sentences: no sequences.

    :raises ValueError: when `max_tokens` can't hold a question, a title, a heading and a sentence.
    """
    least = QUESTION_TOKENS + 2 * TITLE_TOKENS + SENTENCE_TOKENS + 8
    if max_tokens < least:
        raise ValueError(f"max_tokens is {max_tokens}: a sequence needs room for {least}")
    first, last = _special(tokenizer, "[CLS]"), _special(tokenizer, "[SEP]")

    def block(text: str, most: int) -> list[int]:
        return [first, *tokenizer.encode(text, add_special_tokens=False).ids[:most], last]

    asked = block(question, QUESTION_TOKENS)
    packed: list[Packed] = []
    before = SentenceContext("")
    for number, context in enumerate(contexts):
        sentence = block(context.text, SENTENCE_TOKENS)
        offsets = tokenizer.encode(context.text, add_special_tokens=False).offsets[:SENTENCE_TOKENS]
        above = [block(text, TITLE_TOKENS) for text in _new_above(context, before)]
        if not packed or len(packed[-1].ids) + sum(map(len, above)) + len(sentence) > max_tokens:
            packed.append(Packed())
            packed[-1].add(asked, owner=QUESTION, section=-1)
            above = [block(text, TITLE_TOKENS) for text in _new_above(context, SentenceContext(""))]
        row = packed[-1]
        section = row.sections[-1] + bool(above or row.sections[-1] < 0)
        for ids in above:
            row.add(ids, owner=ABOVE, section=section)
        row.add(sentence, owner=number, section=section, offsets=[(0, 0), *offsets, (0, 0)])
        before = context
    return packed


def _new_above(context: SentenceContext, before: SentenceContext) -> list[str]:
    """The title and heading that come before the sentence, where they are not those of the one before it."""
    title = context.title if context.title != before.title else ""
    heading = context.heading if context.heading != context.title else ""
    if heading == before.heading and not title:
        heading = ""
    return [text for text in (title, heading) if text]


def _special(tokenizer: "Tokenizer", token: str) -> int:
    number: int | None = tokenizer.token_to_id(token)
    if number is None:
        raise ValueError(f"the tokenizer has no {token}")
    return number
