"""Queues and roles that a routing rule takes from a table or tree: whether there are such rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from casewright.compiler.links import Known
from casewright.compiler.lowering import Lowered
from casewright.compiler.release import Edition
from casewright.machine.policies import Routing
from casewright.steps.assigning import NamedPlace
from casewright.steps.deciding import DECIDERS, Decided
from casewright.values import Problem, Related, Span, did_you_mean

RESULT = "result."

Deciders = Mapping[tuple[str, str], Sequence[Any]]
"""What the tables and trees of each kind and id were lowered to."""


def unknown_places(lowered: Mapping[Edition, Lowered], known: Known) -> Iterator[Problem]:
    """E502 for each constant that a table or tree gives as the queue or role of a route, and that names none."""
    asking = [(name, each.value) for (name, language), each in lowered.items() if not language and _asks(each.value)]
    deciders = _deciders(lowered) if asking else {}
    for name, routing in asking:
        for route in routing.routes:
            target = route.target
            if isinstance(target, NamedPlace):
                for value, at in _constants(routing.decided, _output_of(target), deciders):
                    if value not in known.of(target.rule):
                        yield _unknown(str(value), at, target, f"{name}, route '{route.id}'", known)


def _asks(value: object) -> bool:
    return isinstance(value, Routing) and isinstance(value.decided, Decided)


def _deciders(lowered: Mapping[Edition, Lowered]) -> Deciders:
    """The sound tables and trees, their variants and those of classes among them."""
    found: dict[tuple[str, str], list[Any]] = {}
    for (name, language), each in lowered.items():
        if name.kind in DECIDERS.values() and not language and each.value is not None:
            found.setdefault((name.kind, name.id), []).append(each.value)
    return found


def _output_of(target: NamedPlace) -> str:
    """The output that the expression of a place is, and nothing more; empty where it is something else."""
    source = str(getattr(target.id, "source", "")).strip()
    output = source.removeprefix(RESULT)
    return output if output != source and output.isidentifier() else ""


def _constants(decided: Decided, output: str, deciders: Deciders) -> Iterator[tuple[object, Span]]:
    """What the rule, its variants, and the rules that it asks itself are sure to give at some place as the output."""
    waiting, seen = [decided], {decided}
    while waiting and output:
        rule = waiting.pop()
        for each in deciders.get((rule.kind, rule.id), ()):
            yield from each.constants(output)
            fresh = [asked for asked in each.asks() if asked not in seen]
            seen.update(fresh)
            waiting += fresh


def _unknown(value: str, at: Span, target: NamedPlace, user: str, known: Known) -> Problem:
    near = did_you_mean(value, known.of(target.rule))
    message = f"there is no {target.rule}/{value}{near}"
    related = (Related(target.id.at, f"{user} takes its {target.kind} from here"),)  # type: ignore[attr-defined]
    return Problem(at, "E502", message, related, f"name one that there is, or define {target.rule}/{value}")
