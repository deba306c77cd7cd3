"""The default answerer: the one to three sentences that answer, in the page's order, in a short frame.

No model. A sentence that can't be understood alone ("Det hænger sammen med, at ...") brings the one
before it; a list question takes the sentences that score nearly as well as the best.
"""

from collections.abc import Sequence
from itertools import groupby

from bot.answerers import Answerer, Composition, Question
from bot.dialogue import begins_with
from bot.text import load_text
from index.build import PlacedSentence
from index.danish import stem, words
from index.search import Candidate

MAX_ANSWERS = 3
# How far below the best sentence's score another may be and still belong to a list's answer.
LIST_MARGIN = 0.75
_DEFINITE_ENDINGS = ("erne", "ene", "en", "et", "ne", "n", "t")
_SHORTEST_NOUN = 4


def create(model: str) -> "Extractive":
    """The extractive answerer; it has no model, `model` is ignored."""
    return Extractive()


class Extractive(Answerer):
    """Answers with the page's sentences."""

    name = "extractive"

    def compose(self, question: Question, candidates: Sequence[Candidate]) -> Composition:
        chosen = choose(question, candidates)
        cited: dict[int, PlacedSentence] = {candidate.placed.number: candidate.placed for candidate in chosen}
        for candidate in chosen:
            if (before := candidate.placed.previous) is not None and leans_back(candidate.placed):
                cited.setdefault(before.number, before)
        return Composition(frame(question, list(cited.values())), tuple(cited.values()))


def choose(question: Question, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The best candidate, and for a list question those on its page that score nearly as well."""
    best = candidates[0]
    if not begins_with(question.asked, load_text(question.language).list("dialogue.list_starts")):
        return [best]
    near = [
        candidate
        for candidate in candidates
        if candidate.score >= best.score - LIST_MARGIN and candidate.placed.page.id == best.placed.page.id
    ]
    return near[:MAX_ANSWERS]


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
    # Danish verbs in the present tense end in -r, the passive ones in -s; "de" + plural noun is rare at a start.
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
    """The page's text of each run of neighbouring sentences of one block."""
    runs = []
    for _, group in groupby(enumerate(in_order), key=lambda pair: (pair[1].sentence.block, pair[1].number - pair[0])):
        run = [placed for _, placed in group]
        runs.append(run[0].page.text[run[0].sentence.start : run[-1].sentence.end])
    return runs
