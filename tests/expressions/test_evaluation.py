"""What operators, functions and macros give."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from casewright.expressions import CLOCK, STANDARD, Condition, Expression
from casewright.expressions.library.operators import FAULTS
from casewright.values import Duration

ROOTS: dict[str, Any] = {
    "customer": {
        "segment": "VIP",
        "income": Decimal("1200.50"),
        "active": True,
        "age": 44,
        "address": {"city": "Bonn"},
    },
    "case": {
        "incident": "lost",
        "wait": Duration(exact=timedelta(days=2)),
        "opened": datetime(2026, 1, 30, tzinfo=UTC),
    },
    "amount": 80,
    "other": 7,
    "ratio": Decimal("2.5"),
    "flag": True,
    "mark": False,
    "name": "Ann Lee",
    "due": date(2026, 1, 31),
    "payments": [{"amount": Decimal("10.00"), "kind": "card"}, {"amount": Decimal("5.50"), "kind": "cash"}],
    "tags": ["a", "b", "c"],
    "numbers": [1, 2, 3],
    "anything": {"deep": {"list": [1, "two"]}},
    CLOCK: datetime(2026, 3, 4, 13, 5, tzinfo=timezone(timedelta(hours=1))),
}


def days(count: int) -> Duration:
    return Duration(exact=timedelta(days=count))


VALUES = [
    # numbers
    ("amount + other * 2", 94),
    ("7 / -2", -3),
    ("7 % -2", 1),
    ("-7 % 2", -1),
    ("-7 / 2", -3),
    ("1.0 / 3", Decimal("0.3333333333333333333333333333333333")),
    ("0.1 + 0.2 == 0.3", True),
    ("amount * ratio", Decimal("200.0")),
    ("-ratio", Decimal("-2.5")),
    ("5 == 5.0", True),
    ("0x1F + 1e2", Decimal("131")),
    ("round(2.5)", 3),
    ("round(-2.5)", -3),
    ("round(1.005, 2)", Decimal("1.01")),
    ("floor(-2.5)", -3),
    ("ceil(2.1)", 3),
    ("abs(-3)", 3),
    ("abs(-2.5)", Decimal("2.5")),
    ("int(2.9)", 2),
    ('int("42")', 42),
    ('decimal("1.50")', Decimal("1.50")),
    ("min(3, 1, 2)", 1),
    ("max(numbers)", 3),
    ("max(amount, ratio)", 80),
    ("sum(numbers)", 6),
    ("sum(payments.map(p, p.amount))", Decimal("15.50")),
    ("sum([])", 0),
    # texts
    ('name + "!"', "Ann Lee!"),
    ("size(name)", 7),
    ("name.size()", 7),
    ('name.contains("Lee")', True),
    ('contains(name, "lee")', False),
    ('name.startsWith("Ann") and name.endsWith("Lee")', True),
    ("name.lower() + upper(name)", "ann leeANN LEE"),
    ('trim("  a ")', "a"),
    ('name.replace("e", "3")', "Ann L33"),
    ('join(tags, "-")', "a-b-c"),
    ("tags.join()", "abc"),
    ('"a,b".split(",")', ["a", "b"]),
    ('"ab".split("")', ["a", "b"]),
    ('name.matches("^A.*e$")', True),
    ('name.matches("x")', False),
    ("string(amount) + string(ratio) + string(flag) + string(due)", "802.5true2026-01-31"),
    ("'it\\'s' + \"\\u00e9\" + r'\\n'", "it'sé\\n"),
    ('"""a "quoted" text"""', 'a "quoted" text'),
    # truth
    ("flag && !mark || mark", True),
    ("flag and not mark or mark", True),
    ("not amount > 100", True),
    ("not mark == mark", False),
    ('flag ? "a" : "b"', "a"),
    ("mark ? 1 : flag ? 2 : 3", 2),
    ('customer.segment in ["VIP", "Private"]', True),
    ('customer.segment not in ["VIP", "Private"]', False),
    ("2 in numbers and 2.0 in numbers", True),
    ('"a" in {"a": 1}', True),
    # lists, maps, records
    ("tags[1]", "b"),
    ("tags + [name]", ["a", "b", "c", "Ann Lee"]),
    ("[1, 2] == [1, 2]", True),
    ("[1, 2] == numbers", False),
    ('{"a": amount}.a', 80),
    ('{"a": amount}["a"]', 80),
    ('{"a": amount}.b', None),
    ("customer.address.city", "Bonn"),
    ("customer?.address?.city", "Bonn"),
    ('anything.deep.list[1] == "two"', True),
    ("anything.deep.none", None),
    ("coalesce(anything.none, anything.deep.list[0], 5)", 1),
    ('anything.none.orValue("else")', "else"),
    # macros
    ("numbers.all(n, n > 0)", True),
    ("numbers.exists(n, n > 2)", True),
    ("numbers.exists_one(n, n > 1)", False),
    ("numbers.filter(n, n > 1)", [2, 3]),
    ("numbers.map(n, n * 2)", [2, 4, 6]),
    ("numbers.map(n, n > 1, n * 2)", [4, 6]),
    ("numbers.all(n, tags.exists(t, size(t) <= n))", True),
    ("numbers.map(n, numbers.filter(n, n == 1))", [[1], [1], [1]]),
    ('{"a": 1, "b": 2}.all(k, k < "c")', True),
    ('payments.filter(p, p.kind == "card")[0].amount', Decimal("10.00")),
    # dates
    ("due > date('2026-01-30')", True),
    ('due + duration("1d")', date(2026, 2, 1)),
    ('due - duration("P1D")', date(2026, 1, 30)),
    ('due + duration("1mo")', date(2026, 2, 28)),
    ("due - date('2026-01-01')", days(30)),
    ("add_months(due, 1)", date(2026, 2, 28)),
    ("add_months(due, -2)", date(2025, 11, 30)),
    ("days_between(date('2026-01-01'), due)", 30),
    ("[year(due), month(due), day(due)]", [2026, 1, 31]),
    ('case.opened + duration("36h")', datetime(2026, 1, 31, 12, tzinfo=UTC)),
    ("case.opened - case.opened", days(0)),
    ('case.wait + duration("1h") > duration("2d")', True),
    ('duration("1mo") * 3', Duration(months=3)),
    ('time("09:30") < time("17:00")', True),
    ('datetime("2026-01-31T09:30:00Z") == datetime("2026-01-31T10:30:00+01:00")', True),
    ("date(now())", date(2026, 3, 4)),
    ("today()", date(2026, 3, 4)),
    ("daypart()", "afternoon"),
    ("time(now())", time(13, 5)),
]


@pytest.mark.parametrize(("text", "value"), VALUES, ids=[text for text, _ in VALUES])
def test_an_expression_gives_its_value(text: str, value: object, expression: Callable[..., Expression]) -> None:
    found = expression(text)
    result = found.evaluate(ROOTS)
    assert result == value
    assert isinstance(result, type(value))
    assert found.explain(ROOTS).value == (
        tuple(value) if isinstance(result, tuple) and isinstance(value, list) else value
    )


FAULTY = [
    ("amount / 0", "amount / 0: divides by zero"),
    ("ratio / 0.0", "ratio / 0.0: divides by zero"),
    ("amount % 0", "amount % 0: divides by zero"),
    ("9223372036854775807 + amount", "9223372036854775807 + amount: an integer has at most 64 bits"),
    ("tags[7]", "tags[7]: the list has 3 items; it has none at 7"),
    ("tags[-1]", "tags[-1]: the list has 3 items; it has none at -1"),
    ("int(name)", "int(name): 'Ann Lee' is no integer"),
    ("date(name)", "date(name): 'Ann Lee' is no date; write it as 2026-01-31"),
    ("anything + 1", "anything + 1: + does not take map and integer"),
    ("anything.deep.list.field", "anything.deep.list is no record, so it has no 'field'"),
    ("anything and flag", "anything is neither true nor false"),
    ('due - -duration("4h")', 'due - -duration("4h"): a date moves by whole days; use a datetime'),
    ('due + duration("3b" + "d")', 'due + duration("3b" + "d"): business days need a calendar'),
    ('duration("1mo") > case.wait', 'duration("1mo") > case.wait: months, business days and days have no fixed order'),
    ("min([])", "min([]) cannot be computed"),
    ("add_months(due, 200000)", "add_months(due, 200000): the date leaves the calendar"),
]


@pytest.mark.parametrize(("text", "reason"), FAULTY, ids=[text for text, _ in FAULTY])
def test_what_cannot_be_computed_is_null_and_says_why(
    text: str, reason: str, expression: Callable[..., Expression]
) -> None:
    found = expression(text)
    assert found.evaluate(ROOTS) is None
    explanation = found.explain(ROOTS)
    assert explanation.is_fault
    assert explanation.cause.startswith(reason)


def test_a_fault_is_absorbed_as_an_unknown_is(condition: Callable[[str], Condition]) -> None:
    assert condition("amount / 0 > 1 or flag").holds(ROOTS) is True
    assert condition("not (amount / 0 > 1 and mark)").holds(ROOTS) is True
    assert condition("not (amount / 0 > 1)").holds(ROOTS) is False


def test_the_clock_is_the_case_clock_in_its_zone(expression: Callable[..., Expression]) -> None:
    late = datetime(2026, 1, 1, 23, 30, tzinfo=UTC)
    assert expression("today()").evaluate({CLOCK: late}) == date(2026, 1, 1)
    assert expression("today()").evaluate({CLOCK: late.astimezone(timezone(timedelta(hours=1)))}) == date(2026, 1, 2)
    parts = [expression("daypart()").evaluate({CLOCK: late.replace(hour=hour)}) for hour in (0, 11, 12, 17, 18)]
    assert parts == ["morning", "morning", "afternoon", "afternoon", "evening"]


def test_without_a_clock_there_is_no_day(expression: Callable[..., Expression]) -> None:
    assert expression("today()").evaluate({}) is None
    assert expression("today()").explain({}).reason == "unknown because the clock is not given"


class NotLoaded(Exception):
    """A page is still to be loaded."""


class Absent(KeyError):
    """A page is missing; a lookup error of the host's own."""


