"""The index folder: how an index is kept, and how one that doesn't fit is told.

- `manifest.json`: format version, embedder, dim, store, source, each page's hash, each file's hash;
- `pages-HASH.json`: the pages' canonical texts; `passages-HASH.vec` and `sentences-HASH.vec`: the vectors.

Files are named by what they hold and written before the manifest, which is replaced in one step: a
build that is killed leaves the old index whole. Sentences, passages and the lexical index follow from
the pages and are made again when loading. Nothing is pickled.
"""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import Any

from corpus.page import Heading, Page
from index.build import DENSE_WEIGHT, Index, assemble, split_units
from index.embedders import Embedder
from index.stores import StoreError, store_module

FORMAT = 2
MANIFEST = "manifest.json"
_KINDS = ("pages", "passages", "sentences")


class IndexFolderError(Exception):
    """An index folder that can't be used; the message says why and what to do."""


class IndexMissingError(IndexFolderError):
    """There is no index in the folder."""


class IndexStaleError(IndexFolderError):
    """The index was made by another embedder, store or version of the format."""


class IndexDamagedError(IndexFolderError):
    """A file of the index is missing, cut short or changed."""


@dataclass(frozen=True)
class Changes:
    """The ids of the pages that a build added, changed, removed and left as they were."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]


def compare_pages(before: dict[str, str], after: dict[str, str]) -> Changes:
    """Compare two mappings of page id -> hash."""
    return Changes(
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(sorted(key for key in after.keys() & before.keys() if after[key] != before[key])),
        removed=tuple(sorted(before.keys() - after.keys())),
        unchanged=tuple(sorted(key for key in after.keys() & before.keys() if after[key] == before[key])),
    )


def page_hashes(pages: tuple[Page, ...]) -> dict[str, str]:
    """Page id -> hash of all that an answer shows of the page, but for when it was fetched."""
    return {
        page.id: hashlib.sha256(json.dumps(_page_json(page) | {"fetched_at": ""}).encode()).hexdigest()
        for page in pages
    }


def save_index(index: Index, folder: Path, *, source: str) -> None:
    """Keep the index in the folder, in place of what is there.

    :param source: what the pages were read from, remembered in the manifest.
    :raises IndexFolderError: when the folder can't be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = {kind: _write_named(folder, kind, data) for kind, data in _contents(index).items()}
        manifest = {
            "format": FORMAT,
            "embedder": index.embedder.name,
            "dim": index.embedder.dim,
            "store": index.store,
            "source": source,
            "pages": page_hashes(index.pages),
            "files": files,
        }
        _write(folder / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
        _remove_others(folder, {name for name, _ in files.values()})
    except OSError as error:
        raise IndexFolderError(
            f"the index folder {folder} can't be written ({error.strerror}): give another with --index"
        ) from error


def read_manifest(folder: Path) -> dict[str, Any]:
    """The folder's manifest, its format version checked.

    :raises IndexMissingError: without one.
    :raises IndexStaleError: for another format version.
    :raises IndexDamagedError: when it can't be read.
    """
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise IndexMissingError(f"no index in {folder}: run `python -m bot build`") from error
    except (OSError, ValueError) as error:
        raise IndexDamagedError(f"{path} can't be read: build the index again") from error
    version = manifest.get("format") if isinstance(manifest, dict) else None
    if version != FORMAT:
        raise IndexStaleError(
            f"the index in {folder} has format {version!r}, this version reads {FORMAT}: build it again"
        )
    missing = {"embedder", "dim", "store", "source", "pages", "files"} - manifest.keys()
    if missing or not isinstance(manifest["files"], dict) or not manifest["files"].keys() >= set(_KINDS):
        raise IndexDamagedError(f"{path} is incomplete: build the index again")
    return dict(manifest)


def load_index(folder: Path, embedder: Embedder, *, store: str = "faiss", dense_weight: float = DENSE_WEIGHT) -> Index:
    """Load the index that `save_index` kept.

    :raises IndexMissingError: when there is none.
    :raises IndexStaleError: when it was made by another embedder or store, or has another format.
    :raises IndexDamagedError: when a file is missing or isn't what the manifest says.
    """
    manifest = read_manifest(folder)
    made_by = (manifest["embedder"], manifest["dim"], manifest["store"])
    wanted = (embedder.name, embedder.dim, store)
    if made_by != wanted:
        raise IndexStaleError(f"the index in {folder} was made by {made_by}, asked for {wanted}: build it again")
    paths = {kind: _checked(folder, manifest["files"][kind]) for kind in _KINDS}
    try:
        pages = tuple(_page_from_json(entry) for entry in json.loads(paths["pages"].read_text(encoding="utf-8")))
        units = split_units(pages)
        load = store_module(store).load
        sides = [
            load(paths[kind], documents, embedder)
            for kind, documents in (("passages", units.passages), ("sentences", units.sentences))
        ]
    except (ValueError, KeyError, TypeError, StoreError) as error:
        raise IndexDamagedError(f"the index in {folder} doesn't fit this version ({error}): build it again") from error
    vectors = (sides[0].vectors(), sides[1].vectors())
    return assemble(pages, units, embedder=embedder, store=store, dense_weight=dense_weight, vectors=vectors)


def _contents(index: Index) -> dict[str, bytes]:
    with TemporaryDirectory() as scratch:
        stored = {}
        for kind, retriever in (("passages", index.by_passage), ("sentences", index.by_sentence)):
            path = Path(scratch) / kind
            retriever.store.save(path)
            stored[kind] = path.read_bytes()
    pages = json.dumps([_page_json(page) for page in index.pages], ensure_ascii=False).encode()
    return {"pages": pages, **stored}


def _write_named(folder: Path, kind: str, data: bytes) -> tuple[str, str]:
    sha256 = hashlib.sha256(data).hexdigest()
    name = f"{kind}-{sha256[:12]}{'.json' if kind == 'pages' else '.vec'}"
    _write(folder / name, data)
    return name, sha256


def _write(path: Path, data: bytes) -> None:
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)


def _remove_others(folder: Path, kept: set[str]) -> None:
    for kind in _KINDS:
        for path in folder.glob(f"{kind}-*"):
            if path.name not in kept:
                path.unlink(missing_ok=True)


def _checked(folder: Path, entry: Any) -> Path:
    name, sha256 = entry
    path = folder / Path(str(name)).name
    try:
        actual = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise IndexDamagedError(f"{path} can't be read: build the index again") from error
    if actual != sha256:
        raise IndexDamagedError(f"{path} was changed or cut short: build the index again")
    return path


def _page_json(page: Page) -> dict[str, Any]:
    fields = asdict(page)
    del fields["sha256"]
    return fields | {"fetched_at": page.fetched_at.isoformat()}


def _page_from_json(entry: dict[str, Any]) -> Page:
    return Page(
        id=entry["id"],
        url=entry["url"],
        title=entry["title"],
        fetched_at=datetime.fromisoformat(entry["fetched_at"]),
        text=entry["text"],
        headings=tuple(Heading(**heading) for heading in entry["headings"]),
        items=tuple((start, end) for start, end in entry["items"]),
    )
