"""How long an answer takes, end to end, and what the process holds.

`python -m benchmarks.latency [--rounds N]` prints JSON: milliseconds p50 and p95 of questions made of the page's
own words and of real ones, seconds to load, megabytes. Compare two settings in one run with
`--against SPEC`, another embedder; the ratio of the medians is what to quote on a noisy machine.
"""

import argparse
import json
import random
import re
import resource
import sys
import time

from bot.bot import Bot
from bot.create import create_bot
from bot.settings import Settings

WARM_UP = 20


def questions(bot: Bot, count: int) -> list[str]:
    """Questions of one to nine of the page's words, seeded."""
    vocabulary = re.findall(r"\w+", bot.pages[0].text)
    dice = random.Random(7)
    return [" ".join(dice.choices(vocabulary, k=dice.randint(1, 9))) + "?" for _ in range(count)]


def milliseconds(bot: Bot, asked: list[str]) -> list[float]:
    """The time of each answer, sorted, the first `WARM_UP` left out."""
    taken = []
    for question in asked:
        started = time.perf_counter()
        bot.ask(question)
        taken.append((time.perf_counter() - started) * 1000)
    return sorted(taken[WARM_UP:])


def measure(settings: Settings, rounds: int) -> dict[str, float]:
    """The figures of one bot."""
    started = time.perf_counter()
    bot = create_bot(settings)
    loaded = time.perf_counter() - started
    taken = milliseconds(bot, questions(bot, rounds + WARM_UP))
    return {
        "load_s": round(loaded, 2),
        "p50_ms": round(taken[len(taken) // 2], 1),
        "p95_ms": round(taken[int(len(taken) * 0.95)], 1),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=300, help="questions to time")
    parser.add_argument("--against", help="another embedder, measured in the same run")
    arguments = parser.parse_args()
    settings = Settings()
    figures: dict[str, object] = {settings.embedder: measure(settings, arguments.rounds)}
    if arguments.against:
        other = settings.model_copy(update={"embedder": arguments.against})
        figures[arguments.against] = measure(other, arguments.rounds)
    figures["peak_memory_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    json.dump(figures, sys.stdout, indent=1)
    print()  # noqa: T201


if __name__ == "__main__":
    main()
