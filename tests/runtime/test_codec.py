from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.machine.commands import Create, Occurred, StartItem, Submit
from casewright.machine.effects import PageRequest, StartTimer
from casewright.machine.facts import Actor, Unavailable
from casewright.machine.snapshot import ItemLife, Parked
from casewright.runtime.codec import decode, encode
from casewright.values import Duration

NOON = datetime(2026, 11, 20, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        Decimal("12.50"),
        Decimal("1E+3"),
        date(2026, 2, 28),
        time(23, 59, 1, 5),
        NOON,
        datetime(2026, 1, 1, 8),
        timedelta(days=-1, microseconds=7),
        Duration(1, 2, timedelta(days=3, microseconds=4)),
        (1, ("two", Decimal("3"))),
        frozenset({"a", "b"}),
        float("inf"),
        {"$decimal": "not a tag"},
        {"$": {"$map": 1}},
        {1: "one", (2, 3): "pair"},
        PageRequest.of("D_Customer", {"customer_id": "7"}),
        StartTimer("wait", NOON, "wait", "a.b", 2),
        Create("C-1", {"fee": Decimal("1.0")}, parent="C-0"),
        Occurred("a.wait", 2, "payment.received", {"amount": Decimal("9.50"), "at": NOON}, "event"),
        StartItem("actions.letter"),
        Parked(Submit("a", 1, {"x": None}), Actor("ann", "operator", frozenset({"csr"}), {"region": "EU"})),
        Unavailable("the line is down"),
    ],
)
def test_what_was_encoded_comes_back_as_it_was(value: Any) -> None:
    back = decode(encode({"value": value}))["value"]
    assert back == value
    assert type(back) is type(value)


def test_plain_data_is_plain_json() -> None:
    assert encode({"name": "Zoë", "n": 1, "list": [True, None, 1.5]}) == '{"name":"Zoë","n":1,"list":[true,null,1.5]}'


def test_an_enum_is_its_value_and_any_mapping_a_map() -> None:
    assert decode(encode({"state": ItemLife.ACTIVE, "of": MappingProxyType({"a": 1})})) == {
        "state": "active",
        "of": {"a": 1},
    }


def test_a_decimal_keeps_its_places() -> None:
    assert str(decode(encode(Decimal("2.50")))) == "2.50"


def test_what_cannot_be_kept_is_refused_by_its_type() -> None:
    with pytest.raises(TypeError, match="a object cannot be stored"):
        encode({"x": [object()]})


_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(),
    st.floats(allow_nan=False),
    st.decimals(allow_nan=False),
    st.dates(),
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        st.lists(inner), st.lists(inner).map(tuple), st.dictionaries(st.one_of(st.text(), st.just("$decimal")), inner)
    ),
    max_leaves=12,
)


@given(_VALUES)
@settings(max_examples=150)
def test_any_data_comes_back_as_it_was(value: Any) -> None:
    back = decode(encode(value))
    assert back == value
    assert encode(back) == encode(value)
