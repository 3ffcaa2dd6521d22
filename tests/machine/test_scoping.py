"""What a pass sees and keeps: its element, and fields of its own that stand before those of the case."""

from __future__ import annotations

from casewright.machine.commands import ChildResolved, Create, Result, RetryItem, Submit
from casewright.machine.decide import decide
from casewright.machine.decision import Needs
from casewright.machine.effects import AddNote, CallConnector, PageRequest, StartCase
from casewright.machine.facts import Unavailable
from casewright.machine.plan import Activity, Awaits, Constant, Context, Field, Nested
from casewright.machine.snapshot import ItemLife
from tests.machine.plans import (
    Reads,
    RuleBook,
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
    number,
    parallel,
    played,
    reading,
    refused,
    stage,
    text,
    waiting,
)

X = fields("x", "name", result=lambda value: value, many=lambda value: value)
SAVED = {"result": reading("result")}


def signing(*steps, values=("ann", "bob"), given=None, **more):
    split = for_each("sign", reading("case.many"), *steps, save=SAVED, **more)
    plan = case_type(stage("work", split, item("end", collect("x"))), fields=X)
    return plan, created(plan, given, many=list(values)).snapshot


def submit(number, step="ask", **data):
    return Submit(f"work.sign.{number}.{step}", 1, data)


def test_a_pass_reads_its_element_as_item():
    plan, _ = signing(item("tell", Activity((emit(AddNote, text=reading("item")),))))
    decision = created(plan, many=["ann", "bob"])
    assert [effect.text for effect in decision.effects if isinstance(effect, AddNote)] == ["ann", "bob"]


def test_a_field_of_a_pass_is_filled_there_and_not_in_the_case():
    plan, snapshot = signing(item("ask", collect("name")), data=fields("name"))
    snapshot = played(plan, snapshot, submit(1, name="Ann"))
    assert "name" not in snapshot.data
    snapshot = played(plan, snapshot, submit(2, name="Bob"))
    assert snapshot.data["result"] == [{"item": "ann", "name": "Ann"}, {"item": "bob", "name": "Bob"}]


def test_a_field_of_a_pass_is_read_as_case_and_shadows_that_of_the_case():
    say = item("say", Activity((emit(AddNote, text=reading("case.name")),)))
    plan, _ = signing(item("ask", collect("name")), say, data=fields("name"))
    snapshot = created(plan, many=["ann", "bob"], name="of the case").snapshot
    first = decided(plan, snapshot, submit(1, name="Ann"))
    second = decided(plan, first.snapshot, submit(2))
    assert [[e.text for e in d.effects if isinstance(e, AddNote)] for d in (first, second)] == [["Ann"], [""]]
    assert second.snapshot.data["name"] == "of the case"


def test_behind_the_passes_the_case_is_read_again():
    tell = item("tell", Activity((emit(AddNote, text=reading("case.name")),)))
    split = for_each("sign", reading("case.many"), item("ask", collect("name")), data=fields("name"))
    plan = case_type(stage("work", split, tell, item("end", collect("x"))), fields=X)
    snapshot = created(plan, many=["ann"], name="of the case").snapshot
    decision = decided(plan, snapshot, submit(1, name="Ann"))
    assert [effect.text for effect in decision.effects if isinstance(effect, AddNote)] == ["of the case"]


def test_a_step_of_a_pass_saves_into_the_pass_and_into_the_case():
    call = Activity(
        (emit(CallConnector, connector="a.b", arguments={}),),
        awaits=Awaits.RESULT,
        save={"note": reading("result.note"), "x": reading("result.x")},
    )
    plan, snapshot = signing(item("call", call), data=fields("note"))
    snapshot = played(plan, snapshot, Result("work.sign.2.call", 1, {"note": "own", "x": "shared"}))
    assert snapshot.items["work.sign.1"].values["data"] == {}
    assert snapshot.data["x"] == "shared"
    snapshot = played(plan, snapshot, Result("work.sign.1.call", 1, {"note": "mine", "x": "last"}))
    assert snapshot.data["result"] == [{"item": "ann", "note": "mine"}, {"item": "bob", "note": "own"}]


def test_a_value_that_a_field_of_a_pass_does_not_take_is_refused_with_its_type():
    plan, snapshot = signing(item("ask", collect("amount")), data=fields(amount=number))
    assert refused(plan, snapshot, submit(1, amount="much")).details == (("amount", "a number is expected"),)


def test_a_required_field_of_a_pass_is_asked_for_in_each_pass():
    plan, snapshot = signing(item("ask", collect("note", required=("note",))), data=fields("note"))
    assert refused(plan, snapshot, submit(1)).details == (("note", "note is required"),)
    given = played(plan, snapshot, submit(1, note="n"))
    assert refused(plan, given, submit(2)).code == "invalid"


