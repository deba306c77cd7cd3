"""From HTML elements to blocks, in the order of the document.

Owns what counts as a block, a heading, a list item or a table row, and what is never text (scripts,
forms, menus, hidden parts). Finding a page's main part is `corpus.readers.html`.
"""

import re

from lxml import html as lxml_html

from corpus.blocks import CELL_MARK, Block
from corpus.clean import clean_line

_LEVELS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    """
    address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer
    form head header hgroup hr html legend li main menu ol p section summary table tbody td tfoot th thead tr ul
    """.split()
)
_NOT_TEXT = frozenset(
    """
    audio canvas datalist embed iframe input label map math meta nav noscript object option progress script select
    style svg template textarea title video
    """.split()
)
_NOT_TEXT_ROLES = frozenset(
    "alert alertdialog banner contentinfo dialog menu menubar navigation search toolbar".split()
)
_NOT_TEXT_CLASS = re.compile(
    r"(?:^|[\s_-])(?:breadcrumbs?|cookies?|cookiebanner|shar(?:e|ing)|skip|skiplink|sr-only|visually-?hidden|pag(?:er|ination))"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NOT_FLAT = ".//h1|.//h2|.//h3|.//h4|.//table|.//ul|.//ol|.//p[2]|.//div/p"
_BREAK = "\n"


def blocks_of_element(element: lxml_html.HtmlElement) -> list[Block]:
    """The blocks of the element's text. `<h2>Om</h2><p>Et.</p>` -> a heading of level 2 and a paragraph."""
    walk = _Walk()
    walk.visit(element)
    walk.flush()
    return walk.blocks


def parse_html(text: str) -> lxml_html.HtmlElement | None:
    """The document's root, or None when the text holds no element at all."""
    without_declaration = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        return lxml_html.document_fromstring(without_declaration) if without_declaration.strip() else None
    except (ValueError, lxml_html.etree.ParserError):
        return None


def drop_chrome(root: lxml_html.HtmlElement) -> None:
    """Take out, in place, what is not the page's text: menus, forms, hidden parts and the like.

    What a button unfolds is text, though it is hidden until then.
    """
    unfolded = {
        id.lstrip("#")
        for ids in root.xpath("//@aria-controls|//@data-target|//@data-bs-target")
        for id in str(ids).split()
    }
    for element in list(root.iter("*")):
        if element is not root and _is_chrome(element, is_unfolded=element.get("id") in unfolded):
            element.drop_tree()


def line_of(element: lxml_html.HtmlElement) -> str:
    """The element's text as one cleaned line."""
    return clean_line(" ".join(block.text for block in blocks_of_element(element)))


class _Walk:
    """One walk through a document: the blocks so far, and the text of the block that is open."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._text: list[str] = []
        self._level = 0
        self._last_level = 1
        self._item = False

    def visit(self, element: lxml_html.HtmlElement) -> None:
        """Add the element's text, but not what follows it."""
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag:
            return
        if tag == "br":
            self._text.append(_BREAK)
        elif tag == "tr" and not _lays_out(element):
            self.flush()
            row = CELL_MARK.join(filter(None, (line_of(cell) for cell in element)))
            self._add(row, is_item=not all(cell.tag == "th" for cell in element))
        elif tag == "dl" and not element.xpath(_NOT_FLAT):
            self.flush()
            self._visit_terms(element)
        elif tag == "pre":
            self.flush()
            for line in element.text_content().splitlines():
                self._add(line)
        elif tag in _LEVELS:
            self._last_level = _LEVELS[tag]
            self._visit_heading(element, self._last_level)
        elif tag in ("summary", "button") and not self._level:
            self._visit_heading(element, self._level_below())
        elif tag in _BLOCKS:
            self._visit_block(element, is_item=tag == "li")
        else:
            self._visit_children(element)

    def flush(self) -> None:
        """Close the open block."""
        text = "".join(self._text)
        self._text = []
        for line in [text.replace(_BREAK, " ")] if self._level else _lines(text):
            self._add(line)

    def _add(self, text: str, *, is_item: bool = False) -> None:
        line = clean_line(text)
        if line:
            self.blocks.append(Block(line, level=self._level, item=(is_item or self._item) and not self._level))

    def _visit_heading(self, element: lxml_html.HtmlElement, level: int) -> None:
        self.flush()
        outer, self._level = self._level, level
        self._visit_children(element)
        self.flush()
        self._level = outer

    def _visit_terms(self, element: lxml_html.HtmlElement) -> None:
        """Each term with what is said of it as a row; a question as a heading."""
        row: list[str] = []
        for part in element.iter("dt", "dd"):
            line = line_of(part)
            if part.tag == "dt" and line.endswith("?"):
                self._add(CELL_MARK.join(row))
                self.blocks.append(Block(line, level=self._level_below()))
                row = []
                continue
            if part.tag == "dt":
                self._add(CELL_MARK.join(row))
                row = []
            row.append(line)
        self._add(CELL_MARK.join(row))

    def _level_below(self) -> int:
        return min(self._last_level + 1, 6)

    def _visit_block(self, element: lxml_html.HtmlElement, *, is_item: bool) -> None:
        self.flush()
        outer, self._item = self._item, self._item or is_item
        self._visit_children(element)
        self.flush()
        self._item = outer

    def _visit_children(self, element: lxml_html.HtmlElement) -> None:
        self._text.append(_spaced(element.text))
        for child in element:
            self.visit(child)
            self._text.append(_spaced(child.tail))


def _spaced(text: str | None) -> str:
    """Source text, where a line break is only a space."""
    return re.sub(r"\s+", " ", text or "")


def _lines(text: str) -> list[str]:
    """The text parted at its `<br>`, except where the sentence goes on with a small letter."""
    lines: list[str] = []
    for part in text.split(_BREAK):
        goes_on = part.strip()[:1].islower()
        if lines and goes_on:
            lines[-1] = f"{lines[-1]} {part}"
        else:
            lines.append(part)
    return lines


def _lays_out(row: lxml_html.HtmlElement) -> bool:
    """Whether the table row only places blocks beside each other, as old pages do."""
    return bool(row.xpath(_NOT_FLAT))


def _is_chrome(element: lxml_html.HtmlElement, *, is_unfolded: bool) -> bool:
    tag = element.tag
    if tag == "button":
        unfolds = element.get("aria-controls") or element.get("aria-expanded")
        return not unfolds and not any(outer.tag in _LEVELS for outer in element.iterancestors())
    if tag in _NOT_TEXT or element.get("role") in _NOT_TEXT_ROLES:
        return True
    if _is_hidden(element) or _NOT_TEXT_CLASS.search(element.get("class", "")):
        return not is_unfolded and not element.xpath("descendant-or-self::h1|descendant-or-self::main")
    if tag == "form":
        return not element.xpath(".//p|.//h1|.//h2|.//h3")
    return (tag == "aside" and _linked_share(element) > 0.5) or (tag == "td" and _is_menu(element))


def _is_hidden(element: lxml_html.HtmlElement) -> bool:
    hidden = element.get("hidden", "until-found") != "until-found" or element.get("aria-hidden") == "true"
    return hidden or bool(_HIDDEN_STYLE.search(element.get("style", "")))


def _is_menu(cell: lxml_html.HtmlElement) -> bool:
    """Whether the cell of an old page's layout is its menu: three links or more and hardly anything else."""
    return len(cell.xpath(".//a")) >= 3 and _linked_share(cell) > 0.9


def _linked_share(element: lxml_html.HtmlElement) -> float:
    """The share of the element's text that is links, from 0 to 1."""
    length = len(clean_line(element.text_content()))
    linked = sum(len(clean_line(link.text_content())) for link in element.iter("a"))
    return linked / length if length else 0.0
