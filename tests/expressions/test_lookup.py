"""The index over a column agrees with the regions that it was made of."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.expressions import Region, anything, interval, nothing, values
from casewright.expressions.tables.lookup import LONG, Banded, Index, Listed, Parted, column_of, finder, index_of

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


def test_a_long_table_is_indexed_in_parts_that_find_the_same_rows() -> None:
    rows = LONG + 100
    columns = [[values(f"k{row % 7}") for row in range(rows)], [interval(row, row + 30) for row in range(rows)]]
    whole, parted = (index_of([column[:count] for column in columns], count) for count in (LONG, rows))
    assert (type(whole), type(parted)) == (Index, Parted)
    for key, value in (("k3", 10), ("k0", 2_050), ("k5", 4_999), ("k1", 5_090), ("k9", 1), (None, None)):
        wanted = [row for row in range(rows) if f"k{row % 7}" == key and value is not None and row <= value <= row + 30]
        assert [row for row in range(rows) if parted.rows((key, value)) >> row & 1] == wanted
        assert whole.rows((key, value)) == parted.rows((key, value)) & ((1 << LONG) - 1)


def test_what_is_written_out_for_the_columns_finds_what_the_index_finds() -> None:
    index = index_of([[values("a"), anything()], [interval(1, 2), anything()]], 2)
    find = finder([lambda roots: roots[0], lambda roots: roots[1]], index)
    for roots in (("a", 1), ("b", 1), (None, None), ([1], 2), ("a", "text")):
        assert find(roots) == (index.rows(roots), roots)
