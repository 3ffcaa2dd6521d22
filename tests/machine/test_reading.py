"""What a command can read before the case rests again is known beforehand, so that it is read at once."""

from __future__ import annotations

from casewright.machine.commands import Create, Submit
from casewright.machine.decide import decide
from casewright.machine.decision import Needs
from casewright.machine.effects import AddNote, PageRequest
from casewright.machine.plan import Activity, Context, Nested
from tests.machine.plans import (
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


def reading(*names: str) -> Reads:
    return Reads(lambda roots: [roots[name] for name in names], " ".join(names), frozenset(names))


def noting(*names: str) -> Activity:
    return Activity((emit(AddNote, text=reading(*names)),))


def test_a_wait_reads_what_follows_up_to_the_next_sure_wait():
    plan = case_type(
        stage(
            "one", item("a", collect("x")), item("b", noting("account")), item("c", collect("x"), when=reading("case"))
        ),
        stage("two", item("d", noting("cards")), item("e", collect("x")), item("f", noting("never"))),
    )
    assert plan.reads["one.a"] == {"account", "case", "cards"}
    assert plan.reads[""] == frozenset()
    assert plan.reads["two.e"] == {"never"}
    assert plan.reads["one.c"] == {"cards"}


def test_a_wait_reads_what_it_saves_expects_and_what_its_handler_reads():
    step = collect("x", save={"x": reading("customer")}, expect=reading("case"))
    plan = case_type(stage("one", item("a", step, handler=item("a.failed", noting("account")))))
    assert plan.reads["one.a"] == {"customer", "case", "account"}


def test_a_hint_that_is_given_is_kept():
    assert case_type(reads={"": frozenset({"customer"})}).reads == {"": {"customer"}}
    assert linear("a").reads["work.a"] == frozenset()


PAGES = {
    name: Context(name, f"D_{name}", {"id": Reads(lambda roots: roots["case"]["x"])}) for name in ("account", "cards")
}
NEEDED = Needs(frozenset(PageRequest.of(page.page, {"id": "1"}) for page in PAGES.values()))


def test_the_pages_of_a_command_are_asked_for_at_once():
    plan = case_type(
        stage("one", item("b", noting("account")), item("d", noting("cards"))), fields=fields("x"), context=PAGES
    )
    assert decide(plan, None, Create("C-1", {"x": "1"}), facts()) == NEEDED


def test_the_pages_of_a_step_inside_a_dialog_are_asked_for_at_once():
    talk = dialog("talk", item("a", collect("x")), item("b", noting("account")), item("c", noting("cards")))
    rules = RuleBook({"dialog/talk": talk})
    plan = case_type(
        stage("one", item("talk", Activity(nested=Nested("dialog", "talk")))), fields=fields("x"), context=PAGES
    )
    snapshot = created(plan, facts(rules)).snapshot
    assert decide(plan, snapshot, Submit("one.talk.a", 1, {"x": "1"}), facts(rules)) == NEEDED
