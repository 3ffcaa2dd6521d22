"""Calls: simulated from the rule, or made by what the host registered; with keys, types, timeouts and reasons."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from casewright.data.connectors import Call, Connectors
from casewright.data.loop import LoopThread
from casewright.errors import ConnectorFailed
from casewright.machine.plan import Constant, Field
from casewright.machine.policies import Connector, Operation, Simulation

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)


class Reads:
    """A value that is a Python function of the roots."""

    roots: frozenset[str] = frozenset()

    def __init__(self, function: Any) -> None:
        self.evaluate = function


def text(value: Any) -> Any:
    if value is not None and not isinstance(value, str):
        raise ValueError("a text is expected")
    return value


ARGUMENT = Reads(lambda roots: roots["arguments"]["id"])
RECORDS = {"cards": ({"id": "1", "kind": "debit"}, {"id": "2", "kind": "credit"}, {"id": "3", "kind": "credit"})}
ID = {"id": Field("id", "id", text)}


def connector(*, source: str = "simulated", **operations: Operation) -> Connector:
    return Connector("cards", source, operations, RECORDS)


def connectors(*made: Connector, **more: Any) -> Connectors:
    return Connectors({each.id: each for each in made}, clock=lambda: NOW, **more)


def hosted(handler: Any, **more: Any) -> Connectors:
    operation = Operation(parameters=ID, **more)
    return connectors(connector(source="callable", block=operation), callables={"cards.block": handler})


@pytest.mark.parametrize(
    ("simulation", "arguments", "answer"),
    [
        (Simulation("cards", {"id": ARGUMENT}), {"id": "2"}, {"id": "2", "kind": "credit"}),
        (Simulation("cards", {"id": ARGUMENT}), {"id": "9"}, None),
        (Simulation("cards", {"kind": Constant("credit")}, many=True), {}, [RECORDS["cards"][1], RECORDS["cards"][2]]),
        (Simulation("cards", {"id": ARGUMENT}, many=True), {}, list(RECORDS["cards"])),
        (
            Simulation(result={"reference": Reads(lambda r: f"B-{r['arguments']['id']}")}),
            {"id": "7"},
            {"reference": "B-7"},
        ),
        (Simulation(result={"at": Reads(lambda r: r["$now"])}), {}, {"at": NOW}),
    ],
)
def test_a_simulated_operation_answers_from_its_rule(simulation, arguments, answer):
    with connectors(connector(get=Operation(ID, simulation))) as made:
        assert made.call("cards.get", arguments) == answer


def test_a_simulated_answer_takes_as_long_as_declared():
    operation = Operation(simulation=Simulation(result={}), latency_seconds=0.05)
    with connectors(connector(get=operation)) as made:
        start = time.perf_counter()
        made.call("cards.get", {})
        assert time.perf_counter() - start >= 0.05


def test_the_same_key_gives_the_same_answer_and_another_key_another():
    counted = iter(range(10))
    operation = Operation(simulation=Simulation(result={"number": Reads(lambda roots: next(counted))}))
    with connectors(connector(get=operation)) as made:
        assert [made.call("cards.get", {}, key=key) for key in ("a", "a", "b", "", "")] == [
            {"number": 0},
            {"number": 0},
            {"number": 1},
            {"number": 2},
            {"number": 3},
        ]


def test_a_host_gets_the_call_with_its_key_and_may_be_a_function_or_a_coroutine():
    calls: list[Call] = []

    def block(call: Call) -> str:
        calls.append(call)
        return threading.current_thread().name

    async def block_async(call: Call) -> str:
        await asyncio.sleep(0)
        calls.append(call)
        return threading.current_thread().name

    with hosted(block) as made:
        assert made.call("cards.block", {"id": "1"}, key="job:4") != "casewright-data"
    with hosted(block_async) as made:
        assert made.call("cards.block", {"id": "1"}, key="job:4") == "casewright-data"
    assert calls == [Call("cards.block", {"id": "1"}, "job:4", NOW)] * 2


def test_what_a_host_raises_is_a_failure_that_may_be_tried_again():
    def block(call: Call) -> None:
        raise OSError("connection refused")

    with hosted(block) as made, pytest.raises(ConnectorFailed, match="OSError: connection refused") as failure:
        made.call("cards.block", {"id": "1"})
    assert failure.value.retryable


def test_a_host_says_itself_what_must_not_be_tried_again():
    async def block(call: Call) -> None:
        raise ConnectorFailed(call.name, "no such card", retryable=False)

    with hosted(block) as made, pytest.raises(ConnectorFailed, match="no such card") as failure:
        made.call("cards.block", {"id": "1"})
    assert not failure.value.retryable


def test_a_call_that_takes_too_long_fails_and_may_be_tried_again():
    async def block(call: Call) -> None:
        await asyncio.sleep(5)

    made = hosted(block, timeout_seconds=0.02)
    with made, pytest.raises(ConnectorFailed, match=r"no answer within 0\.02 s") as failure:
        made.call("cards.block", {"id": "1"})
    assert failure.value.retryable


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("card.get", {}, "connector 'card.get' failed: there is no connector 'card'; did you mean 'cards'?"),
        ("cards.gett", {}, "connector 'cards.gett' failed: it has no operation 'gett'; did you mean 'get'?"),
        (
            "cards.get",
            {"idd": 1, "id": 5},
            "connector 'cards.get' failed: it takes no 'idd'; did you mean 'id'?; argument 'id': a text is expected; "
            "argument 'kind' is required",
        ),
        (
            "cards.other",
            {},
            "connector 'cards.other' failed: it is simulated, and says no answer",
        ),
    ],
)
def test_a_call_that_cannot_be_made_says_why_and_is_not_tried_again(name, arguments, message):
    parameters = {**ID, "kind": Field("kind", "text", text, required=True)}
    made = connectors(connector(get=Operation(parameters, Simulation()), other=Operation()))
    with made, pytest.raises(ConnectorFailed) as failure:
        made.call(name, arguments)
    assert (str(failure.value), failure.value.retryable) == (message, False)


def test_an_operation_that_the_host_did_not_register_is_named():
    made = connectors(connector(source="callable", block=Operation()), callables={"cards.blok": print})
    with made, pytest.raises(ConnectorFailed, match=r"no callable for it; did you mean 'cards\.blok'\?"):
        made.call("cards.block", {})


def test_arguments_are_brought_into_their_types_and_defaults_filled_in():
    parameters = {
        "amount": Field("amount", "money", Decimal),
        "reason": Field("reason", "text", text, default=Constant("lost")),
    }
    operation = Operation(parameters, Simulation(result={"all": Reads(lambda roots: roots["arguments"])}))
    with connectors(connector(get=operation)) as made:
        assert made.call("cards.get", {"amount": "5.00"}) == {"all": {"amount": Decimal("5.00"), "reason": "lost"}}


def test_a_watch_sees_every_call_and_may_make_it_fail():
    seen: list[str] = []

    def watch(call: Call) -> None:
        seen.append(call.key)
        if len(seen) == 1:
            raise ConnectorFailed(call.name, "injected")

    with connectors(connector(get=Operation(simulation=Simulation(result={}))), watch=watch) as made:
        with pytest.raises(ConnectorFailed, match="injected"):
            made.call("cards.get", {}, key="k")
        assert made.call("cards.get", {}, key="k") == {}
    assert seen == ["k", "k"]


def test_new_rules_are_called_by_from_then_on():
    with connectors(connector(get=Operation(simulation=Simulation(result={"release": Constant(1)})))) as made:
        assert made.call("cards.get", {}) == {"release": 1}
        made.adopt({"cards": connector(get=Operation(simulation=Simulation(result={"release": Constant(2)})))})
        assert made.call("cards.get", {}) == {"release": 2}


def test_a_shared_loop_outlives_those_who_share_it():
    with LoopThread() as loop:
        connectors(connector(get=Operation(simulation=Simulation())), loop=loop).close()
        assert connectors(connector(get=Operation(simulation=Simulation())), loop=loop).call("cards.get", {}) == {}


def test_no_thread_is_started_before_the_first_call():
    before = threading.active_count()
    made = connectors(connector(get=Operation(simulation=Simulation())))
    assert threading.active_count() == before
    made.call("cards.get", {})
    assert threading.active_count() == before + 1
    made.close()
    assert threading.active_count() == before


def test_a_closed_loop_says_so_and_one_that_waits_for_itself_is_refused():
    loop = LoopThread()

    async def inside() -> None:
        loop.run(asyncio.sleep(0))

    with pytest.raises(RuntimeError, match="cannot wait for itself"):
        loop.run(inside())
    loop.close()
    loop.close()
    with pytest.raises(RuntimeError, match="closed"):
        loop.run(asyncio.sleep(0))


def test_closing_the_loop_wakes_whoever_waits_for_it():
    loop = LoopThread()
    caught: list[BaseException] = []

    def wait() -> None:
        try:
            loop.run(asyncio.sleep(60))
        except RuntimeError as error:
            caught.append(error)

    waiter = threading.Thread(target=wait)
    waiter.start()
    time.sleep(0.05)
    loop.close()
    waiter.join(2)
    assert str(caught[0]) == "the loop thread was closed before this work was done"


def test_whatever_comes_while_the_loop_closes_ends_too():
    for _ in range(20):
        loop = LoopThread()
        loop.run(asyncio.sleep(0))
        ended: list[str] = []

        def work(loop: LoopThread = loop, ended: list[str] = ended) -> None:
            try:
                while True:
                    loop.run(asyncio.sleep(0.0005))
            except RuntimeError as error:
                ended.append(str(error))

        workers = [threading.Thread(target=work) for _ in range(4)]
        for worker in workers:
            worker.start()
        loop.close()
        for worker in workers:
            worker.join(2)
        assert len(ended) == 4


# -- what would end the process ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, GeneratorExit])
@pytest.mark.parametrize("is_async", [True, False])
def test_whatever_a_host_raises_is_a_failed_call_and_the_next_one_is_made(error: Any, is_async: bool) -> None:
    raising = [True]

    def block(call: Call) -> Any:
        if raising.pop():
            raise error("stop")
        return {"reference": "B-1"}

    async def awaited(call: Call) -> Any:
        return block(call)

    with hosted(awaited if is_async else block) as made:
        with pytest.raises(ConnectorFailed, match=rf"connector 'cards.block' failed: {error.__name__}"):
            made.call("cards.block", {"id": "1"})
        raising.append(False)
        assert made.call("cards.block", {"id": "1"}) == {"reference": "B-1"}


def test_work_that_would_end_the_loop_ends_for_its_caller_alone() -> None:
    async def leave() -> None:
        raise SystemExit("leave")

    async def stay() -> str:
        return "here"

    with LoopThread() as loop:
        with pytest.raises(SystemExit, match="leave"):
            loop.run(leave())
        assert loop.run(stay()) == "here"
