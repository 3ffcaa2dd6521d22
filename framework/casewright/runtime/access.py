"""Who may do what: work is done by those it is for, and other acts by those whose role grants them."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

from casewright.errors import NotAuthorized
from casewright.machine.facts import Actor
from casewright.machine.plan import Plan
from casewright.machine.policies import Role, WorkQueue
from casewright.machine.snapshot import Snapshot
from casewright.runtime.releases import Releases
from casewright.runtime.store.cases import customer_of
from casewright.runtime.views import AssignmentView

CUSTOMER_FIELD = "customer_id"
"""The field in which a case names its customer."""

_PEOPLE = frozenset({"operator", "customer"})


def queues_of(actor: Actor, queues: Mapping[str, WorkQueue]) -> tuple[str, ...]:
    """The queues that an actor may take work from; one without roles is open to every operator."""
    if actor.kind != "operator":
        return ()
    return tuple(sorted(q.id for q in queues.values() if not q.roles or q.roles & actor.roles))


def check_creation(actor: Actor, case_type: str, data: Mapping[str, Any], releases: Releases) -> None:
    """Raises NotAuthorized where a customer creates a case for somebody else: `customer_id` must be his own id."""
    plan: Plan | None = releases.policies("case_type").get(case_type)
    if actor.kind != "customer" or plan is None or CUSTOMER_FIELD not in plan.fields:
        return
    if data.get(CUSTOMER_FIELD) != actor.id:
        of = f"for '{data[CUSTOMER_FIELD]}'" if data.get(CUSTOMER_FIELD) else "for nobody"
        act, own = f"create {case_type} {of}", f"a customer creates cases for himself: {CUSTOMER_FIELD}: {actor.id}"
        raise NotAuthorized(actor.id, act, own)


def check_submission(actor: Actor, work: AssignmentView, releases: Releases) -> None:
    """Raises NotAuthorized unless the assignment is this person's to complete."""
    if work.operator and work.operator != actor.id:
        raise NotAuthorized(actor.id, f"complete '{work.label}'", f"'{work.operator}' has it")
    if not may_take(actor, work, releases):
        raise NotAuthorized(actor.id, f"complete '{work.label}'", f"it is for {work.target.kind} '{work.target.id}'")


def may_take(actor: Actor, work: AssignmentView, releases: Releases) -> bool:
    """Whether the assignment is for this actor: his own, his queue's, his role's. Nobody acts for people but people."""
    if actor.kind not in _PEOPLE:
        return False
    match work.target.kind:
        case "queue":
            return work.target.id in queues_of(actor, releases.policies("work_queue"))
        case "role":
            return work.target.id in actor.roles
        case "customer":
            return actor.kind == "customer" and actor.id == work.target.id
        case _:
            return actor.id == work.target.id


def is_his(customer: Actor, case: Snapshot) -> bool:
    """Whether the case is this customer's: he began it, or its data names him."""
    return customer.id in (case.created_by, customer_of(case))


def check_participant(actor: Actor, act: str, case: Snapshot) -> None:
    """Raises NotAuthorized where a customer acts in a case that is not his; what others may is for the rules to say."""
    if actor.kind == "customer" and not is_his(actor, case):
        raise NotAuthorized(actor.id, act, f"{case.case_id} is somebody else's")


def check_right(actor: Actor, right: str, releases: Releases, case: Snapshot | None = None) -> None:
    """Raises NotAuthorized unless the actor may `cancel`, `reopen`, `move`, `retry`, `skip` or `reassign`.

    A right that no role of the application grants is every operator's; a customer may cancel what is his and no more.
    """
    if actor.kind in ("system", "service"):
        return
    if actor.kind == "customer" and right == "cancel" and case is not None and is_his(actor, case):
        return
    roles: Mapping[str, Role] = releases.policies("role")
    granting = sorted(role.id for role in roles.values() if right in role.may)
    if actor.kind != "operator" or (granting and not actor.roles & set(granting)):
        raise NotAuthorized(
            actor.id, f"{right} a case", f"the right '{right}' comes with: {', '.join(granting) or 'operators'}"
        )


def check_opening(actor: Actor, customer_id: str) -> None:
    """Raises NotAuthorized where a customer opens an interaction for somebody else."""
    if actor.kind == "customer" and customer_id not in ("", actor.id):
        raise NotAuthorized(actor.id, f"open an interaction for '{customer_id}'", "a customer opens his own")


def check_engaged(actor: Actor, kind: str, operator: str, customers: Set[str], releases: Releases) -> None:
    """Raises NotAuthorized unless the actor may have this happen in an interaction.

    He is its operator, or has a role that may `engage`; or he is the only customer that is spoken of, and does not
    verify himself. One that no operator has is open to each of them.
    """
    if actor.kind in ("system", "service"):
        return
    act = f"have the interaction {kind.replace('_', ' ')}"
    if actor.kind == "customer":
        if customers != {actor.id} or kind == "verified":
            raise NotAuthorized(actor.id, act, "a customer takes part in his own, and proves who he is to others")
        return
    roles: Mapping[str, Role] = releases.policies("role")
    granting = sorted(role.id for role in roles.values() if "engage" in role.may)
    if operator not in ("", actor.id) and not actor.roles & set(granting):
        which = ", ".join(granting) or "none has it"
        instead = f"'{operator}' opened it; others need a role with the right 'engage': {which}"
        raise NotAuthorized(actor.id, act, instead)
