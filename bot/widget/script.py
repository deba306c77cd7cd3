"""The one file a site loads: `widget.js` with its words and styles put in.

The words are `bot.text`'s, the styles `widget.css`; both replace an empty constant of `widget.js`. What is
served has no comments and no indentation, and is otherwise the source as it stands. The bytes depend on the
version alone, never on settings, so that a site can pin their hash.
"""

import base64
import hashlib
import json
import re
from functools import cache
from importlib.resources import files

from bot.text import LANGUAGES, load_text

_COMMENT = re.compile(r"^\s*/\*[\s\S]*?\*/\s*$|^\s*//.*$|(?<=[;,]) // .*$", re.MULTILINE)


@cache
def widget_script() -> bytes:
    """The script as served, UTF-8."""
    folder = files(__package__)
    styles = _squeeze((folder / "widget.css").read_text("utf-8"))
    script = _squeeze((folder / "widget.js").read_text("utf-8"))
    words = {language: load_text(language).table("widget") for language in LANGUAGES}
    script = _put_in(script, "WORDS", "{}", words)
    return _put_in(script, "STYLES", '""', styles).encode()


def integrity() -> str:
    """The hash for the tag's `integrity` (Subresource Integrity): "sha384-..."."""
    return "sha384-" + base64.b64encode(hashlib.sha384(widget_script()).digest()).decode()


def _put_in(script: str, constant: str, empty: str, value: object) -> str:
    before = f"const {constant} = {empty};"
    if script.count(before) != 1:
        raise ValueError(f"widget.js holds {before!r} {script.count(before)} times, not once")
    return script.replace(before, f"const {constant} = {json.dumps(value, ensure_ascii=False, separators=(',', ':'))};")


def _squeeze(source: str) -> str:
    """Without comments that fill lines or end them, indentation and empty lines.

    "  a; // why\\n\\n  b;\\n" -> "a;\\nb;\\n"
    """
    lines = (line.strip() for line in _COMMENT.sub("", source).splitlines())
    return "".join(f"{line}\n" for line in lines if line)
