"""What a wait can end with: which form is written, and what it is lowered to."""

from __future__ import annotations

import re

from casewright.expressions import DYNAMIC, NULL, Type
from casewright.machine.side_by_side import Alternative
from casewright.source.node import Node
from casewright.steps.create import child_type
from casewright.steps.scope import Scope
from casewright.steps.sentries import item_named, matching
from casewright.values import Related

READS_EVENT = re.compile(r"\bevent\s*\.")

FORMS = ("for", "until", "event", "child")
"""The keys of which a wait, or each of several, has exactly one."""

BELONGS = {"calendar": "for", "match": "event", "where": "event", "remembered": "event"}
"""Keys that mean something beside one of the forms only."""


def form_of(node: Node, scope: Scope) -> str | None:
    """Which form is written; None where it is none, or more than one."""
    written = [name for name in FORMS if name in node.value]
    for name, form in BELONGS.items():
        if name in node.value and form not in written:
            message = f"{name}: belongs to {form}:, which is not written here"
            scope.report("E514", node.value[name].key, message, help=f"add {form}:, or leave {name} out")
    return written[0] if len(written) == 1 else None


def check_when(node: Node, scope: Scope) -> None:
    """A problem where `when` reads the event: it says whether the step waits at all, and no event has come by then."""
    when = node.get("when")
    if when is not None and READS_EVENT.search(str(when.value)):
        message = "when: says whether the step waits at all, and no event has come by then"
        scope.report("E514", when.key, message, help="write where: to choose among events")


def ended_by(node: Node, form: str, path: str, name: str, scope: Scope) -> tuple[Alternative, Type]:
    """The alternative called `name` of the wait at `path`, and the type of its result."""
    if form == "event":
        return _event(node, name, scope)
    if form == "child":
        return _child(node.value["child"], path, name, scope)
    return Alternative(name), NULL


def _event(node: Node, name: str, scope: Scope) -> tuple[Alternative, Type]:
    outline = scope.outline("event", node.value["event"])
    payload = outline.type if outline is not None else DYNAMIC
    made = Alternative(
        name,
        event=node.word("event"),
        match=matching(node, outline, scope),
        when=scope.with_roots(event=payload).condition(node.get("where")),
        remembered=node.is_true("remembered"),
    )
    return made, payload


def _child(node: Node, path: str, name: str, scope: Scope) -> tuple[Alternative, Type]:
    """A wait for a step's child case; a problem where the item named begins none, or waits for it itself."""
    found = item_named(node, path, scope)
    if found is None:
        return Alternative(name), DYNAMIC
    related, begun = (Related(found.node.span, "it stands here"),), found.node.get("case_type")
    if found.node.word("do") != "create":
        message, help_ = f"'{found.path}' begins no case", "name a step that does: create"
        scope.report("E560", node.span, message, related=related, help=help_)
    elif found.node.is_true("wait"):
        message = f"'{found.path}' waits for its case itself, so there is nothing left to wait for"
        scope.report("E560", node.span, message, related=related, help="leave out wait: true there, or this step")
    outline = scope.outline("case_type", begun) if begun is not None else None
    return Alternative(name, child=found.path), child_type(found.node.word("case_type"), outline)