def test_a_field_that_has_a_value_in_its_pass_need_not_be_sent_again():
    twice = (item("ask", collect("note")), item("again", collect("note", required=("note",))))
    plan, snapshot = signing(*twice, data=fields("note"))
    assert waiting(played(plan, snapshot, submit(1, note="n"), submit(1, "again"))) == ["work.sign.2.ask"]


def test_fields_of_a_pass_begin_with_their_defaults_which_may_read_the_element():
    note = Field("note", "text", text, default=Reads(lambda roots: f"for {roots['item']}"))
    _, snapshot = signing(item("ask", collect("x")), data={"note": note})
    assert [snapshot.items[f"work.sign.{n}"].values["data"] for n in (1, 2)] == [
        {"note": "for ann"},
        {"note": "for bob"},
    ]


def test_a_default_that_does_not_fit_fails_the_step():
    amount = Field("amount", "decimal", number, default=Constant("much"))
    _, snapshot = signing(item("ask", collect("x")), data={"amount": amount})
    assert snapshot.items["work.sign"].values["error"] == "a number is expected"


def test_conditions_in_a_pass_read_its_own_fields():
    more = item("more", collect("x"), when=flag("note"))
    plan, snapshot = signing(item("ask", collect("note")), more, data=fields("note"))
    snapshot = played(plan, snapshot, submit(1, note="no"), submit(2, note="yes"))
    assert waiting(snapshot) == ["work.sign.2.more"]


def test_a_pass_inside_a_pass_sees_the_fields_of_both_and_the_nearest_element():
    inner = for_each("inner", reading("case.parts"), item("ask", collect("deep", "outer")), data=fields("deep"))
    steps = (item("fill", collect("parts")), inner)
    plan, snapshot = signing(*steps, values=("ann",), data=fields("outer", parts=lambda value: value))
    snapshot = played(plan, snapshot, submit(1, "fill", parts=["p", "q"]))
    assert waiting(snapshot) == ["work.sign.1.inner.1.ask", "work.sign.1.inner.2.ask"]
    assert snapshot.items["work.sign.1.inner.2"].values["item"] == "q"
    snapshot = played(plan, snapshot, Submit("work.sign.1.inner.2.ask", 1, {"deep": "d", "outer": "o"}))
    assert snapshot.items["work.sign.1"].values["data"]["outer"] == "o"
    done = played(plan, snapshot, Submit("work.sign.1.inner.1.ask", 1, {"outer": "later"}))
    assert done.data["result"] == [{"item": "ann", "outer": "later", "parts": ["p", "q"]}]


def test_branches_inside_a_pass_save_into_it():
    both = parallel("both", branch("a", item("ask", collect("left"))), branch("b", item("ask", collect("right"))))
    plan, snapshot = signing(both, values=("ann",), data=fields("left", "right"))
    at = "work.sign.1.both"
    snapshot = played(plan, snapshot, Submit(f"{at}.b.ask", 1, {"right": "r"}), Submit(f"{at}.a.ask", 1, {"left": "l"}))
    assert snapshot.data["result"] == [{"item": "ann", "left": "l", "right": "r"}]


def test_a_dialog_inside_a_pass_has_its_own_item_and_saves_into_the_pass():
    rules = RuleBook({"dialog/talk": dialog("talk", item("say", collect("note")))})
    talk = item("talk", Activity(nested=Nested("dialog", "talk")))
    plan, snapshot = signing(talk, item("ask", collect("x")), given=facts(rules), data=fields("note"))
    assert waiting(snapshot) == ["work.sign.1.talk.say", "work.sign.2.talk.say"]
    snapshot = played(plan, snapshot, Submit("work.sign.2.talk.say", 1, {"note": "told"}), given=facts(rules))
    assert snapshot.items["work.sign.2"].values["data"] == {"note": "told"}


def test_a_step_that_failed_in_a_pass_is_tried_again_with_its_element():
    call = Activity((emit(CallConnector, connector="a.b", arguments=Reads(lambda roots: {"who": roots["item"]})),))
    broken = Reads(lambda roots: {"who": roots["item"]} if roots["case"]["x"] else 1 / 0)
    _, snapshot = signing(item("call", Activity((emit(CallConnector, connector="a.b", arguments=broken),))))
    assert snapshot.items["work.sign.1.call"].state is ItemLife.FAILED
    plan, _ = signing(item("call", call), values=())
    again = decided(plan, snapshot, RetryItem("work.sign.2.call"))
    assert again.effects[0].arguments == {"who": "bob"}


