"""Dialogs: bound on entry, asked line by line, scored, with evidence of what was said, and a mark to pass."""

from __future__ import annotations

from datetime import date

import pytest

from casewright.machine.commands import RetryItem, SkipItem, Submit
from casewright.machine.decide import decide
from casewright.machine.decision import Refusal
from casewright.machine.effects import OpenAssignment, Target
from casewright.machine.plan import Activity, Awaits, Constant, Field, Nested
from casewright.machine.snapshot import ItemLife
from tests.machine.plans import (
    NOW,
    Reads,
    RuleBook,
    case_type,
    collect,
    created,
    day,
    decided,
    dialog,
    emit,
    facts,
    fields,
    item,
    number,
    stage,
    text,
)

DESK = Target("operator", "ann")


def say(words):
    return Activity((emit(OpenAssignment, target=DESK, text=words),), awaits=Awaits.SUBMISSION)


def ask(words, expected, score, accept=text, **more):
    return Activity(
        (emit(OpenAssignment, target=DESK, text=words),),
        awaits=Awaits.SUBMISSION,
        answer=Field("answer", "text", accept, required=True),
        expect=None if expected is None else Constant(expected),
        score=score,
        **more,
    )


VERIFY = dialog(
    "verify",
    item("greet", say("Good morning."), kind="say"),
    item("recorded", say("This call may be recorded."), kind="say", must=True),
    item("birthday", ask("Your date of birth?", date(1990, 5, 4), 40, day), kind="ask"),
    item("city", ask("Your city?", "Berlin", 40), kind="ask"),
    item("payment", ask("Your last payment?", number("12.50"), 40, number), kind="ask"),
    pass_mark=60,
)
ENTER = Activity(
    nested=Nested("dialog", "verify"),
    save={"verified": Reads(lambda roots: roots["result"]["passed"])},
)
PLAN = case_type(
    stage("identify", item("verify", ENTER, kind="dialog"), item("b", collect("x"))),
    fields=fields("x", verified=lambda value: value),
)
RULES = RuleBook({"dialog/verify": VERIFY})
BASE = "identify.verify"


def play(*answers, plan=PLAN, rules=RULES, snapshot=None, first=("greet", "recorded")):
    """The decision after the lines were said and these answers given."""
    decision = created(plan, facts(rules)) if snapshot is None else None
    snapshot = decision.snapshot if decision else snapshot
    lines = [(name, {}) for name in first] + [(name, {"answer": answer}) for name, answer in answers]
    for name, data in lines:
        path = f"{BASE}.{name}"
        decision = decided(plan, snapshot, Submit(path, snapshot.visits[path], data), facts(rules))
        snapshot = decision.snapshot
    return decision


def test_a_dialog_runs_under_the_step_and_its_hash_is_kept():
    decision = created(PLAN, facts(RULES))
    assert list(decision.snapshot.items) == ["identify", BASE, f"{BASE}.greet"]
    assert decision.snapshot.items[BASE].bound == "hash of dialog/verify"
    assert decision.bound == {"dialog/verify": "hash of dialog/verify"}
    assert decision.effects == (OpenAssignment(f"{BASE}.greet", 1, DESK, "Greet", 10, "Good morning."),)


def test_a_dialog_goes_on_with_the_variant_that_it_was_entered_with():
    variant = dialog("verify", item("greet", say("Welcome back."), kind="say"), item("end", say("Bye."), kind="say"))
    rules = RuleBook({"dialog/verify": VERIFY, "dialog/verify@vip": variant}, choose=lambda roots: "vip")
    snapshot = created(PLAN, facts(rules)).snapshot
    standard = RuleBook(rules.rules)
    decision = decided(PLAN, snapshot, Submit(f"{BASE}.greet"), facts(standard))
    assert f"{BASE}.end" in decision.snapshot.items
    assert decision.bound == {}


