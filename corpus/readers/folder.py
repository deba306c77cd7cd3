"""Folders: every file in them that some reader reads, in the order of their paths.

Left out: hidden files and folders, files called README or SOURCES (they are about the folder), and
files of other kinds, such as pictures and the notes of `corpus.files`.
"""

from collections.abc import Iterator
from pathlib import Path

from corpus.files import is_url
from corpus.page import CorpusError, Page
from corpus.readers import read_sources

_ABOUT = ("readme", "sources")
_ENDINGS = (".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf")


def accepts(source: str) -> bool:
    """Whether the source is a folder."""
    return not is_url(source) and Path(source).is_dir()


def read(source: str) -> Iterator[Page]:
    """The pages of the folder and of the folders in it.

    :raises CorpusError: when it holds no page, or a page can't be read.
    """
    folder = Path(source)
    paths = sorted(path for path in folder.rglob("*") if _is_page(path.relative_to(folder)) and path.is_file())
    if not paths:
        raise CorpusError(f"no pages in the folder {source!r}: put .txt, .md, .html or .pdf files in it")
    yield from read_sources(str(path) for path in paths)


def _is_page(path: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.parts)
    return not hidden and path.suffix.lower() in _ENDINGS and path.stem.lower() not in _ABOUT
