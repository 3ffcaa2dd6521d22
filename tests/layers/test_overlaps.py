"""Overlaps, dead variants, gaps and dropped changes are told before any fact is known, with the words to mend them."""

from datetime import UTC, datetime

import pytest

from casewright.errors import SearchTooLong
from casewright.expressions.regions import Region, interval, values
from casewright.layers.circumstances import Circumstance, Period
from casewright.layers.extents import extents_of
from casewright.layers.overlaps import (
    ambiguities,
    date_gaps,
    dead_variants,
    dropped_changes,
    dropped_problems,
    gap_problems,
    overlap_problems,
)
from casewright.layers.products import Budget, Space
from casewright.values import RuleName, Span

RULE = RuleName("dialog", "greeting")
SPACE = Space({"tier": values("gold", "plat", "basic", None)})


def day(month: int, number: int) -> datetime:
    return datetime(2026, month, number, tzinfo=UTC)


def variant(name: str, period: Period | None = None, **sides: Region) -> Circumstance:
    written = {dimension: str(side) for dimension, side in sides.items()}
    return Circumstance(name, sides, period or Period(), Span(f"impl/{name}.yaml", 2), written)


GOLD = variant("gold", tier=values("gold"))
EMEA = variant("emea", region=values("emea"))
Q1 = Period(day(1, 1), day(4, 1))


def test_two_variants_that_overlap_are_shown_with_a_witness_and_the_missing_variant() -> None:
    (problem,) = overlap_problems(RULE, extents_of([GOLD, EMEA], SPACE))

    assert (problem.code, problem.span) == ("E330", GOLD.span)
    assert problem.message == (
        "variants 'emea' (impl/emea.yaml:2:1) and 'gold' (impl/gold.yaml:2:1) both match {tier: gold, region: emea}; "
        "neither is more specific"
    )
    assert problem.related[0].span == EMEA.span
    assert problem.help.splitlines() == [
        "say which holds where both match, or narrow one of them:",
        "variant: dialog/greeting@emea_gold",
        "circumstance: {region: emea, tier: gold}",
    ]


def test_the_variant_of_the_intersection_settles_an_overlap() -> None:
    both = variant("both", tier=values("gold"), region=values("emea"))
    assert overlap_problems(RULE, extents_of([GOLD, EMEA, both], SPACE)) == ()


def test_several_variants_settle_an_overlap_together() -> None:
    amount = variant("amount", amount=interval(1000, None))
    tiers = variant("tiers", tier=values("gold", "plat"))
    low = variant("low", tier=values("gold", "plat"), amount=interval(1000, 5000, True, False))
    high = variant("high", tier=values("gold", "plat"), amount=interval(5000, None))
    assert ambiguities(extents_of([amount, tiers, low, high], SPACE), Budget()) == ()
    (left,) = ambiguities(extents_of([amount, tiers, low], SPACE), Budget())
    assert left.witness == {"amount": 5000, "tier": "gold"}


def test_options_that_are_all_listed_are_no_restriction() -> None:
    everyone = variant("everyone", tier=values("gold", "plat", "basic", None), region=values("emea"))
    both = variant("both", tier=values("gold"), region=values("emea"))
    assert ambiguities(extents_of([everyone, GOLD, both], SPACE), Budget()) == ()
    (equal,) = ambiguities(extents_of([everyone, EMEA], SPACE), Budget())
    assert equal.is_equal


def test_equal_regions_under_two_names_are_refused() -> None:
    (problem,) = overlap_problems(RULE, extents_of([GOLD, variant("golden", tier=values("gold"))], SPACE))
    assert problem.code == "E330"
    assert problem.message == (
        "variants 'gold' (impl/gold.yaml:2:1) and 'golden' (impl/golden.yaml:2:1) hold for the same facts; "
        "neither is more specific"
    )
    assert problem.help == "`extend: dialog/greeting@gold` changes that one; or give 'golden' another circumstance"


def test_periods_overlap_as_any_dimension_does() -> None:
    q1, promo = variant("q1", Q1), variant("promo", Period(day(2, 15), day(5, 1)))
    (problem,) = overlap_problems(RULE, extents_of([q1, promo], SPACE))
    assert "both match {as_of: 2026-02-15}" in problem.message
    assert problem.help.endswith("variant: dialog/greeting@promo_q1\neffective: {from: 2026-02-15, until: 2026-04-01}")


def test_a_period_inside_another_is_more_specific() -> None:
    february = variant("february", Period(day(2, 1), day(3, 1)))
    assert overlap_problems(RULE, extents_of([variant("q1", Q1), february], SPACE)) == ()


def test_the_stub_of_a_class_says_its_class_and_quotes_ranges() -> None:
    mid, high = variant("mid", amount=interval(0, 10)), variant("high", amount=interval(5, 20))
    (problem,) = overlap_problems(RuleName("sla", "x", "dispute"), extents_of([mid, high], SPACE))
    assert problem.help.endswith('variant: sla/x@high_mid\nfor: dispute\ncircumstance: {amount: "[5..10]"}')


