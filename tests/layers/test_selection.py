"""The variant whose region lies inside all others that match wins, and every loser has a reason."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from itertools import product
from timeit import repeat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.errors import AmbiguousVariants, FactMissing, NothingHolds
from casewright.expressions.regions import Region, interval, values
from casewright.layers.circumstances import AS_OF, Circumstance, Period
from casewright.layers.extents import extents_of
from casewright.layers.overlaps import ambiguities, dead_variants
from casewright.layers.portable import selector_from_json, selector_to_json
from casewright.layers.products import Budget, Space
from casewright.layers.selection import BASE, Candidate, Outcome, Selector, invert, selector_of
from casewright.values import RuleName, Span

NOW = datetime(2026, 3, 1, tzinfo=UTC)
RULE = RuleName("dialog", "greeting")
SPACE = Space({"segment": values("VIP", "Private", "standard", None), AS_OF: Period().region})


def day(month: int, number: int) -> datetime:
    return datetime(2026, month, number, tzinfo=UTC)


def variant(name: str, period: Period | None = None, **sides: Region) -> Circumstance:
    written = {dimension: str(side) for dimension, side in sides.items()}
    return Circumstance(name, sides, period or Period(), Span(f"{name}.yaml"), written)


def select(*variants: Circumstance, base: Period | None = None) -> Selector:
    return selector_of("dialog/greeting", extents_of(variants, SPACE), base or Period())


VIP = variant("vip", segment=values("VIP"))
PRIVATE = variant("private", segment=values("VIP", "Private"))
CHAT = variant("chat", channel=values("chat"))
VIP_CHAT = variant("vip_chat", segment=values("VIP"), channel=values("chat"))
LARGE = variant("large", amount=interval(1000, None))
EASTER = variant("easter", Period(day(4, 1), day(4, 10)))


def test_the_base_holds_where_no_variant_matches() -> None:
    assert select(VIP).choose({"segment": "standard"}, NOW) == BASE


def test_the_variant_whose_region_lies_inside_all_others_wins() -> None:
    selector = select(PRIVATE, VIP, VIP_CHAT)
    assert selector.choose({"segment": "VIP", "channel": "chat"}, NOW) == "vip_chat"
    assert selector.choose({"segment": "VIP", "channel": "phone"}, NOW) == "vip"
    assert selector.choose({"segment": "Private", "channel": "chat"}, NOW) == "private"


def test_null_matches_variants_that_omit_the_dimension_or_list_null() -> None:
    selector = select(
        VIP,
        variant("unknown", segment=values(None)),
        CHAT,
        variant("vc", segment=values("VIP", None), channel=values("chat")),
    )
    assert selector.choose({"segment": None, "channel": "phone"}, NOW) == "unknown"
    assert select(VIP, CHAT).choose({"segment": None, "channel": "chat"}, NOW) == "chat"
    assert select(LARGE).choose({"amount": None}, NOW) == BASE


def test_a_period_is_half_open() -> None:
    selector = select(EASTER)
    chosen = [selector.choose({}, at) for at in (day(3, 31), day(4, 1), day(4, 9), day(4, 10))]
    assert chosen == [BASE, "easter", "easter", BASE]


def test_a_fact_that_is_not_supplied_is_an_error_that_names_the_variant() -> None:
    with pytest.raises(
        FactMissing, match=r"variant 'vip' of dialog/greeting needs the fact 'segment' \(circumstance/segment\)"
    ):
        select(VIP, CHAT).choose({"channel": "chat"}, NOW)


def test_a_fact_that_no_variant_names_is_not_needed() -> None:
    assert select(EASTER).choose({}, NOW) == BASE


def test_two_variants_that_nothing_ranks_are_never_chosen_between() -> None:
    with pytest.raises(AmbiguousVariants, match="chat, vip of dialog/greeting"):
        select(VIP, CHAT).choose({"segment": "VIP", "channel": "chat"}, NOW)


def test_a_base_with_a_period_holds_inside_it_only() -> None:
    selector = select(EASTER, base=Period(day(1, 1), day(2, 1)))
    assert selector.choose({}, day(1, 15)) == BASE
    assert selector.choose({}, day(4, 2)) == "easter"
    with pytest.raises(NothingHolds, match="holds from 2026-01-01 until 2026-02-01"):
        selector.choose({}, NOW)
    assert selector.candidates({}, NOW)[-1].outcome is Outcome.DATE


def test_a_fact_of_another_type_matches_no_listed_value() -> None:
    assert select(VIP).choose({"segment": ["VIP"]}, NOW) == BASE
    assert select(VIP).choose({"segment": 7}, NOW) == BASE


def test_every_candidate_has_the_first_reason_why_it_lost() -> None:
    selector = select(PRIVATE, VIP, VIP_CHAT, EASTER, variant("large", amount=interval(1000, None)))
    assert selector.candidates({"segment": "VIP", "channel": "phone", "amount": Decimal(80)}, NOW) == (
        Candidate("vip_chat", Outcome.CONDITION, 'condition channel: "chat" != phone'),
        Candidate("vip", Outcome.WINS, 'wins: segment: "VIP"'),
        Candidate(
            "easter", Outcome.DATE, "effective from 2026-04-01 until 2026-04-10, and it is 2026-03-01T00:00+00:00"
        ),
        Candidate("large", Outcome.CONDITION, "condition amount: >= 1000 != 80"),
        Candidate("private", Outcome.LESS_SPECIFIC, "less specific than 'vip'"),
        Candidate(BASE, Outcome.LESS_SPECIFIC, "less specific than 'vip'"),
    )


def test_the_base_says_why_it_wins() -> None:
    assert select().candidates({}, NOW) == (Candidate(BASE, Outcome.WINS, "wins: it has no variants"),)
    assert select(VIP).candidates({"segment": None}, NOW)[-1].reason == "wins: no variant matches"


def test_candidates_say_which_fact_is_missing_and_none_wins() -> None:
    outcomes = {
        found.variant: (found.outcome, found.reason)
        for found in select(VIP, CHAT).candidates({"channel": "phone"}, NOW)
    }
    assert outcomes == {
        "vip": (Outcome.NEEDS_FACT, "the fact 'segment' is not given"),
        "chat": (Outcome.CONDITION, 'condition channel: "chat" != phone'),
        BASE: (Outcome.NEEDS_FACT, "the fact 'segment' is not given"),
    }


def test_ambiguous_candidates_name_one_another() -> None:
    found = select(VIP, CHAT).candidates({"segment": "VIP", "channel": "chat"}, NOW)
    assert [(each.variant, each.outcome) for each in found] == [
        ("chat", Outcome.AMBIGUOUS),
        ("vip", Outcome.AMBIGUOUS),
        (BASE, Outcome.LESS_SPECIFIC),
    ]
    assert found[0].reason == "'vip' matches too, and neither is the narrower"


def test_what_would_make_a_variant_win_is_found_outside_the_narrower_ones() -> None:
    selector = select(PRIVATE, VIP, VIP_CHAT)
    assert invert(selector, "private", SPACE) == {"segment": "Private", "channel": None}
    assert invert(selector, BASE, SPACE) == {"segment": "standard", "channel": None}
    assert invert(select(EASTER), "easter", SPACE) == {AS_OF: day(4, 1)}


def test_nothing_makes_a_dead_variant_win() -> None:
    dead = variant("dead", segment=values("VIP", "Private"))
    selector = select(dead, VIP, variant("second", segment=values("Private")))
    assert invert(selector, "dead", SPACE) is None


def test_a_selector_survives_json() -> None:
    selector = select(
        PRIVATE, VIP_CHAT, EASTER, LARGE, variant("price", amount=interval(Decimal("0.5"), 7)), base=Period(day(1, 1))
    )
    again = selector_from_json(json.loads(json.dumps(selector_to_json(selector))))
    assert again == selector
    facts = {"segment": "VIP", "channel": "chat", "amount": Decimal(1)}
    assert again.candidates(facts, day(4, 2)) == selector.candidates(facts, day(4, 2))


def test_a_warm_choice_among_five_variants_takes_microseconds() -> None:
    selector = select(PRIVATE, VIP, VIP_CHAT, EASTER, LARGE)
    facts = {"segment": "standard", "channel": "phone", "amount": Decimal(80)}
    best = min(repeat(lambda: selector.choose(facts, NOW), number=2000, repeat=5)) / 2000
    assert best < 20e-6  # the bar is 5 us and `make bench` holds it; this bound only catches another order of growth


POINTS: dict[str, list[object]] = {
    "segment": ["VIP", "Private", "standard", None],
    "amount": [None, -1, 0, 1, 2, 3, 4],
    AS_OF: [day(1, number) for number in range(1, 6)],
}
BOUNDS = st.tuples(st.integers(0, 3), st.integers(0, 3), st.booleans(), st.booleans())
SEGMENTS = st.sets(st.sampled_from(POINTS["segment"]), min_size=1).map(lambda chosen: values(*chosen))
AMOUNTS = (
    BOUNDS.map(lambda b: interval(min(b[:2]), max(b[:2]), b[2], b[3]))
    | st.just(values(None))
    | st.just(interval(2, None))
)
PERIODS = st.tuples(st.integers(1, 3), st.integers(1, 2)).map(lambda p: Period(day(1, p[0]), day(1, p[0] + p[1])))


@st.composite
def circumstances(draw: st.DrawFn) -> tuple[Circumstance, ...]:
    found = []
    for number in range(draw(st.integers(1, 5))):
        sides = {name: draw(side) for name, side in (("segment", SEGMENTS), ("amount", AMOUNTS)) if draw(st.booleans())}
        found.append(variant(f"v{number}", draw(PERIODS) if draw(st.booleans()) else None, **sides))
    return tuple(found)


# Bounds are whole numbers, so a half between two of them stands for all that lies there.
SAMPLES = [
    dict(zip(POINTS, point, strict=True))
    for point in product(
        POINTS["segment"], [*POINTS["amount"], Decimal("0.5"), Decimal("1.5"), Decimal("2.5")], POINTS[AS_OF]
    )
]


def matching(variants: tuple[Circumstance, ...], point: Mapping[str, object]) -> list[Circumstance]:
    return [
        each
        for each in variants
        if each.effective.contains(point[AS_OF])
        and all(side.contains(point[name]) for name, side in each.product.items())  # type: ignore[arg-type]
    ]


def extent(each: Circumstance) -> frozenset[int]:
    """The samples in a variant's region, found without any algebra."""
    return frozenset(number for number, point in enumerate(SAMPLES) if matching((each,), point))


