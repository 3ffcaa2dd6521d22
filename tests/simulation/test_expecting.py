"""Expectations that are not met: each says what was wanted and what was found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.stories import VERIFIED, played

WRONG = {
    "status: Resolved-Completed": ("status", "Resolved-Completed", "Open"),
    "stage: close": ("stage", "close", "replacement"),
    "urgency: 10": ("urgency", "10", "30"),
    "data: {card: CARD-2}": ("data.card", "CARD-2", "CARD-1"),
    "data: {fee: 1}": ("data.fee", "1", "nothing"),
    "data: {crad: CARD-1}": ("data.crad", "CARD-1", "no such field in lost; did you mean 'card'?"),
    "data: {fee: much}": ("data.fee", "much", "a field that cannot hold it: a number is expected, as 1234.50"),
    "waiting: [close.confirm]": ("waiting", "[close.confirm]", "[replacement.delivery]"),
    "assigned: {replacement.delivery: {queue: card_ops}}": (
        "assigned.replacement.delivery",
        "queue card_ops",
        "operator anna",
    ),
    "assigned: {replacement.delivry: {queue: card_ops}}": (
        "assigned.replacement.delivry",
        "queue card_ops",
        "no open assignment there; did you mean 'replacement.delivery'?",
    ),
    'text: {identify.verify.greet: "Good evening"}': (
        "text.identify.verify.greet",
        "words with 'Good evening'",
        "'Good day, Ada Lovelace.'",
    ),
    "text: {block.block_card: Blocked}": ("text.block.block_card", "words with 'Blocked'", "nothing shown there"),
    "sent: [blocked]": ("sent", "[blocked]", "[]"),
    "notes: [Blocked under]": ("notes", "[Blocked under]", "[]"),
    "called: []": ("called", "[]", "[cards.block]"),
    "children: [order]": ("children", "[order]", "[]"),
    "events: [survey.answered]": ("events", "survey.answered", "[]"),
    "incidents: 2": ("incidents", "2", "0"),
    "cases: {lost: 2}": ("cases.lost", "2", "1"),
    "cases: {losst: 1}": ("cases.losst", "1", "no such case type; did you mean 'lost'?"),
    "waiting: [replacement.delivry]": (
        "waiting",
        "[replacement.delivry]",
        "[replacement.delivery]; did you mean 'replacement.delivery'?",
    ),
    "text: {identify.verify.great: Good}": (
        "text.identify.verify.great",
        "words with 'Good'",
        "nothing shown there; did you mean 'identify.verify.greet'?",
    ),
}


@pytest.mark.parametrize("expected", WRONG)
def test_what_is_not_so_says_what_was_wanted_and_what_was_found(expected: str, tmp_path: Path) -> None:
    steps = f"{VERIFIED}  - {{submit: identify.details, with: {{card: CARD-1}}}}\n  - expect:\n      {expected}\n"
    (mismatch,) = played(steps, tmp_path).mismatches
    assert (mismatch.what, mismatch.wanted, mismatch.found) == WRONG[expected]
    assert mismatch.at.line == 11


@pytest.mark.parametrize(
    ("message", "what", "found"),
    [
        ("{correspondence: other}", "sent", "[blocked]"),
        ("{to: bob@example.org}", "sent.blocked.to", "ada@example.org"),
        ("{channel: sms}", "sent.blocked.channel", "email"),
        ("{subject: Unblocked}", "sent.blocked.subject", "'Your card is blocked'"),
        ("{body: Grace}", "sent.blocked.body", "'Dear Ada Lovelace, your reference is BLK-CARD-1.'"),
    ],
)
def test_a_message_is_compared_part_by_part(message: str, what: str, found: str, tmp_path: Path) -> None:
    steps = f"{VERIFIED}  - {{submit: identify.details, with: {{card: CARD-1, incident: stolen}}}}\n"
    (mismatch,) = played(f"{steps}  - expect: {{sent: [{message}]}}\n", tmp_path).mismatches
    assert (mismatch.what, mismatch.found) == (what, found)


def test_an_expectation_of_no_case_is_not_met(tmp_path: Path) -> None:
    (mismatch,) = played("  - expect: {status: Open}\n", tmp_path).mismatches
    assert (mismatch.what, mismatch.wanted, mismatch.found) == ("status", "Open", "no case")


def test_every_expectation_is_checked_though_an_earlier_one_is_not_met(tmp_path: Path) -> None:
    report = played(f"{VERIFIED}  - expect: {{status: Closed, stage: block, incidents: 0}}\n", tmp_path)
    assert [each.what for each in report.mismatches] == ["status", "stage"]
    assert report.checked == 3


def test_a_misspelt_role_of_an_actor_is_said_once(tmp_path: Path) -> None:
    steps = (
        "  - {create: order, with: {card: CARD-1}, as: {id: omar, roles: [card_opertor]}}\n  - {goto: make, as: omar}\n"
    )
    report = played(steps.replace("as: omar", "as: {id: omar, roles: [card_opertor]}"), tmp_path)
    (mismatch,) = report.mismatches
    assert (mismatch.what, mismatch.wanted, mismatch.found) == (
        "roles of omar",
        "card_opertor",
        "no such role; did you mean 'card_operator'?",
    )


def test_a_role_that_is_near_to_none_may_be_the_hosts_own(tmp_path: Path) -> None:
    assert played("  - {create: order, with: {card: CARD-1}, as: {id: omar, roles: [csr]}}\n", tmp_path).holds


LOAN = "  - {create: loan, with: {number: L-1, signers: [Ada, Bo]}}\n"
NOT_SO = {
    "items: {decide.checks.identity: completed}": ("items.decide.checks.identity", "completed", "active"),
    "items: {decide.sign: active}": ("items.decide.sign", "active", "not_entered"),
    "items: {decide.sign.2.ask: active}": ("items.decide.sign.2.ask", "active", "not_entered"),
    "items: {decide.checks.identty: active}": (
        "items.decide.checks.identty",
        "active",
        "no such item; did you mean 'decide.checks.identity'?",
    ),
    "enabled: [decide.checks.vist]": (
        "enabled",
        "[decide.checks.vist]",
        "[decide.checks.visit]; did you mean 'decide.checks.visit'?",
    ),
    "offered: []": ("offered", "[]", "[actions.amount, actions.letter]"),
    "milestones: [decide.checks.credit.scored]": ("milestones", "[decide.checks.credit.scored]", "[]"),
    "waits_for: [loan.paid]": ("waits_for", "[loan.paid]", "[]"),
}


def test_a_step_of_a_dialog_that_was_not_entered_is_no_mistake(tmp_path: Path) -> None:
    expected = "  - expect: {items: {identify.verify.birthday: not_entered, identify.verify.greet: active}}\n"
    assert played(f"  - {{create: lost, with: {{customer_id: C-1}}}}\n{expected}", tmp_path).mismatches == ()


@pytest.mark.parametrize("expected", NOT_SO)
def test_how_items_stand_is_compared_too(expected: str, tmp_path: Path) -> None:
    (mismatch,) = played(f"{LOAN}  - expect:\n      {expected}\n", tmp_path).mismatches
    assert (mismatch.what, mismatch.wanted, mismatch.found) == NOT_SO[expected]
