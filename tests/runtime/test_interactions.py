from __future__ import annotations

from collections.abc import Callable

import pytest

from casewright.errors import CommandRefused, InteractionNotFound, KeyReused, NotAuthorized
from casewright.machine.facts import SYSTEM, Actor
from casewright.machine.plan import Field
from casewright.machine.policies import EventType, InteractionType, Role, Trigger
from tests.runtime.world import ANN, BOB, START, Reads, World, collect, plan, stage, text

Make = Callable[..., World]
SIMPLE = plan("simple", stage("a", collect("a.s", "note")))
CALL = InteractionType(
    "inbound_call",
    "Inbound call",
    "phone",
    "inbound",
    True,
    {"reason": text("reason", required=True)},
    ("resolved", "follow_up"),
)


SCORE = Field("score", "integer", int, required=True)
NPS = EventType("interaction.nps_recorded", {"customer_id": text("customer_id", required=True), "score": SCORE})
EVENTS = {NPS.id: NPS}
CUSTOMER = Actor("7", "customer")


def calling(world: Make, **more: object) -> World:
    return world(SIMPLE, interaction_type={CALL.id: CALL}, **{"event": EVENTS, **more})


def test_an_engagement_has_its_channel_and_who_took_it(world: Make) -> None:
    view = calling(world).engine.open_interaction("inbound_call", by=ANN, customer_id="7")
    assert (view.id, view.channel, view.operator, view.customer_id) == ("I-1", "phone", "ann", "7")
    assert (view.status, view.opened_at, view.verified) == ("Open", START, False)


def test_a_case_begun_in_it_belongs_to_it(world: Make) -> None:
    e = calling(world).engine
    view = e.open_interaction("inbound_call", by=ANN)
    case = e.create("simple", by=ANN, interaction=view.id)
    assert e.interaction(view.id).cases == (case.id,)
    assert e.case(case.id).interaction == view.id


def test_a_case_belongs_to_every_engagement_in_which_it_was_worked_on(world: Make) -> None:
    e = calling(world).engine
    first, second = e.open_interaction("inbound_call", by=ANN), e.open_interaction("inbound_call", by=ANN)
    case = e.create("simple", by=ANN, interaction=first.id)
    e.act(case.waiting.id, by=ANN, interaction=second.id)
    assert e.interaction(first.id).cases == e.interaction(second.id).cases == (case.id,)


def test_a_rule_reads_the_engagement_that_is_going_on(world: Make) -> None:
    known = Reads(lambda roots: roots["interaction"]["verified"])
    w = world(
        plan("asks", stage("a", collect("a.verify", when=Reads(lambda r: not known.holds(r))), collect("a.s", "note"))),
        interaction_type={CALL.id: CALL},
    )
    view = w.engine.open_interaction("inbound_call", by=ANN)
    unknown = w.engine.create("asks", by=ANN, interaction=view.id)
    w.engine.verify(view.id, by=ANN, reference="dialog 80 points")
    verified = w.engine.create("asks", by=ANN, interaction=view.id)
    assert (unknown.waiting.path, verified.waiting.path) == ("a.verify", "a.s")
    assert w.engine.replayed(verified.id) == w.engine.snapshot(verified.id)


def test_another_customer_is_not_verified_yet(world: Make) -> None:
    e = calling(world).engine
    view = e.open_interaction("inbound_call", by=ANN, customer_id="7")
    assert e.verify(view.id, by=ANN).verified
    assert not e.identify(view.id, "8", by=ANN).verified


def test_what_is_logged_is_kept_and_published(world: Make) -> None:
    e = calling(world).engine
    view = e.open_interaction("inbound_call", by=ANN, customer_id="7")
    e.log(view.id, "nps_recorded", {"score": 3}, by=SYSTEM)
    logged = [(entry.kind, entry.author, entry.detail) for entry in e.interaction(view.id).entries]
    assert [logged[0][:2], *logged[1:]] == [("opened", "ann"), ("nps_recorded", "system", {"score": 3})]
    event = e.events()[-1]
    assert event.name == "interaction.nps_recorded"
    assert event.payload == {"interaction_id": view.id, "customer_id": "7", "channel": "phone", "score": 3}