def test_a_search_that_ends_at_its_bound_says_that_nothing_is_proved() -> None:
    both = variant("both", tier=values("gold"), region=values("emea"))
    (problem,) = overlap_problems(RULE, extents_of([GOLD, EMEA, both], SPACE), Budget(0))
    assert (problem.code, problem.span) == ("W336", EMEA.span)
    assert problem.message == (
        "variants 'gold' and 'emea' of dialog/greeting overlap; it took too long to prove what decides"
    )
    assert dead_variants(RULE, extents_of([GOLD, EMEA, both], SPACE), Budget(0)) == ()


def test_all_that_is_not_proved_of_a_rule_is_one_warning() -> None:
    both = variant("both", tier=values("gold"), region=values("emea"), amount=interval(0, 10))
    more = variant("more", tier=values("gold"), region=values("emea", "apac"), amount=interval(0, 10))
    large = variant("large", amount=interval(0, 10))
    (problem,) = overlap_problems(RULE, extents_of([GOLD, EMEA, large, both, more], SPACE), Budget(0))
    assert problem.message.startswith("variants 'gold' and 'emea' of dialog/greeting overlap, and ")


def test_a_remainder_that_takes_too_many_cuts_is_given_up() -> None:
    odd = [{"amount": interval(number, number)} for number in range(1, 100, 2)]
    with pytest.raises(SearchTooLong):
        SPACE.uncovered({"amount": interval(0, 200)}, odd, Budget(10))
    assert SPACE.uncovered({"amount": interval(0, 200)}, odd, Budget()) is not None


def test_a_variant_that_narrower_ones_cover_can_never_win() -> None:
    wide = variant("wide", tier=values("gold", "plat"))
    (problem,) = dead_variants(RULE, extents_of([wide, GOLD, variant("plat", tier=values("plat"))], SPACE))
    assert (problem.code, problem.span) == ("W402", wide.span)
    assert problem.message == (
        "variant 'wide' of dialog/greeting can never win: wherever it matches, one of 'gold', 'plat' is more specific"
    )
    assert [related.span.path for related in problem.related] == ["impl/gold.yaml", "impl/plat.yaml"]
    assert problem.help == "delete its file, or widen its circumstance"


def test_a_variant_that_no_fact_matches_can_never_win() -> None:
    (problem,) = dead_variants(RULE, extents_of([variant("odd", tier=values("silver"))], SPACE))
    assert problem.message == "variant 'odd' of dialog/greeting can never win: no fact matches it"


def test_a_partly_covered_variant_is_alive() -> None:
    assert dead_variants(RULE, extents_of([variant("wide", tier=values("gold", "plat")), GOLD], SPACE)) == ()


@pytest.mark.parametrize(
    ("base", "periods", "gaps"),
    [
        (Period(), [], []),
        (Period(day(1, 1)), [], []),
        (Period(day(1, 1), day(4, 1)), [Period(day(4, 1))], []),
        (Period(day(1, 1), day(4, 1)), [Period(day(4, 14))], ["on 2026-04-01..2026-04-14"]),
        (Period(day(1, 1), day(4, 1)), [], ["from 2026-04-01 on"]),
        (Period(day(1, 1), day(9, 1)), [Period(day(2, 1), day(3, 1))], ["from 2026-09-01 on"]),
        (Period(day(5, 1), None), [Period(day(1, 1), day(2, 1))], ["on 2026-02-01..2026-05-01"]),
        (Period(None, day(2, 1)), [Period(day(1, 1), day(3, 1)), Period(day(3, 1))], []),
    ],
)
def test_gaps_in_time_begin_where_the_rule_first_holds(base: Period, periods: list[Period], gaps: list[str]) -> None:
    variants = [variant(f"v{number}", period) for number, period in enumerate(periods)]
    problems = gap_problems(RULE, Span("base.yaml"), base, variants)
    assert [problem.message.removeprefix("no dialog/greeting ") for problem in problems] == gaps
    assert {problem.code for problem in problems} <= {"W333"}


def test_a_variant_with_conditions_closes_no_gap() -> None:
    gold_after = Circumstance("g", {"tier": values("gold")}, Period(day(4, 1)), Span("g.yaml"))
    assert date_gaps(Period(day(1, 1), day(4, 1)), [gold_after]) == (Period(day(4, 1)),)


def test_what_a_wider_variant_changes_and_a_narrower_one_drops_is_listed() -> None:
    wide = variant("wide", tier=values("gold", "plat"))
    changes = {"wide": ("sla.goal", "steps.greet.text", "label"), "gold": ("steps.greet.text", "sla")}
    (problem,) = dropped_problems(RULE, extents_of([wide, GOLD], SPACE), changes.__getitem__)
    assert (problem.code, problem.span) == ("W335", GOLD.span)
    assert problem.message == "where 'gold' wins, the changes of the wider 'wide' are dropped: 'label'"
    assert problem.help == "write `based_on: wide` below `variant: dialog/greeting@gold` to build on them"


def test_variants_beside_one_another_drop_nothing() -> None:
    assert dropped_problems(RULE, extents_of([GOLD, EMEA], SPACE), {"gold": ("a",), "emea": ("b",)}.__getitem__) == ()


def test_a_change_above_or_below_keeps_a_path() -> None:
    assert dropped_changes(["a", "b.c", "d", "ab"], ["a.x", "b"]) == ("ab", "d")
