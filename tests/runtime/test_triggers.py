from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from casewright.errors import CommandRefused, KeyReused
from casewright.machine.plan import Field
from casewright.machine.policies import EventType, Trigger
from casewright.runtime.triggers import next_instant
from tests.runtime.world import ANN, LOST_CARD, START, Book, Reads, World, collect, plan, stage, text

Make = Callable[..., World]
SURVEY = plan("survey", stage("a", collect("a.ask", "note")))
SCORE = Field("score", "integer", int, required=True)
NPS = EventType("interaction.nps_recorded", {"score": SCORE, "interaction_id": text("interaction_id")})
UNHAPPY = Trigger(
    "nps_follow_up",
    event="interaction.nps_recorded",
    every="",
    zone="",
    when=Reads(lambda roots: roots["event"]["score"] <= 8),
    case_type="survey",
    data={"note": Reads(lambda roots: f"scored {roots['event']['score']}")},
)


def scheduled(every: str, zone: str = "UTC", **more: Any) -> Trigger:
    return Trigger("nightly", "", every, zone, more.get("when"), "survey", {})


def with_trigger(world: Make, trigger: Trigger, **more: Any) -> World:
    return world(SURVEY, LOST_CARD, trigger={trigger.id: trigger}, event={NPS.id: NPS}, **more)


# -- events ------------------------------------------------------------------------------------------------------------


def test_an_event_starts_a_case_where_the_condition_holds(world: Make) -> None:
    w = with_trigger(world, UNHAPPY)
    w.engine.publish("interaction.nps_recorded", {"score": 3})
    w.engine.publish("interaction.nps_recorded", {"score": 9})
    w.engine.settle()
    (line,) = w.engine.cases(case_type="survey")
    case = w.engine.case(line.id)
    assert (case.data["note"], case.created_by) == ("scored 3", "system")


def test_an_event_is_published_once_under_its_key(world: Make) -> None:
    w = with_trigger(world, UNHAPPY)
    first = w.engine.publish("interaction.nps_recorded", {"score": 3}, key="k")
    assert w.engine.publish("interaction.nps_recorded", {"score": 3}, key="k") == first
    with pytest.raises(KeyReused):
        w.engine.publish("interaction.nps_recorded", {"score": 4}, key="k")
    w.engine.settle()
    assert len(w.engine.cases()) == len(w.engine.events()) == 1


def test_an_event_of_a_case_starts_another_case(world: Make) -> None:
    after = Trigger("after", "case.resolved", "", "", None, "survey", {})
    w = with_trigger(world, after)
    case = w.engine.create("lost_card", by=ANN)
    w.engine.cancel(case.id, by=ANN)
    w.engine.settle()
    assert [line.type for line in w.engine.cases(is_resolved=False)] == ["survey"]


def test_an_event_nobody_listens_to_leaves_no_work(world: Make) -> None:
    w = world(SURVEY, event={NPS.id: NPS})
    w.engine.publish("interaction.nps_recorded", {"score": 3})
    assert w.engine.next_due() is None


def test_an_event_without_a_rule_is_refused_with_the_near_name(world: Make) -> None:
    with pytest.raises(CommandRefused, match=r"did you mean 'interaction\.nps_recorded'"):
        with_trigger(world, UNHAPPY).engine.publish("interaction.nps_recoded", {"score": 3})


def test_the_faults_of_a_payload_are_told_all_at_once(world: Make) -> None:
    with pytest.raises(CommandRefused) as refused:
        with_trigger(world, UNHAPPY).engine.publish("interaction.nps_recorded", {"scor": 3, "interaction_id": 7})
    assert dict(refused.value.details) == {
        "scor": "is no field of event 'interaction.nps_recorded'; did you mean 'score'?",
        "interaction_id": "is not a text",
        "score": "is required",
    }


def test_a_trigger_whose_case_cannot_begin_is_an_incident(world: Make) -> None:
    w = world(LOST_CARD, trigger={UNHAPPY.id: UNHAPPY}, event={NPS.id: NPS})
    w.engine.publish("interaction.nps_recorded", {"score": 3})
    w.engine.settle()
    assert "survey could not be started" in w.engine.incidents()[0].error


# -- schedules ---------------------------------------------------------------------------------------------------------


def test_a_schedule_starts_one_case_at_each_of_its_instants(world: Make) -> None:
    w = with_trigger(world, scheduled("0 * * * *"))
    w.pass_time(hours=3, minutes=30)
    begun = sorted(line.created_at for line in w.engine.cases())
    assert begun == [START + timedelta(hours=n) for n in (1, 2, 3)]


def test_a_schedule_counts_in_its_zone() -> None:
    before = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
    six = scheduled("0 6 * * *", "Europe/Berlin")
    assert next_instant(six, before) == datetime(2026, 10, 25, 5, 0, tzinfo=UTC)
    assert next_instant(six, before - timedelta(days=1)) == datetime(2026, 10, 24, 4, 0, tzinfo=UTC)


def test_two_engines_on_one_file_start_one_case_for_each_instant(world: Make, file_url: str) -> None:
    w = with_trigger(world, scheduled("0 * * * *"), url=file_url)
    other = w.opened()
    for _ in range(4):
        w.clock.pass_time(timedelta(hours=1))
        for engine in (other, w.engine, other):
            while engine.worker().run_once():
                pass
    assert sorted(line.created_at for line in w.engine.cases()) == [START + timedelta(hours=n) for n in (1, 2, 3, 4)]
    other.close()


def test_instants_that_passed_while_nothing_ran_are_made_up_for_as_far_as_a_day(world: Make) -> None:
    w = with_trigger(world, scheduled("0 */6 * * *"))
    w.clock.pass_time(timedelta(days=3))
    w.engine.settle()
    assert len(w.engine.cases()) == 1 + 4


def test_a_condition_can_hold_a_schedule_back(world: Make) -> None:
    w = with_trigger(world, scheduled("0 * * * *", when=Reads(lambda roots: roots["event"]["at"].hour != 10)))
    w.pass_time(hours=2)
    assert [line.created_at.hour for line in w.engine.cases()] == [11]


def test_a_schedule_that_is_changed_or_gone_leaves_no_old_instant(world: Make) -> None:
    w = with_trigger(world, scheduled("0 * * * *"))
    hourly = w.engine.next_due()
    w.engine.activate(Book.of(SURVEY, version="2", trigger={"nightly": scheduled("30 20 * * *")}))
    nightly = w.engine.next_due()
    assert (hourly, nightly) == (START + timedelta(hours=1), START.replace(hour=20, minute=30))
    w.engine.activate(Book.of(SURVEY, version="3"))
    assert w.engine.next_due() is None
