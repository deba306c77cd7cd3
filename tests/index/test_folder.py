import json
from pathlib import Path

import numpy as np
import pytest

from index.build import Index, build_index
from index.folder import (
    IndexDamagedError,
    IndexFolderError,
    IndexMissingError,
    IndexStaleError,
    compare_pages,
    load_index,
    page_hashes,
    save_index,
)
from tests.fakes import HashEmbedder, make_page

PAGE = make_page("Samarbejde", "PET samarbejder med FE. Norge er med i CTG.", headings=("Samarbejde",))


@pytest.fixture
def index() -> Index:
    return build_index([PAGE], embedder=HashEmbedder())


@pytest.fixture
def folder(index: Index, tmp_path: Path) -> Path:
    save_index(index, tmp_path, source="side.txt")
    return tmp_path


def test_what_is_saved_is_loaded(index: Index, folder: Path) -> None:
    loaded = load_index(folder, HashEmbedder())
    assert loaded.pages == index.pages
    assert loaded.sentences == index.sentences
    assert np.array_equal(loaded.by_passage.store.vectors(), index.by_passage.store.vectors())
    assert np.array_equal(loaded.by_sentence.store.vectors(), index.by_sentence.store.vectors())


def test_an_empty_folder_says_there_is_no_index(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match="run `python -m bot build`"):
        load_index(tmp_path, HashEmbedder())


@pytest.mark.parametrize("embedder", [HashEmbedder(name="another"), HashEmbedder(dim=32)])
def test_another_embedder_is_refused(folder: Path, embedder: HashEmbedder) -> None:
    with pytest.raises(IndexStaleError, match="was made by"):
        load_index(folder, embedder)


def test_another_format_is_refused(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"format": 99}))
    with pytest.raises(IndexStaleError, match="has format 99"):
        load_index(folder, HashEmbedder())


@pytest.mark.parametrize("kind", ["pages", "passages", "sentences"])
@pytest.mark.parametrize("damage", ["cut", "changed", "gone"])
def test_a_damaged_file_is_refused(folder: Path, kind: str, damage: str) -> None:
    (path,) = folder.glob(f"{kind}-*")
    data = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(data[:-5] if damage == "cut" else data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(IndexDamagedError, match="build the index again"):
        load_index(folder, HashEmbedder())


@pytest.mark.parametrize(
    "manifest", [b"", b"{", b"\xff\xfe", b"[]", b"{}", b'{"format": 2}', b'{"format": 2, "files": []}']
)
def test_a_damaged_manifest_is_refused(folder: Path, manifest: bytes) -> None:
    (folder / "manifest.json").write_bytes(manifest)
    with pytest.raises(IndexFolderError):
        load_index(folder, HashEmbedder())


def test_files_written_without_their_manifest_leave_the_old_index_whole(index: Index, folder: Path) -> None:
    (folder / "pages-000000000000.json").write_text("half a fi")
    (folder / ".tmpabc").write_text("half a file")
    assert load_index(folder, HashEmbedder()).pages == index.pages


def test_saving_removes_the_files_of_the_index_before(folder: Path) -> None:
    other = make_page("Andet", "Noget helt andet.", headings=("Andet",))
    save_index(build_index([other], embedder=HashEmbedder()), folder, source="andet.txt")
    assert sorted(path.name.split("-")[0] for path in folder.iterdir()) == [
        "manifest.json",
        "pages",
        "passages",
        "sentences",
    ]
    assert load_index(folder, HashEmbedder()).pages == (other,)


def test_a_folder_that_cannot_be_written_says_so(index: Index, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexFolderError, match="--index"):
        save_index(index, tmp_path / "file", source="")


def test_pages_are_compared_by_what_they_hold() -> None:
    changes = compare_pages({"a": "1", "b": "1", "c": "1"}, {"b": "1", "c": "2", "d": "1"})
    assert (changes.added, changes.changed, changes.removed, changes.unchanged) == (("d",), ("c",), ("a",), ("b",))
    assert page_hashes((PAGE,)) != page_hashes((make_page("Samarbejde", "Andet.", headings=("Samarbejde",)),))
