"""Fifty visitors ask a server for a minute: requests a second, latencies, errors, memory.

    python -m bot serve --port 7861 &
    python benchmarks/load.py http://127.0.0.1:7861 --pid $! --visitors 50 --seconds 60

Each visitor asks, reads for a moment and asks again, with an address of its own in X-Forwarded-For (loopback is a
trusted proxy), so that the rate limit stays on. Memory is that of the server and its workers, before, every
`--sample` seconds and after: `--seconds 600` is the run that must not grow. With `--stop` the server gets SIGTERM
half-way: then no question that it took may be left without its answer (`lost`); connections that come later are
refused. A question sent on a kept connection in the very moment that the server closes it counts as lost too, as from
here nobody can tell; `lost_after_ms` tells how long each had waited. Prints JSON. Needs nothing but httpx.
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

LOST = frozenset({"broken off", "closed without a word", "no answer in time"})
GONE = frozenset({"refused", "closed without a word"})


@dataclass
class Tally:
    """What all visitors saw."""

    latencies_ms: list[float] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    lost_after_ms: list[float] = field(default_factory=list)
    """Of questions that were sent and got no whole answer."""
    memory_mb: list[float | None] = field(default_factory=list)
    """Sampled while they ask."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("server")
    parser.add_argument("--pid", type=int, required=True, help="the server's process, for its memory")
    parser.add_argument("--visitors", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, default=1.0, help="mean seconds between an answer and the next question")
    parser.add_argument("--sample", type=float, default=60, help="seconds between looks at the memory")
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
        "lost": len(tally.lost_after_ms),
        "lost_after_ms": tally.lost_after_ms,
        "memory_mb": {"before": before, "sampled": tally.memory_mb, "after": after},
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
        sampling = asyncio.create_task(sample_memory(tally, arguments.pid, arguments.sample))
        await asyncio.gather(*visitors)
        sampling.cancel()
    return tally


async def sample_memory(tally: Tally, pid: int, every_s: float) -> None:
    """Look at the memory again and again."""
    while True:
        await asyncio.sleep(every_s)
        tally.memory_mb.append(memory_mb(pid))


async def visit(client: httpx.AsyncClient, tally: Tally, number: int, end: float, pause_s: float) -> None:
    """One visitor; goes away when the server does not take its connection any more."""
    chance = random.Random(number)
    headers = {"X-Forwarded-For": f"198.51.100.{number % 250}"}
    await asyncio.sleep(chance.random() * pause_s)
    while time.monotonic() < end:
        question = {"question": chance.choice(QUESTIONS), "stream": True}
        started = time.perf_counter()
        outcome = await ask(client, question, headers)
        if outcome in LOST:
            tally.lost_after_ms.append(round((time.perf_counter() - started) * 1000, 1))
        tally.outcomes[outcome] += 1
        if outcome in GONE:
            return
        if outcome not in LOST and not outcome.isdecimal():
            tally.latencies_ms.append((time.perf_counter() - started) * 1000)
        await asyncio.sleep(chance.expovariate(1 / pause_s))


async def ask(client: httpx.AsyncClient, question: dict[str, object], headers: dict[str, str]) -> str:
    """How it ended: the answer's outcome, a status other than 200, or a name of `LOST` and `GONE`."""
    heard = False
    try:
        async with client.stream("POST", "/api/ask", json=question, headers=headers) as response:
            heard = True
            if response.status_code != 200:
                return str(response.status_code)
            text = (await response.aread()).decode()
    except httpx.ConnectError:
        return "refused"
    except httpx.TimeoutException:
        return "no answer in time"
    except httpx.TransportError:
        return "broken off" if heard else "closed without a word"
    return json.loads(text.rpartition("data: ")[2])["outcome"] if "event: answer" in text else "broken off"


def memory_mb(pid: int) -> float | None:
    """The resident memory of the process and its children, or None where it is gone or there is no /proc."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        processes = [pid, *map(int, children.read_text("utf-8").split())]
        statuses = [Path(f"/proc/{process}/status").read_text("utf-8") for process in processes]
    except OSError:
        return None
    resident = [line.split()[1] for status in statuses for line in status.splitlines() if line.startswith("VmRSS")]
    return round(sum(map(int, resident)) / 1024, 1)


if __name__ == "__main__":
    main()
