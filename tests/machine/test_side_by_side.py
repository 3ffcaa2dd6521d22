"""What an item means in a sequence it means in a branch, a pass and an action: clocks, dialogs, pages, returns."""

from __future__ import annotations

from datetime import timedelta

from casewright.machine.commands import (
    Cancel,
    Create,
    Failed,
    Fire,
    PagesLoaded,
    Reopen,
    Result,
    RetryItem,
    SkipItem,
    StartItem,
    Submit,
)
from casewright.machine.effects import (
    AddNote,
    CallConnector,
    CancelTimer,
    LoadPage,
    PageRequest,
    Resolve,
    StartTimer,
)
from casewright.machine.facts import SYSTEM, Unavailable
from casewright.machine.plan import Activity, Awaits, Context, Nested
from casewright.machine.policies import Milestone, Sla
from casewright.machine.replay import Entry, replay
from casewright.machine.side_by_side import OnItem, Sentry
from casewright.values import Duration
from tests.machine.plans import (
    NOW,
    RuleBook,
    action,
    branch,
    case_type,
    collect,
    created,
    decided,
    dialog,
    emit,
    facts,
    fields,
    flag,
    for_each,
    item,
    parallel,
    played,
    reading,
    refused,
    stage,
    waiting,
)

X = fields("x", "y", "customer_id", many=lambda value: value)
ASK = item("ask", collect("x"))
END = item("end", collect("x"))
CALL = Activity((emit(CallConnector, connector="a.b", arguments={}),), awaits=Awaits.RESULT)
SOON = Sla("soon", 0, Milestone(Duration.parse("1h"), 40))
CUSTOMER = Context("customer", "D_Customer", {"id": reading("case.customer_id")})
PAGE = PageRequest.of("D_Customer", {"id": "ada"})
UP, DOWN = facts(pages={PAGE: {"name": "Ada"}}), facts(pages={PAGE: Unavailable("timeout")})
TELL = item("tell", Activity((emit(AddNote, text=reading("customer.name")),)))


def plan_of(*steps, **more):
    return case_type(stage("work", *steps, END), fields=X, **more)


def both(*branches, **more):
    return parallel("p", *branches, **more)


def timers(snapshot):
    return {name: timer.due - NOW for name, timer in snapshot.timers.items()}


# -- clocks ------------------------------------------------------------------------------------------------------------


def test_the_clocks_of_a_branch_run_from_its_start_to_its_end():
    waits = branch("b", ASK, sla=SOON, entry=(Sentry((OnItem("work.p.a"),)),))
    plan = plan_of(both(branch("a", ASK, sla=SOON), waits))
    start = created(plan).snapshot
    assert timers(start) == {"work.p.a#1:goal": timedelta(hours=1)}
    second = decided(plan, start, Submit("work.p.a.ask"))
    assert CancelTimer("work.p.a#1:goal") in second.effects
    assert timers(second.snapshot) == {"work.p.b#1:goal": timedelta(hours=1)}
    assert played(plan, second.snapshot, Submit("work.p.b.ask")).timers == {}


def test_a_goal_that_passes_in_a_branch_makes_the_case_urgent_once():
    plan = plan_of(both(branch("a", item("ask", collect("x"), sla=SOON))))
    late = played(plan, created(plan).snapshot, Fire("work.p.a.ask#1:goal"))
    assert late.urgency == 50
    assert refused(plan, late, Fire("work.p.a.ask#1:goal")).code == "stale"


def test_each_pass_has_the_clocks_of_its_own_steps():
    plan = plan_of(for_each("each", reading("case.many"), item("ask", collect("x"), sla=SOON)))
    start = created(plan, many=["a", "b"]).snapshot
    assert sorted(start.timers) == ["work.each.1.ask#1:goal", "work.each.2.ask#1:goal"]
    assert sorted(played(plan, start, Submit("work.each.1.ask")).timers) == ["work.each.2.ask#1:goal"]


def test_the_clocks_of_a_split_end_with_its_join_and_those_of_the_rest_run_on():
    plan = plan_of(both(branch("a", ASK), branch("b", ASK, sla=SOON), join=1, sla=SOON))
    start = created(plan).snapshot
    assert sorted(start.timers) == ["work.p#1:goal", "work.p.b#1:goal"]
    assert sorted(played(plan, start, Submit("work.p.a.ask")).timers) == ["work.p.b#1:goal"]


# -- what runs inside --------------------------------------------------------------------------------------------------


def test_processes_are_pinned_wherever_they_stand():
    names = ("branch", "pass", "action")
    old = {f"process/{name}": dialog(name, item("old", collect("x"))) for name in names}
    new = {f"process/{name}@new": dialog(name, item("new", collect("x"))) for name in names}
    run = {name: item("run", Activity(nested=Nested("process", name, late=False))) for name in names}
    plan = plan_of(
        ASK,
        both(branch("a", run["branch"])),
        for_each("each", reading("case.many"), run["pass"]),
        actions=(action("act", run["action"]),),
    )
    rules = RuleBook(old | new)
    start = created(plan, facts(rules), many=["a"]).snapshot
    assert sorted(start.bindings) == ["process/action", "process/branch", "process/pass"]
    later = facts(RuleBook(old | new, choose=lambda roots: "new"))
    begun = played(plan, start, StartItem("actions.act"), Submit("work.ask"), given=later)
    assert waiting(begun) == ["actions.act.run.old", "work.p.a.run.old"]
    assert waiting(played(plan, begun, Submit("work.p.a.run.old"), given=later))[-1] == "work.each.1.run.old"


