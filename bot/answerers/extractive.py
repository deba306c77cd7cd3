"""The default answerer: the sentences that answer, in the page's order, in a short frame.

No model. Four things make an answer whole: a sentence that may well be the answer instead of the best is told
too; a list's item brings the line that introduces it, and the rest of the list unless one thing of it was asked
for; a sentence that can't be understood alone ("Platformen gør ...") brings the one before it; and a why question
brings the reason that comes after ("Det hænger sammen med, at ..."), or what the reason explains ("Derfor ...").
"""

import math
from collections.abc import Iterable, Sequence
from itertools import groupby

from bot.answerers import Answerer, Composition, Question
from bot.asking import Asked, asked_for, holds
from bot.dialogue import begins_with
from bot.text import load_text
from corpus.blocks import CELL_MARK
from index.build import PlacedSentence
from index.danish import stem, words
from index.search import Candidate

MAX_ANSWERS = 3
MAX_ITEMS = 50
# The share of the candidates' odds that makes a further sentence worth telling. On 328 questions of the calibration
# pages, of .15, .1, .08 and .06: sentences an answer 1.27, 1.38, 1.42, 1.48; right one among them .85, .88, .89, .90.
WORTH_TELLING = 0.08
# Whoever asks for one of these wants one item of a list, not all of it.
_ONE_OF_A_LIST = {Asked.YES_NO, Asked.WHEN, Asked.WHERE, Asked.HOW_MANY, Asked.HOW_MUCH, Asked.CONTACT, Asked.WHY}
_DEFINITE_ENDINGS = ("erne", "ene", "en", "et", "ne", "n", "t")
_SHORTEST_NOUN = 4


def create(model: str) -> "Extractive":
    """The extractive answerer; it has no model, `model` is ignored."""
    return Extractive()


class Extractive(Answerer):
    """Answers with the page's sentences."""

    name = "extractive"

    def compose(
        self, question: Question, candidates: Sequence[Candidate], sentences: Sequence[PlacedSentence]
    ) -> Composition:
        chosen = [candidate.placed for candidate in choose(candidates)]
        if asks_why(question):
            chosen += reasons(chosen[0], sentences)
        whole = asked_for(question.asked) not in _ONE_OF_A_LIST
        if not whole:
            told = {placed.sentence.lead for placed in chosen}
            chosen = [placed for placed in chosen if _range(placed) not in told]
        around = [other for placed in chosen for other in surroundings(placed, sentences, whole=whole)]
        cited = list({placed.number: placed for placed in (*chosen, *around)}.values())
        text = frame(question, cited)
        if len(cited) > MAX_ITEMS:
            text += load_text(question.language)["answers.list_goes_on"]
        return Composition(text, tuple(cited))


