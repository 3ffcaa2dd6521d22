"""What conditions and values read: the case, the actor, and pages that are asked for when they are needed."""

from __future__ import annotations

import pytest

from casewright.machine.charts import START
from casewright.machine.commands import Cancel, Create, Goto, PagesLoaded, Submit
from casewright.machine.decide import decide
from casewright.machine.decision import Needs, Refusal
from casewright.machine.effects import AddNote, CallConnector, LoadPage, PageRequest
from casewright.machine.facts import Actor, Unavailable
from casewright.machine.plan import Activity, Awaits, Context, Field
from casewright.machine.replay import Entry, replay
from casewright.machine.snapshot import Parked
from tests.machine.plans import (
    ANN,
    NOW,
    Reads,
    RuleBook,
    case_type,
    collect,
    created,
    decided,
    emit,
    facts,
    fields,
    item,
    stage,
    text,
)

CUSTOMER = Context("customer", "D_Customer", {"customer_id": Reads(lambda roots: roots["case"]["customer_id"])})
ADA = PageRequest.of("D_Customer", {"customer_id": "ada"})
BOB = PageRequest.of("D_Customer", {"customer_id": "bob"})
PAGES = {ADA: {"id": "ada", "name": "Ada"}, BOB: {"id": "bob", "name": "Bob"}}


def noting(function):
    """A plan that notes what a value reads, and waits."""
    note = Activity((emit(AddNote, text=Reads(function)),))
    return case_type(
        stage("work", item("note", note), item("b", collect("x", "customer_id")), item("again", note)),
        fields=fields("x", "customer_id"),
        context={"customer": CUSTOMER},
    )


def read(function, given=None, **data):
    return created(noting(function), given, **data).effects[0].text


def test_every_declared_field_can_be_read_and_is_none_while_it_is_empty():
    assert read(lambda roots: repr((roots["case"]["x"], roots["case"]["customer_id"])), x="1") == "('1', None)"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "C-1"),
        ("type", "example"),
        ("status", "Open"),
        ("urgency", 10),
        ("created_at", NOW),
        ("created_by", "ann"),
    ],
)
def test_a_case_says_about_itself(name, value):
    assert read(lambda roots: repr(roots["case"][name])) == repr(value)


def test_the_actor_is_read_with_roles_and_the_attributes_of_the_host():
    actor = Actor("ann", "operator", frozenset({"csr", "lead"}), {"site": "Berlin", "id": "forged"})
    shown = read(lambda roots: repr(roots["actor"]), facts(actor=actor))
    assert shown == repr({"site": "Berlin", "id": "ann", "kind": "operator", "roles": ["csr", "lead"]})


def test_the_interaction_and_the_instant_are_handed_in():
    given = facts(interaction={"channel": "voice"})
    assert read(lambda roots: f"{roots['interaction']['channel']} {roots['$now']:%H:%M}", given) == "voice 15:30"


def test_a_page_that_is_needed_is_asked_for_and_then_kept_with_the_decision():
    plan = noting(lambda roots: roots["customer"]["name"])
    create = Create("C-1", {"customer_id": "ada"})
    assert decide(plan, None, create, facts()) == Needs(frozenset({ADA}))
    decision = decided(plan, None, create, facts(pages=PAGES))
    assert decision.effects[0] == AddNote("Ada")
    assert decision.pages == {ADA: PAGES[ADA]}


def test_pages_that_the_plan_expects_to_need_are_asked_for_together():
    account = Context("account", "D_Account", {"owner": Reads(lambda roots: roots["case"]["customer_id"])})
    unused = Context("unused", "D_Unused", {"owner": Reads(lambda roots: roots["case"]["customer_id"])})
    plan = case_type(
        stage("work", item("note", Activity((emit(AddNote, text=Reads(lambda roots: roots["customer"]["name"])),)))),
        fields=fields("customer_id"),
        context={"customer": CUSTOMER, "account": account, "unused": unused},
        reads={"": frozenset({"customer", "account", "case"})},
    )
    needs = decide(plan, None, Create("C-1", {"customer_id": "ada"}), facts())
    assert needs == Needs(frozenset({ADA, PageRequest.of("D_Account", {"owner": "ada"})}))


def test_a_root_is_none_while_a_parameter_of_its_page_is_empty():
    assert read(lambda roots: repr(roots["customer"])) == "None"


def test_a_changed_field_has_the_context_worked_out_anew():
    plan = noting(lambda roots: roots["customer"]["name"])
    given = facts(pages=PAGES)
    first = created(plan, given, customer_id="ada")
    decision = decided(plan, first.snapshot, Submit("work.b", 1, {"customer_id": "bob"}), given)
    assert AddNote("Bob") in decision.effects
    assert decision.pages == {BOB: PAGES[BOB]}


