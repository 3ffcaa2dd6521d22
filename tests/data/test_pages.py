"""Data pages: parallel, asked once for however many, served as long as their rule says, and honest when down."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from casewright.data.connectors import Call, Connectors
from casewright.data.pages import Pages
from casewright.machine.effects import PageRequest
from casewright.machine.facts import Unavailable
from casewright.machine.plan import Field
from casewright.machine.policies import Connector, Operation, Page, RecordType
from tests.data.test_connectors import Reads, text

START = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
ID = {"id": Field("id", "id", text)}
ADA = PageRequest.of("D_Customer", {"id": "ada"})
BOB = PageRequest.of("D_Customer", {"id": "bob"})


class Source:
    """A host's system that counts what it is asked, and can be down, slow or held back."""

    def __init__(self, latency: float = 0.0) -> None:
        self.asked: list[str] = []
        self.latency = latency
        self.is_down = False
        self.gate: threading.Event | None = None

    async def __call__(self, call: Call) -> dict[str, Any]:
        self.asked.append(call.arguments["id"])
        answer = {"id": call.arguments["id"], "visit": len(self.asked)}
        if self.gate is not None:
            await asyncio.to_thread(self.gate.wait)
        if self.latency:
            await asyncio.sleep(self.latency)
        if self.is_down:
            raise OSError("down")
        return answer


class Desk:
    """Pages over one source, and a clock that stands until it is moved."""

    def __init__(self, *pages: Page, latency: float = 0.0, **more: Any) -> None:
        self.now = START
        self.source = Source(latency)
        host = Connector("crm", "callable", {"get": Operation(ID)})
        self.connectors = Connectors({"crm": host}, {"crm.get": self.source}, clock=lambda: self.now)
        self.pages = Pages({page.id: page for page in pages}, self.connectors, clock=lambda: self.now, **more)

    def load(self, request: PageRequest = ADA, interaction: str = "I-1", actor: str = "ann") -> Any:
        return self.pages.load([request], interaction=interaction, actor=actor)[request]

    def wait_for(self, count: int) -> None:
        """Waits until the source was asked so often: a refresh behind has no one who waits for it."""
        until = time.monotonic() + 2
        while len(self.source.asked) < count and time.monotonic() < until:
            time.sleep(0.002)
        assert len(self.source.asked) == count

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *error: object) -> None:
        self.connectors.close()


def page(**more: Any) -> Page:
    given = {"id": "D_Customer", "returns": "customer", "parameters": ID, "connector": "crm.get"}
    return Page(**{**given, "arguments": {"id": Reads(lambda roots: roots["id"])}, **more})


def test_what_is_fresh_is_served_as_it_is():
    with Desk(page(fresh_seconds=60)) as desk:
        assert desk.load() == desk.load() == {"id": "ada", "visit": 1}
        desk.now += timedelta(seconds=59)
        assert desk.load()["visit"] == 1
        desk.now += timedelta(seconds=1)
        assert desk.load()["visit"] == 2


def test_what_is_stale_is_served_at_once_and_refreshed_behind():
    with Desk(page(fresh_seconds=60, stale_seconds=600)) as desk:
        desk.load()
        desk.now += timedelta(seconds=61)
        assert desk.load()["visit"] == 1
        desk.wait_for(2)
        until = time.monotonic() + 2
        while desk.load()["visit"] != 2 and time.monotonic() < until:
            time.sleep(0.002)
        assert desk.load()["visit"] == 2
        desk.now += timedelta(seconds=661)
        assert desk.load()["visit"] == 3


@pytest.mark.parametrize(
    ("scope", "asked"),
    [("interaction", 3), ("agent", 2), ("node", 1), ("shared", 1)],
)
def test_a_page_is_kept_for_those_of_its_scope(scope, asked):
    with Desk(page(scope=scope, fresh_seconds=60)) as desk:
        for interaction, actor in (("I-1", "ann"), ("I-2", "ann"), ("I-3", "ben"), ("I-1", "ann")):
            desk.load(interaction=interaction, actor=actor)
        assert len(desk.source.asked) == asked


def test_outside_an_interaction_a_page_of_that_scope_is_read_each_time():
    with Desk(page(fresh_seconds=60)) as desk:
        assert [desk.load(interaction="")["visit"] for _ in range(2)] == [1, 2]


def test_different_parameters_are_different_answers():
    with Desk(page(fresh_seconds=60)) as desk:
        answers = desk.pages.load([ADA, BOB, ADA], interaction="I-1", actor="ann")
        assert {request: answer["id"] for request, answer in answers.items()} == {ADA: "ada", BOB: "bob"}


def test_two_hundred_readers_of_one_page_ask_its_source_once():
    with Desk(page(scope="node", fresh_seconds=60)) as desk:
        desk.source.gate = threading.Event()
        answers: list[Any] = []
        readers = [threading.Thread(target=lambda: answers.append(desk.load())) for _ in range(200)]
        for reader in readers:
            reader.start()
        desk.wait_for(1)
        desk.source.gate.set()
        for reader in readers:
            reader.join()
        assert desk.source.asked == ["ada"]
        assert answers == [{"id": "ada", "visit": 1}] * 200


def test_five_slow_sources_take_as_long_as_one():
    with Desk(*(page(id=f"D_{n}") for n in range(5)), latency=0.05) as desk:
        requests = [PageRequest.of(f"D_{n}", {"id": "ada"}) for n in range(5)]
        desk.pages.load(requests[:1], interaction="I-1", actor="ann")
        start = time.perf_counter()
        desk.pages.load(requests, interaction="I-1", actor="ann")
        assert time.perf_counter() - start < 0.15


