"""Two workers behind one address, as processes: `serve --workers 2`."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from bot.api import create_app
from bot.feedback import FeedbackStore
from bot.limits import add_limits
from bot.settings import Settings
from tests.fake_bot import FakeBot

ROOT = Path(__file__).parents[2]
QUESTION = {"question": "Hvornår har biblioteket åbent?"}
START_S = 240


class Server:
    """`serve --workers 2` over the bot that ships; `address` is there once it answers."""

    def __init__(self, folder: Path, **environment: str) -> None:
        page = folder / "bib.md"
        page.write_text("# Bibliotek\n\nBiblioteket har åbent til kl. 16 om lørdagen.\n", "utf-8")
        command = [sys.executable, "-m", "bot", "serve", "--workers", "2", "--port", "0", "--source", str(page)]
        settings = {"SIDESVAR_INDEX": str(folder / "index"), "OMP_NUM_THREADS": "1", **environment}
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings, stderr=log)
        deadline = time.monotonic() + START_S
        while True:
            assert self.process.poll() is None, self.log.read_text("utf-8")
            assert time.monotonic() < deadline, self.log.read_text("utf-8")
            told = [line for line in self.log.read_text("utf-8").splitlines() if line.startswith("Sidesvar: ")]
            self.address = told[0].removeprefix("Sidesvar: ").rstrip("/") if told else ""
            if self.address and self._both_are_ready():
                return
            time.sleep(0.2)

    def workers(self) -> list[int]:
        """The processes that answer."""
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text("utf-8").split()
        return [int(pid) for pid in found if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def _both_are_ready(self) -> bool:
        """Whether each worker listens: as many fresh connections as it takes to meet both, or to give up for now."""
        try:
            return all(httpx.get(f"{self.address}/readyz", timeout=5).status_code == 200 for _ in range(4))
        except httpx.TransportError:
            return False

    def ask(self, timeout_s: float = 60) -> int:
        return httpx.post(f"{self.address}/api/ask", json=QUESTION, timeout=timeout_s).status_code


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("workers")
    server = Server(folder, SIDESVAR_FEEDBACK=str(folder / "feedback.sqlite"), SIDESVAR_RATE_LIMIT_PER_MINUTE="0")
    yield server
    server.process.kill()
    server.process.wait()


def test_twenty_at_once_are_all_answered_and_counted_together(server: Server) -> None:
    with ThreadPoolExecutor(20) as visitors:
        assert list(visitors.map(lambda _: server.ask(), range(20))) == [200] * 20
    figures = {httpx.get(f"{server.address}/metrics").text for _ in range(6)}
    assert len(figures) == 1
    assert 'sidesvar_answers_total{outcome="answered"} 20.0' in figures.pop()


def test_feedback_from_both_workers_is_in_one_file(server: Server) -> None:
    def rate(number: int) -> int:
        body = {"answer_id": f"{number:02x}", "helpful": True, "comment": f"nr. {number}"}
        return httpx.post(f"{server.address}/api/feedback", json=body, timeout=30).status_code

    with ThreadPoolExecutor(20) as visitors:
        assert list(visitors.map(rate, range(40))) == [204] * 40
    kept = FeedbackStore(server.log.parent / "feedback.sqlite").all()
    assert sorted(feedback.comment for feedback in kept) == sorted(f"nr. {number}" for number in range(40))


def test_a_worker_that_is_killed_is_replaced(server: Server) -> None:
    before = server.workers()
    os.kill(before[0], signal.SIGKILL)
    deadline = time.monotonic() + START_S
    while set(server.workers()) == set(before) or len(server.workers()) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert [server.ask() for _ in range(4)] == [200] * 4


def test_sigterm_finishes_the_answers_under_way(server: Server) -> None:
    """Comes last: the server is gone after it."""

    def ask() -> int | None:
        try:
            return server.ask()
        except httpx.ConnectError:  # came too late to be taken
            return None

    with ThreadPoolExecutor(24) as visitors:
        answers = [visitors.submit(ask) for _ in range(24)]
        wait(answers, return_when=FIRST_COMPLETED)
        server.process.terminate()
        under_way = [answer for answer in answers if not answer.done()]
        assert {answer.result() for answer in answers} <= {200, None}
    assert [answer.result() for answer in under_way].count(200) >= 4
    assert server.process.wait(timeout=60) in (0, -signal.SIGTERM)
    assert "leaked" not in server.log.read_text("utf-8")


def test_a_failure_to_start_is_told_once_in_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot", "serve", "--workers", "2", "--port", "0", "--source", "findes/ikke.txt"]
    environment = os.environ | {"SIDESVAR_INDEX": str(tmp_path / "index")}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=START_S)
    assert done.returncode == 1
    assert [line for line in done.stderr.splitlines() if "no such file" in line] == [done.stderr.splitlines()[-1]]


def test_each_worker_allows_its_share_of_the_rate() -> None:
    settings = Settings(rate_limit_per_minute=60, workers=4)
    app = create_app(FakeBot(), settings)
    add_limits(app, settings)
    with TestClient(app) as client:
        body = {"answer_id": "ab", "helpful": True}
        statuses = [client.post("/api/feedback", json=body).status_code for _ in range(30)]
    assert statuses == [204] * 15 + [429] * 15


def test_workers_that_start_together_make_one_feedback_file(tmp_path: Path) -> None:
    path = tmp_path / "feedback.sqlite"
    code = "import sys; from pathlib import Path; from bot.feedback import *; FeedbackStore(Path(sys.argv[1]))"
    for _ in range(3):
        path.unlink(missing_ok=True)
        starts = [subprocess.Popen([sys.executable, "-c", code, str(path)], cwd=ROOT) for _ in range(4)]
        assert [start.wait() for start in starts] == [0] * 4


def test_with_several_workers_the_chat_needs_no_queue() -> None:
    from bot.ui import build_ui

    async def config(workers: int) -> dict[str, object]:
        app = create_app(FakeBot(), Settings(workers=workers))
        return build_ui(app.state.desk).get_config_file()  # type: ignore[return-value]

    def queued(workers: int) -> set[object]:
        dependencies = asyncio.run(config(workers))["dependencies"]
        return {dependency["queue"] for dependency in dependencies}  # type: ignore[attr-defined]

    assert queued(2) == {False}
    assert queued(1) != {False}
