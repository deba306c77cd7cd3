"""`kill -9` in the middle of a build: the index that was there stays whole."""

import json
import subprocess
import sys
from pathlib import Path

from bot.create import rebuild
from bot.settings import Settings
from index.embedders import load_embedder

ROOT = Path(__file__).parents[2]
OLD = "# Bibliotek\n\nBiblioteket har åbent til kl. 16 om lørdagen.\n"


def test_killed_at_any_step_on_a_file_the_old_or_the_new_index_is_whole(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.bot.killed_build", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    *killed, last = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(killed) >= 10
    assert not last["killed"]
    assert last["pages"] == ["new"]
    pages = [step["pages"] for step in killed]
    switch = pages.index(["new"]) if ["new"] in pages else len(pages)
    assert pages == [["old"]] * switch + [["new"]] * (len(pages) - switch)
    assert sum(step["writing"] for step in killed[:switch]) >= 6  # killed with new files beside the old index


def test_the_command_killed_while_it_embeds_leaves_an_index_that_answers(tmp_path: Path) -> None:
    old, new, index = tmp_path / "bib.md", tmp_path / "stor.md", tmp_path / "index"
    old.write_text(OLD, "utf-8")
    new.write_text("# Stor side\n\n" + "".join(f"Afsnit {n} handler om emne {n}.\n\n" for n in range(3000)), "utf-8")
    rebuild(Settings(source=str(old), index=index), load_embedder("bundled"))
    before = {path.name: path.read_bytes() for path in index.iterdir()}

    bot = [sys.executable, "-m", "bot"]
    with subprocess.Popen([*bot, "build", new, "--index", index], cwd=ROOT, stderr=subprocess.PIPE) as build:
        assert build.stderr is not None
        while b"embedding 256 of" not in (told := build.stderr.read1()):
            assert told, "the build ended before it had embedded anything"
        build.kill()
    assert build.returncode == -9

    assert {path.name: path.read_bytes() for path in index.iterdir()} == before
    ask = [*bot, "ask", "Hvornår lukker biblioteket om lørdagen?", "--source", old, "--index", index, "--json"]
    answer = json.loads(subprocess.run(ask, cwd=ROOT, capture_output=True, check=True, timeout=120).stdout)
    assert [citation["quote"] for citation in answer["citations"] + answer["nearest"]] == [
        "Biblioteket har åbent til kl. 16 om lørdagen."
    ]
    assert {path.name: path.read_bytes() for path in index.iterdir()} == before
