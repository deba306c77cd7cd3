"""Checksums of the weights that ship: a damaged or exchanged file is told, not loaded."""

from __future__ import annotations

import hashlib
from pathlib import Path


class ChecksumError(ValueError):
    """A file is not the one that was listed; the message names it and both sums."""


def verify(folder: Path) -> str:
    """Compare the folder's files with its `SHA256SUMS` (as `sha256sum` writes it); the first 12 digits for all of them.

    :raises ChecksumError: when a file, or the list, is missing or different.
    """
    sums = folder / "SHA256SUMS"
    if not sums.is_file():
        raise ChecksumError(f"no model in {folder}: SHA256SUMS is missing; get the checkout's index/models again")
    listed = sums.read_text(encoding="utf-8")
    for line in listed.splitlines():
        wanted, name = line.split(maxsplit=1)
        path = folder / name
        found = sha256(path) if path.is_file() else "missing"
        if found != wanted:
            raise ChecksumError(f"{path} is not the file that ships: sha256 {found}, not {wanted}; restore it with git")
    return hashlib.sha256(listed.encode()).hexdigest()[:12]


def write_sums(folder: Path, names: list[str]) -> None:
    """Write `SHA256SUMS` for the files `names` of `folder`."""
    text = "".join(f"{sha256(folder / name)}  {name}\n" for name in sorted(names))
    (folder / "SHA256SUMS").write_text(text, encoding="utf-8")


def sha256(path: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