class Pages(dict[str, Any]):
    """Roots that load on first use."""

    def __missing__(self, name: str) -> Any:
        if name == "customer":
            raise NotLoaded(name)
        if name == "payments":
            raise Absent(name)
        self[name] = ROOTS[name]
        return self[name]


@pytest.mark.parametrize("text", ["customer.age > 1", "amount / 0 > 1 or customer.age > 1", "today() > due or flag"])
def test_what_a_root_raises_passes_through(text: str, condition: Callable[[str], Condition]) -> None:
    if "customer" in text:
        with pytest.raises(NotLoaded):
            condition(text).holds(Pages())
        with pytest.raises(NotLoaded):
            condition(text).explain(Pages())
    else:
        assert condition(text).holds(Pages()) is True


def test_a_lookup_error_of_the_hosts_own_passes_through(condition: Callable[[str], Condition]) -> None:
    with pytest.raises(Absent):
        condition("size(payments) > 0").holds(Pages())


def test_what_is_not_needed_is_not_loaded(condition: Callable[[str], Condition]) -> None:
    assert condition("mark and customer.age > 1").holds(Pages()) is False
    assert condition("flag or customer.age > 1").holds(Pages()) is True


@pytest.mark.parametrize("name", sorted(STANDARD))
def test_every_function_refuses_none(name: str) -> None:
    samples: dict[str, Any] = {"text": "1", "integer": 1, "decimal": Decimal(1), "boolean": True, "list": [1]}
    samples |= {"date": date(2026, 1, 1), "datetime": datetime(2026, 1, 1, tzinfo=UTC), "time": time(1)}
    samples |= {"duration": days(1), "map": {"1": 1}, "money": Decimal(1), "choice": "1", "double": 1.0}
    for overload in STANDARD[name].overloads:
        kinds = [min(parameter.kinds or {"text"}) for parameter in overload.parameters]
        for place in range(int(overload.of_null), len(kinds)):
            arguments = [None if at == place else samples[kind] for at, kind in enumerate(kinds)]
            with pytest.raises(FAULTS):
                overload.run(*arguments)
            if overload.inline:
                with pytest.raises(FAULTS):
                    eval(overload.inline.format("a", "b"), {"a": arguments[0], "b": arguments[-1]})
