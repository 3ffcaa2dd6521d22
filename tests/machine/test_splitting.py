"""Work side by side: branches and passes begin, each with rows of its own, at most so many at a time."""

from __future__ import annotations

from casewright.machine.commands import Goto, SkipItem, StartItem, Submit
from casewright.machine.effects import CloseAssignment, OpenAssignment, Target
from casewright.machine.plan import Activity
from casewright.machine.side_by_side import OnItem, Sentry
from casewright.machine.snapshot import ItemLife
from tests.machine.plans import (
    Reads,
    branch,
    case_type,
    collect,
    created,
    decided,
    fields,
    flag,
    for_each,
    group,
    item,
    parallel,
    played,
    reading,
    refused,
    stage,
    waiting,
)

X = fields("x", "y", many=lambda value: value)
END = item("end", collect("x"))


def two(*, steps=("kyc", "credit"), **more):
    """A case type with a step in each of these branches, and a step behind them."""
    branches = [branch(name, item("ask", collect("x"))) for name in steps]
    return case_type(stage("work", parallel("checks", *branches, **more), END), fields=X)


def over(*steps, values=("a", "b", "c"), **more):
    split = for_each("sign", Reads(lambda roots: roots["case"]["many"]), *steps, **more)
    plan = case_type(stage("work", split, END), fields=X)
    return plan, created(plan, many=list(values)).snapshot


def test_every_branch_begins_at_once_and_rests_at_its_own_step():
    decision = created(two())
    assert {path: (row.kind, row.state) for path, row in decision.snapshot.items.items()} == {
        "work": ("stage", ItemLife.ACTIVE),
        "work.checks": ("parallel", ItemLife.ACTIVE),
        "work.checks.kyc": ("branch", ItemLife.ACTIVE),
        "work.checks.credit": ("branch", ItemLife.ACTIVE),
        "work.checks.kyc.ask": ("collect", ItemLife.ACTIVE),
        "work.checks.credit.ask": ("collect", ItemLife.ACTIVE),
    }
    assert decision.snapshot.items["work.checks.kyc"].at == "ask"


def test_the_branches_are_worked_on_in_any_order_and_the_sequence_goes_on_behind_the_last():
    plan = two()
    one = played(plan, created(plan).snapshot, Submit("work.checks.credit.ask"))
    assert waiting(one) == ["work.checks.kyc.ask"]
    assert waiting(played(plan, one, Submit("work.checks.kyc.ask"))) == ["work.end"]


def test_a_branch_whose_condition_does_not_hold_is_skipped_and_not_waited_for():
    branches = [branch(name, item("ask", collect("x")), when=flag(name)) for name in ("x", "y")]
    plan = case_type(stage("work", parallel("checks", *branches), END), fields=X)
    decision = created(plan, y="yes")
    assert waiting(decision.snapshot) == ["work.checks.y.ask"]
    assert ("work.checks.x", "skipped", 'when does not hold: case.x == "yes"') in [
        (entry.path, entry.what, entry.because) for entry in decision.trace
    ]
    assert waiting(played(plan, decision.snapshot, Submit("work.checks.y.ask"))) == ["work.end"]


def test_where_no_branch_begins_the_sequence_goes_on_at_once():
    branches = [branch(name, item("ask", collect("x")), when=flag(name)) for name in ("x", "y")]
    for join in (0, 1, 2):
        plan = case_type(stage("work", parallel("checks", *branches, join=join), END), fields=X)
        assert waiting(created(plan).snapshot) == ["work.end"]
    assert waiting(over(item("ask", collect("x")), values=(), join=2)[1]) == ["work.end"]


def test_branches_without_a_step_that_waits_are_through_in_one_decision():
    branches = [branch("a", item("set", Activity(save={"x": reading("case.y")}))), branch("b")]
    plan = case_type(stage("work", parallel("checks", *branches), END), fields=X)
    decision = created(plan, y="1")
    assert waiting(decision.snapshot) == ["work.end"]
    assert decision.snapshot.data["x"] == "1"


def test_one_at_a_time_takes_the_branches_in_their_order():
    plan = two(steps=("a", "b", "c"), at_once=1)
    snapshot = created(plan).snapshot
    for name in ("a", "b", "c"):
        assert waiting(snapshot) == [f"work.checks.{name}.ask"]
        snapshot = played(plan, snapshot, Submit(f"work.checks.{name}.ask"))
    assert waiting(snapshot) == ["work.end"]


