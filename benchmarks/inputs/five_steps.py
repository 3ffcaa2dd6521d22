"""A case type of five steps and an engine that runs it; `rich` steps have a goal to reach and publish an event."""

from __future__ import annotations

from collections.abc import Iterator

from casewright.machine.commands import Submit
from casewright.machine.effects import OpenAssignment, Publish, Target
from casewright.machine.facts import Actor
from casewright.machine.plan import Activity, Awaits, Constant, Emission, Field, Item, Plan, Sequence
from casewright.machine.policies import Milestone, Sla
from casewright.runtime.engine import Engine
from casewright.runtime.store.store import Store
from casewright.values import Duration, Span
from tests.runtime.world import Book, Connectors, Pages

STEPS = 5
AGENT = Actor("ann", "operator", frozenset({"csr"}))
HERE = Span("five_steps.yaml")
IN_A_DAY = Sla("in_a_day", goal=Milestone(Duration.parse("1d")))


def plan(*, rich: bool) -> Plan:
    """One stage of five steps that each wait for somebody."""
    fields = {f"answer_{number}": Field(f"answer_{number}", "text", str) for number in range(STEPS)}
    steps = tuple(step(number, rich=rich) for number in range(STEPS))
    work = Item("work", "work", "Work", "stage", HERE, body=Sequence("work", steps))
    return Plan("case_type/five_steps", "hash of five_steps", "Five steps", Sequence("", (work,)), fields)


def step(number: int, *, rich: bool) -> Item:
    """A step that opens an assignment and waits; a rich one publishes an event and starts a clock too."""
    opening = Emission(OpenAssignment, {"target": Constant(Target("operator", AGENT.id)), "label": Constant("Answer")})
    event = Emission(Publish, {"event": Constant("bench.asked"), "payload": Constant({"number": number})})
    emissions = (opening, event) if rich else (opening,)
    activity = Activity(emissions, awaits=Awaits.SUBMISSION, fields=(f"answer_{number}",))
    sla = IN_A_DAY if rich else ""
    return Item(f"ask_{number}", f"work.ask_{number}", "Answer", "collect", HERE, activity=activity, sla=sla)


def engine_on(store: Store, *, rich: bool = True) -> Engine:
    """An engine that needs no sources and no connectors."""
    book = Book.of(plan(rich=rich))
    return Engine(book, store, Pages(), Connectors(), lambda release: book)


def created(engine: Engine, count: int) -> list[str]:
    """So many cases that wait in their first step."""
    return [engine.create("five_steps", by=AGENT).id for _ in range(count)]


def submissions(cases: list[str]) -> Iterator[tuple[str, Submit, str]]:
    """The first four steps of all the cases, case after case in each round: what is asked next always waits."""
    for number in range(STEPS - 1):
        for case_id in cases:
            submit = Submit(f"work.ask_{number}", 1, {f"answer_{number}": "yes"})
            yield case_id, submit, f"{case_id}-{number}"
