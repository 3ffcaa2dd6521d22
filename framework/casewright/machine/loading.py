"""Pages that a command will probably need too, so that they are all read at once."""

from __future__ import annotations

from casewright.machine import commands as c
from casewright.machine.draft import Draft
from casewright.machine.effects import PageRequest
from casewright.machine.roots import PageMissing, PageUnreadable


def ahead(draft: Draft, command: c.Command, needed: PageRequest) -> frozenset[PageRequest]:
    """The page that is needed now, and those of the plan's hint for this place that can be asked for already."""
    path = getattr(command, "path", "")
    names = draft.plan.reads.get(path, frozenset()) & draft.plan.context.keys()
    return frozenset({needed, *(request for name in names if (request := _missing(draft, name)))})


def _missing(draft: Draft, name: str) -> PageRequest | None:
    """The request of a part of the context, where its parameters are known and it was not read yet."""
    try:
        request = draft.roots.request(draft.plan.context[name])
    except (PageMissing, PageUnreadable):
        return None
    return None if request in draft.facts.pages else request
