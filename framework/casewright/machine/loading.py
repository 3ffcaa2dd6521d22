"""Pages that a command will probably need too, so that they are all read at once."""

from __future__ import annotations

from casewright.machine import commands as c
from casewright.machine.draft import Draft
from casewright.machine.effects import PageRequest
from casewright.machine.locating import runs_a_plan
from casewright.machine.plan import Plan
from casewright.machine.roots import PageMissing, PageUnreadable


def ahead(draft: Draft, command: c.Command, needed: PageRequest) -> frozenset[PageRequest]:
    """The page that is needed now, and those of the plan's hint for this place that can be asked for already."""
    names = _hint(draft, _path(draft, command)) & draft.plan.context.keys()
    return frozenset({needed, *(request for name in names if (request := _missing(draft, name)))})


def _path(draft: Draft, command: c.Command) -> str:
    if isinstance(command, c.Fire):
        timer = draft.before.timers.get(command.timer)
        return timer.path if timer else ""
    return getattr(command, "path", "")


def _hint(draft: Draft, path: str) -> frozenset[str]:
    """What is read from a path on, in the case's plan or in the innermost that runs around the path."""
    plan, inner = _plan_around(draft, path)
    return plan.reads.get(inner, frozenset())


def _plan_around(draft: Draft, path: str) -> tuple[Plan, str]:
    around = path
    while around and around not in draft.plan.reads:
        around = around.rpartition(".")[0]
        row = draft.items.get(around)
        if row is not None and runs_a_plan(row):
            return draft.course(around)[0], path[len(around) + 1 :]
    return draft.plan, around


def _missing(draft: Draft, name: str) -> PageRequest | None:
    """The request of a part of the context, where its parameters are known and it was not read yet."""
    try:
        request = draft.roots.request(draft.plan.context[name])
    except (PageMissing, PageUnreadable):
        return None
    return None if request in draft.facts.pages else request