def test_a_survey_after_the_call_starts_a_case(world: Make) -> None:
    trigger = Trigger(
        "follow_up",
        "interaction.nps_recorded",
        "",
        "",
        Reads(lambda roots: roots["event"]["score"] <= 8),
        "simple",
        {"note": Reads(lambda roots: roots["event"]["interaction_id"])},
    )
    w = calling(world, trigger={"follow_up": trigger})
    view = w.engine.open_interaction("inbound_call", by=ANN, customer_id="7")
    w.engine.wrap_up(view.id, "resolved", {"reason": "lost card"}, by=ANN)
    w.engine.log(view.id, "nps_recorded", {"score": 3}, by=SYSTEM)
    w.engine.settle()
    assert [w.engine.case(line.id).data["note"] for line in w.engine.cases()] == [view.id]


def test_a_wrap_up_is_checked_against_the_type(world: Make) -> None:
    e = calling(world).engine
    view = e.open_interaction("inbound_call", by=ANN)
    with pytest.raises(CommandRefused, match="did you mean 'resolved'"):
        e.wrap_up(view.id, "resolvd", {"reason": "x"}, by=ANN)
    with pytest.raises(CommandRefused) as refused:
        e.wrap_up(view.id, "resolved", {"raeson": "x"}, by=ANN)
    assert [name for name, _ in refused.value.details] == ["raeson", "reason"]
    done = e.wrap_up(view.id, "resolved", {"reason": "lost card"}, by=ANN)
    assert (done.status, done.disposition, done.captured) == ("Wrapped-Up", "resolved", {"reason": "lost card"})
    with pytest.raises(CommandRefused, match="is wrapped up already"):
        e.wrap_up(view.id, "resolved", {"reason": "x"}, by=ANN)


def test_what_is_not_there_is_named(world: Make) -> None:
    e = calling(world).engine
    with pytest.raises(CommandRefused, match="did you mean 'inbound_call'"):
        e.open_interaction("inbound_cal", by=ANN)
    with pytest.raises(InteractionNotFound, match="no interaction 'I-9'"):
        e.interaction("I-9")
    with pytest.raises(InteractionNotFound):
        e.verify("I-9", by=ANN)
    with pytest.raises(InteractionNotFound):
        e.create("simple", by=ANN, interaction="I-9")


def test_a_happening_under_a_key_happens_once(world: Make) -> None:
    e = calling(world).engine
    view = e.open_interaction("inbound_call", by=ANN, customer_id="7", key="open")
    assert e.open_interaction("inbound_call", by=ANN, customer_id="7", key="open") == view
    e.log(view.id, "nps_recorded", {"score": 3}, by=SYSTEM, key="nps")
    e.log(view.id, "nps_recorded", {"score": 3}, by=SYSTEM, key="nps")
    assert [event.name for event in e.events()] == ["interaction.opened", "interaction.nps_recorded"]
    with pytest.raises(KeyReused):
        e.log(view.id, "nps_recorded", {"score": 4}, by=SYSTEM, key="nps")


def test_a_refused_wrap_up_leaves_no_entry_no_event_and_its_key_free(world: Make) -> None:
    e = calling(world).engine
    view = e.open_interaction("inbound_call", by=ANN)
    with pytest.raises(CommandRefused):
        e.wrap_up(view.id, "resolved", {}, by=ANN, key="end")
    assert e.interaction(view.id) == view
    assert len(e.events()) == 1
    assert e.wrap_up(view.id, "resolved", {"reason": "x"}, by=ANN, key="end").status == "Wrapped-Up"


# -- what may be logged, and by whom -----------------------------------------------------------------------------------


def test_what_is_logged_is_what_its_event_rule_takes(world: Make) -> None:
    e = calling(world).engine
    view = e.open_interaction("inbound_call", by=ANN, customer_id="7")
    with pytest.raises(CommandRefused, match=r"no event rule '.*nps_recordd'; did you mean '.*nps_recorded'"):
        e.log(view.id, "nps_recordd", {"score": 3}, by=SYSTEM)
    with pytest.raises(CommandRefused) as refused:
        e.log(view.id, "nps_recorded", {"scoer": 3}, by=SYSTEM, key="nps")
    assert [name for name, _ in refused.value.details] == ["scoer", "score"]
    with pytest.raises(CommandRefused, match="these values cannot be stored; score: it has a character that is none"):
        e.log(view.id, "nps_recorded", {"score": "\ud800"}, by=SYSTEM)
    assert e.interaction(view.id) == view
    e.log(view.id, "nps_recorded", {"score": "3"}, by=SYSTEM, key="nps")
    assert e.events()[-1].payload["score"] == 3


