"""Queues and roles that a routing rule takes from a table or tree: whether there are such rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from casewright.compiler.links import Known
from casewright.compiler.lowering import Lowered
from casewright.compiler.release import Edition
from casewright.machine.policies import Routing
from casewright.steps.assigning import NamedPlace
from casewright.steps.deciding import Decided
from casewright.values import Problem, Related, Span, did_you_mean

RESULT = "result."


def unknown_places(lowered: Mapping[Edition, Lowered], known: Known) -> Iterator[Problem]:
    """E502 for each constant that a table or tree gives as the queue or role of a route, and that names none."""
    for (name, language), each in lowered.items():
        if language or not isinstance(each.value, Routing) or not isinstance(each.value.decided, Decided):
            continue
        for route in each.value.routes:
            target = route.target
            if isinstance(target, NamedPlace):
                output = _output_of(target)
                for value, at in _constants(each.value.decided, output, lowered):
                    if value not in known.of(target.rule):
                        yield _unknown(str(value), at, target, f"{name}, route '{route.id}'", known)


def _output_of(target: NamedPlace) -> str:
    """The output that the expression of a place is, and nothing more; empty where it is something else."""
    source = str(getattr(target.id, "source", "")).strip()
    output = source.removeprefix(RESULT)
    return output if output != source and output.isidentifier() else ""


def _constants(decided: Decided, output: str, lowered: Mapping[Edition, Lowered]) -> Iterator[tuple[object, Span]]:
    """What the rule, its variants, and the rules that it asks itself are sure to give at some place as the output."""
    waiting, seen = [decided], {decided}
    while waiting and output:
        rule = waiting.pop()
        for (name, language), each in lowered.items():
            if (name.kind, name.id) == (rule.kind, rule.id) and not language and each.value is not None:
                yield from each.value.constants(output)
                fresh = [asked for asked in each.value.asks() if asked not in seen]
                seen.update(fresh)
                waiting += fresh


def _unknown(value: str, at: Span, target: NamedPlace, user: str, known: Known) -> Problem:
    near = did_you_mean(value, known.of(target.rule))
    message = f"there is no {target.rule}/{value}{near}"
    related = (Related(target.id.at, f"{user} takes its {target.kind} from here"),)  # type: ignore[attr-defined]
    return Problem(at, "E502", message, related, f"name one that there is, or define {target.rule}/{value}")
