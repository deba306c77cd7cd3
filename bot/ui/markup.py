"""HTML for the chat: an answer with its sources, and the page with what was cited.

Whatever comes from a page, a visitor or a model is data and goes through `escape`; only this module makes tags. The
chat shows it inside Markdown, the page pane inside a template: `escape` leaves nothing that either would read.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape as escape_html
from urllib.parse import urlsplit

from bot.answer import Answer, Citation, Outcome
from bot.text import Text
from corpus.page import Page

_MARKUP_SIGNS = re.compile(r"[{}$`@\\*_\[\]()~#|!^=+:]")
"""What means something to Markdown, LaTeX, Handlebars or a JavaScript template."""


def escape(text: str) -> str:
    """Text as HTML that shows exactly that text, wherever the chat puts it; lines become `<br>`.

    "2 < 3 ${x}" -> "2 &lt; 3 &#36;&#123;x&#125;"
    """
    pieces = re.split(r"(&#?\w+;)", escape_html(text))
    numbered = [
        piece if odd % 2 else _MARKUP_SIGNS.sub(lambda sign: f"&#{ord(sign[0])};", piece)
        for odd, piece in enumerate(pieces)
    ]
    return "".join(numbered).replace("\r\n", "\n").replace("\n", "<br>")


def question_html(question: str) -> str:
    """The visitor's own words, as a message of the chat."""
    return f'<div class="question">{escape(question)}</div>'


def words_html(words: str, *, strong: str = "", below: str = "", busy: bool = False) -> str:
    """Plain sentences as a message of the chat.

    :param strong: the part of `words` to set off, where it first stands.
    :param below: HTML of this module to put under them.
    :param busy: the answer is still on its way.
    """
    state = " busy" if busy else ""
    before, found, after = words.partition(strong) if strong else (words, "", "")
    set_off = f"<strong>{escape(found)}</strong>" if found else ""
    return f'<div class="answer{state}"><p>{escape(before)}{set_off}{escape(after)}</p>{below}</div>'


def answer_html(answer: Answer, citations: Sequence[Citation], text: Text) -> str:
    """An answer with its sources under it; for `not_on_page` they are the nearest sentences."""
    return words_html(answer.answer, below=_sources_html(answer, citations, text))


def searching_html(text: Text) -> str:
    """The message that stands while an answer is looked for."""
    dots = "<span></span>" * 3
    return f'<div class="answer busy searching"><span class="dots">{dots}</span>' + (
        f'<span class="aside">{escape(text["chat.searching"])}</span></div>'
    )


def join_neighbours(citations: Sequence[Citation], pages: Mapping[str, Page]) -> tuple[Citation, ...]:
    """The citations as one reads them: sentences that follow each other in a line become one, at the best one's place.

    The joined quote is the page's text from the first to the last of them; its address is the first sentence's.
    """
    joined: list[Citation] = []
    for citation in citations:
        for number, other in enumerate(joined):
            first, last = sorted((other, citation), key=lambda one: one.start)
            between = pages[first.page].text[first.end : last.start] if first.page in pages else "\n"
            if first.page == last.page and not between.strip() and "\n" not in between:
                end = max(first.end, last.end)
                joined[number] = replace(first, end=end, quote=pages[first.page].text[first.start : end])
                break
        else:
            joined.append(citation)
    return tuple(joined) if len(joined) == len(citations) else join_neighbours(joined, pages)


def page_html(page: Page | None, citations: Sequence[Citation], text: Text, *, near: bool = False) -> str:
    """The page's text with the cited sentences marked; marks of other pages are left out.

    A mark tells the numbers of its citations (from 1) in `data-cites`: where sentences overlap, one mark holds all.

    :param near: the citations are the nearest sentences, not an answer: marked more faintly.
    """
    if page is None:
        return f'<article class="page"><p class="aside">{escape(text["chat.page.none"])}</p></article>'
    spans = _spans(page, citations)
    blocks = [_block_html(page, start, end, spans, text) for start, end in _lines(page.text) if end > start]
    if all(heading.level > 1 for heading in page.headings):
        blocks.insert(0, f"<h2>{escape(page.title)}</h2>")
    label = escape(text["chat.page.label"])
    body = "".join(blocks)
    head = _page_head_html(page, text)
    return (
        f'<section class="page-pane{" near" if near else ""}" aria-label="{label}">{head}'
        f'<article class="page" lang="da" tabindex="0" aria-label="{escape(page.title)}">{body}</article></section>'
    )