def choose(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The best candidate, and up to two more of its page that may well be the answer instead, best first.

    A read candidate's score is taken for log-odds: of 2.0, 1.0 and -1.0, whose shares are .71, .26 and .04, the first
    two are chosen. Without a reader it is the best alone.
    """
    best = candidates[0]
    page = best.placed.page.id
    near = [
        candidate
        for candidate, share in zip(candidates, shares_of(candidates), strict=True)
        if share is not None and share >= WORTH_TELLING and candidate.placed.page.id == page
    ]
    return list(dict.fromkeys([best, *near]))[:MAX_ANSWERS]


def shares_of(candidates: Sequence[Candidate]) -> list[float | None]:
    """Each candidate's share of the odds of those that were read, in [0, 1]; None for one that wasn't."""
    highest = max((candidate.score for candidate in candidates if candidate.reader is not None), default=0.0)
    odds = [None if candidate.reader is None else math.exp(candidate.score - highest) for candidate in candidates]
    total = math.fsum(value for value in odds if value is not None)
    return [None if value is None else value / total for value in odds]


def asks_why(question: Question) -> bool:
    """Whether a reason is asked for: "hvorfor ...", "hvad er grunden til ..."."""
    return begins_with(question.asked, load_text(question.language).list("dialogue.why_starts"))


def reasons(placed: PlacedSentence, sentences: Sequence[PlacedSentence]) -> list[PlacedSentence]:
    """The next sentence, if it is the reason of this one ("Det skyldes, at ...") or follows from it ("Derfor ...")."""
    following = sentences[placed.number + 1 : placed.number + 2]
    text = load_text("da")
    starts = text.list("dialogue.reason_starts") + text.list("dialogue.consequence_starts")
    return [other for other in following if other.previous is placed and begins_with(other.sentence.text, starts)]


def gives_reason(placed: PlacedSentence, sentences: Sequence[PlacedSentence]) -> bool:
    """Whether the sentence says why, or the next one does."""
    return holds(Asked.WHY, placed.sentence.text) or bool(reasons(placed, sentences))


def surroundings(placed: PlacedSentence, sentences: Sequence[PlacedSentence], *, whole: bool) -> list[PlacedSentence]:
    """What the sentence needs around it to be understood.

    :param whole: whether a list's item brings the whole list, up to fifty items.
    """
    page = [other for other in sentences if other.page is placed.page]
    if placed.sentence.lead is not None:
        lead = placed.sentence.lead
        introduction = [other for other in page if _range(other) == lead]
        return introduction + (_items(page, lead) if whole else [])
    if items := _items(page, _range(placed)):
        return items
    return [placed.previous] if placed.previous is not None and leans_back(placed) else []


def _range(placed: PlacedSentence) -> tuple[int, int]:
    return placed.sentence.start, placed.sentence.end


def _items(page: Iterable[PlacedSentence], lead: tuple[int, int]) -> list[PlacedSentence]:
    return [other for other in page if other.sentence.lead == lead][:MAX_ITEMS]


def leans_back(placed: PlacedSentence) -> bool:
    """Whether the sentence needs the one before it to be understood.

    It does when it begins with a word that points back and isn't an article ("Dette samarbejde", "Det
    hænger", but not "De nordiske", "Den 1. maj"), or with the definite form of a noun that the sentence before
    brought in ("Platformen" after "en samarbejdsplatform").
    """
    if placed.previous is None:
        return False
    own = words(placed.sentence.text)
    if begins_with(placed.sentence.text, load_text("da").list("dialogue.leaning_starts")):
        is_article = own[0] in ("den", "det", "de") and not (len(own) > 1 and _is_verb(own[1]))
        return not is_article
    return bool(own) and _names_again(own[0], words(placed.previous.sentence.text))


def _is_verb(word: str) -> bool:
    # Danish verbs in the present tense end in -r, the passive ones in -s.
    return word.endswith(("r", "s")) or word in words(load_text("da")["dialogue.small_words"])


def _names_again(word: str, before: Sequence[str]) -> bool:
    ending = next((end for end in _DEFINITE_ENDINGS if word.endswith(end)), "")
    noun = word.removesuffix(ending)
    if not ending or len(noun) < _SHORTEST_NOUN:
        return False
    return any(other != word and (other.endswith(noun) or stem(other) == noun) for other in before)


def frame(question: Question, cited: Sequence[PlacedSentence]) -> str:
    """The sentences as quotes, in the page's order, after a phrase that suits the question."""
    text = load_text(question.language)
    in_order = sorted(cited, key=lambda placed: placed.number)
    quotes = text["answers.and"].join(text["answers.quote"].format(quote=run) for run in _runs(in_order))
    for kind, key in (("yes_no_starts", "yes_no"), ("why_starts", "why")):
        if begins_with(question.asked, text.list(f"dialogue.{kind}")):
            return text[f"answers.{key}"].format(quotes=quotes)
    headings = {placed.sentence.heading for placed in in_order}
    heading = headings.pop() if len(headings) == 1 else ""
    if heading and heading != in_order[0].page.title:
        return text["answers.found_under"].format(heading=heading, quotes=quotes)
    return text["answers.found"].format(quotes=quotes)


def _runs(in_order: Sequence[PlacedSentence]) -> list[str]:
    """The page's text of each run of neighbouring sentences of one block, or of one list."""
    runs = []
    for _, group in groupby(enumerate(in_order), key=lambda pair: (_together(pair[1]), pair[1].number - pair[0])):
        run = [placed for _, placed in group]
        runs.append(run[0].page.text[run[0].sentence.start : run[-1].sentence.end])
    return runs


def _together(placed: PlacedSentence) -> tuple[int, int] | int:
    sentence = placed.sentence
    if sentence.lead is not None:
        return sentence.lead
    return _range(placed) if sentence.text.endswith(":") or CELL_MARK in sentence.text else sentence.block
