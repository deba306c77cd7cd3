"""Builds an index in child processes, each killed at another of its steps on files; run by `test_killed_build`.

`python -m tests.bot.killed_build FOLDER` prints a line of JSON for each child: the step it was killed at, whether a
new file was there that the manifest did not yet name, and the pages that the folder's index then held. The last child
is not killed.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from bot.create import rebuild
from bot.settings import Settings
from index.folder import load_index, read_manifest
from tests.fakes import HashEmbedder

SIGNIFICANT = {"open", "os.rename", "os.remove", "tempfile.mkstemp"}


def main(folder: Path) -> None:
    old, new = folder / "old.md", folder / "new.md"
    old.write_text("# Gammel side\n\nBiblioteket har åbent til kl. 16 om lørdagen.\n", "utf-8")
    new.write_text("# Ny side\n\n" + "".join(f"Afsnit {n} handler om emne {n}.\n\n" for n in range(500)), "utf-8")
    index = folder / "index"
    for step in range(1, 1000):
        rebuild(Settings(source=str(old), index=index), HashEmbedder())
        before = read_manifest(index)["files"]
        child = os.fork()
        if child == 0:
            _kill_at(step, index)
            rebuild(Settings(source=str(new), index=index), HashEmbedder())
            os._exit(0)
        _, status = os.waitpid(child, 0)
        named = {name for name, _ in before.values()}
        unnamed = {path.name for path in index.iterdir()} - named - {"manifest.json"}
        pages = [page.id for page in load_index(index, HashEmbedder()).pages]
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        row = {"step": step, "killed": killed, "writing": bool(unnamed), "pages": pages}
        sys.stdout.write(json.dumps(row) + "\n")
        if not killed:
            return


def _kill_at(step: int, index: Path) -> None:
    """Have this process killed at its `step`th audit event that concerns a file of the index."""
    seen = 0

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        if event in SIGNIFICANT and any(str(argument).startswith(str(index)) for argument in arguments):
            seen += 1
            if seen == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