@pytest.mark.parametrize(
    ("on_error", "is_list", "answer"),
    [
        ("fail", False, Unavailable("page D_Customer: connector 'crm.get' failed: OSError: down")),
        ("serve_stale", False, Unavailable("page D_Customer: connector 'crm.get' failed: OSError: down")),
        ("empty", False, None),
        ("empty", True, []),
    ],
)
def test_a_source_that_is_down_gives_what_the_page_says(on_error, is_list, answer):
    with Desk(page(on_error=on_error, is_list=is_list)) as desk:
        desk.source.is_down = True
        assert desk.load() == answer


def test_serve_stale_gives_the_last_answer_however_old_it_is():
    with Desk(page(on_error="serve_stale", fresh_seconds=1)) as desk:
        desk.load()
        desk.source.is_down = True
        desk.now += timedelta(days=2)
        assert desk.load()["visit"] == 1


def test_a_page_has_its_own_timeout():
    with Desk(page(timeout_seconds=0.02), latency=5) as desk:
        assert desk.load() == Unavailable("page D_Customer: no answer within 0.02 s")


def test_an_unknown_page_is_unavailable_and_the_near_one_named():
    with Desk(page()) as desk:
        answer = desk.load(PageRequest.of("D_Custmer", {}))
    assert answer == Unavailable("there is no data page 'D_Custmer'; did you mean 'D_Customer'?")


def test_an_event_outdates_the_answers_that_its_payload_means():
    with Desk(page(fresh_seconds=600, invalidate_on=("customer.updated",))) as desk:
        desk.load(ADA)
        desk.load(BOB)
        desk.pages.invalidate("customer.updated", {"id": "ada", "name": "Ada L."})
        assert (desk.load(ADA)["visit"], desk.load(BOB)["visit"]) == (3, 2)
        desk.pages.invalidate("customer.updated", {})
        assert (desk.load(ADA)["visit"], desk.load(BOB)["visit"]) == (4, 5)
        desk.pages.invalidate("customer.moved", {})
        assert desk.load(ADA)["visit"] == 4


def test_an_answer_asked_for_before_an_event_is_not_kept_after_it():
    with Desk(page(scope="node", fresh_seconds=600, invalidate_on=("customer.updated",))) as desk:
        desk.source.gate = threading.Event()
        early: list[Any] = []
        reader = threading.Thread(target=lambda: early.append(desk.load()))
        reader.start()
        desk.wait_for(1)
        desk.pages.invalidate("customer.updated", {"id": "ada"})
        desk.source.gate.set()
        reader.join()
        assert early == [{"id": "ada", "visit": 1}]
        assert desk.load()["visit"] == 2


def test_new_rules_are_read_by_from_then_on():
    with Desk(page(fresh_seconds=600)) as desk:
        desk.load()
        desk.pages.adopt({"D_Customer": page(fresh_seconds=60)})
        assert desk.load()["visit"] == 2
        desk.now += timedelta(seconds=60)
        assert desk.load()["visit"] == 3


CUSTOMER = {
    "id": Field("id", "id", text),
    "born": Field("born", "date", lambda value: date.fromisoformat(value) if value else None),
}


def test_values_are_brought_into_their_types_and_absent_ones_are_none():
    answers = iter([{"id": "ada", "born": "1815-12-10", "extra": 1}, {"id": "ada"}])
    internal = {"people": lambda parameters: next(answers)}
    with Desk(page(connector="", internal="people", fields=CUSTOMER), internal=internal) as desk:
        assert desk.load() == {"id": "ada", "born": date(1815, 12, 10)}
        assert desk.load() == {"id": "ada", "born": None}


def test_a_record_type_of_the_application_gives_the_fields_of_a_page():
    records = {"customer": RecordType("customer", "id", CUSTOMER)}
    made = page(connector="", internal="people", record="customer", is_list=True)
    internal = {"people": lambda parameters: [{"id": "ada", "born": "1815-12-10"}]}
    with Desk(made, internal=internal, records=records) as desk:
        assert desk.load() == [{"id": "ada", "born": date(1815, 12, 10)}]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"born": "long ago"}, "field 'born' came as 'long ago': Invalid isoformat string: 'long ago'"),
        ("ada", "a record was expected, and a str came"),
    ],
)
def test_an_answer_that_does_not_fit_is_no_answer(answer, reason):
    internal = {"people": lambda parameters: answer}
    with Desk(page(connector="", internal="people", fields=CUSTOMER), internal=internal) as desk:
        assert desk.load() == Unavailable(f"page D_Customer: {reason}")


def test_an_internal_source_may_be_a_coroutine_and_one_that_is_missing_is_named():
    async def people(parameters):
        return {"id": parameters["id"]}

    with Desk(page(connector="", internal="people"), internal={"people": people}) as desk:
        assert desk.load() == {"id": "ada"}
    with Desk(page(connector="", internal="poeple"), internal={"people": people}) as desk:
        message = "page D_Customer: the application has no internal source 'poeple'; did you mean 'people'?"
        assert desk.load() == Unavailable(message)


def test_an_internal_source_that_would_end_the_process_makes_its_page_unavailable() -> None:
    def leave(parameters: Any) -> Any:
        raise SystemExit("leave")

    desk = Desk(Page("D_Customer", "customer", ID, internal="leaving"), internal={"leaving": leave})
    for _ in range(2):
        found = desk.load()
        assert isinstance(found, Unavailable)
        assert found.reason == "page D_Customer: the internal source 'leaving' raised SystemExit: leave"
