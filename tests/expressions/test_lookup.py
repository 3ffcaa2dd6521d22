"""The index over a column agrees with the regions that it was made of."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.expressions import Region, anything, interval, nothing, values
from casewright.expressions.lookup import Banded, Listed, column_of

REGIONS = [
    None,
    anything(),
    nothing(),
    values(1),
    values(2, None),
    values(3).complement(),
    values(1, None).complement(),
    interval(1, 3),
    interval(2, None, False),
    interval(None, 2).union(values(4)),
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(REGIONS), max_size=6), st.sampled_from([None, 0, 1, 2, 3, 4, 5]))
def test_a_mask_has_the_rows_whose_region_has_the_value(regions: list[Region | None], value: int | None) -> None:
    column = column_of(regions)
    wanted = [row for row, region in enumerate(regions) if region is None or region.contains(value)]
    assert [row for row in range(len(regions)) if column.mask(value) >> row & 1] == wanted


def test_single_values_are_looked_up_and_intervals_are_searched() -> None:
    assert isinstance(column_of([values("a"), values("b").complement(), anything()]), Listed)
    assert isinstance(column_of([interval(1, 2), anything()]), Banded)


def test_a_value_of_another_type_passes_only_what_everything_passes() -> None:
    assert column_of([interval(1, 2), anything()]).mask("text") == 0b10
    assert column_of([values("a"), anything()]).mask([1]) == 0b10
