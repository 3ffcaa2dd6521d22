"""What holds of every case, for random plans with work side by side, and random commands, legal or not."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.machine.acting import startable
from casewright.machine.commands import (
    Cancel,
    ChildResolved,
    Create,
    Failed,
    Fire,
    Goto,
    Occurred,
    Reopen,
    Result,
    RetryItem,
    SkipItem,
    StartItem,
    Submit,
)
from casewright.machine.decide import decide
from casewright.machine.decision import Decision, Refusal
from casewright.machine.effects import (
    AwaitEvent,
    CallConnector,
    CancelTimer,
    CloseAssignment,
    OpenAssignment,
    StartCase,
    StartTimer,
    StopAwaiting,
)
from casewright.machine.locating import locate
from casewright.machine.places import Stands
from casewright.machine.plan import Activity, Awaits, Nested
from casewright.machine.policies import Milestone, Sla
from casewright.machine.replay import Entry, replay
from casewright.machine.side_by_side import Alternative, OnEvent, OnField, OnItem, Repeat, Sentry
from casewright.machine.snapshot import LIVE, ItemLife
from casewright.values import Duration
from tests.machine.plans import (
    NOW,
    RuleBook,
    action,
    branch,
    case_type,
    collect,
    dialog,
    emit,
    facts,
    fields,
    flag,
    for_each,
    group,
    item,
    parallel,
    reading,
    stage,
)

HOUR = Duration.parse("1h")
SLA = Sla("soon", 5, Milestone(HOUR, 10), Milestone(Duration.parse("2h"), 20))
TALKING = dialog("talk", item("say", collect("x")), item("more", collect("y"), when=flag("x")))
FIELDS = fields("x", "y", many=lambda value: value)

CALL = Activity((emit(CallConnector, connector="a.b", arguments={}),), awaits=Awaits.RESULT)
CHILD = Activity((emit(StartCase, case_type="sub", data={}, wait=True),), awaits=Awaits.CHILD)
TALK = Activity(nested=Nested("dialog", "talk"))
RUN = Activity(nested=Nested("process", "flow", late=False))
EVENT = Activity(awaits=Awaits.EVENT, alternatives=(Alternative("event", event="a.b", when=flag("x")),))
FIRST = Activity(
    (emit(StartTimer, after=HOUR, name="late"),),
    awaits=Awaits.FIRST,
    alternatives=(Alternative("paid", event="a.b"), Alternative("late")),
)
SET = Activity(save={"y": reading("case.x")})
ACTIVITIES = [collect("x", "y"), collect("x", "many"), CALL, CHILD, TALK, RUN, EVENT, FIRST, SET]

NAMES = ("a", "b", "c")
PATHS = ["s0.a", "s0.b", "s1.a", "s0.a.a", "s0.b.a", "s0.a.a.a", "actions.note", "a", "b"]


def sentry(chance):
    parts = []
    for _ in range(chance.randint(0, 2)):
        state = chance.choice([ItemLife.COMPLETED, ItemLife.COMPLETED, *ItemLife])
        parts.append(chance.choice([OnItem(chance.choice(PATHS), state), OnField(chance.choice("xy")), OnEvent("a.b")]))
    return Sentry(tuple(parts), chance.choice([None, None, flag("x"), flag("y")]))


def guards(chance, *, of_action=False):
    """Any mix of what lets an item begin, end early, be started and be repeated; mostly none of it."""
    more = {}
    if chance.random() < 0.15:
        more["exit"] = (sentry(chance),)
    if chance.random() < 0.12 and not of_action:
        more["entry"] = (sentry(chance), Sentry(when=flag("x")))
    if chance.random() < 0.1 and not of_action:
        more["manual"] = True
    if chance.random() < 0.15:
        more["repeat"] = Repeat(flag("x"), 2)
    if chance.random() < 0.1:
        more["skip_when"] = flag("y")
    if chance.random() < 0.1:
        more["sla"] = SLA
    return more


def members(chance, depth):
    """Up to three items in a row, the deeper the simpler."""
    return [one(chance, name, depth) for name in NAMES[: chance.randint(1, 3)]]


def one(chance, name, depth):
    shapes = ["step", "group", "parallel", "parallel", "for_each", "for_each"] if depth else ["step"]
    shape, more = chance.choice(shapes), guards(chance)
    if chance.random() < 0.25:
        more["handler"] = item(f"{name}.failed", chance.choice([collect("x"), CALL]))
    if shape == "step":
        return item(name, chance.choice(ACTIVITIES), **more)
    if shape == "group":
        return group(name, *members(chance, depth - 1), **more)
    more |= {"join": chance.choice([0, 0, 1, 2]), "cancel_rest": chance.random() < 0.3}
    more |= {"at_once": chance.choice([0, 0, 1, 2])}
    if chance.random() < 0.2:
        more["done_when"] = flag("y")
    if shape == "for_each":
        return for_each(name, reading("case.many"), *members(chance, depth - 1), data=fields("x"), **more)
    if chance.random() < 0.3:
        more["save"] = {"many": reading("result.completed")}
    branches = [
        branch(each, *members(chance, depth - 1), required=chance.random() < 0.7, **guards(chance))
        for each in NAMES[: chance.randint(1, 3)]
    ]
    return parallel(name, *branches, **more)


def rules_of(chance):
    """A dialog, and a process that holds work side by side too."""
    steps = [one(chance, name, 1) for name in NAMES[: chance.randint(1, 2)]]
    steps = [each for each in steps if each.activity is not RUN] or [item("say", collect("x"))]
    return RuleBook({"dialog/talk": TALKING, "process/flow": dialog("flow", *map(without_runs, steps))})


def without_runs(step):
    """The step, running no process: one that runs itself would never come to rest."""
    body = step.body and replace(step.body, items=tuple(map(without_runs, step.body.items)))
    split = step.split and replace(step.split, branches=tuple(map(without_runs, step.split.branches)))
    if split and split.passes:
        inner = split.passes.sequence
        inner = replace(inner, items=tuple(map(without_runs, inner.items)))
        split = replace(split, passes=dialog("pass", *inner.items))
    activity = collect("x") if step.activity is RUN else step.activity
    return replace(step, body=body, split=split, activity=activity)


def plan_of(chance):
    stages = [stage(f"s{n}", *members(chance, 2)) for n in range(2)]
    stages[1:] = [stage("s1", *members(chance, 1), **guards(chance))]
    note = action("note", *members(chance, 1), once=chance.random() < 0.5, **guards(chance, of_action=True))
    return case_type(*stages, actions=(note,), fields=FIELDS, sla=chance.choice(["", SLA]))


VALUES = [{}, {}, {"x": "yes"}, {"x": "no"}, {"y": "yes"}, {"y": "no", "x": "yes"}, {"many": ["p", "q", "r"]}]


def command(chance, snapshot, listeners):
    """A command that mostly applies: it names something that is live, and does what that waits for."""
    if chance.random() < 0.25:
        return anything(chance, snapshot)
    path, visit, name = chance.choice([*sorted(listeners), ("nowhere", 1, "event")])
    heard = Occurred(path, visit, "a.b", {}, name)
    path = chance.choice([*snapshot.items, "actions.note"])
    row = snapshot.items.get(path)
    if row is None or row.state is ItemLife.ENABLED:
        return StartItem(path)
    if row.state is ItemLife.FAILED:
        return chance.choice([RetryItem(path, row.visit), SkipItem(path, row.visit)])
    if snapshot.timers and chance.random() < 0.2:
        return Fire(chance.choice([*snapshot.timers]))
    return chance.choice([Submit(path, row.visit, chance.choice(VALUES)), Result(path, row.visit, {}), heard])


def anything(chance, snapshot):
    path = chance.choice([*snapshot.items, "s1", "nowhere", "actions.note"])
    visit = snapshot.visits.get(path, 1) + chance.choice([0, 0, 0, 0, -1, 1])
    everything = [
        Submit(path, visit, {"wrong": 1}),
        Failed(path, visit, "broken"),
        Failed(path, visit, "broken"),
        ChildResolved(path, visit, "C-2", "Resolved-Completed"),
        StartItem(path, visit),
        Fire(chance.choice([*snapshot.timers, "gone"])),
        RetryItem(path, visit),
        SkipItem(path, visit),
        Goto(chance.choice(["s0", "s1", path])),
        Reopen(),
    ]
    return Cancel() if chance.random() < 0.03 else chance.choice(everything)


def fitting(chance, plan, rules, snapshot, listeners):
    """A command of those that the case takes, where a few tries find one."""
    for _ in range(10):
        given_command = command(chance, snapshot, listeners)
        if isinstance(decide(plan, snapshot, given_command, facts(rules)), Decision):
            break
    return given_command


class Outside:
    """What the world was asked for and has not been told to forget."""

    def __init__(self):
        self.assignments, self.timers, self.listeners = set(), set(), set()

    def take(self, effects):
        for effect in effects:
            if isinstance(effect, OpenAssignment):
                assert (effect.path, effect.visit) not in self.assignments
                self.assignments.add((effect.path, effect.visit))
            elif isinstance(effect, CloseAssignment):
                self.assignments.remove((effect.path, effect.visit))
            elif isinstance(effect, StartTimer):
                self.timers.add(effect.name)
            elif isinstance(effect, CancelTimer):
                self.timers.discard(effect.name)
            elif isinstance(effect, AwaitEvent):
                assert (effect.path, effect.visit, effect.listener) not in self.listeners
                self.listeners.add((effect.path, effect.visit, effect.listener))
            elif isinstance(effect, StopAwaiting):
                of_visit = {each for each in self.listeners if each[:2] == (effect.path, effect.visit)}
                assert of_visit, "only who listens is told to stop"
                self.listeners -= of_visit


def check(plan, rules, decision, outside):
    """What holds after every decision."""
    after, live = decision.snapshot, decision.snapshot.items
    visits = {(path, row.visit) for path, row in live.items()}
    assert all(row.state in LIVE and row.path == path and row.visit == after.visits[path] for path, row in live.items())
    assert outside.assignments <= {(path, v) for path, v in visits if live[path].state is ItemLife.ACTIVE}
    assert {(path, visit) for path, visit, _ in outside.listeners} <= visits
    assert {*after.timers} <= outside.timers
    assert all((timer.path, timer.visit) in visits or not timer.path for timer in after.timers.values())
    assert not after.is_resolved or not (live or after.timers or outside.listeners or outside.assignments)
    assert [*Counter((row.path, row.visit) for row in decision.items).values()].count(1) == len(decision.items)
    check_places(plan, rules, after)


def check_places(plan, rules, after):
    members = {}
    for path, row in after.items.items():
        found = locate(plan, after.items, path, rules)
        assert found is not None
        place, prefix = found[2], found[1]
        around = f"{prefix}.{place.around}".strip(".") if prefix else place.around
        assert not around or after.items[around].state is ItemLife.ACTIVE, "what is around a live item is active"
        if place.stands is Stands.MEMBER and not row.values.get("joined"):
            assert members.setdefault(around, path) == path, "one item of a sequence at a time"
            at = after.at if not around else after.items[around].at
            assert at == place.state
        holds_others = place.item.body is not None or place.item.split is not None or row.bound or row.kind == "pass"
        if row.state is ItemLife.ACTIVE and holds_others:
            beside = f"{path}.actions."
            inside = [each for each in after.items if each.startswith(f"{path}.") and not each.startswith(beside)]
            assert inside, f"nothing would ever take '{path}' on"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_every_decision_keeps_what_holds_of_every_case_and_is_replayed(seed):
    chance = Random(seed)
    plan, rules, outside = plan_of(chance), rules_of(chance), Outside()
    history = []
    snapshot = None
    for _ in range(25):
        if snapshot is None:
            given_command = Create("C-1", chance.choice([{}, {"x": "yes"}, {"x": "no", "many": ["p", "q"]}]))
        else:
            given_command = fitting(chance, plan, rules, snapshot, outside.listeners)
        outcome = decide(plan, snapshot, given_command, facts(rules))
        assert outcome == decide(plan, snapshot, given_command, facts(rules)), "the same arguments, the same outcome"
        if isinstance(outcome, Refusal):
            assert outcome.code != "restless"
            continue
        assert isinstance(outcome, Decision)
        outside.take(outcome.effects)
        check(plan, rules, outcome, outside)
        snapshot = outcome.snapshot
        history.append(Entry(plan.digest, given_command, facts(rules, now=NOW, bound=outcome.bound)))
        check_startable(plan, rules, snapshot)
    assert replay(lambda digest: plan, history) == snapshot


def check_startable(plan, rules, snapshot):
    """What is said to be startable is started, and nothing else."""
    offered = startable(plan, snapshot, facts(rules))
    assert isinstance(offered, tuple)
    for each in offered:
        outcome = decide(plan, snapshot, StartItem(each.path, each.visit), facts(rules))
        assert isinstance(outcome, Decision) == each.may
        assert each.may or outcome.message == each.because
