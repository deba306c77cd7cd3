"""The proof of quotes: a citation is made from offsets, and its words are taken from the page.

Owns how a sentence becomes a `Citation` and the link that opens the page at it (text fragments,
https://wicg.github.io/scroll-to-text-fragment/).
"""

from urllib.parse import quote, urldefrag

from bot.answer import Answer, Citation
from corpus.page import Page
from index.build import PlacedSentence

_WHOLE_QUOTE_WORDS = 8
_END_WORDS = 4


def cite(placed: PlacedSentence) -> Citation:
    """The sentence as a citation; its quote is the page's text between its offsets."""
    page, sentence = placed.page, placed.sentence
    words_quoted = page.text[sentence.start : sentence.end]
    return Citation(
        quote=words_quoted,
        start=sentence.start,
        end=sentence.end,
        page=page.id,
        title=page.title,
        heading=sentence.heading,
        url=fragment_url(page, words_quoted),
    )


def fragment_url(page: Page, words_quoted: str) -> str:
    """The page's address with a text fragment for the quote, or "" when the page has no address.

    A long quote is given by its first and last four words: `#:~:text=En%20stor%20del%20af,har%20en%20...`.
    """
    if not page.url:
        return ""
    pieces = words_quoted.split()
    if len(pieces) > _WHOLE_QUOTE_WORDS:
        ends = [" ".join(pieces[:_END_WORDS]), " ".join(pieces[-_END_WORDS:])]
    else:
        ends = [" ".join(pieces)]
    return f"{urldefrag(page.url).url}#:~:text={','.join(_encoded(end) for end in ends)}"


def _encoded(text: str) -> str:
    # "-" has a meaning of its own in a text fragment, and quote() leaves it.
    return quote(text, safe="").replace("-", "%2D")


def is_proven(answer: Answer, pages: dict[str, Page]) -> bool:
    """Whether every citation of the answer is its page's text between its offsets."""
    return all(
        citation.page in pages and pages[citation.page].text[citation.start : citation.end] == citation.quote
        for citation in (*answer.citations, *answer.nearest)
    )