def test_what_stands_behind_one_at_a_time_sees_what_the_branch_before_it_saved():
    ask = item("ask", collect("x"))
    branches = [branch("a", ask), branch("b", ask, when=flag("x")), branch("c", ask)]
    plan = case_type(stage("work", parallel("checks", *branches, at_once=1), END), fields=X)
    snapshot = created(plan).snapshot
    assert waiting(played(plan, snapshot, Submit("work.checks.a.ask", 1, {"x": "yes"}))) == ["work.checks.b.ask"]
    assert waiting(played(plan, snapshot, Submit("work.checks.a.ask", 1, {"x": "no"}))) == ["work.checks.c.ask"]


def test_by_hand_and_one_at_a_time_is_any_order():
    ask = item("ask", collect("x"))
    branches = [branch(name, ask, manual=True) for name in ("a", "b")]
    plan = case_type(stage("work", parallel("checks", *branches, at_once=1), END), fields=X)
    snapshot = created(plan).snapshot
    assert [snapshot.items[f"work.checks.{name}"].state for name in ("a", "b")] == [ItemLife.ENABLED] * 2
    second = played(plan, snapshot, StartItem("work.checks.b"))
    refusal = refused(plan, second, StartItem("work.checks.a"))
    assert refusal.code == "no_room"
    assert refusal.message == "'work.checks.a' cannot start yet: as many as may run at once in 'work.checks' do so"
    first = played(plan, second, Submit("work.checks.b.ask"), StartItem("work.checks.a"))
    assert waiting(played(plan, first, Submit("work.checks.a.ask"))) == ["work.end"]


def test_a_branch_whose_sentry_fires_begins_when_there_is_room():
    ask = item("ask", collect("x"))
    behind = branch("c", ask, entry=(Sentry((OnItem("work.checks.a"),)),))
    plan = case_type(stage("work", parallel("checks", branch("a", ask), branch("b", ask), behind, at_once=1)), fields=X)
    snapshot = played(plan, created(plan).snapshot, Submit("work.checks.a.ask"))
    assert waiting(snapshot) == ["work.checks.c", "work.checks.b.ask"]
    assert snapshot.items["work.checks.c"].state is ItemLife.AVAILABLE
    assert waiting(played(plan, snapshot, Submit("work.checks.b.ask"))) == ["work.checks.c.ask"]


def test_branches_may_hold_groups_and_branches():
    inner = parallel("inner", branch("a", item("ask", collect("x"))), branch("b", item("ask", collect("x"))))
    plan = case_type(stage("work", parallel("checks", branch("deep", group("g", inner))), END), fields=X)
    snapshot = created(plan).snapshot
    at = "work.checks.deep.g.inner"
    assert waiting(snapshot) == [f"{at}.a.ask", f"{at}.b.ask"]
    assert waiting(played(plan, snapshot, Submit(f"{at}.b.ask"), Submit(f"{at}.a.ask"))) == ["work.end"]


def test_a_pass_for_each_element_runs_under_its_number():
    _, snapshot = over(item("ask", collect("x")))
    assert waiting(snapshot) == ["work.sign.1.ask", "work.sign.2.ask", "work.sign.3.ask"]
    assert [snapshot.items[f"work.sign.{n}"].values["item"] for n in (1, 2, 3)] == ["a", "b", "c"]
    assert {snapshot.items[f"work.sign.{n}"].kind for n in (1, 2, 3)} == {"pass"}


def test_passes_begin_one_after_another_where_only_one_may_run():
    plan, snapshot = over(item("ask", collect("x")), at_once=1)
    for number in (1, 2, 3):
        assert waiting(snapshot) == [f"work.sign.{number}.ask"]
        snapshot = played(plan, snapshot, Submit(f"work.sign.{number}.ask"))
    assert waiting(snapshot) == ["work.end"]


def test_elements_added_to_the_end_while_it_runs_begin_passes_of_their_own():
    more = item("more", Activity(save={"many": Reads(lambda roots: ["a", "b", "c"])}), when=flag("x"))
    plan, snapshot = over(item("ask", collect("x")), more, values=("a", "b"))
    grown = played(plan, snapshot, Submit("work.sign.1.ask", 1, {"x": "yes"}))
    assert waiting(grown) == ["work.sign.2.ask", "work.sign.3.ask"]
    assert grown.items["work.sign.3"].values["item"] == "c"


