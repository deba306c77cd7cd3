"""Questions for training the reader: read from the data's files, and varied by rule.

Owns `Example` and where examples come from: pages with their questions (`corpus.questions`' form), SQuAD
2.0 files, and manuals whose headings stand in for questions. Leaves out tokens, which are
`index.packing`'s, and the training itself.
"""

import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zlib import crc32

from corpus.page import Page
from corpus.split import split_sentences
from index.packing import SentenceContext

TUNE_PERCENT = 12


@dataclass(frozen=True)
class Example:
    """A question and the page it is asked of.

    :param contexts: the page's sentences in their order.
    :param right: the numbers of the sentences that answer it; none where the page does not.
    :param answer: the words of a right sentence that are the answer, or "".
    :param tempting: the sentence that a naive system gives, where the page does not answer.
    """

    id: str
    page: str
    kind: str
    question: str
    contexts: tuple[SentenceContext, ...]
    right: frozenset[int] = frozenset()
    answer: str = ""
    tempting: int | None = None


def with_history(question: str, history: Sequence[str]) -> str:
    """The question led by the one before it, as training and use both give it to the reader."""
    return f"{history[-1]} {question}" if history else question


def read_pages(path: Path) -> list[Example]:
    """The questions of a file of pages, one page a line.

    :raises ValueError: when evidence or a tempting sentence is not on its page.
    """
    examples = []
    for line in path.read_text(encoding="utf-8").splitlines():
        page = json.loads(line)
        places: dict[tuple[int, int], int] = {}
        contexts: list[SentenceContext] = []
        for section_number, section in enumerate(page["sections"]):
            for sentence_number, sentence in enumerate(section["sentences"]):
                places[section_number, sentence_number] = len(contexts)
                contexts.append(SentenceContext(sentence, section["heading"], page["title"]))
        for number, row in enumerate(page["questions"]):
            try:
                right = frozenset(places[section, sentence] for section, sentence in row.get("evidence") or ())
                tempting = places[tuple(row["tempting"])] if row.get("tempting") else None
            except KeyError as error:
                raise ValueError(f"{path.name}: {page['id']} has no sentence {error} ({row['q']!r})") from error
            examples.append(
                Example(
                    id=f"{page['id']}:{number}",
                    page=page["id"],
                    kind=row["kind"],
                    question=with_history(row["q"], row.get("history") or ()),
                    contexts=tuple(contexts),
                    right=right,
                    answer=row.get("answer") or "",
                    tempting=tempting,
                )
            )
    return examples


def read_squad(path: Path) -> list[Example]:
    """A SQuAD 2.0 file: each paragraph a page, its article the title; kinds are squad and squad_near."""
    examples = []
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for number, paragraph in enumerate(article["paragraphs"]):
            text = paragraph["context"]
            spans = _sentence_spans(text)
            title = article["title"].replace("_", " ")
            contexts = tuple(SentenceContext(text[start:end], "", title) for start, end in spans)
            for row in paragraph["qas"]:
                answers = [] if row.get("is_impossible") else row["answers"]
                right = frozenset(
                    place
                    for place, (start, end) in enumerate(spans)
                    if any(start <= answer["answer_start"] < end for answer in answers[:1])
                )
                examples.append(
                    Example(
                        id=row["id"],
                        page=f"{article['title']}:{number}",
                        kind="squad" if right else "squad_near",
                        question=row["question"],
                        contexts=contexts,
                        right=right,
                        answer=answers[0]["text"] if right else "",
                    )
                )
    return examples


def read_manuals(path: Path, sentences: int = 10) -> list[Example]:
    """Manuals, `title<TAB>heading<TAB>paragraph` a line: a heading asks for the sentence that follows it."""
    manuals: dict[str, dict[str, str]] = defaultdict(dict)
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        for line in file:
            title, heading, paragraph = line.rstrip("\n").split("\t")
            if heading != title and len(heading.split()) > 1:
                manuals[title].setdefault(heading, paragraph[:300])
    examples = []
    for title, sections in manuals.items():
        if len(sections) < 4:
            continue
        items = list(sections.items())[:sentences]
        contexts = tuple(SentenceContext(paragraph, "", title) for _, paragraph in items)
        for number, (heading, _) in enumerate(items[:3]):
            examples.append(Example(f"{title}:{number}", title, "manual", heading, contexts, frozenset([number])))
    return examples


def training_examples(
    data: Path, pages: Sequence[Path], *, most_pages: int | None = None
) -> tuple[list[Example], list[Example]]:
    """(to train on, to tune and calibrate on): the pages' questions, and SQuAD's of articles that aren't reported.

    :param data: the folder of the training data; its README says what is there.
    :param pages: further files of pages.
    :param most_pages: train on that many pages only, for a learning curve; chosen by their ids alone.
    """
    examples = [example for path in (data / "pages" / "train.jsonl", *pages) for example in read_pages(path)]
    train, tune = split_by_page(examples)
    if most_pages is not None:
        kept = set(sorted({example.page for example in train}, key=lambda page: crc32(page.encode()))[:most_pages])
        return [example for example in train if example.page in kept], tune
    squad = read_squad(data / "eval" / "squad2-da-dev.json")
    return train + [example for example in squad if not is_reported_article(_article_of(example))], tune