def test_enough_points_pass_and_the_questions_left_are_not_asked():
    decision = play(("birthday", "1990-05-04"), ("city", " berlin "))
    assert decision.snapshot.data == {"verified": True}
    skipped = [row for row in decision.items if row.state is ItemLife.SKIPPED]
    assert [row.path for row in skipped] == [f"{BASE}.payment"]
    assert decision.trace[-1].because == "the pass mark of 60 is reached"
    assert "identify.b" in decision.snapshot.items


def test_too_few_points_fail_the_step_which_waits_for_somebody():
    decision = play(("birthday", "1990-05-05"), ("city", "Bonn"), ("payment", "12.5"))
    row = decision.snapshot.items[BASE]
    assert (row.state, row.values["error"]) == (ItemLife.FAILED, "not passed: 40 points, and 60 are needed")
    assert list(decision.snapshot.items) == ["identify", BASE]


def test_a_handler_takes_over_from_a_dialog_that_was_not_passed():
    handler = item("verify.failed", collect("x"))
    plan = case_type(stage("identify", item("verify", ENTER, kind="dialog", handler=handler)), fields=PLAN.fields)
    decision = play(("birthday", "1990-05-05"), ("city", "Bonn"), ("payment", "1"), plan=plan)
    assert list(decision.snapshot.items) == ["identify", f"{BASE}.failed"]


def test_a_dialog_tried_again_starts_from_its_first_line_without_points():
    failed = play(("birthday", "1990-05-05"), ("city", "Bonn"), ("payment", "1")).snapshot
    again = decided(PLAN, failed, RetryItem(BASE), facts(RULES)).snapshot
    assert again.items[BASE].values["score"] == 0
    assert again.items[f"{BASE}.greet"].visit == 2
    passed = play(("birthday", "1990-05-04"), ("city", "Berlin"), snapshot=again)
    assert passed.snapshot.data == {"verified": True}


@pytest.mark.parametrize(
    ("name", "given", "matched"),
    [
        ("birthday", "1990-05-04", True),
        ("birthday", date(1990, 5, 4), True),
        ("birthday", "1990-04-05", False),
    ],
)
def test_answers_compare_by_value(name, given, matched):
    rows = {row.path: row for row in play((name, given)).items}
    assert rows[f"{BASE}.{name}"].values["evidence"]["matched"] is matched


def test_decimals_compare_by_value_and_texts_without_case_and_space():
    assert play(("birthday", "1990-01-01"), ("city", "  BERLIN"), ("payment", "12.500")).snapshot.data["verified"]


def test_evidence_keeps_the_words_the_instant_the_actor_and_the_answer_never_the_expected_value():
    line = play().items[0]
    assert line.path == f"{BASE}.recorded"
    assert line.values["evidence"] == {"text": "This call may be recorded.", "at": NOW, "by": "ann"}
    answered = play(("birthday", "1990-01-01"))
    row = next(each for each in answered.items if each.path == f"{BASE}.birthday")
    assert row.values["evidence"] == {
        "text": "Your date of birth?",
        "at": NOW,
        "by": "ann",
        "answer": date(1990, 1, 1),
        "matched": False,
    }
    kept = (answered.items, answered.trace, answered.snapshot)
    assert "1990, 5, 4" not in repr(kept)


def test_a_line_that_must_be_said_cannot_be_skipped_by_hand_nor_can_what_holds_it():
    greeted, told = created(PLAN, facts(RULES)).snapshot, play(first=("greet",)).snapshot
    for snapshot, path in ((told, f"{BASE}.recorded"), (told, BASE), (told, "identify"), (greeted, BASE)):
        refusal = decide(PLAN, snapshot, SkipItem(path), facts(RULES))
        assert isinstance(refusal, Refusal)
        assert (refusal.code, refusal.message) == (
            "must",
            f"'{BASE}.recorded' must be done; '{path}' cannot be skipped",
        )


