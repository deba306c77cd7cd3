"""Names in a question that the page does not mention: what a refusal can say was not found."""

import re

from index.danish import Vocabulary, words

# A capital letter inside a sentence marks a name in Danish; an acronym is one anywhere.
_NAME = re.compile(r"(?<=[^\s.?!:])\s+([A-ZÆØÅ][\w-]+(?:\s+[A-ZÆØÅ][\w-]+)*)|\b([A-ZÆØÅ]{2,})\b")


def unknown_names(question: str, vocabulary: Vocabulary) -> list[str]:
    """The question's names that the pages don't have, in its order: of which a word stands nowhere there.

    `"Er USA medlem af CTG?"` on a page about CTG `-> [USA]`; "Danske Bank" is one where only "danske" stands. A
    question in capitals has none.
    """
    if question.isupper():
        return []
    names = [match[1] or match[2] for match in _NAME.finditer(question)]
    unknown = [name for name in names if not all(_stands(word, vocabulary) for word in words(name) if len(word) > 1)]
    return list(dict.fromkeys(unknown))


def _stands(word: str, vocabulary: Vocabulary) -> bool:
    return vocabulary.knows(word) or vocabulary.knows(word.removesuffix("s")) or vocabulary.correct(word) != word