@dataclass(frozen=True)
class _Span:
    """A stretch of the page to mark, and the numbers of the citations in it."""

    start: int
    end: int
    numbers: tuple[int, ...]


def _spans(page: Page, citations: Sequence[Citation]) -> list[_Span]:
    cited = [
        (citation.start, citation.end, number)
        for number, citation in enumerate(citations, 1)
        if citation.page == page.id and 0 <= citation.start < citation.end <= len(page.text)
    ]
    spans: list[_Span] = []
    for start, end, number in sorted(cited):
        if spans and start < spans[-1].end:
            last = spans.pop()
            start, end, numbers = last.start, max(last.end, end), tuple(sorted((*last.numbers, number)))
        else:
            numbers = (number,)
        spans.append(_Span(start, end, numbers))
    return spans


def _lines(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(r"[^\n]*", text)]


def _block_html(page: Page, start: int, end: int, spans: Sequence[_Span], text: Text) -> str:
    levels = [heading.level for heading in page.headings if heading.start < end and heading.end > start]
    tag = f"h{min(levels[0] + 1, 6)}" if levels else "p"
    pieces, at = [], start
    for span in spans:
        left, right = max(span.start, start), min(span.end, end)
        if left >= right:
            continue
        pieces += [
            escape(page.text[at:left]),
            _mark_html(page.text[left:right], span, first=left == span.start, text=text),
        ]
        at = right
    pieces.append(escape(page.text[at:end]))
    return f"<{tag}>{''.join(pieces)}</{tag}>"


def _mark_html(quote: str, span: _Span, *, first: bool, text: Text) -> str:
    if not first:
        return f"<mark>{escape(quote)}</mark>"
    label = escape(text["chat.page.cited"].format(number=span.numbers[0]))
    numbers = " ".join(str(number) for number in span.numbers)
    note = f'<span class="unseen">{label}: </span>'
    return f'<mark id="cite-{span.numbers[0]}" tabindex="-1" data-cites="{numbers}">{note}{escape(quote)}</mark>'


def _page_head_html(page: Page, text: Text) -> str:
    month = text.list("chat.page.months")[page.fetched_at.month - 1]
    fetched = text["chat.page.fetched"].format(day=page.fetched_at.day, month=month, year=page.fetched_at.year)
    link = _link_html(page.url, text["chat.page.open"], text)
    back = f'<a class="back" href="#chat">{escape(text["chat.page.back"])}</a>'
    return f'<header><span class="aside">{escape(fetched)}</span>{link}{back}</header>'


def _sources_html(answer: Answer, citations: Sequence[Citation], text: Text) -> str:
    if not citations:
        return ""
    near = answer.outcome is Outcome.NOT_ON_PAGE
    kind = "nearest" if near else "one" if len(citations) == 1 else "many"
    label = text[f"chat.sources.{kind}"]
    items = "".join(_source_html(number, citation, text) for number, citation in enumerate(citations, 1))
    return f'<section class="sources{" near" if near else ""}"><h3>{escape(label)}</h3><ol>{items}</ol></section>'


def _source_html(number: int, citation: Citation, text: Text) -> str:
    place = escape(citation.heading or citation.title)
    show = f'<a class="show" href="#cite-{number}">{escape(text["chat.sources.show"])}</a>'
    link = _link_html(citation.url, text["chat.sources.open"], text)
    return (
        f'<li><blockquote lang="da">{escape(citation.quote)}</blockquote>'
        f'<div class="place"><span>{place}</span>{show}{link}</div></li>'
    )


def _link_html(url: str, label: str, text: Text) -> str:
    """A link out, in a new window; "" for anything but a web address."""
    if urlsplit(url).scheme not in ("http", "https"):
        return ""
    unseen = f'<span class="unseen"> ({escape(text["chat.sources.new_window"])})</span>'
    href = escape_html(url)
    return f'<a class="out" href="{href}" target="_blank" rel="noopener noreferrer">{escape(label)}{unseen}</a>'