def test_a_dialog_may_be_skipped_once_its_compliance_line_was_said():
    decision = decided(PLAN, play().snapshot, SkipItem(BASE, 1, "known in person"), facts(RULES))
    states = {row.path: row.state for row in decision.items}
    assert states[BASE] is ItemLife.SKIPPED
    assert states[f"{BASE}.birthday"] is ItemLife.TERMINATED
    assert "identify.b" in decision.snapshot.items


def test_an_answer_that_does_not_fit_its_type_is_refused_and_asked_again():
    snapshot = play().snapshot
    refusal = decide(PLAN, snapshot, Submit(f"{BASE}.birthday", 1, {"answer": "spring"}), facts(RULES))
    assert isinstance(refusal, Refusal)
    assert refusal.details == (("answer", "a date is expected, as 2026-01-31"),)
    missing = decide(PLAN, snapshot, Submit(f"{BASE}.birthday", 1, {}), facts(RULES))
    assert isinstance(missing, Refusal)
    assert missing.details == (("answer", "answer is required"),)


def test_the_steps_of_a_dialog_read_how_it_stands():
    low = Reads(lambda roots: roots["item"]["score"] < 40, "item.score < 40")
    plan = dialog(
        "verify",
        item("city", ask("Your city?", "Berlin", 40), kind="ask"),
        item("extra", say(Reads(lambda roots: f"You said {roots['item']['answers']['city']}.")), kind="say", when=low),
    )
    rules = RuleBook({"dialog/verify": plan})
    asked = created(PLAN, facts(rules)).snapshot
    wrong = decided(PLAN, asked, Submit(f"{BASE}.city", 1, {"answer": "Bonn"}), facts(rules))
    assert wrong.effects[-1].text == "You said Bonn."
    right = decided(PLAN, asked, Submit(f"{BASE}.city", 1, {"answer": "Berlin"}), facts(rules))
    assert "identify.b" in right.snapshot.items


def test_the_standing_of_a_dialog_is_not_read_behind_it():
    over = Reads(lambda roots: roots.get("item") is None, "item == null")
    short = RuleBook({"dialog/verify": dialog("verify", item("greet", say("Hello."), kind="say"))})
    steps = (item("verify", ENTER, kind="dialog"), item("a", collect("x"), skip_when=over), item("b", collect("x")))
    plan = case_type(stage("identify", *steps), fields=PLAN.fields)
    decision = decided(plan, created(plan, facts(short)).snapshot, Submit(f"{BASE}.greet"), facts(short))
    assert "identify.b" in decision.snapshot.items


def test_a_step_of_a_dialog_saves_into_the_fields_of_the_case():
    plan = dialog(
        "verify",
        item("city", ask("Your city?", None, 0, save={"x": Reads(lambda roots: roots["result"]["answer"])})),
    )
    rules = RuleBook({"dialog/verify": plan})
    asked = created(PLAN, facts(rules)).snapshot
    decision = decided(PLAN, asked, Submit(f"{BASE}.city", 1, {"answer": "Bonn"}), facts(rules))
    assert decision.snapshot.data["x"] == "Bonn"
    assert all("matched" not in row.values.get("evidence", {}) for row in decision.items)


def test_a_process_runs_as_it_was_when_the_case_was_created():
    old = dialog("check", item("old", collect("x")))
    new = dialog("check", item("new", collect("x")))
    rules = RuleBook({"process/check": old, "process/check@new": new})
    run = Activity(nested=Nested("process", "check", late=False))
    plan = case_type(stage("one", item("a", collect("x")), item("run", run)), fields=fields("x"))
    snapshot = created(plan, facts(rules)).snapshot
    assert snapshot.bindings == {"process/check": "hash of process/check"}
    later = RuleBook(rules.rules, choose=lambda roots: "new")
    decision = decided(plan, snapshot, Submit("one.a"), facts(later))
    assert "one.run.old" in decision.snapshot.items