@settings(max_examples=60, deadline=None)
@given(circumstances())
def test_choice_agrees_with_brute_force_and_with_candidates(variants: tuple[Circumstance, ...]) -> None:
    selector = selector_of("dialog/greeting", extents_of(variants, SPACE))
    assert selector_from_json(json.loads(json.dumps(selector_to_json(selector)))) == selector
    extents = {each.name: extent(each) for each in variants}
    for point in SAMPLES[::3]:
        names = [each.name for each in matching(variants, point)]
        least = [a for a in names if all(a == b or extents[a] < extents[b] for b in names)]
        expected = BASE if not names else least[0] if least else None
        facts, as_of = {name: point[name] for name in selector.needs}, point[AS_OF]
        try:
            chosen: str | None = selector.choose(facts, as_of)  # type: ignore[arg-type]
        except AmbiguousVariants:
            chosen = None
        winners = [each.variant for each in selector.candidates(facts, as_of) if each.outcome is Outcome.WINS]  # type: ignore[arg-type]
        assert chosen == expected
        assert winners == ([] if chosen is None else [chosen])


@settings(max_examples=60, deadline=None)
@given(circumstances())
def test_the_static_check_finds_an_overlap_exactly_where_a_point_has_two_narrowest(
    variants: tuple[Circumstance, ...],
) -> None:
    extents = {each.name: extent(each) for each in variants}

    def narrowest(point: Mapping[str, object]) -> list[str]:
        names = [each.name for each in matching(variants, point)]
        return [a for a in names if not any(extents[b] < extents[a] for b in names)]

    found = ambiguities(extents_of(variants, SPACE), Budget())
    assert all(overlap.is_certain for overlap in found)
    if not found:
        assert all(len(narrowest(point)) <= 1 for point in SAMPLES)
    for overlap in found:
        point = {"segment": "VIP", "amount": None, AS_OF: day(1, 1), **overlap.witness}
        assert overlap.one in matching(variants, point)
        assert overlap.other in matching(variants, point)
        assert len(narrowest(point)) >= 2 or overlap.is_equal


@settings(max_examples=60, deadline=None)
@given(circumstances())
def test_inverted_facts_make_the_variant_win_and_a_dead_one_never_does(variants: tuple[Circumstance, ...]) -> None:
    selector = selector_of("dialog/greeting", extents_of(variants, SPACE))
    dead = {problem.span.path.removesuffix(".yaml") for problem in dead_variants(RULE, extents_of(variants, SPACE))}
    for name in [each.name for each in variants] + [BASE]:
        point = invert(selector, name, SPACE)
        assert not (point and name in dead)
        if point is not None:
            facts = {key: value for key, value in point.items() if key != AS_OF}
            assert selector.choose(facts, point.get(AS_OF, day(1, 1))) == name  # type: ignore[arg-type]
