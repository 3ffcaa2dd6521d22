"""A variant says when it holds in declared dimensions and a period; whatever else it says is placed and mended."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from casewright.expressions.regions import Region, values
from casewright.layers.circumstances import ALWAYS, AS_OF, Circumstance, Period, instant, read_circumstance, read_period
from casewright.layers.dimensions import Dimension, fact_of
from casewright.source import Node, SourceFile, read
from casewright.values import Problem, Span

HERE = Span("circumstances.yaml", 1)


def dimension(name: str, type_name: str, *options: object) -> Dimension:
    return Dimension(name, f"customer.{name}", type_name, options, name, HERE)


DIMENSIONS = {
    found.id: found
    for found in (
        dimension("segment", "text", "VIP", "Private", "standard"),
        dimension("channel", "text"),
        dimension("amount", "money"),
        dimension("age", "integer"),
        dimension("level", "integer", 1, 2, 3),
        dimension("is_member", "boolean"),
        dimension("opened", "date"),
    )
}


def head(text: str) -> Node:
    node, problems = read(text, SourceFile("gold.yaml", "acme@1.0"))
    assert node is not None
    assert problems == ()
    return node


def circumstance(text: str) -> tuple[Circumstance, tuple[Problem, ...]]:
    node = head(text)
    return read_circumstance("gold", node.span, node.get("circumstance"), node.get("effective"), DIMENSIONS)


def side(text: str) -> Region:
    found, problems = circumstance(f"circumstance: {{{text}}}")
    assert problems == ()
    (only,) = found.product.values()
    return only


def test_a_value_a_list_and_a_unary_test_each_name_a_region() -> None:
    assert side("segment: VIP") == values("VIP")
    assert side("segment: [VIP, Private]") == values("VIP", "Private")
    assert side('segment: not("VIP")').contains("Private")
    amount = side('amount: ">= 1000"')
    assert [amount.contains(value) for value in (Decimal("999.99"), 1000, None)] == [False, True, False]


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("segment: null", [None], ["VIP"]),
        ("segment: [VIP, null]", ["VIP", None], ["Private"]),
        ("channel: web chat", ["web chat"], ["web", None]),
        ("channel: [web, chat]", ["web", "chat"], ["phone"]),
        ('channel: "web"', ["web"], ["chat"]),
        ("amount: 10.50", [Decimal("10.5")], [Decimal("10.51")]),
        ('amount: "[10..20)"', [10, 19], [9, 20]),
        ('amount: ["< 10", "> 100"]', [9, 101], [10, 100]),
        ('age: "> 17"', [18], [17, None]),
        ('segment: not("VIP")', ["Private"], ["VIP", None]),
        ("segment: 'not(\"VIP\"),null'", ["Private", None], ["VIP"]),
        ("amount: not(null)", [1], [None]),
        ('amount: "-"', [1, None], []),
        ("level: 2", [2], [1]),
        ("level: [1, 3]", [1, 3], [2]),
        ("is_member: true", [True], [False, None]),
        ("opened: 2026-01-02", [datetime(2026, 1, 2).date()], [datetime(2026, 1, 3).date()]),
    ],
)
def test_what_a_circumstance_says_holds_for_just_its_facts(
    text: str, inside: list[object], outside: list[object]
) -> None:
    found = side(text)
    assert [found.contains(value) for value in inside] == [True] * len(inside)
    assert [found.contains(value) for value in outside] == [False] * len(outside)


def test_what_was_written_is_kept_for_reasons() -> None:
    found, _ = circumstance('circumstance: {segment: [VIP, Private], amount: ">= 1000"}')
    assert found.written == {"segment": "VIP, Private", "amount": ">= 1000"}
    assert found.name == "gold"


def test_an_undeclared_dimension_is_an_error_that_knows_the_near_one() -> None:
    found, (problem,) = circumstance("circumstance:\n  segmant: VIP\n  channel: chat\n")
    assert (problem.code, problem.span) == ("E331", Span("gold.yaml", 2, 3, "acme@1.0"))
    assert problem.message == (
        "variant 'gold' depends on 'segmant', which no rule circumstance/segmant declares; did you mean 'segment'?"
    )
    assert "define: circumstance/segmant" in problem.help
    assert list(found.product) == ["channel"]


def test_time_is_no_dimension() -> None:
    _, (problem,) = circumstance("circumstance: {effective: 2026-01-01}")
    assert (problem.code, problem.message) == ("E331", "'effective' is no dimension: time has a head key of its own")


def test_an_option_that_does_not_exist_is_an_error_that_knows_the_near_one() -> None:
    _, (problem,) = circumstance("circumstance: {segment: [VIP, Privat]}")
    assert (problem.code, problem.span.column) == ("E107", 31)
    assert problem.message == "'Privat' is no option of circumstance/segment; did you mean 'Private'?"
    assert problem.related[0].message == "its options are VIP, Private, standard"


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ('amount: "[20..10]"', "E332", "'[20..10]' matches no value: the range is empty or inverted"),
        ('amount: "(5..5)"', "E332", "'(5..5)' matches no value: the range is empty or inverted"),
        ("segment: []", "E332", "the empty list for 'segment' matches no value"),
        ('channel: ""', "E332", "'channel' has no value"),
        ("segment: {is: VIP}", "E334", "'segment' is a map here; it takes a value, a list of values or a unary test"),
        ("segment: [[VIP]]", "E334", "'segment' is a list here; it takes a value, a list of values or a unary test"),
    ],
)
def test_a_circumstance_that_nothing_matches_is_refused(text: str, code: str, message: str) -> None:
    _, (problem,) = circumstance(f"circumstance: {{{text}}}")
    assert (problem.code, problem.message) == (code, message)


def test_a_test_that_does_not_parse_is_placed_inside_its_quotes() -> None:
    found, problems = circumstance('circumstance: {amount: ">= many"}')
    assert problems
    assert problems[0].span.line == 1
    assert problems[0].span.column >= 25
    assert found.product == {}


def test_a_circumstance_is_a_map() -> None:
    _, (problem,) = circumstance("circumstance: VIP")
    assert (problem.code, problem.message) == ("E334", "a circumstance is a map of dimensions to what each must be")


def test_a_period_is_half_open_and_a_date_is_midnight_in_utc() -> None:
    period, problems = read_period(head("{from: 2026-01-01, until: 2026-04-01}"))
    assert problems == ()
    assert period == Period(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    assert period.contains(datetime(2026, 1, 1, tzinfo=UTC))
    assert not period.contains(datetime(2026, 4, 1, tzinfo=UTC))
    assert str(period) == "from 2026-01-01 until 2026-04-01"


def test_a_date_is_midnight_in_the_zone_that_stands_beside_it() -> None:
    period, _ = read_period(head("{from: 2026-07-01, zone: Europe/Berlin}"))
    assert period.since == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert period.until is None


def test_a_datetime_may_name_its_own_zone() -> None:
    assert instant("2026-01-01T08:00+02:00") == datetime(2026, 1, 1, 6, tzinfo=UTC)
    assert instant("2026-01-01T08:00Z", ZoneInfo("Europe/Berlin")) == datetime(2026, 1, 1, 8, tzinfo=UTC)
    assert instant("2026-01-01T08:00", ZoneInfo("Europe/Berlin")) == datetime(2026, 1, 1, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("{from: 2026-05-01, until: 2026-04-01}", "E332", "effective.from 2026-05-01 is after until 2026-04-01"),
        ("{from: 2026-05-01, until: 2026-05-01}", "E332", "effective.from 2026-05-01 is the same as until 2026-05-01"),
        ("{from: 2026-02-30}", "E205", "'2026-02-30' is no date or datetime"),
        ("{from: soon}", "E205", "'soon' is no date or datetime"),
        ("{from: {year: 2026}}", "E205", "'{year: 2026}' is no date or datetime"),
        ("{from: 2026-01-01, zone: [UTC]}", "E205", "'[UTC]' is no time zone"),
        ("{frm: 2026-01-01}", "E105", "'effective' has no 'frm'; did you mean 'from'?"),
        ("{from: 2026-01-01, zone: Berlin}", "E205", "'Berlin' is no time zone"),
        ("2026-01-01", "E334", "'effective' is a map of from and until"),
    ],
)
def test_a_period_that_is_none_is_refused(text: str, code: str, message: str) -> None:
    _, problems = read_period(head(f"effective: {text}").get("effective"))
    assert [(problem.code, problem.message) for problem in problems] == [(code, message)]


def test_a_period_is_one_more_dimension_of_the_region() -> None:
    found, problems = circumstance("circumstance: {segment: VIP}\neffective: {from: 2026-01-01}")
    assert problems == ()
    assert list(found.whole) == ["segment", AS_OF]
    timeless, _ = circumstance("circumstance: {segment: VIP}")
    assert timeless.effective == ALWAYS
    assert list(timeless.whole) == ["segment"]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("segment", "VIP", "VIP"),
        ("channel", "any text, even with commas", "any text, even with commas"),
        ("amount", "12.50", Decimal("12.50")),
        ("age", "42", 42),
        ("level", "2", 2),
        ("is_member", "true", True),
        ("opened", "2026-01-02", datetime(2026, 1, 2).date()),
        ("segment", "null", None),
    ],
)
def test_a_written_fact_has_the_type_of_its_dimension(name: str, text: str, value: object) -> None:
    assert fact_of(text, DIMENSIONS[name], HERE) == (value, ())


def test_a_written_fact_that_is_no_single_value_is_refused() -> None:
    assert [problem.code for problem in fact_of("> 3", DIMENSIONS["age"], HERE)[1]] == ["E334"]
    assert [problem.code for problem in fact_of("Gold", DIMENSIONS["segment"], HERE)[1]] == ["E107"]


def test_a_test_that_must_be_computed_is_refused_since_nothing_could_rank_it() -> None:
    _, (problem,) = circumstance('circumstance: {amount: "? * 2 > 10"}')
    assert problem.code == "E334"
    assert (
        problem.message
        == "'? * 2 > 10' must be computed, so nothing tells which variants overlap; compare with fixed values"
    )