def test_a_field_saved_on_the_way_is_followed_by_its_context_within_one_decision():
    note = Activity((emit(AddNote, text=Reads(lambda roots: roots["customer"]["name"])),))
    change = Activity(save={"customer_id": Reads(lambda roots: "bob")})
    plan = case_type(
        stage("work", item("before", note), item("change", change), item("after", note), item("b", collect("x"))),
        fields=fields("x", "customer_id"),
        context={"customer": CUSTOMER},
    )
    assert created(plan, facts(pages=PAGES), customer_id="ada").effects[:2] == (AddNote("Ada"), AddNote("Bob"))


CARD = Field("card", "card", text, record_page="D_Card", record_parameter="card_id", record_key="number")
CARD_PAGE = PageRequest.of("D_Card", {"card_id": "4711"})


def with_card(function):
    call = Activity((emit(CallConnector, connector="c.d", arguments=Reads(function)),), awaits=Awaits.RESULT)
    return case_type(stage("work", item("call", call)), fields={"card": CARD})


def test_the_key_of_a_record_is_at_hand_without_its_page():
    plan = with_card(lambda roots: {"key": roots["case"]["card"]["number"], "whole": roots["case"]["card"]})
    decision = created(plan, card="4711")
    assert decision.effects[0].arguments == {"key": "4711", "whole": "4711"}
    assert decision.pages == {}


@pytest.mark.parametrize(
    "function",
    [
        lambda roots: {"is": roots["case"]["card"]["limit"]},
        lambda roots: {"is": roots["case"]["card"].get("limit")},
        lambda roots: {"is": 500 if "limit" in roots["case"]["card"] else 0},
        lambda roots: {"is": dict(roots["case"]["card"].items()).get("limit", roots["case"]["card"].get("limit"))},
    ],
)
def test_the_rest_of_a_record_is_read_through_its_page_once(function):
    plan = with_card(function)
    create = Create("C-1", {"card": "4711"})
    assert decide(plan, None, create, facts()) == Needs(frozenset({CARD_PAGE}))
    decision = decided(plan, None, create, facts(pages={CARD_PAGE: {"number": "4711", "limit": 500}}))
    assert decision.effects[0].arguments == {"is": 500}


def test_a_name_that_the_record_lacks_is_none():
    plan = with_card(lambda roots: {"is": roots["case"]["card"].get("colour")})
    given = facts(pages={CARD_PAGE: {"number": "4711"}})
    assert created(plan, given, card="4711").effects[0].arguments == {"is": None}


# -- pages that cannot be read -----------------------------------------------------------------------------------------

DOWN = facts(pages={ADA: Unavailable("connection refused")})


def waiting():
    return created(noting(lambda roots: roots["customer"]["name"]), DOWN, customer_id="ada")


def test_a_command_waits_where_a_page_cannot_be_read_and_nothing_of_it_is_lost():
    decision = waiting()
    create = Create("C-1", {"customer_id": "ada"})
    assert decision.snapshot.parked == (Parked(create, ANN),)
    assert (decision.snapshot.version, decision.snapshot.at, decision.snapshot.items) == (1, START, {})
    assert decision.effects == (LoadPage(ADA),)
    assert decision.pages == {ADA: Unavailable("connection refused")}
    assert decision.trace[0].because == "connection refused"


def test_waiting_commands_are_taken_up_in_the_name_of_those_who_gave_them():
    plan = noting(lambda roots: f"{roots['customer']['name']} by {roots['actor']['id']}")
    given = facts(pages=PAGES, actor=Actor("system", "system"))
    decision = decided(plan, waiting().snapshot, PagesLoaded(), given)
    assert decision.effects[0] == AddNote("Ada by ann")
    assert (decision.snapshot.version, decision.snapshot.parked) == (2, ())


def test_what_still_cannot_be_read_goes_on_waiting():
    plan = noting(lambda roots: roots["customer"]["name"])
    decision = decided(plan, waiting().snapshot, PagesLoaded(), DOWN)
    assert len(decision.snapshot.parked) == 1
    assert decision.effects == (LoadPage(ADA),)


def test_two_commands_that_wait_are_decided_one_after_the_other():
    plan = case_type(
        stage("work", item("a", collect("x")), item("b", collect("y"))),
        fields=fields("x", "y", "customer_id"),
        context={"customer": CUSTOMER},
    )
    needy = Reads(lambda roots: roots["customer"]["name"] == "Ada", "customer.name == Ada")
    asking = case_type(
        stage("work", item("a", collect("x")), item("b", collect("y"), when=needy), item("c", collect("x"))),
        fields=plan.fields,
        context=plan.context,
    )
    first = created(asking, customer_id="ada").snapshot
    parked = decided(asking, first, Submit("work.a", 1, {"x": "1"}), DOWN).snapshot
    both = decided(asking, parked, Submit("work.a", 1, {"x": "2"}), DOWN).snapshot
    assert len(both.parked) == 2
    decision = decided(asking, both, PagesLoaded(), facts(pages=PAGES))
    assert decision.snapshot.data["x"] == "1"
    assert "work.b" in decision.snapshot.items
    assert decision.trace[-1].what == "let go"
    assert decision.trace[-1].because == "'work.a' (visit 1) has ended already"


