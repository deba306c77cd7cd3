"""Every sentence a visitor reads, in Danish and English, and the words the rules look for.

A language is a folder; each face has its own file there, and the file's name is the first part of the key:
`load_text("da")["answers.empty"]` is `empty` in `bot/text/da/answers.toml`.
"""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

LANGUAGES = ("da", "en")


class Text:
    """The texts of one language, by dotted key. A missing key raises `KeyError` with the whole key."""

    def __init__(self, language: str, tables: Mapping[str, Any]) -> None:
        self.language = language
        self._tables = tables

    def __getitem__(self, key: str) -> str:
        found = self._find(key)
        if not isinstance(found, str):
            raise KeyError(f"{key!r} is no text in {self.language!r}")
        return found

    def list(self, key: str) -> tuple[str, ...]:
        """The list of texts at the key."""
        found = self._find(key)
        if not isinstance(found, list):
            raise KeyError(f"{key!r} is no list in {self.language!r}")
        return tuple(str(entry) for entry in found)

    def rows(self, key: str) -> tuple[Mapping[str, str], ...]:
        """The list of tables at the key."""
        found = self._find(key)
        if not isinstance(found, list):
            raise KeyError(f"{key!r} is no list in {self.language!r}")
        return tuple(found)

    def table(self, key: str) -> Mapping[str, Any]:
        """The table at the key."""
        found = self._find(key)
        if not isinstance(found, dict):
            raise KeyError(f"{key!r} is no table in {self.language!r}")
        return found

    def _find(self, key: str) -> Any:
        found: Any = self._tables
        for part in key.split("."):
            if not isinstance(found, dict) or part not in found:
                raise KeyError(f"no text {key!r} in {self.language!r}")
            found = found[part]
        return found


@lru_cache
def load_text(language: str) -> Text:
    """The texts of a language, "da" or "en".

    :raises ValueError: for another one.
    """
    if language not in LANGUAGES:
        raise ValueError(f"no texts in the language {language!r}: there are {', '.join(LANGUAGES)}")
    files = sorted((Path(__file__).parent / language).glob("*.toml"))
    return Text(language, {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in files})
