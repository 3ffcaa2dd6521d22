"""Runs its steps once for each element of a list, side by side or one after another."""

from collections.abc import Mapping

from casewright.expressions import DYNAMIC, Type, list_of, record, type_name
from casewright.machine.plan import Activity, Field, Plan, Value
from casewright.machine.side_by_side import Split
from casewright.source.node import Node
from casewright.steps.contract import Step, Within, step_type
from casewright.steps.fields import field_types, lower_fields
from casewright.steps.review import filled_by
from casewright.steps.scope import ListValue, Scope
from casewright.steps.sequences import lower_sequence
from casewright.steps.splitting import joining
from casewright.steps.written import Written


def lower(step: Step, scope: Scope) -> Within:
    """The list, the plan of a pass, and how the passes are joined."""
    over, element = _list(step.node.get("in"), scope)
    declared = step.node.entries("data")
    fields = lower_fields(declared, scope)
    _check_shadows(declared, scope)
    types = field_types(fields, scope)
    inner = scope.of_pass(fields, types, element).over(Written(step.node, step.types, scope.items, step.path))
    passes = _plan(step, fields, inner)
    _check_use(declared, passes, scope)
    how = joining(step, scope, most=_known_length(over), nouns=("element", "elements"))
    result = list_of(record("pass", {**types, "item": element}))
    return Within(
        split=Split((), over, passes, how.join, how.cancel_rest, how.at_once, how.done_when),
        activity=Activity(save=scope.saves(step.node.entries("save"), result)),
    )


def _known_length(over: Value | None) -> int | None:
    """How many elements there always are: an empty list is done at once, whatever its join."""
    return len(over.items) or None if isinstance(over, ListValue) else None


def _plan(step: Step, fields: Mapping[str, Field], scope: Scope) -> Plan:
    """The plan of a pass: it stands in the rule's tree, so it has no digest of its own."""
    return Plan(
        rule=f"for_each/{step.path}",
        digest="",
        label=step.label,
        sequence=lower_sequence(step.node.get("steps"), "", step.types, scope),
        fields=fields,
    )


def _list(node: Node | None, scope: Scope) -> tuple[Value | None, Type]:
    """What gives the list, and the type of its elements; a problem where it gives something else."""
    if node is None:
        return None, DYNAMIC
    value = scope.value(node)
    given: Type = getattr(value, "type", DYNAMIC)
    if given.kind == "list":
        return value, given.element or DYNAMIC
    if given.kind != "dynamic" and not isinstance(value, ListValue):
        scope.report(
            "E559",
            node.span,
            f"for_each goes through a list, and this is {type_name(given)}",
            help="write in: =case.FIELD with a field that is a `list of` something, or in: [=first, =second]",
        )
    return value, DYNAMIC


def _check_shadows(declared: Mapping[str, Node], scope: Scope) -> None:
    for name, node in declared.items():
        if name in scope.fields:
            scope.report(
                "W722",
                node.key,
                f"inside the passes, case.{name} is this field, and the case's own '{name}' cannot be read",
                help="give it another name, or leave it out to use the case's",
            )


def _check_use(declared: Mapping[str, Node], passes: Plan, scope: Scope) -> None:
    """A field that no step of the pass reads or fills; a dialog or process in it may use any."""
    activities = [item.activity for _, item in passes.every_item() if item.activity is not None]
    if any(each.nested is not None for each in activities):
        return
    used = scope.findings.own.union(*(filled_by(each) for each in activities))
    for name, node in declared.items():
        if name not in used:
            help_ = "collect it, save into it or read it as case." + name + ", or leave it out"
            scope.report("W721", node.key, f"no step of the pass uses its field '{name}'", help=help_)


STEP = step_type("for_each", __file__, lower, has_passes=True)
