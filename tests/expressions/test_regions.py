"""The rules of regions: they behave as the sets of values that they say."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.expressions.regions import Region, anything, interval, nothing, values

POINTS = [None, -1, 0, 1, Decimal("1.5"), 2, 3, Decimal("3.25"), 4, 5]


@st.composite
def regions(draw: st.DrawFn) -> Region:
    region = values(*draw(st.lists(st.sampled_from([None, 0, 1, 2, 3, 4]), max_size=3)))
    for _ in range(draw(st.integers(0, 2))):
        low, high = draw(st.sampled_from([None, 0, 1, 2])), draw(st.sampled_from([None, 2, 3, 4]))
        region = region.union(interval(low, high, draw(st.booleans()), draw(st.booleans())))
    return region.complement() if draw(st.booleans()) else region


@settings(max_examples=150, deadline=None)
@given(regions(), regions(), st.sampled_from(POINTS))
def test_operations_are_those_of_sets(one: Region, two: Region, value: object) -> None:
    here, there = one.contains(value), two.contains(value)
    assert one.intersect(two).contains(value) == (here and there)
    assert one.union(two).contains(value) == (here or there)
    assert one.minus(two).contains(value) == (here and not there)
    assert one.complement().contains(value) == (not here)


@settings(max_examples=150, deadline=None)
@given(regions(), regions())
def test_equal_sets_are_equal_values(one: Region, two: Region) -> None:
    assert one.union(two) == one.complement().intersect(two.complement()).complement()
    assert one.intersect(two).union(one.minus(two)) == one
    assert (one.is_inside(two) and two.is_inside(one)) == (one == two)


@settings(max_examples=150, deadline=None)
@given(regions())
def test_a_witness_lies_inside(region: Region) -> None:
    if region.is_empty():
        with pytest.raises(ValueError, match="no witness"):
            region.witness()
    else:
        assert region.contains(region.witness())


def test_an_open_end_leaves_its_value_out() -> None:
    region = interval(18, 65, True, False)
    assert [region.contains(n) for n in (17, 18, 64, 65, None)] == [False, True, True, False, False]


def test_values_are_listed_and_what_takes_an_order_to_say_is_not() -> None:
    vip = values("VIP", "Private")
    assert vip.listed == ("Private", "VIP")
    assert vip.complement().listed is None
    assert vip.complement().contains(None)
    assert interval(1, 2).listed is None


def test_null_is_a_value_beside_the_line() -> None:
    assert values(None).contains(None)
    assert values(None).union(values(None).complement()) == anything()
    assert values(None).witness() is None


def test_true_is_not_one() -> None:
    assert not values(True).contains(1)
    assert not values(1).contains(True)


def test_steps_make_neighbouring_bounds_equal() -> None:
    assert interval(17, None, low_closed=False, whole=True) == interval(18, None, whole=True)
    assert interval(1, 3, False, False, whole=True) == values(2, whole=True)
    after = interval(date(2026, 1, 31), None, low_closed=False, whole=True)
    assert after == interval(date(2026, 2, 1), None, whole=True)


def test_a_turned_interval_is_nothing() -> None:
    assert interval(5, 1) == nothing()
    assert interval(5, 5, True, False) == nothing()


@pytest.mark.parametrize(
    ("region", "witness"),
    [
        (interval(18, 65, True, False), 18),
        (interval(18, 20, False, False), 19),
        (interval(18, 19, False, False), Decimal("18.5")),
        (interval(None, 100, True, False), 99),
        (interval(100, None, False), 101),
        (values("VIP").complement().minus(values(None)), "other"),
        (values("other").complement(), "another"),
        (interval(date(2026, 12, 31), None, False), date(2027, 1, 1)),
        (interval(time(9), time(17), False, False), time(9, 1)),
        (interval(datetime(2026, 1, 1, tzinfo=UTC), None, False), datetime(2026, 1, 1, 0, 1, tzinfo=UTC)),
        (values(True, None), True),
        (values(None).complement(), "anything"),
    ],
)
def test_witnesses_are_plain(region: Region, witness: object) -> None:
    assert region.witness() == witness


@pytest.mark.parametrize(
    ("region", "text"),
    [
        (anything(), "-"),
        (nothing(), "nothing"),
        (values("VIP", None), '"VIP",null'),
        (values("VIP").complement(), 'not("VIP")'),
        (interval(18, 65, True, False), "[18..65)"),
        (interval(18, 65, False, True), "(18..65]"),
        (interval(1000), ">= 1000"),
        (interval(None, 5, True, False).union(values(7)), "< 5,7"),
        (values(None).complement(), "not(null)"),
        (values(True), "true"),
        (values(date(2026, 1, 2)), "2026-01-02"),
    ],
)
def test_a_region_reads_as_a_test(region: Region, text: str) -> None:
    assert str(region) == text
