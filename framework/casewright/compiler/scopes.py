"""What rules may read that are not bound to one case type: all that the case types together offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from casewright.expressions import BOOLEAN, DATETIME, DYNAMIC, TEXT, Type, list_of, record
from casewright.machine.plan import Field
from casewright.steps.outline import Outlines
from casewright.steps.scope import CASE_TYPES, Findings, Scope

ACTOR = record(
    "actor",
    {"id": TEXT, "kind": TEXT, "name": TEXT, "roles": list_of(TEXT), "language": TEXT, "team": TEXT},
)
INTERACTION = record(
    "interaction",
    {
        "id": TEXT,
        "type": TEXT,
        "channel": TEXT,
        "direction": TEXT,
        "customer_id": TEXT,
        "language": TEXT,
        "verified": BOOLEAN,
        "started_at": DATETIME,
    },
)

EVERYWHERE: Mapping[str, Type] = {"actor": ACTOR, "interaction": INTERACTION}
"""The roots that every rule may read."""


def shared_scope(outlines: Outlines) -> Scope:
    """The scope of dialogs, tables, texts and all else that several case types use.

    `case` has the fields of all case types; one that two of them declare with different types is of any type. Whether
    each case type that really uses a rule has what it reads is checked where rules are linked.
    """
    fields: dict[str, Field] = {}
    types: dict[str, Type] = {}
    roots: dict[str, Type] = dict(EVERYWHERE)
    for case_type in outlines.ids("case_type"):
        outline = outlines.find("case_type", case_type)
        if outline is not None:
            fields = {**outline.fields, **fields}
            types = _united(types, outline.types)
            roots = _united(roots, outline.roots)
    case = record("case", {**types, **CASE_TYPES})
    return Scope({**roots, "case": case}, outlines, fields, types)


def fresh(scope: Scope) -> Scope:
    """The same scope with nothing found yet."""
    return replace(scope, findings=Findings())


def _united(one: Mapping[str, Type], other: Mapping[str, Type]) -> dict[str, Type]:
    united = dict(one)
    for name, type_ in other.items():
        united[name] = type_ if name not in one or one[name] == type_ else DYNAMIC
    return united
