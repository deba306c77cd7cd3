"""Gates: bounds that a run's figures must keep, for whoever should not land a change that breaks answers."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.evaluate import EvaluationError
from bot.evaluate.figures import NAMES, Figures

_RELATIONS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_FORM = re.compile(
    r"\s*(?:(?P<kind>[\w-]+)\.)??(?P<name>[a-z]\w*(?:\.p\d+)?)\s*(?P<relation>[<>]=?)\s*(?P<bound>\d*\.?\d+)\s*"
)


@dataclass(frozen=True)
class Gate:
    """One bound: "refused_rate>=0.9", of one kind "near.refused_rate>=0.8", or above "latency_ms.p95<=400"."""

    text: str
    kind: str
    name: str
    relation: str
    bound: float

    def met(self, value: float | None) -> bool:
        """Whether the value keeps the bound; no value does not."""
        return value is not None and _RELATIONS[self.relation](value, self.bound)


def read_gate(text: str) -> Gate:
    """A gate from its text.

    :raises ValueError: for another form, or a figure that there is not.
    """
    match = _FORM.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is no gate; write NAME>=VALUE, as in evidence_at_3>=0.8")
    if match["name"] not in NAMES:
        raise ValueError(f"{text!r}: there is no figure {match['name']!r}; there are {', '.join(NAMES)}")
    return Gate(text, match["kind"] or "", match["name"], match["relation"], float(match["bound"]))


def gated_value(gate: Gate, total: Figures, by_kind: Mapping[str, Figures]) -> float | None:
    """The value that a gate is about.

    :raises EvaluationError: when no question is of its kind.
    """
    if gate.kind and gate.kind not in by_kind:
        raise EvaluationError(f"the gate {gate.text!r} names the kind {gate.kind!r}; there are {', '.join(by_kind)}")
    return (by_kind[gate.kind] if gate.kind else total)[gate.name].value