def test_a_child_case_for_each_element_gets_it_and_gives_back_what_became_of_it():
    child = Activity(
        (emit(StartCase, case_type="sub", data=Reads(lambda roots: {"who": roots["item"]}), wait=True),),
        awaits=Awaits.CHILD,
        save={"status": reading("result.status")},
    )
    plan, _ = signing(item("run", child), data=fields("status"))
    decision = created(plan, many=["ann", "bob"])
    started = [effect for effect in decision.effects if isinstance(effect, StartCase)]
    assert [(each.path, each.data) for each in started] == [
        ("work.sign.1.run", {"who": "ann"}),
        ("work.sign.2.run", {"who": "bob"}),
    ]
    ended = (ChildResolved(f"work.sign.{n}.run", 1, f"C-{n}", f"Resolved-{n}", {}) for n in (2, 1))
    result = played(plan, decision.snapshot, *ended).data["result"]
    assert [each["status"] for each in result] == ["Resolved-1", "Resolved-2"]


# -- records -----------------------------------------------------------------------------------------------------------

CARDS = Field("cards", "list of card", lambda value: value, record_page="D_Card", record_parameter="id")
PAGES = {
    PageRequest.of("D_Card", {"id": key}): {"id": key, "kind": kind} for key, kind in (("1", "gold"), ("2", "blue"))
}


def over_cards(step):
    split = for_each("sign", reading("case.cards"), step, save=SAVED)
    return case_type(stage("work", split, item("end", collect("x"))), fields={**X, "cards": CARDS})


def test_an_element_that_is_a_record_is_kept_by_its_key_and_read_through_its_page():
    plan = over_cards(item("tell", Activity((emit(AddNote, text=reading("item.kind")),))))
    create = Create("C-1", {"cards": ["1", "2"]})
    assert decide(plan, None, create, facts()) == Needs(frozenset({PageRequest.of("D_Card", {"id": "1"})}))
    decision = decided(plan, None, create, facts(pages=PAGES))
    assert [effect.text for effect in decision.effects if isinstance(effect, AddNote)] == ["gold", "blue"]
    assert decision.snapshot.data["result"] == [{"item": "1"}, {"item": "2"}]


def test_whoever_reads_a_second_record_of_a_list_is_given_all_behind_it_at_once():
    plan = over_cards(item("tell", Activity((emit(AddNote, text=reading("item.kind")),))))
    create = Create("C-1", {"cards": [*"123456"]})
    first = PageRequest.of("D_Card", {"id": "1"})
    needs = decide(plan, None, create, facts(pages={first: PAGES[first]}))
    assert needs == Needs(frozenset(PageRequest.of("D_Card", {"id": key}) for key in "23456"))


def test_a_record_is_still_one_in_a_later_decision():
    plan = over_cards(item("ask", collect("x", save={"x": reading("item.kind")})))
    snapshot = created(plan, cards=["1", "2"]).snapshot
    assert snapshot.items["work.sign.2"].values == {"item": "2", "record": ["D_Card", "id", "id"], "data": {}}
    assert decided(plan, snapshot, submit(2), facts(pages=PAGES)).snapshot.data["x"] == "blue"


def test_a_list_on_a_page_that_cannot_be_read_now_holds_no_pass_up():
    customer = Context("customer", "D_Customer", {"id": reading("case.x")})
    split = for_each("sign", reading("customer.cards"), item("ask", collect("name")))
    plan = case_type(stage("work", split), fields=X, context={"customer": customer})
    page = PageRequest.of("D_Customer", {"id": "1"})
    snapshot = created(plan, facts(pages={page: {"cards": ["a", "b"]}}), x="1").snapshot
    for pages in ({}, {page: Unavailable("down")}):
        assert waiting(decided(plan, snapshot, submit(1), facts(pages=pages)).snapshot) == ["work.sign.2.ask"]


def test_the_context_that_hangs_on_a_field_of_the_pass_is_worked_out_there():
    customer = Context("customer", "D_Customer", {"id": reading("case.name")})
    say = item("say", Activity((emit(AddNote, text=reading("customer.name")),)))
    split = for_each("sign", reading("case.many"), item("ask", collect("name")), say, data=fields("name"))
    plan = case_type(stage("work", split, say), fields=X, context={"customer": customer})
    pages = {PageRequest.of("D_Customer", {"id": key}): {"name": f"Customer {key}"} for key in ("1", "2")}
    snapshot = created(plan, many=["a"], name="2").snapshot
    decision = decided(plan, snapshot, submit(1, name="1"), facts(pages=pages))
    assert [e.text for e in decision.effects if isinstance(e, AddNote)] == ["Customer 1", "Customer 2"]
