"""Asks a bot of no cost very many questions, and prints how many megabytes that took: `python -m ... ROWS FOLDER`."""

import json
import resource
import sys
from pathlib import Path

from bot.evaluate.questions import read_questions
from bot.evaluate.report import render
from bot.evaluate.runs import Answers, run_questions, write_run
from tests.bot.evaluate import oracle


def rows(count: int) -> list[str]:
    """As lines: every third question can't be answered, and every fourth asks for what the page does not say."""
    return [
        json.dumps(
            {
                "id": str(number),
                "question": f"Hvad handler sætning {number % 40} om?" if number % 4 else "Hvad koster det?",
                "kind": ("direct", "keyword", "near")[number % 3],
                "answerable": number % 3 != 2,
                "evidence": [oracle.SENTENCES[number % 40]] if number % 3 != 2 else [],
            }
        )
        for number in range(count)
    ]


def held_mb() -> float:
    """The most memory that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(count: int, folder: Path) -> None:
    """Read, ask, measure and write, as `evaluate answers --out` does."""
    file = folder / "mange.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for line in rows(count):
            out.write(line + "\n")
    few = [0.0]

    def tell(done: int, total: int) -> None:
        if done == 1000:
            few[0] = held_mb()

    questions = read_questions(file, lambda: (oracle.PAGE,))
    with Answers() as answers:
        run = run_questions(questions, oracle.Oracle(), answers, about={}, progress=tell)
        asked = held_mb()
        html, markdown = render(run, answers)
        write_run(run, answers, folder / "run.json")
    grown = {"asking": asked - few[0], "all": held_mb() - few[0]}
    print(json.dumps({"rows": len(run.verdicts), "mb": grown, "html": len(html), "markdown": len(markdown)}))  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
