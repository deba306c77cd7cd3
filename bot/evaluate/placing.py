"""Where on a page a question belongs, and which of its words the page does not use: hints for an editor."""

import re
from collections.abc import Sequence
from typing import Any

from bot.answer import Answer
from bot.dialogue import content_words
from bot.evaluate.questions import Question
from corpus.page import Page
from index.danish import Vocabulary, fold

_LONG_WORD = re.compile(r"[^\W\d_]{4,}")


class Placing:
    """The pages of one task, ready to be asked."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self._pages = {page.id: page for page in pages}
        self._vocabulary = Vocabulary(page.text for page in pages)

    def place(self, question: Question, answer: Answer) -> dict[str, Any]:
        """The page's title and the heading above the evidence, or, where nothing is expected, above the
        sentence that came nearest; and the words that the page does not use in any form.

        Words of an English question are left out, since a Danish page has none of them.
        """
        title, heading = self._section(question, answer)
        unused = [] if answer.language == "en" else self._unused_words(question.question)
        return {"page": title, "heading": heading, "unused_words": unused}

    def _section(self, question: Question, answer: Answer) -> tuple[str, str]:
        for span in question.spans[:1]:
            page = self._pages[span.page]
            heading = page.heading_at(span.start)
            return page.title, "" if heading == page.title else heading
        for citation in (*answer.citations, *answer.nearest)[:1]:
            return citation.title, "" if citation.heading == citation.title else citation.heading
        return next((page.title for page in self._pages.values()), ""), ""

    def _unused_words(self, question: str) -> list[str]:
        asked = dict.fromkeys(word.lower() for word in _LONG_WORD.findall(question))
        return [word for word in asked if content_words(word) and not self._vocabulary.knows(fold(word))]