def _article_of(example: Example) -> str:
    return example.page.rpartition(":")[0]


def is_tune(page: str) -> bool:
    """Whether a page is kept for calibration: never trained on, chosen by its id alone."""
    return crc32(page.partition(":")[0].encode()) % 100 < TUNE_PERCENT


def is_reported_article(title: str) -> bool:
    """Whether a SQuAD article is kept for reporting: every other one, chosen by its title alone."""
    return crc32(title.encode()) % 2 == 0


class Variation:
    """Makes another example of one: fewer sentences or some of another page, a missing answer, a hastier question.

    The same generator gives the same examples in the same order.

    :param most: most sentences to keep.
    """

    def __init__(self, examples: Sequence[Example], generator: random.Random, *, most: int = 12) -> None:
        self._examples = examples
        self._generator = generator
        self._most = most
        self._tempting = {example.id: _by_overlap(example) for example in examples}

    def __call__(self, example: Example) -> Example:
        generator = self._generator
        right, answer, question = example.right, example.answer, example.question
        chance = generator.random()
        if example.right and chance < 0.10 and len(example.contexts) > len(example.right):
            right, answer = frozenset(), ""
        elif example.right and chance < 0.13:
            other = generator.choice(self._examples)
            if other.page != example.page:
                question, right, answer = other.question, frozenset(), ""
        gone = example.right - right if question == example.question else frozenset()
        must = set(right) | ({example.tempting} if example.tempting is not None else set())
        keep = self._choose(example, must, gone)
        strays = self._strays(example)
        before = strays if generator.random() < 0.5 else ()
        after = () if before else strays
        return replace(
            example,
            question=hasten(question, generator),
            contexts=(*before, *(self._thin(example.contexts[place]) for place in keep), *after),
            right=frozenset(new for new, old in enumerate(keep, start=len(before)) if old in right),
            answer=answer,
            tempting=None,
        )

    def _choose(self, example: Example, must: set[int], gone: frozenset[int]) -> list[int]:
        """Which sentences to keep, in order: those that must, the likeliest by their letters, and others."""
        generator = self._generator
        size = generator.randint(6, self._most)
        hard = [place for place in self._tempting[example.id] if place not in must and place not in gone]
        likely = hard[: max(0, (size - len(must)) * 2 // 3)]
        rest = [place for place in hard if place not in set(likely)]
        free = max(0, size - len(must) - len(likely))
        return sorted(must | set(likely) | set(generator.sample(rest, min(free, len(rest)))))

    def _strays(self, example: Example) -> tuple[SentenceContext, ...]:
        """Mostly nothing; else some sentences of another page, as a question asked of several pages meets."""
        if self._generator.random() >= 0.12:
            return ()
        other = self._generator.choice(self._examples)
        return other.contexts[:4] if other.page != example.page else ()

    def _thin(self, context: SentenceContext) -> SentenceContext:
        return replace(context, heading="") if self._generator.random() < 0.05 else context


def hasten(question: str, generator: random.Random) -> str:
    """The question as a visitor in a hurry types it; most are left as they are."""
    if generator.random() < 0.12:
        question = question.lower()
    if generator.random() < 0.15:
        question = question.rstrip("?")
    if generator.random() < 0.04:
        for letter, plain in (("æ", "ae"), ("ø", "oe"), ("å", "aa"), ("Æ", "Ae"), ("Ø", "Oe"), ("Å", "Aa")):
            question = question.replace(letter, plain)
    if generator.random() < 0.10:
        question = _misspell(question, generator)
    return question


def _misspell(question: str, generator: random.Random) -> str:
    """One letter dropped, doubled or swapped with the next, inside a longer word."""
    words = list(re.finditer(r"\w{5,}", question))
    if not words:
        return question
    word = generator.choice(words)
    place = generator.randrange(word.start() + 1, word.end() - 1)
    slip = generator.randrange(3)
    if slip == 0:
        return question[:place] + question[place + 1 :]
    if slip == 1:
        return question[:place] + question[place] + question[place:]
    return question[:place] + question[place + 1] + question[place] + question[place + 2 :]


def _by_overlap(example: Example) -> list[int]:
    """The sentences' numbers, most shared four-letter runs with the question first."""
    asked = _runs(example.question)
    shares = [len(asked & _runs(context.text)) for context in example.contexts]
    return sorted(range(len(shares)), key=lambda place: (-shares[place], place))


def _runs(text: str) -> set[str]:
    folded = text.lower()
    return {folded[start : start + 4] for start in range(len(folded) - 3)}


def _sentence_spans(text: str) -> list[tuple[int, int]]:
    page = Page(id="squad", url="", title="", fetched_at=datetime.fromtimestamp(0, UTC), text=text)
    return [(sentence.start, sentence.end) for sentence in split_sentences(page)]


def split_by_page(examples: Iterable[Example]) -> tuple[list[Example], list[Example]]:
    """(to train on, to tune and calibrate on)."""
    train: list[Example] = []
    tune: list[Example] = []
    for example in examples:
        (tune if is_tune(example.page) else train).append(example)
    return train, tune