def test_nobody_can_say_that_it_was_another_engagement_or_customer(world: Make) -> None:
    e = calling(world).engine
    view = e.open_interaction("inbound_call", by=ANN, customer_id="7")
    forged = {"score": 3, "customer_id": "8", "interaction_id": "I-99", "channel": "chat"}
    logged = e.log(view.id, "nps_recorded", forged, by=SYSTEM).entries[-1]
    known = {"interaction_id": view.id, "customer_id": "7", "channel": "phone"}
    assert (logged.detail, e.events()[-1].payload) == ({"score": 3}, {**known, "score": 3})


def test_what_an_event_needs_to_know_of_an_engagement_must_be_known(world: Make) -> None:
    e = calling(world).engine
    view = e.open_interaction("inbound_call", by=ANN)
    with pytest.raises(CommandRefused, match="customer_id: is required"):
        e.log(view.id, "nps_recorded", {"score": 3}, by=SYSTEM)


@pytest.mark.parametrize(
    ("kind", "door"), [("opened", "open_interaction"), ("verified", "verify"), ("wrapped_up", "wrap_up")]
)
def test_what_has_a_door_of_its_own_is_not_logged(world: Make, kind: str, door: str) -> None:
    e = calling(world).engine
    view = e.open_interaction("inbound_call", by=ANN)
    with pytest.raises(CommandRefused, match=f"'{kind}' is not logged by hand; it comes with `{door}`"):
        e.log(view.id, kind, {"reference": "forged"}, by=SYSTEM)
    assert not e.interaction(view.id).verified


def test_only_who_opened_it_or_a_role_that_may_acts_in_an_engagement(world: Make) -> None:
    lead = Actor("lea", "operator", frozenset({"lead"}))
    e = calling(world, role={"lead": Role("lead", "Lead", frozenset({"engage"}))}).engine
    view = e.open_interaction("inbound_call", by=ANN, customer_id="7")
    because = "'bob' may not have the interaction {}; 'ann' opened it; others need a role with the right 'engage': lead"
    for act, said in (
        (lambda by: e.identify(view.id, "8", by=by), "identified"),
        (lambda by: e.verify(view.id, by=by), "verified"),
        (lambda by: e.log(view.id, "nps_recorded", {"score": 3}, by=by), "nps recorded"),
        (lambda by: e.wrap_up(view.id, "resolved", {"reason": "x"}, by=by), "wrapped up"),
    ):
        with pytest.raises(NotAuthorized) as refused:
            act(BOB)
        assert str(refused.value) == because.format(said)
        act(lead)


def test_an_engagement_that_a_system_opened_is_for_any_operator(world: Make) -> None:
    e = calling(world).engine
    view = e.open_interaction("inbound_call", by=SYSTEM, customer_id="7")
    assert view.operator == ""
    assert e.verify(view.id, by=BOB).verified


def test_a_customer_takes_part_in_his_own_engagement_and_does_not_verify_himself(world: Make) -> None:
    e = calling(world).engine
    with pytest.raises(NotAuthorized, match="may not open an interaction for '8'; a customer opens his own"):
        e.open_interaction("inbound_call", by=CUSTOMER, customer_id="8")
    view = e.open_interaction("inbound_call", by=CUSTOMER)
    assert (view.operator, view.customer_id) == ("", "7")
    with pytest.raises(NotAuthorized):
        e.identify(view.id, "8", by=CUSTOMER)
    with pytest.raises(NotAuthorized):
        e.identify(view.id, "8", by=Actor("8", "customer"))
    with pytest.raises(NotAuthorized, match="and proves who he is to others"):
        e.verify(view.id, by=CUSTOMER)
    e.log(view.id, "nps_recorded", {"score": 3}, by=CUSTOMER)
    with pytest.raises(NotAuthorized):
        e.wrap_up(view.id, "resolved", {"reason": "x"}, by=Actor("8", "customer"))
    assert e.wrap_up(view.id, "resolved", {"reason": "x"}, by=CUSTOMER).status == "Wrapped-Up"
