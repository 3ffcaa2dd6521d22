"""A case begins only where, by whom and with what its type says."""

from __future__ import annotations

import pytest

from casewright.machine.commands import Create
from casewright.machine.decide import decide
from casewright.machine.decision import Decision, Refusal
from casewright.machine.effects import PageRequest
from casewright.machine.facts import SYSTEM, Actor
from casewright.machine.plan import Constant, Context, Field
from tests.machine.plans import Reads, case_type, collect, created, facts, fields, item, number, stage, text

ACTIVE = Reads(lambda roots: roots["case"]["segment"] != "closed", 'case.segment != "closed"')
PLAN = case_type(
    stage("work", item("a", collect("x"))),
    fields={
        **fields("x", "segment", fee=number),
        "shipping": Field("shipping", "choice", text, default=Constant("standard")),
        "carrier": Field("carrier", "text", text, default=Reads(lambda roots: f"{roots['case']['shipping']} post")),
    },
    start_when=ACTIVE,
    start_by=frozenset({"csr", "customer"}),
    open_to=frozenset({"agent", "chatbot"}),
)
CLERK = Actor("joe", "operator", frozenset({"clerk"}))


def test_defaults_fill_what_was_not_given():
    assert created(PLAN, x="1").snapshot.data == {"x": "1", "shipping": "standard", "carrier": "standard post"}
    assert created(PLAN, shipping="courier").snapshot.data == {"shipping": "courier", "carrier": "courier post"}


@pytest.mark.parametrize(
    ("command", "actor", "code", "message"),
    [
        (
            Create("C-1", {"segment": "closed"}),
            None,
            "start_condition",
            'Example cannot be started: case.segment != "closed" does not hold',
        ),
        (Create("C-1", channel="fax"), None, "channel", "Example is open to agent, chatbot, not to 'fax'"),
        (Create("C-1"), CLERK, "not_allowed", "Example may be started by csr, customer; 'joe' is none of these"),
        (
            Create("C-1", {"fee": "free", "fe": 1}),
            None,
            "invalid",
            "the case cannot take this: fee: a number is expected; fe: 'fe' is not asked for here; "
            "this takes x, segment, fee, shipping, carrier; did you mean 'fee'?",
        ),
    ],
)
def test_a_case_that_may_not_begin_says_why(command, actor, code, message):
    refusal = decide(PLAN, None, command, facts(**({"actor": actor} if actor else {})))
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.message) == (code, message)


def test_rules_and_parents_start_cases_without_being_asked_for_channel_or_role():
    assert isinstance(decide(PLAN, None, Create("C-1", channel="event"), facts(actor=SYSTEM)), Decision)
    child = Create("C-2", channel="event", parent="C-1", parent_path="work.order", parent_visit=2)
    decision = decide(PLAN, None, child, facts(actor=CLERK))
    assert isinstance(decision, Decision)
    assert (decision.snapshot.parent, decision.snapshot.parent_path, decision.snapshot.parent_visit) == (
        "C-1",
        "work.order",
        2,
    )


def test_a_customer_may_start_what_is_open_to_customers():
    customer = Actor("ada", "customer")
    assert isinstance(decide(PLAN, None, Create("C-1", channel="chatbot"), facts(actor=customer)), Decision)


INTERNAL = case_type(
    stage("work", item("a", collect("x"))),
    fields={**fields("x"), "fee": Field("fee", "money", number, internal=True)},
)


def test_only_rules_give_an_internal_field_to_a_new_case():
    refusal = decide(INTERNAL, None, Create("C-1", {"fee": 0}), facts(actor=Actor("shop", "service")))
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.details) == (
        "invalid",
        (("fee", "it is internal: only the rules of the case fill it, so leave it out"),),
    )
    begun = decide(INTERNAL, None, Create("C-1", {"fee": 3}), facts(actor=SYSTEM))
    child = decide(INTERNAL, None, Create("C-1", {"fee": 3}, parent="C-0"), facts(actor=CLERK))
    assert [each.snapshot.data for each in (begun, child) if isinstance(each, Decision)] == [{"fee": 3}, {"fee": 3}]


OF_A_CUSTOMER = case_type(
    stage("work", item("a", collect("x"))),
    fields=fields("x", "customer_id"),
    context={"customer": Context("customer", "D_Customer", {"id": Reads(lambda roots: roots["case"]["customer_id"])})},
    start_when=Reads(lambda roots: False, 'customer.status == "active"', frozenset({"customer"})),
)


@pytest.mark.parametrize(
    ("data", "customer", "because"),
    [
        ({"customer_id": "C-9999"}, None, "there is no customer 'C-9999'"),
        ({}, None, "it names no customer"),
        ({"customer_id": "C-1"}, {"status": "closed"}, 'customer.status == "active" does not hold'),
    ],
)
def test_a_record_that_is_not_found_is_the_reason_why_a_case_cannot_be_started(data, customer, because):
    pages = {PageRequest.of("D_Customer", {"id": data.get("customer_id")}): customer}
    refusal = decide(OF_A_CUSTOMER, None, Create("C-1", data), facts(pages=pages))
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.message) == ("start_condition", f"Example cannot be started: {because}")
