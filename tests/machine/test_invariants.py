"""What holds of every case, for random plans with work side by side, and random commands, legal or not."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, settings
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
RULES = RuleBook({"dialog/talk": dialog("talk", item("say", collect("x")), item("more", collect("y"), when=flag("x")))})
FIELDS = fields("x", "y", many=lambda value: value)

CALL = Activity((emit(CallConnector, connector="a.b", arguments={}),), awaits=Awaits.RESULT)
CHILD = Activity((emit(StartCase, case_type="sub", data={}, wait=True),), awaits=Awaits.CHILD)
TALK = Activity(nested=Nested("dialog", "talk"))
EVENT = Activity(awaits=Awaits.EVENT, alternatives=(Alternative("event", event="a.b", when=flag("x")),))
FIRST = Activity(
    (emit(StartTimer, after=HOUR, name="late"),),
    awaits=Awaits.FIRST,
    alternatives=(Alternative("paid", event="a.b"), Alternative("late")),
)
SET = Activity(save={"y": reading("case.x")})
ACTIVITIES = [collect("x", "y"), collect("x", "many"), CALL, CHILD, TALK, EVENT, FIRST, SET]

NAMES = ("a", "b", "c")
PATHS = ["s0.a", "s0.b", "s1.a", "s0.a.a", "s0.b.a", "s0.a.a.a", "actions.note", "a", "b"]


@st.composite
def sentries(draw):
    on = st.one_of(
        st.builds(OnItem, st.sampled_from(PATHS), st.sampled_from([*ItemLife])),
        st.builds(OnField, st.sampled_from(["x", "y"])),
        st.just(OnEvent("a.b")),
    )
    return Sentry(tuple(draw(st.lists(on, max_size=2))), draw(st.sampled_from([None, None, flag("x"), flag("y")])))


@st.composite
def guards(draw, *, of_action=False):
    """Any mix of what lets an item begin, end early, be started and be repeated; mostly none of it."""
    rarely = st.integers(0, 3).map(lambda number: number == 0)
    more = {"exit": tuple(draw(st.lists(sentries(), max_size=1)))} if draw(rarely) else {}
    if draw(rarely) and not of_action:
        more["entry"] = tuple(draw(st.lists(sentries(), min_size=1, max_size=2)))
    if draw(rarely) and not of_action:
        more["manual"] = True
    if draw(rarely):
        more["repeat"] = Repeat(flag("x"), 2)
    if draw(rarely):
        more["when"] = flag("y")
    if draw(rarely):
        more["sla"] = SLA
    return more


@st.composite
def members(draw, depth):
    """Up to three items in a row, the deeper the simpler."""
    return [draw(one(name, depth)) for name in NAMES[: draw(st.integers(1, 3 if depth else 2))]]


@st.composite
def one(draw, name, depth):
    shape = draw(st.sampled_from(["step", "step", "group", "parallel", "for_each"] if depth else ["step"]))
    more = draw(guards())
    if draw(st.integers(0, 3)) == 0:
        more["handler"] = item(f"{name}.failed", draw(st.sampled_from([collect("x"), CALL])))
    if shape == "step":
        return item(name, draw(st.sampled_from(ACTIVITIES)), **more)
    if shape == "group":
        return group(name, *draw(members(depth - 1)), **more)
    more |= {"join": draw(st.integers(0, 2)), "cancel_rest": draw(st.booleans()), "at_once": draw(st.integers(0, 2))}
    if draw(st.integers(0, 4)) == 0:
        more["done_when"] = flag("y")
    more["save"] = draw(st.sampled_from([{}, {"many": reading("result.completed")} if shape == "parallel" else {}]))
    if shape == "for_each":
        return for_each(name, reading("case.many"), *draw(members(depth - 1)), data=fields("x"), **more)
    branches = [
        branch(each, *draw(members(depth - 1)), required=draw(st.booleans()), **draw(guards()))
        for each in NAMES[: draw(st.integers(1, 3))]
    ]
    return parallel(name, *branches, **more)


@st.composite
def plans(draw):
    stages = [stage(f"s{n}", *draw(members(2)), **draw(guards())) for n in range(draw(st.integers(1, 2)))]
    note = action("note", *draw(members(1)), once=draw(st.booleans()), **draw(guards(of_action=True)))
    return case_type(*stages, actions=(note,), fields=FIELDS, sla=draw(st.sampled_from(["", SLA])))


VALUES = [{}, {"x": "yes"}, {"x": "no"}, {"y": "yes"}, {"y": "no", "x": "yes"}, {"wrong": 1}, {"many": ["p", "q", "r"]}]


def command(draw, snapshot, listeners):
    """A command that often applies: most name something that is live, and what it waits for."""
    path = draw(st.sampled_from([*snapshot.items, "s1", "nowhere", "actions.note"]))
    visit = snapshot.visits.get(path, 1) + draw(st.sampled_from([0, 0, 0, 0, 0, -1, 1]))
    heard = draw(st.sampled_from([*sorted(listeners), (path, visit, "event")]))
    fits = [
        Submit(path, visit, draw(st.sampled_from(VALUES))),
        Submit(path, visit, {}),
        Result(path, visit, {}),
        Failed(path, visit, "broken"),
        ChildResolved(path, visit, "C-2", "Resolved-Completed"),
        StartItem(path),
        Occurred(heard[0], heard[1], "a.b", {}, heard[2]),
    ]
    rest = [
        Fire(draw(st.sampled_from([*snapshot.timers, "gone"]))),
        RetryItem(path, visit),
        SkipItem(path, visit),
        Goto(draw(st.sampled_from(["s0", "s1", path]))),
        Cancel(),
        Reopen(),
    ]
    return draw(st.sampled_from([*fits, *fits, *fits, *rest]))


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


def check(plan, decision, outside):
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
    check_places(plan, after)


def check_places(plan, after):
    members = {}
    for path, row in after.items.items():
        found = locate(plan, after.items, path, RULES)
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


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_every_decision_keeps_what_holds_of_every_case_and_is_replayed(data):
    plan = data.draw(plans())
    snapshot, history, outside = None, [], Outside()
    first = Create("C-1", data.draw(st.sampled_from([{}, {"x": "yes"}, {"y": "yes", "many": ["p", "q"]}])))
    for number in range(data.draw(st.integers(1, 16))):
        given_command = first if snapshot is None else command(data.draw, snapshot, outside.listeners)
        outcome = decide(plan, snapshot, given_command, facts(RULES))
        assert outcome == decide(plan, snapshot, given_command, facts(RULES)), "the same arguments, the same outcome"
        if isinstance(outcome, Refusal):
            assert outcome.code != "restless"
            assert number > 0
            continue
        assert isinstance(outcome, Decision)
        outside.take(outcome.effects)
        check(plan, outcome, outside)
        snapshot = outcome.snapshot
        history.append(Entry(plan.digest, given_command, facts(RULES, now=NOW, bound=outcome.bound)))
        check_startable(plan, snapshot)
    assert replay(lambda digest: plan, history) == snapshot


def check_startable(plan, snapshot):
    """What is said to be startable is started, and nothing else."""
    offered = startable(plan, snapshot, facts(RULES))
    assert isinstance(offered, tuple)
    for each in offered:
        outcome = decide(plan, snapshot, StartItem(each.path, each.visit), facts(RULES))
        assert isinstance(outcome, Decision) == each.may
        assert each.may or outcome.message == each.because
