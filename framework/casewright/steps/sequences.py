"""Lists of steps to sequences of items: what stages, processes, dialogs and handlers share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from casewright.machine.effects import NO_RETRY, Move, Resolve, Retry
from casewright.machine.plan import Activity, Item, Sequence
from casewright.machine.policies import Sla
from casewright.source.node import Node
from casewright.steps.clocks import lower_sla
from casewright.steps.contract import Step, StepType
from casewright.steps.scope import Scope
from casewright.values import Related

Steps = Mapping[str, StepType]

HANDLER = "failed"
"""The last part of the path of the step under `then:`."""


def lower_sequence(node: Node | None, path: str, steps: Steps, scope: Scope) -> Sequence:
    """The sequence of a list of steps whose items lie at `path` (`""` for a dialog or process on its own)."""
    entries = node.value if node is not None and node.is_list else ()
    items = tuple(lower_item(each, path, steps, scope) for each in entries)
    _check_reach(items, scope)
    return Sequence(path, items)


def _check_reach(items: tuple[Item, ...], scope: Scope) -> None:
    """A step behind one that always leaves the sequence is never reached."""
    for leaving, following in pairwise(items):
        effects = {each.effect for each in leaving.activity.emissions} if leaving.activity else set()
        if effects & {Move, Resolve} and leaving.when is None and leaving.skip_when is None:
            scope.report(
                "W705",
                following.at,
                f"step '{following.id}' is never reached: '{leaving.id}' above it always leaves",
                related=(Related(leaving.at, "it leaves here"),),
                help=f"give '{leaving.id}' a when:, or put '{following.id}' before it",
            )


def lower_item(node: Node, path: str, steps: Steps, scope: Scope) -> Item:
    """One step of a sequence."""
    step_id = node.word("id")
    if step_id == HANDLER:
        at = (node.get("id") or node).span
        scope.report("E517", at, f"no step is called '{HANDLER}': that is what handlers of failed steps are called")
    return _item(node, step_id, f"{path}.{step_id}" if path else step_id, steps, scope)


def _item(node: Node, step_id: str, path: str, steps: Steps, scope: Scope) -> Item:
    step = Step(step_id, path, node)
    kind = node.word("do")
    item = Item(
        id=step_id,
        path=path,
        label=step.label,
        kind=kind,
        at=node.span,
        when=scope.condition(step.node.get("when")),
        skip_when=scope.condition(step.node.get("skip_when")),
        must=node.is_true("must"),
        activity=steps[kind].lower(step, scope) if kind in steps else Activity(),
        sla=sla_use(node, scope),
    )
    failure = step.node.get("on_failure")
    return item if failure is None else _with_failure(item, failure, steps, scope)


def _with_failure(item: Item, failure: Node, steps: Steps, scope: Scope) -> Item:
    then = failure.get("then")
    handler = _item(then, f"{item.id}.{HANDLER}", f"{item.path}.{HANDLER}", steps, scope) if then else None
    return replace(item, retry=_retry(failure.get("retry")), handler=handler)


def _retry(node: Node | None) -> Retry:
    if node is None:
        return NO_RETRY
    times, backoff = node.get("times"), node.get("backoff")
    seconds = backoff.value.exact.total_seconds() if backoff else 1.0
    return Retry(times.value if times else 0, seconds)


def sla_use(node: Node, scope: Scope) -> str | Sla:
    """What an `sla:` names or says in place; `""` where there is none."""
    sla = node.get("sla")
    if sla is None:
        return ""
    return lower_sla(f"in place at {sla.span}", sla, scope) if sla.is_map else str(sla.value)