def test_commands_taken_up_together_each_bind_their_own_and_replay_so():
    needy = Reads(lambda roots: roots["customer"]["name"] == "Ada", "customer.name == Ada")
    choose = Activity(save={"x": Reads(lambda roots: roots["$rules"].bind("sla", "card", roots).variant or "base")})
    again = Activity(save={"y": Reads(lambda roots: roots["$rules"].bind("sla", "card", roots).variant or "base")})
    plan = case_type(
        stage("one", item("a", collect("z")), item("first", choose, when=needy), item("b", collect("z"))),
        stage("two", item("second", again, when=needy), item("c", collect("z"))),
        fields=fields("x", "y", "z", "customer_id"),
        context={"customer": CUSTOMER},
    )
    rules = RuleBook({"sla/card": 1, "sla/card@later": 2}, choose=lambda roots: "later" if roots["case"]["x"] else "")
    first = created(plan, facts(rules), customer_id="ada").snapshot
    down = facts(rules, pages=DOWN.pages)
    both = decided(plan, decided(plan, first, Submit("one.a"), down).snapshot, Goto("two"), down).snapshot
    decision = decided(plan, both, PagesLoaded(), facts(rules, pages=PAGES))
    assert (decision.snapshot.data["x"], decision.snapshot.data["y"]) == ("base", "later")
    kept = facts(RuleBook(rules.rules), pages=decision.pages, bound=decision.bound)
    assert decided(plan, both, PagesLoaded(), kept).snapshot == decision.snapshot


def test_a_command_that_waits_already_is_not_taken_twice():
    plan = noting(lambda roots: roots["customer"]["name"])
    refusal = decide(plan, waiting().snapshot, Submit("work.b"), DOWN)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "parked"


def test_what_was_read_and_bound_before_a_page_failed_is_kept_so_that_it_replays():
    account = Context("account", "D_Account", {"owner": Reads(lambda roots: roots["case"]["customer_id"])})
    unread = PageRequest.of("D_Account", {"owner": "ada"})
    both = Activity((emit(AddNote, text=Reads(lambda roots: f"{roots['customer']['name']} {roots['account']}")),))
    plan = case_type(
        stage("work", item("note", both)),
        fields=fields("customer_id"),
        context={"customer": CUSTOMER, "account": account},
    )
    create = Create("C-1", {"customer_id": "ada"})
    decision = decided(plan, None, create, facts(pages={**PAGES, unread: Unavailable("down")}))
    assert decision.pages == {ADA: PAGES[ADA], unread: Unavailable("down")}
    assert replay(lambda digest: plan, [Entry("digest", create, facts(pages=decision.pages))]) == decision.snapshot


def test_the_end_of_a_case_lets_go_of_what_still_waits():
    plan = noting(lambda roots: roots["customer"]["name"])
    decision = decided(plan, waiting().snapshot, Cancel())
    assert decision.snapshot.parked == ()
    assert (decision.trace[0].what, decision.trace[0].because) == ("let go", "the case is resolved")


def test_a_case_that_may_not_begin_after_all_ends():
    never = Reads(lambda roots: roots["customer"]["name"] == "Eve", 'customer.name == "Eve"')
    plan = case_type(
        stage("work", item("a", collect("x"))),
        fields=fields("x", "customer_id"),
        context={"customer": CUSTOMER},
        start_when=never,
    )
    parked = created(plan, DOWN, customer_id="ada").snapshot
    decision = decided(plan, parked, PagesLoaded(), facts(pages=PAGES))
    assert decision.snapshot.status == "Resolved-Cancelled"
    assert decision.trace[-1].because == 'Example cannot be started: customer.name == "Eve" does not hold'


def test_with_nothing_waiting_loaded_pages_change_nothing():
    plan = noting(lambda roots: "")
    refusal = decide(plan, created(plan).snapshot, PagesLoaded(), facts())
    assert isinstance(refusal, Refusal)
    assert refusal.code == "stale"


def test_a_value_can_say_on_the_trace_why_it_came_out_so():
    def decide_fee(roots):
        roots["$rules"].note("row 3 of replacement_fee", "segment is VIP")
        return "noted"

    decision = created(noting(decide_fee), facts(RuleBook()))
    assert [(e.path, e.what, e.because) for e in decision.trace] == [
        ("work.note", "row 3 of replacement_fee", "segment is VIP")
    ]
