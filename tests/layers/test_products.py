"""Products of regions are cut exactly: every point lies in just the parts it should."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.expressions.regions import interval, nothing, values
from casewright.layers.products import Budget, Product, Space

SPACE = Space({"color": values("red", "blue", None)})
COLORS = st.sets(st.sampled_from(["red", "blue", None])).map(lambda chosen: values(*chosen))
SIZES = st.tuples(st.integers(0, 3), st.integers(0, 3), st.booleans(), st.booleans()).map(lambda b: interval(*b))
PRODUCTS = st.fixed_dictionaries({}, optional={"color": COLORS, "size": SIZES, "weight": SIZES})
POINTS = [
    {"color": color, "size": size, "weight": weight}
    for color in ["red", "blue", None]
    for size, weight in product([None, -1, 0, 0.5, 1, 1.5, 2, 2.5, 3, 4], repeat=2)
]


def members(part: Product) -> set[int]:
    return {number for number, point in enumerate(POINTS) if SPACE.contains(part, point)}


@settings(max_examples=100, deadline=None)
@given(PRODUCTS, PRODUCTS)
def test_a_difference_holds_just_the_points_of_the_one_without_the_other(one: Product, other: Product) -> None:
    parts = [members(part) for part in SPACE.minus(one, other)]
    assert set().union(*parts) == members(one) - members(other)
    assert sum(map(len, parts)) == len(members(one) - members(other))


@settings(max_examples=100, deadline=None)
@given(PRODUCTS, PRODUCTS)
def test_an_intersection_holds_just_the_points_of_both(one: Product, other: Product) -> None:
    both = SPACE.intersect(one, other)
    assert (set() if both is None else members(both)) == members(one) & members(other)


@settings(max_examples=100, deadline=None)
@given(PRODUCTS, st.lists(PRODUCTS, max_size=4))
def test_what_is_not_covered_has_a_witness_outside_every_cover(whole: Product, covers: list[Product]) -> None:
    part = None if SPACE.is_empty(whole) else SPACE.uncovered(whole, covers, Budget())
    outside = members(whole).difference(*map(members, covers))
    assert (part is None) == (not outside)
    if part is not None:
        point = {"color": "red", "size": 0, "weight": 0, **SPACE.witness(part)}
        assert SPACE.contains(whole, point)
        assert not any(SPACE.contains(cover, point) for cover in covers)


def test_a_side_that_allows_the_whole_domain_is_left_out() -> None:
    assert SPACE.normal({"color": values("red", "blue", "green", None), "size": interval(1, 2)}) == {
        "size": interval(1, 2)
    }


def test_an_empty_side_empties_the_product() -> None:
    assert SPACE.is_empty({"size": nothing()})
    assert not SPACE.is_empty({})
