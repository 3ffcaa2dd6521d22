"""Paths of a running case mean items of its plan, of one that runs inside an item, or of a pass over a list."""

from __future__ import annotations

from casewright.machine.locating import item_at, locate
from casewright.machine.plan import Activity, Nested
from tests.machine.plans import (
    RuleBook,
    action,
    branch,
    case_type,
    collect,
    created,
    dialog,
    facts,
    fields,
    for_each,
    item,
    parallel,
    reading,
    stage,
)

RULES = RuleBook({"dialog/talk": dialog("talk", item("say", collect("x")))})
ASK = item("ask", collect("x"))
PLAN = case_type(
    stage(
        "work",
        parallel("checks", branch("kyc", ASK, handler=item("kyc.failed", collect("x")))),
        for_each("each", reading("case.many"), ASK, item("talk", Activity(nested=Nested("dialog", "talk")))),
        actions=(action("extra", ASK),),
    ),
    actions=(action("note", ASK),),
    fields=fields("x", many=lambda value: value),
)


def test_every_item_is_walked_with_a_star_for_any_pass():
    assert [path for path, _ in PLAN.every_item()] == [
        "work",
        "work.checks",
        "work.checks.kyc",
        "work.checks.kyc.ask",
        "work.checks.kyc.failed",
        "work.each",
        "work.each.*.ask",
        "work.each.*.talk",
        "work.actions.extra",
        "work.actions.extra.ask",
        "actions.note",
        "actions.note.ask",
    ]


def test_a_pass_and_what_runs_inside_it_is_found_by_its_number():
    split = for_each("each", reading("case.many"), item("talk", Activity(nested=Nested("dialog", "talk"))))
    plan = case_type(stage("work", split), fields=fields("x", many=lambda value: value))
    items = created(plan, facts(RULES), many=["a", "b"]).snapshot.items
    found = locate(plan, items, "work.each.2", RULES)
    assert found is not None
    assert (found[1], found[2].item.kind) == ("", "pass")
    talk = locate(plan, items, "work.each.2.talk.say", RULES)
    assert talk is not None
    assert (talk[0].rule, talk[1], talk[2].item.path) == ("dialog/talk", "work.each.2.talk", "say")
    assert item_at(plan, items, "work.each.2.talk", RULES).kind == "collect"


def test_what_is_not_there_is_not_found():
    items = created(PLAN, facts(RULES), many=["a"]).snapshot.items
    for path in ("nowhere", "work.each.1.nothing", "work.checks.7", "work.7", "7", "work.each.x"):
        assert item_at(PLAN, items, path, RULES) is None
