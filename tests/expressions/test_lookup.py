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
@given(st.lists(st.sampled_from(REGIONS), max_size=6), st.sampled_from([None, 0, 1, 2, 3, 4, 5]), st.integers(0, 9))
def test_a_mask_has_the_rows_whose_region_has_the_value(
    regions: list[Region | None], value: int | None, at: int
) -> None:
    column = column_of(regions)
    wanted = [row for row, region in enumerate(regions) if region is None or region.contains(value)]
    assert [row for row in range(len(regions)) if column.mask(value) >> row & 1] == wanted
    probe = REGIONS[at]
    if probe is not None and any(region == probe for region in regions):
        shared = [row for row, region in enumerate(regions) if (region or anything()).overlaps(probe)]
        assert [row for row in range(len(regions)) if column.sharing(probe) >> row & 1] == shared


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(REGIONS), min_size=1, max_size=6))
def test_classes_share_out_all_values(regions: list[Region | None]) -> None:
    column = column_of(regions)
    union, total = nothing(), 0
    for region, mask in column.classes():
        if region.is_empty():
            continue
        assert not union.overlaps(region)
        assert column.mask(region.witness()) == mask
        union = union.union(region)
        total += 1
    assert union == anything()
    assert total <= 2 * 6 + 2


def test_single_values_are_looked_up_and_intervals_are_searched() -> None:
    assert isinstance(column_of([values("a"), values("b").complement(), anything()]), Listed)
    assert isinstance(column_of([interval(1, 2), anything()]), Banded)


def test_a_value_of_another_type_passes_only_what_everything_passes() -> None:
    assert column_of([interval(1, 2), anything()]).mask("text") == 0b10
    assert column_of([values("a"), anything()]).mask([1]) == 0b10