def test_a_failed_step_is_tried_again_in_its_branch_and_in_its_pass():
    plan = plan_of(both(branch("a", item("call", CALL))), for_each("each", reading("case.many"), item("call", CALL)))
    start = created(plan, many=["a"]).snapshot
    failed = played(plan, start, Failed("work.p.a.call", 1, "503"))
    again = decided(plan, failed, RetryItem("work.p.a.call"))
    assert [effect.path for effect in again.effects] == ["work.p.a.call"]
    inside = played(plan, again.snapshot, Result("work.p.a.call", 1, {}), Failed("work.each.1.call", 1, "503"))
    done = played(plan, inside, RetryItem("work.each.1.call"), Result("work.each.1.call", 1, {}))
    assert waiting(done) == ["work.end"]


def test_a_step_skipped_by_hand_takes_its_branch_and_its_pass_on():
    plan = plan_of(both(branch("a", ASK)), for_each("each", reading("case.many"), ASK))
    start = created(plan, many=["a"]).snapshot
    assert waiting(played(plan, start, SkipItem("work.p.a.ask"), SkipItem("work.each.1.ask"))) == ["work.end"]


# -- pages -------------------------------------------------------------------------------------------------------------


def test_a_command_in_a_branch_waits_for_a_page_that_cannot_be_read_and_the_others_go_on():
    plan = plan_of(both(branch("a", ASK, TELL), branch("b", ASK)), context={"customer": CUSTOMER})
    start = created(plan, customer_id="ada").snapshot
    parked = decided(plan, start, Submit("work.p.a.ask", 1, {"x": "1"}), DOWN)
    assert parked.effects == (LoadPage(PAGE),)
    on = decided(plan, parked.snapshot, Submit("work.p.b.ask"), DOWN).snapshot
    assert waiting(on) == ["work.p.a.ask"]
    taken = decided(plan, on, PagesLoaded(), UP)
    assert [effect.text for effect in taken.effects if isinstance(effect, AddNote)] == ["Ada"]
    assert waiting(taken.snapshot) == ["work.end"]
    assert taken.snapshot.data["x"] == "1"


def test_a_sentry_that_hangs_on_a_page_that_cannot_be_read_has_the_command_wait():
    vip = Sentry(when=reading("customer.name"))
    plan = plan_of(ASK, both(branch("a", ASK), branch("b", ASK, entry=(vip,))), context={"customer": CUSTOMER})
    parked = decided(plan, created(plan, customer_id="ada").snapshot, Submit("work.ask"), DOWN)
    assert [each.command for each in parked.snapshot.parked] == [Submit("work.ask")]
    assert waiting(decided(plan, parked.snapshot, PagesLoaded(), UP).snapshot) == ["work.p.a.ask", "work.p.b.ask"]


# -- ends and returns --------------------------------------------------------------------------------------------------


def test_a_case_that_is_cancelled_and_reopened_begins_its_branches_anew():
    plan = plan_of(both(branch("a", ASK, sla=SOON), branch("b", ASK)))
    once = played(plan, created(plan).snapshot, Submit("work.p.a.ask"))
    cancelled = decided(plan, once, Cancel())
    assert cancelled.snapshot.items == {}
    assert not any(isinstance(effect, StartTimer) for effect in cancelled.effects)
    again = played(plan, cancelled.snapshot, Reopen())
    assert waiting(again) == ["work.p.a.ask", "work.p.b.ask"]
    assert again.items["work.p"].values["completed"] == []


def test_what_is_queued_behind_a_branch_that_resolves_the_case_is_not_done():
    stop = item("stop", Activity((emit(Resolve, status="Resolved-Early"),)))
    tell = item("tell", Activity((emit(AddNote, text="never"),)))
    decision = created(plan_of(both(branch("a", stop), branch("b", tell))))
    assert decision.snapshot.status == "Resolved-Early"
    assert not any(isinstance(effect, AddNote) for effect in decision.effects)
    assert decision.snapshot.items == {}


def test_a_case_with_everything_side_by_side_is_worked_out_again_from_its_history():
    note = action("note", ASK)
    plan = plan_of(
        both(
            branch("a", ASK), branch("b", ASK, entry=(Sentry((OnItem("work.p.a"),)),), exit=(Sentry(when=flag("y")),))
        ),
        for_each("each", reading("case.many"), ASK, data=fields("x")),
        actions=(note,),
    )
    commands = [
        StartItem("actions.note"), Submit("work.p.a.ask"), Submit("actions.note.ask"), Submit("work.p.b.ask"),
        Submit("work.each.2.ask", 1, {"x": "own"}), Submit("work.each.1.ask"), Submit("work.end"),
    ]  # fmt: skip
    first = created(plan, many=["a", "b"])
    entries, snapshot = [], first.snapshot
    for each in commands:
        decision = decided(plan, snapshot, each, facts(actor=SYSTEM))
        entries.append(Entry("digest", each, facts(actor=SYSTEM, bound=decision.bound, pages=decision.pages)))
        snapshot = decision.snapshot
    assert snapshot.is_resolved
    begin = Entry("digest", Create("C-1", {"many": ["a", "b"]}), facts())
    assert replay(lambda digest: plan, [begin, *entries]) == snapshot