def test_a_list_that_shrinks_or_changes_takes_no_pass_away():
    less = item("less", Activity(save={"many": Reads(lambda roots: ["z"])}))
    plan, snapshot = over(item("ask", collect("x")), less)
    assert waiting(played(plan, snapshot, Submit("work.sign.1.ask"))) == ["work.sign.2.ask", "work.sign.3.ask"]


def test_what_is_no_list_fails_the_step():
    plan = case_type(stage("work", for_each("sign", reading("case.x"), item("ask", collect("x")))), fields=X)
    row = created(plan, x="one").snapshot.items["work.sign"]
    assert row.state is ItemLife.FAILED
    assert row.values["error"] == "there is no list to go through; what was found is 'one'"


def test_more_passes_than_moves_are_no_restlessness():
    _, snapshot = over(item("set", Activity(save={"x": reading("item")})), values=[str(n) for n in range(1500)])
    assert waiting(snapshot) == ["work.end"]
    assert snapshot.data["x"] == "1499"


def test_a_list_that_its_own_passes_lengthen_without_end_is_stopped():
    longer = Reads(lambda roots: [*roots["case"]["many"], "more"])
    _, snapshot = over(item("grow", Activity(save={"many": longer})), values=("a",))
    assert snapshot.items["work.sign"].values["error"].startswith("the list has 2001 elements; at most 2000")


def test_leaving_a_split_for_a_stage_ends_all_of_it():
    plan = case_type(
        stage("work", parallel("checks", *(branch(name, item("ask", collect("x"))) for name in ("a", "b")))),
        stage("close", item("bye", collect("x"))),
        fields=X,
    )
    decision = decided(plan, created(plan).snapshot, Goto("close"))
    assert list(decision.snapshot.items) == ["close", "close.bye"]
    assert {effect.path for effect in decision.effects if isinstance(effect, CloseAssignment)} == {
        "work.checks.a.ask",
        "work.checks.b.ask",
    }
    assert decision.effects[-1] == OpenAssignment("close.bye", 1, Target("queue", "front"), "Bye")


def test_a_return_opens_the_branches_as_new_visits():
    plan = two()
    again = played(plan, created(plan).snapshot, Goto("work.end"), Goto("work.checks"))
    assert again.items["work.checks.kyc.ask"].visit == 2
    assert waiting(again) == ["work.checks.kyc.ask", "work.checks.credit.ask"]


def test_a_branch_is_not_gone_to_by_hand():
    plan = two()
    refusal = refused(plan, created(plan).snapshot, Goto("work.checks.kyc"))
    assert refusal.message == (
        "'work.checks.kyc' is a branch, which begins with what it is part of; it cannot be gone to"
    )


def test_a_branch_skipped_by_hand_is_not_waited_for():
    plan = two()
    decision = decided(plan, created(plan).snapshot, SkipItem("work.checks.kyc"))
    assert waiting(decision.snapshot) == ["work.checks.credit.ask"]
    assert waiting(played(plan, decision.snapshot, Submit("work.checks.credit.ask"))) == ["work.end"]


def test_a_step_of_a_pass_may_be_gone_to_and_the_other_passes_stay():
    plan, snapshot = over(item("ask", collect("x")), item("more", collect("x")), values=("a", "b"))
    gone = played(plan, snapshot, Goto("work.sign.2.more"))
    assert waiting(gone) == ["work.sign.1.ask", "work.sign.2.more"]
    assert refused(plan, gone, Goto("work.sign.2")).message.startswith("'work.sign.2' is a pass over a list")
    assert refused(plan, gone, Goto("work.sign.7.more")).code == "unknown_target"


def test_what_waits_to_be_started_in_a_pass_is_started_there():
    plan, snapshot = over(item("ask", collect("x"), manual=True), values=("a", "b"))
    started = played(plan, snapshot, StartItem("work.sign.2.ask"))
    states = [started.items[f"work.sign.{number}.ask"].state for number in (1, 2)]
    assert states == [ItemLife.ENABLED, ItemLife.ACTIVE]
