"""The compiled form and the interpreter agree on every expression and every value, nulls included."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.expressions import CLOCK, Condition, Expression, Scope, compile_expression
from casewright.expressions.compiler import _PROVIDED, source_of
from casewright.expressions.interpreter import Unknown, interpret
from casewright.expressions.library.operators import equal
from casewright.expressions.types import kind_of
from casewright.values import Duration, Span

AT = Span("rule.yaml")
LEAVES = {
    "integer": ["amount", "other", "customer.age", "0", "1", "7", "-3", "9223372036854775807", "size(tags)"],
    "decimal": ["ratio", "customer.income", "0.10", "2.5", "-1.00", "payments[0].amount"],
    "text": [
        "name",
        "customer.segment",
        '"VIP"',
        "'a'",
        '""',
        "tags[0]",
        "lower(case.incident)",
        "customer.address.city",
    ],
    "boolean": [
        "flag",
        "mark",
        "customer.active",
        "true",
        "false",
        "has(customer.segment)",
        "has(customer.address.city)",
    ],
    "date": ["due", "customer.since", 'date("2026-01-31")'],
    "dynamic": ["anything", "anything.field", "anything[0]", "anything.?field", "anything[?0]", 'anything[?"field"]'],
    "list": ["numbers", "[1, 2]", "[]", "[amount, 3]", "lists.range(other)"],
    "double": ["double(amount)", "double(ratio)", 'double("0.1")', 'double("-0.0")', "double(name)"],
    "datetime": [
        "case.opened",
        "now()",
        'datetime("2026-03-29T01:30:00+01:00")',
        'in_zone(case.opened, "Europe/Berlin")',
    ],
    "duration": ["case.wait", 'duration("1mo")', 'duration("P1DT2H")', "(due - due)"],
}


Form = Callable[..., st.SearchStrategy[str]]
"""A template and the types of its holes to the texts that fill it."""

integer, decimal, text, boolean, dynamic = "integer", "decimal", "text", "boolean", "dynamic"
double, moment, length = "double", "datetime", "duration"
PARTS = ("year", "month", "day", "weekday", "week", "quarter", "day_of_year")


def _grown(inner: dict[str, st.SearchStrategy[str]]) -> dict[str, st.SearchStrategy[str]]:
    def form(template: str, *kinds: str) -> st.SearchStrategy[str]:
        return st.tuples(*(inner[kind] for kind in kinds)).map(lambda parts: template.format(*parts))

    return {**_integers(form), **_decimals(form), **_truths(form), **_texts(form), **_others(form), **_times(form)}


def _integers(form: Form) -> dict[str, st.SearchStrategy[str]]:
    return {
        integer: st.one_of(
            *(form(f"({{}} {mark} {{}})", integer, integer) for mark in "+-*/%"),
            form("(-{})", integer),
            form("size({})", text),
            form("coalesce({}, {})", integer, integer),
            form("({} ? {} : {})", boolean, integer, integer),
            form("round({})", decimal),
            form("{}[{}]", "list", integer),
            form("sum({})", "list"),
            form("max({}, {})", integer, integer),
            form("days_between({}, {})", "date", "date"),
            form("months_between({}, {})", "date", moment),
            form("years_between({}, {})", "date", "date"),
            *(form(f"{part}({{}})", "date") for part in PARTS),
            form('hour({}, "Asia/Kathmandu")', moment),
            form("minute({}, name)", moment),
            form("hours({})", length),
            form("{}.indexOf({})", text, text),
            form("{}.indexOf({})", "list", integer),
            form("{}.lastIndexOf({}, {})", text, text, integer),
            form("{}[?{}]", "list", integer).map(lambda written: written.replace("[?-", "[?0 + -")),
            form("{}.first()", "list"),
            form("{}.optMap(v, v + {})", integer, integer),
            form("{}.orValue({})", integer, integer),
            form("int({})", double),
            form("size({})", "list"),
        ),
    }


def _decimals(form: Form) -> dict[str, st.SearchStrategy[str]]:
    return {
        decimal: st.one_of(
            *(form(f"({{}} {mark} {{}})", decimal, decimal) for mark in "+-"),
            form("({} * 1.5)", decimal),
            form("({} / {})", integer, decimal),
            form("abs({})", decimal),
            form("min({}, {})", decimal, integer),
            form("average({})", "list"),
            form("decimal({})", double),
            form("round({}, {})", decimal, integer),
            form("{}.or({})", decimal, decimal),
            form("({} ? {} : {})", boolean, decimal, integer),
        ),
    }


def _truths(form: Form) -> dict[str, st.SearchStrategy[str]]:
    return {
        boolean: st.one_of(
            form("({} and {})", boolean, boolean),
            form("({} or {})", boolean, boolean),
            form("(not {})", boolean),
            form("({} ? {} : {})", boolean, boolean, boolean),
            form("coalesce({}, {})", boolean, boolean),
            form("({} and {} and {})", boolean, dynamic, boolean),
            *(form(f"({{}} {mark} {{}})", integer, decimal) for mark in ("<", "<=", ">", ">=", "==", "!=")),
            form("({} < {})", text, text),
            form("({} == {})", text, text),
            form("({} == null)", text),
            form("({} != {})", boolean, boolean),
            form("({} == {})", dynamic, integer),
            form("({} > {})", dynamic, integer),
            form("({} >= {})", "date", "date"),
            form("({} in {})", integer, "list"),
            form('({} in ["VIP", "a"])', text),
            form("({} in {})", dynamic, "list"),
            form("({} == {})", "list", "list"),
            form("{}.contains({})", text, text),
            form("{}.all(n, n > {})", "list", integer),
            form("{}.exists(n, {} or n == 1)", "list", boolean),
            form("{}.exists_one(n, n < {})", "list", integer),
            form("payments.exists(p, p.amount > {})", decimal),
            *(form(f"({{}} {mark} {{}})", double, double) for mark in ("<", ">=", "==", "!=")),
            *(form(f"({{}} {mark} {{}})", moment, moment) for mark in ("<", ">=", "==")),
            form("({} <= {})", length, length),
            form("({} == {})", length, length),
            *(form("{}.hasValue()", kind) for kind in (integer, text, boolean, dynamic)),
            form("{}.optMap(v, v and {})", boolean, boolean),
            form("optional.of({}).orValue({})", boolean, boolean),
        ),
    }


def _texts(form: Form) -> dict[str, st.SearchStrategy[str]]:
    return {
        text: st.one_of(
            form("({} + {})", text, text),
            form("upper({})", text),
            form("string({})", integer),
            form("coalesce({}, {})", text, text),
            form('replace({}, "a", {})', text, text),
            form("substring({}, {})", text, integer),
            form("substring({}, {}, {})", text, integer, integer),
            form("charAt({}, {})", text, integer),
            form("reverse({})", text),
            form("capitalize({})", text),
            form("mask({}, {})", text, integer),
            form('find({}, "[a-z]+")', text),
            form('extract({}, "(V).*")', text),
            form("find({}, name)", text),
            form('format({}, "dd.MM.yyyy")', "date"),
            form("format({}, name)", moment),
            form("string({})", double),
            st.just("daypart(name)"),
            form("({} ? {} : {})", boolean, text, text),
        ),
    }


def _others(form: Form) -> dict[str, st.SearchStrategy[str]]:
    """Dates, lists, and what has no type."""
    return {
        "date": st.one_of(
            form('({} + duration("2d"))', "date"),
            form("({} + {})", "date", length).filter(lambda text: not text.endswith('+ duration("P1DT2H"))')),
            form("add_months({}, {})", "date", integer),
            form("add_days({}, {})", "date", integer),
            form("add_years({}, {})", "date", integer),
            form("end_of_month({})", "date"),
            form("start_of_week({})", moment),
            form('date({}, "America/New_York")', moment),
            st.just("today(name)"),
        ),
        dynamic: form("({} + {})", dynamic, integer) | form("({} ? {} : {})", boolean, dynamic, dynamic),
        "list": st.one_of(
            form("{}.map(n, n + {})", "list", integer),
            form("{}.filter(n, n > {})", "list", integer),
            form("({} + {})", "list", "list"),
            form("sort({})", "list"),
            form("{}.sortBy(n, n % {})", "list", integer),
            form("distinct({})", "list"),
            form("reverse({})", "list"),
            form("flatten([{}, {}])", "list", "list"),
            form("slice({}, {}, {})", "list", integer, integer),
            form("{}.map(n, n > {}, n)", "list", integer),
        ),
    }


def _times(form: Form) -> dict[str, st.SearchStrategy[str]]:
    """Doubles, instants and lengths of time."""
    return {
        double: st.one_of(
            *(form(f"({{}} {mark} {{}})", double, double) for mark in "+-*/"),
            form("(-{})", double),
            form("abs({})", double),
            form("double({})", integer).filter(lambda text: "double(9223372036854775807)" not in text),
            form("max({}, {})", double, double),
        ),
        moment: st.one_of(
            form("({} + {})", moment, length),
            form("({} - {})", moment, length),
            form("add_months({}, {})", moment, integer),
            form("add_days({}, {})", moment, integer),
            form('in_zone({}, "Europe/Berlin")', moment),
            form("in_zone({}, name)", moment),
            form('datetime({}, time("02:30"), "Europe/Berlin")', "date"),
        ),
        length: st.one_of(
            form("({} - {})", moment, moment),
            form("({} + {})", length, length),
            form("(-{})", length),
            form("({} * {})", length, integer),
        ),
    }


def _expressions() -> dict[str, st.SearchStrategy[str]]:
    leaves = {kind: st.sampled_from(texts) for kind, texts in LEAVES.items()}
    level = leaves
    for _ in range(2):
        grown = _grown(level)
        level = {kind: leaves[kind] | grown[kind] | grown[kind] for kind in leaves}
    return level


EXPRESSIONS = _expressions()
maybe = st.none()
numbers = st.sampled_from([Decimal("0"), Decimal("0.10"), Decimal("100"), Decimal("-2.5"), Decimal("1E+3")])
integers = st.sampled_from([0, 1, -1, 7, 100, 2**63 - 1, -(2**63)])
texts = st.sampled_from(["", "a", "VIP", "x a", "UTC", "HH:mm"])
dates = st.sampled_from([date(2026, 1, 31), date(2024, 2, 29), date(1, 1, 1), date(9999, 12, 31)])
payments = st.fixed_dictionaries({"amount": maybe | numbers, "kind": maybe | texts})
loose = st.sampled_from([None, True, False, 0, 1, Decimal("1"), "a", [1], [], {"field": 3}, {"field": None}, {}])
customers = st.fixed_dictionaries(
    {"segment": maybe | texts, "income": maybe | numbers, "active": maybe | st.booleans(), "age": maybe | integers},
    optional={"since": maybe | dates, "address": maybe | st.fixed_dictionaries({}, optional={"city": texts})},
)
TIMES = {
    "opened": maybe | st.sampled_from([datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]),
    "wait": maybe | st.sampled_from([Duration(exact=timedelta(hours=30)), Duration(1, 0), Duration(0, 3)]),
}
ROOTS = st.fixed_dictionaries(
    {
        "customer": maybe | customers,
        "case": st.fixed_dictionaries({"incident": st.sampled_from([None, "lost", "stolen"])}, optional=TIMES),
        CLOCK: st.just(datetime(2026, 3, 29, 0, 30, tzinfo=UTC)),
        "amount": maybe | integers,
        "other": maybe | integers,
        "ratio": maybe | numbers,
        "flag": maybe | st.booleans(),
        "mark": maybe | st.booleans(),
        "name": maybe | texts,
        "due": maybe | dates,
        "payments": maybe | st.lists(payments, max_size=3),
        "tags": maybe | st.lists(maybe | texts, max_size=3),
        "numbers": maybe | st.lists(maybe | integers, max_size=4),
        "anything": loose,
    }
)


Compile = Callable[[str], Expression]


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return repr(one) == repr(other)
    return kind_of(one) == kind_of(other) and equal(one, other)


@settings(max_examples=400, deadline=None)
@given(text=st.one_of(*EXPRESSIONS.values()), roots=ROOTS)
def test_the_compiled_form_gives_the_value_of_the_interpreter(
    text: str, roots: dict[str, Any], expression: Compile
) -> None:
    found = expression(text)
    exact = interpret(found.checked, roots)
    assert _same(found.evaluate(roots), None if isinstance(exact, Unknown) else exact), (text, exact)


@settings(max_examples=400, deadline=None)
@given(text=EXPRESSIONS["boolean"], roots=ROOTS)
def test_a_compiled_condition_holds_where_the_interpreter_says_true(
    text: str, roots: dict[str, Any], condition: Callable[[str], Condition]
) -> None:
    found = condition(text)
    exact = interpret(found.checked, roots)
    assert found.holds(roots) is (exact is True), (text, exact)
    explanation = found.explain(roots)
    assert explanation.is_unknown == (exact is None or isinstance(exact, Unknown))
    assert explanation.reason.startswith(("true because", "false because", "unknown because"))


@settings(max_examples=200, deadline=None)
@given(text=st.one_of(*EXPRESSIONS.values()))
def test_generated_code_names_nothing_but_what_it_is_given(text: str, expression: Compile) -> None:
    source = source_of(expression(text).checked)
    code = compile(source, "<test>", "exec").co_consts[0]
    allowed = {*_PROVIDED, "exact", "range"}
    names: set[str] = set()
    codes = [code]
    while codes:
        inner = codes.pop()
        names |= set(inner.co_names)
        codes += [constant for constant in inner.co_consts if hasattr(constant, "co_names")]
    assert all(name in allowed or re.fullmatch(r"[fk]\d+", name) for name in names), names


@pytest.mark.parametrize("text", ["__class__", "customer.__class__", "().__class__", "customer.segment.__len__()"])
def test_python_is_out_of_reach(text: str, scope: Scope) -> None:
    expression, problems = compile_expression(text, scope, at=AT)
    assert expression is None
    assert problems[0].code in ("E401", "E402", "E403", "E405")
