"""History leads back to the state: for random plans and random commands, legal or not, nothing else is needed."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casewright.machine.commands import (
    Cancel,
    ChildResolved,
    Create,
    Failed,
    Fire,
    Goto,
    PagesLoaded,
    Reopen,
    Result,
    RetryItem,
    SkipItem,
    Submit,
)
from casewright.machine.decide import decide
from casewright.machine.decision import Decision, Needs, Refusal
from casewright.machine.effects import (
    CallConnector,
    CloseAssignment,
    OpenAssignment,
    PageRequest,
    StartCase,
    StartTimer,
)
from casewright.machine.facts import Unavailable
from casewright.machine.plan import Activity, Awaits, Context, Nested
from casewright.machine.policies import Milestone, Sla
from casewright.machine.replay import Diverged, Entry, replay
from casewright.machine.snapshot import LIVE
from casewright.values import Duration
from tests.machine.plans import (
    NOW,
    Reads,
    RuleBook,
    case_type,
    collect,
    created,
    dialog,
    emit,
    facts,
    fields,
    item,
    linear,
    stage,
)

IS_SET = Reads(lambda roots: roots["case"]["x"] is not None, "case.x != null")
IS_ADA = Reads(lambda roots: (roots["customer"] or {}).get("name") == "Ada", 'customer.name == "Ada"')
IS_GOLD = Reads(lambda roots: (roots["account"] or {}).get("name") == "Ada", 'account.name == "Ada"')
PAGES = {
    PageRequest.of(page, {"id": key}): {"name": name}
    for page in ("D_Customer", "D_Account")
    for key, name in (("a", "Ada"), ("b", "Bob"))
}
SLA = Sla("soon", 5, Milestone(Duration.parse("1h"), 10), Milestone(Duration.parse("2h"), 20, "late"))
INNER = dialog("talk", item("say", collect("x"), must=True), item("more", collect("x"), when=IS_SET), pass_mark=None)
OTHER = dialog("talk", item("hello", collect("x")))
RULES = {"dialog/talk": INNER, "dialog/talk@other": OTHER, "process/talk": INNER, "sla/soon": SLA}

CALL = Activity((emit(CallConnector, connector="a.b", arguments={}),), awaits=Awaits.RESULT)
CHILD = Activity((emit(StartCase, case_type="child", data={}, wait=True),), awaits=Awaits.CHILD)
WAIT = Activity((emit(StartTimer, after=Duration.parse("1h")),), awaits=Awaits.TIMER)
TALK = Activity(nested=Nested("dialog", "talk"))
RUN = Activity(nested=Nested("process", "talk", late=False))
ACTIVITIES = [collect("x", "customer_id"), collect("x"), CALL, CHILD, WAIT, TALK, RUN, None]


@st.composite
def plans(draw):
    def step(name):
        handled = draw(st.booleans())
        return item(
            name,
            draw(st.sampled_from(ACTIVITIES)),
            when=draw(st.sampled_from([None, None, IS_SET, IS_ADA, IS_GOLD])),
            handler=item(f"{name}.failed", draw(st.sampled_from([collect("x"), CALL]))) if handled else None,
            sla=draw(st.sampled_from(["", "", "soon", SLA])),
        )

    stages = [
        stage(
            f"s{n}", *(step(f"t{k}") for k in range(draw(st.integers(0, 3)))), sla=draw(st.sampled_from(["", "soon"]))
        )
        for n in range(draw(st.integers(1, 3)))
    ]
    aside = stage("aside", item("t0", collect("x")), status="Resolved-Aside")
    of_customer = {"id": Reads(lambda roots: roots["case"]["customer_id"])}
    context = {
        "customer": Context("customer", "D_Customer", of_customer),
        "account": Context("account", "D_Account", of_customer),
    }
    return case_type(
        *stages,
        alternates=(aside,),
        fields=fields("x", "customer_id"),
        context=context,
        sla=draw(st.sampled_from(["", "soon"])),
    )


def command(draw, snapshot):
    """A command that often applies: most name something that is live."""
    paths = [*snapshot.items, "s0", "s1.t0", "nowhere"]
    path = draw(st.sampled_from(paths))
    visit = snapshot.visits.get(path, 1) + draw(st.sampled_from([0, 0, 0, 0, -1, 1]))
    data = draw(st.sampled_from([{}, {"x": "1"}, {"customer_id": "a"}, {"customer_id": "b", "x": "2"}, {"wrong": 1}]))
    timers = [*snapshot.timers, "gone"]
    return draw(
        st.sampled_from(
            [
                Submit(path, visit, data),
                Submit(path, visit, data),
                Submit(path, visit, {}),
                Result(path, visit, {"ok": True}),
                Failed(path, visit, "broken"),
                Fire(draw(st.sampled_from(timers))),
                ChildResolved(path, visit, "C-2", "Resolved-Completed"),
                RetryItem(path, visit),
                SkipItem(path, visit),
                Goto(draw(st.sampled_from(["s0", "s1", "aside", "s0.t0", "nowhere"]))),
                Cancel(),
                Reopen(),
                PagesLoaded(),
            ]
        )
    )


def attempt(draw, plan, snapshot, given_command):
    """The outcome and the facts that it was decided on: needed pages are handed in, and some cannot be read."""
    book = RuleBook(RULES, choose=draw(st.sampled_from([lambda roots: "", lambda roots: "other"])))
    pages = {}
    while True:
        given_facts = facts(book, pages=pages)
        outcome = decide(plan, snapshot, given_command, given_facts)
        if not isinstance(outcome, Needs):
            return outcome, given_facts
        down = draw(st.booleans())
        pages |= {each: Unavailable("down") if down else PAGES[each] for each in outcome.requests}


def check(decision, before, assignments):
    """What holds after every decision."""
    after = decision.snapshot
    assert after.version == (before.version if before else 0) + 1
    assert all(row.state in LIVE and row.path == path for path, row in after.items.items())
    assert all(row.visit == after.visits[path] for path, row in after.items.items())
    changed = {row.path: row for row in decision.items if row.state in LIVE}
    assert all(after.items[path] == row for path, row in changed.items())
    assert all(timer.path in after.items or not timer.path for timer in after.timers.values())
    assert not after.is_resolved or not (after.items or after.timers)
    for effect in decision.effects:
        if isinstance(effect, OpenAssignment):
            assert (effect.path, effect.visit) not in assignments
            assignments.add((effect.path, effect.visit))
        elif isinstance(effect, CloseAssignment):
            assignments.remove((effect.path, effect.visit))
    assert assignments <= {(path, row.visit) for path, row in after.items.items()}


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_replay_of_the_history_is_the_state_whatever_was_commanded(data):
    plan = data.draw(plans())
    snapshot, history, assignments = None, [], set()
    first = Create("C-1", data.draw(st.sampled_from([{}, {"x": "1"}, {"customer_id": "a"}])))
    for number in range(data.draw(st.integers(1, 14))):
        given_command = first if snapshot is None else command(data.draw, snapshot)
        outcome, given_facts = attempt(data.draw, plan, snapshot, given_command)
        if isinstance(outcome, Refusal):
            assert outcome.code != "restless"
            assert number > 0
            continue
        check(outcome, snapshot, assignments)
        snapshot = outcome.snapshot
        kept = facts(RuleBook(RULES), now=NOW, pages=outcome.pages, bound=outcome.bound)
        history.append(Entry(plan.digest, given_command, kept))
        again = decide(plan, snapshot, given_command, given_facts)
        if isinstance(given_command, (Submit, Result, Failed, ChildResolved, Fire, SkipItem, Cancel, Create)):
            assert isinstance(again, Refusal), "a repeated command changes nothing"
    assert replay(lambda digest: plan, history) == snapshot


def test_a_history_that_does_not_lead_on_says_at_which_entry():
    plan = linear("a")
    entries = [Entry("digest", Create("C-1"), facts()), Entry("digest", Submit("work.b"), facts())]
    with pytest.raises(Diverged, match="entry 2 of the history is not decided again"):
        replay(lambda digest: plan, entries)


def test_no_history_leads_to_no_case():
    assert replay(lambda digest: linear("a"), []) is None


def test_replay_binds_what_was_bound_not_what_holds_now():
    plan = case_type(stage("work", item("talk", TALK)), fields=fields("x", "customer_id"))
    was = created(plan, facts(RuleBook(RULES, choose=lambda roots: "other")))
    assert isinstance(was, Decision)
    entry = Entry("digest", Create("C-1"), facts(RuleBook(RULES), bound=was.bound))
    assert replay(lambda digest: plan, [entry]) == was.snapshot
    assert "work.talk.hello" in was.snapshot.items


def test_a_rule_that_is_bound_twice_in_one_decision_is_replayed_with_both_variants():
    choose = Reads(lambda roots: roots["$rules"].bind("dialog", "talk", roots).variant)
    steps = [
        item("first", Activity(save={"x": choose})),
        item("second", Activity(save={"customer_id": choose})),
        item("end", collect("x")),
    ]
    plan = case_type(stage("work", *steps), fields=fields("x", "customer_id"))
    rules = RuleBook(RULES, choose=lambda roots: "other" if roots["case"]["x"] is not None else "")
    was = created(plan, facts(rules))
    assert was.snapshot.data == {"x": "", "customer_id": "other"}
    assert was.bound == {"dialog/talk": "hash of dialog/talk", "dialog/talk#2": "hash of dialog/talk@other"}
    entry = Entry("digest", Create("C-1"), facts(RuleBook(RULES), bound=was.bound))
    assert replay(lambda digest: plan, [entry]) == was.snapshot
