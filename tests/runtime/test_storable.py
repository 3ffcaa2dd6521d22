"""What cannot be kept is refused at the door, with the name that it came under."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from casewright.errors import CommandRefused
from casewright.machine.commands import Cancel
from casewright.runtime.storable import check_storable
from tests.runtime.world import ANN, World, collect, plan, stage

Make = Callable[..., World]
SIMPLE = plan("simple", stage("a", collect("a.s", "note")))
ENDLESS: list[Any] = []
ENDLESS.append(ENDLESS)


@pytest.mark.parametrize(
    ("data", "faults"),
    [
        ({1: 2}, {"1": "a name is a text, and a int came"}),
        ({"card": "\ud800"}, {"card": "it has a character that is none (a lone surrogate)"}),
        ({"\ud800": "x"}, {"\\ud800": "its name has a character that is none (a lone surrogate)"}),
        ({"card": [{"id": "\ud800"}]}, {"card": "it has a character that is none (a lone surrogate)"}),
        ({"card": 2**64}, {"card": "a whole number of at most 64 bits is expected"}),
        (
            {"card": object(), "note": [object()]},
            {
                name: f"a {kind} that holds something else than records, lists and simple values cannot be stored"
                for name, kind in (("card", "object"), ("note", "list"))
            },
        ),
        (
            {"card": ENDLESS},
            {"card": "a list that holds something else than records, lists and simple values cannot be stored"},
        ),
    ],
)
def test_a_case_is_not_begun_with_what_cannot_be_kept(world: Make, data: Any, faults: dict[str, str]) -> None:
    e = world(SIMPLE).engine
    with pytest.raises(CommandRefused, match="these values cannot be stored") as refused:
        e.create("simple", data, by=ANN)
    assert dict(refused.value.details) == faults
    assert e.cases() == ()


def test_no_door_takes_what_cannot_be_kept(world: Make) -> None:
    e = world(SIMPLE).engine
    case = e.create("simple", by=ANN)
    for call in (
        lambda: e.act(case.waiting.id, {"note": "\ud800"}, by=ANN),
        lambda: e.publish("some.event", {"note": "\ud800"}),
        lambda: e.cancel(case.id, by=ANN, reason="\ud800"),
        lambda: e.perform(case.id, Cancel("\ud800"), by=ANN),
    ):
        with pytest.raises(CommandRefused, match="these values cannot be stored"):
            call()
    assert len(e.history(case.id)) == 1


def test_data_is_a_map() -> None:
    with pytest.raises(CommandRefused, match="a map of names and values is expected, and a list came"):
        check_storable(["card"])  # type: ignore[arg-type]


def test_what_can_be_kept_passes() -> None:
    check_storable({"a": "ü", "b": 1, "c": Decimal(1), "d": {"e": ["\U0001f600", (1, 2), {3}]}, "f": None})
