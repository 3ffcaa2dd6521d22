"""What a command can read before the case rests again is known beforehand, so that it is read at once."""

from __future__ import annotations

from casewright.machine.commands import Create, Submit
from casewright.machine.decide import decide
from casewright.machine.decision import Needs
from casewright.machine.effects import AddNote, PageRequest
from casewright.machine.plan import Activity, Awaits, Context, Nested
from casewright.machine.side_by_side import Alternative, Sentry
from tests.machine.plans import (
    Reads,
    RuleBook,
    action,
    branch,
    case_type,
    collect,
    created,
    dialog,
    emit,
    facts,
    fields,
    for_each,
    item,
    linear,
    parallel,
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


def test_a_split_reads_what_its_branches_read_up_to_where_they_wait():
    branches = (
        branch("a", item("n", noting("account")), item("ask", collect("x"))),
        branch("b", item("n", noting("cards"))),
    )
    split = parallel("both", *branches, save={"x": reading("customer")})
    plan = case_type(stage("one", split, item("end", noting("late"))))
    assert plan.reads[""] == {"account", "cards", "customer"}
    assert plan.reads["one.both.a.ask"] == {"customer", "late"}


def test_what_a_sentry_reads_is_read_from_everywhere():
    late = item("late", collect("x"), entry=(Sentry(when=reading("cards")),))
    split = parallel("both", branch("a", item("ask", collect("x"))), branch("b", late), done_when=reading("account"))
    plan = case_type(stage("one", split), actions=(action("note", item("ask", collect("x"))),))
    assert all(roots >= {"cards", "account"} for roots in plan.reads.values())
    assert "actions.note.ask" in plan.reads


def test_an_item_that_waits_to_be_started_reads_what_it_does_when_it_is():
    plan = case_type(stage("one", item("a", noting("cards"), manual=True), item("b", noting("account"))))
    assert plan.reads[""] == frozenset()
    assert plan.reads["one.a"] == {"cards", "account"}


def test_a_wait_reads_what_its_alternatives_match_choose_and_save():
    event = Alternative("e", "a.b", {"id": reading("account")}, when=reading("cards"), save={"x": reading("customer")})
    waits = item("wait", Activity(awaits=Awaits.EVENT, alternatives=(event,)))
    plan = case_type(stage("one", waits))
    assert plan.reads == {"": {"account"}, "one": frozenset(), "one.wait": {"cards", "customer"}}


def test_the_pages_of_a_step_in_a_pass_and_of_what_is_behind_it_are_asked_for_at_once():
    many = fields("x", many=lambda value: value)
    steps = item("a", collect("x")), item("b", noting("account"))
    passes = for_each("each", Reads(lambda roots: roots["case"]["many"]), *steps)
    plan = case_type(stage("one", passes, item("d", noting("cards"))), fields=many, context=PAGES)
    snapshot = created(plan, many=["p"]).snapshot
    assert decide(plan, snapshot, Submit("one.each.1.a", 1, {"x": "1"}), facts()) == NEEDED
