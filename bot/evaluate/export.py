"""A run in the form that Ragas reads (`ragas.EvaluationDataset.from_jsonl`), one question a line.

For teams that have a language model to judge with; nothing here calls one. Fields as in Ragas'
`SingleTurnSample`: https://docs.ragas.io/en/stable/concepts/components/eval_sample/
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def ragas_lines(answers: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Each answer as a line of JSON.

    :param answers: as a run keeps them: `question`, `answer`, `verdict`.
    """
    for record in answers:
        yield json.dumps(_sample(record["question"], record["answer"]), ensure_ascii=False) + "\n"


def _sample(question: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
    """A follow-up is asked with its history above it, so that it can be judged by itself. An unanswerable
    question has no reference."""
    cited = answer["citations"] or answer["nearest"]
    sample = {
        "user_input": "\n".join([*question["history"], question["question"]]),
        "response": answer["answer"],
        "retrieved_contexts": [citation["quote"] for citation in cited],
    }
    if question["answerable"]:
        sample["reference"] = " ".join(question["evidence"]) or "; ".join(group[0] for group in question["facts"])
        sample["reference_contexts"] = list(question["evidence"])
    return sample
