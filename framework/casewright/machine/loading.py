"""Pages that a command will probably need too, so that they are all read at once."""

from __future__ import annotations

from itertools import islice

from casewright.machine import commands as c
from casewright.machine.draft import Draft
from casewright.machine.effects import PageRequest
from casewright.machine.locating import runs_a_plan
from casewright.machine.places import PASS
from casewright.machine.roots import PageMissing, PageUnreadable, record_request

MOST_BESIDE = 100
"""How many records of one list are read at once."""


def ahead(draft: Draft, command: c.Command, needed: PageRequest) -> frozenset[PageRequest]:
    """The page that is needed now, and those of the plan's hint for this place that can be asked for already."""
    names = _hint(draft, _path(draft, command)) & draft.plan.context.keys()
    context = (request for name in names if (request := _missing(draft, name)))
    return frozenset({needed, *context, *_beside(draft, needed)})


def _path(draft: Draft, command: c.Command) -> str:
    if isinstance(command, c.Fire):
        timer = draft.before.timers.get(command.timer)
        return timer.path if timer else ""
    return getattr(command, "path", "")


def _hint(draft: Draft, path: str) -> frozenset[str]:
    """What is read from a path on: in the case's plan, or in the innermost that runs around the path.

    When a pass over a list is through, what is behind the passes may follow.
    """
    around = path
    while around and around not in draft.plan.reads:
        around = around.rpartition(".")[0]
        row = draft.items.get(around)
        if row is not None and runs_a_plan(row):
            own = draft.course(around)[0].reads.get(path[len(around) + 1 :], frozenset())
            return own | _hint(draft, around.rpartition(".")[0]) if row.kind == PASS else own
    return draft.plan.reads.get(around, frozenset())


def _missing(draft: Draft, name: str) -> PageRequest | None:
    """The request of a part of the context, where its parameters are known and it was not read yet."""
    try:
        request = draft.roots.request(draft.plan.context[name])
    except (PageMissing, PageUnreadable):
        return None
    return None if request in draft.facts.pages else request


def _beside(draft: Draft, needed: PageRequest) -> list[PageRequest]:
    """The records behind the needed one in a list of the case: whoever reads a second one of it mostly reads all."""
    known = draft.facts.pages
    for name in draft.plan.record_fields:
        keys = draft.data.get(name)
        if isinstance(keys, list):
            requests = [record_request(draft.plan.fields[name], key) for key in keys if key is not None]
            if needed in requests and any(each in known for each in requests):
                behind = requests[requests.index(needed) :]
                return [*islice((each for each in behind if each not in known), MOST_BESIDE)]
    return []
