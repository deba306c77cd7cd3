"""Fifty visitors ask a server for a minute: requests a second, latencies, errors, memory.

    python -m bot serve --port 7861 &
    python benchmarks/load.py http://127.0.0.1:7861 --pid $! --visitors 50 --seconds 60

Each visitor asks, reads for a moment and asks again, with an address of its own in X-Forwarded-For (loopback is a
trusted proxy), so that the rate limit stays on. With `--stop` the server gets SIGTERM half-way: then no answer under
way may be lost, and only connections that come after it are refused. Prints JSON. Needs nothing but httpx.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx

QUESTIONS = (
    "Hvad handler siden om?",
    "Hvem kan være med?",
    "Hvor kan jeg læse mere?",
    "Hvad koster en billet til månen?",
    "Hvilke lande er med?",
)


@dataclass
class Tally:
    """What all visitors saw."""

    latencies_ms: list[float] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    """Answers that broke off after the server had taken the question."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("server")
    parser.add_argument("--pid", type=int, required=True, help="the server's process, for its memory")
    parser.add_argument("--visitors", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, default=1.0, help="mean seconds between an answer and the next question")
    parser.add_argument("--stop", action="store_true", help="send SIGTERM half-way")
    arguments = parser.parse_args()
    before = memory_mb(arguments.pid)
    tally = asyncio.run(visit_all(arguments))
    latencies = sorted(tally.latencies_ms)
    cuts = statistics.quantiles(latencies, n=100) if len(latencies) > 1 else [0.0] * 99
    after = memory_mb(arguments.pid)
    result = {
        "visitors": arguments.visitors,
        "seconds": arguments.seconds,
        "answers": len(latencies),
        "answers_per_s": round(len(latencies) / arguments.seconds, 1),
        "latency_ms": {"p50": round(cuts[49], 1), "p95": round(cuts[94], 1), "p99": round(cuts[98], 1)},
        "outcomes": dict(tally.outcomes),
        "lost": tally.lost,
        "memory_mb": {"before": before, "after": after},
    }
    print(json.dumps(result, indent=1))  # noqa: T201


async def visit_all(arguments: argparse.Namespace) -> Tally:
    """All visitors at once until the time is up."""
    tally = Tally()
    end = time.monotonic() + arguments.seconds
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=arguments.server, limits=limits, timeout=60) as client:
        visitors = [visit(client, tally, number, end, arguments.pause) for number in range(arguments.visitors)]
        if arguments.stop:
            asyncio.get_running_loop().call_later(arguments.seconds / 2, os.kill, arguments.pid, signal.SIGTERM)
        await asyncio.gather(*visitors)
    return tally


async def visit(client: httpx.AsyncClient, tally: Tally, number: int, end: float, pause_s: float) -> None:
    """One visitor; goes away when the server does not take its connection any more."""
    chance = random.Random(number)
    headers = {"X-Forwarded-For": f"198.51.100.{number % 250}"}
    await asyncio.sleep(chance.random() * pause_s)
    while time.monotonic() < end:
        question = {"question": chance.choice(QUESTIONS), "stream": True}
        started = time.perf_counter()
        try:
            response = await client.post("/api/ask", json=question, headers=headers)
        except httpx.ConnectError:
            tally.outcomes["refused connection"] += 1
            return
        except httpx.TransportError as error:
            tally.lost += 1
            tally.outcomes[type(error).__name__] += 1
            return
        if response.status_code != 200:
            tally.outcomes[str(response.status_code)] += 1
        elif "event: answer" not in response.text:
            tally.lost += 1
        else:
            tally.latencies_ms.append((time.perf_counter() - started) * 1000)
            outcome = json.loads(response.text.rpartition("data: ")[2])["outcome"]
            tally.outcomes[outcome] += 1
        await asyncio.sleep(chance.expovariate(1 / pause_s))


def memory_mb(pid: int) -> float | None:
    """The process's resident memory, or None where it is gone or there is no /proc."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return None
    lines = dict(line.split(":", 1) for line in status.read_text("utf-8").splitlines() if ":" in line)
    return round(int(lines["VmRSS"].split()[0]) / 1024, 1) if "VmRSS" in lines else None


if __name__ == "__main__":
    main()
