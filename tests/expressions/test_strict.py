"""Strict CEL for hosts that ask for it: what is refused, what raises, what is explained; rules never read so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.errors import ExpressionFailed
from casewright.expressions import (
    BOOLEAN,
    DYNAMIC,
    HOUSE,
    INTEGER,
    STRICT,
    TEXT,
    TIMESTAMP,
    UNCHECKED,
    Dialect,
    Elapsed,
    Expression,
    Maybe,
    Readings,
    Scope,
    Timestamp,
    Type,
    TypeValue,
    compile_condition,
    compile_expression,
    map_of,
    optional_of,
    strict_scope,
)
from casewright.expressions.interpreter import Unknown
from casewright.expressions.parser import parse
from casewright.expressions.syntax import Literal
from casewright.expressions.walks import exact_outcome
from casewright.values import Problem, Span

AT = Span("host.py", 7, 3)


def strict(text: str, **roots: Type) -> Expression:
    found, problems = compile_expression(text, strict_scope(roots), at=AT)
    assert problems == ()
    assert found is not None
    return found


def problem(text: str, **roots: Type) -> Problem:
    found, problems = compile_expression(text, strict_scope(roots), at=AT)
    assert found is None
    return problems[0]


def value(text: str, **values: Any) -> Any:
    return strict(text, **dict.fromkeys(values, DYNAMIC)).evaluate(values)


def test_a_number_with_a_point_is_a_double_there_and_a_decimal_here() -> None:
    written = [parse("0.10", dialect) for dialect in (STRICT, HOUSE)]
    assert [node.value for node in written if isinstance(node, Literal)] == [0.1, Decimal("0.10")]


def test_null_is_an_operand_that_arithmetic_refuses() -> None:
    with pytest.raises(ExpressionFailed, match=r"`x \+ 1` has no value"):
        value("x + 1", x=None)


def test_an_error_is_absorbed_by_what_decides_without_it() -> None:
    assert value("1 / 0 > 1 || true") is True
    assert value("false && x.y.z", x=None) is False


def test_an_error_that_nothing_absorbs_is_raised_by_a_condition_too() -> None:
    condition, _ = compile_condition("x > 1", strict_scope({"x": INTEGER}), at=AT)
    assert condition is not None
    assert condition.holds({"x": 2}) is True
    with pytest.raises(ExpressionFailed, match="there is no value 'x'"):
        condition.holds({})


def test_the_reason_is_explained_as_in_rules() -> None:
    found = strict("x > 1 && y == 'a'", x=INTEGER, y=TEXT)
    assert found.explain({"x": 0, "y": "a"}).reason == "false because x 0 > 1 is false"
    assert found.explain({"x": 2}).is_fault


def test_an_absent_key_is_an_error_and_an_optional_says_so_without_one() -> None:
    with pytest.raises(ExpressionFailed):
        value("m.b", m={"a": 1})
    assert value("m.?b.orValue(7)", m={"a": 1}) == 7
    assert value("m[?'a'].hasValue()", m={"a": 1}) is True
    assert value("m.?a.b.c.hasValue()", m={"a": {}}) is False
    assert value("m.?b.or(m.?a).value()", m={"a": 1}) == 1
    assert value("m.?a.optMap(n, n + 1)", m={"a": 1}) == Maybe((2,))
    assert value("m.?b.optFlatMap(n, optional.of(n))", m={"a": 1}) == Maybe()
    assert value("optional.of(l)[?3].hasValue()", l=[1]) is False
    assert value("optional.ofNonZeroValue('') == optional.none()") is True


def test_what_an_optional_does_not_need_is_not_looked_at() -> None:
    assert value("optional.of(1).orValue(1 / 0)") == 1


def test_optionals_are_typed() -> None:
    assert strict("m.?a", m=map_of(INTEGER)).type == optional_of(INTEGER)
    assert strict("m[?'a'].orValue(1)", m=map_of(INTEGER)).type == INTEGER
    assert strict("m.?a.optMap(n, n > 1)", m=map_of(INTEGER)).type == optional_of(BOOLEAN)
    assert problem("m.a.orValue(1)", m=map_of(INTEGER)).message == "orValue goes with an optional; this is an integer"
    assert problem("m.?a + 1", m=map_of(INTEGER)).message == "`+` does not take an optional of integer and an integer"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1u", "unsigned integers are no value of this language"),
        ("b'a'", "bytes are no value of this language"),
        ("uint(1)", "unknown function 'uint'"),
        ("bytes('a')", "unknown function 'bytes'"),
    ],
)
def test_unsigned_integers_and_bytes_are_refused(text: str, message: str) -> None:
    assert problem(text).message == message


@pytest.mark.parametrize("text", ["coalesce(1, 2)", "today()", "1 + 1.0", "1 == 1.0", "decimal('1')", "x.contains(1)"])
def test_what_is_the_house_s_alone_is_no_cel(text: str) -> None:
    assert problem(text, x=TEXT).code in ("E404", "E405")


def test_true_and_one_are_two_keys() -> None:
    assert value("{true: 5}[true]") == 5
    with pytest.raises(ExpressionFailed):
        value("{true: 5}[1]")
    assert value("{1: 5}[1.0]") == 5


def test_types_are_values() -> None:
    assert value("type(x) == int", x=3) is True
    assert value("type(type(x))", x=3) == TypeValue("type")


def test_instants_and_spans_have_nanoseconds() -> None:
    moment = datetime(2026, 3, 1, 9, 30, 0, 250_000, UTC)
    found = strict("at + duration('1ns')", at=TIMESTAMP).evaluate({"at": Timestamp.of(moment)})
    assert str(found) == "2026-03-01T09:30:00.250000001Z"
    assert found.moment == moment
    assert str(Elapsed.of(timedelta(milliseconds=-1500))) == "-1.500s"


def test_without_checks_names_and_functions_are_looked_up_when_it_runs() -> None:
    found, problems = compile_expression("nobody(1) || a.b", strict_scope({}, UNCHECKED), at=AT)
    assert problems == ()
    assert found is not None
    assert found.evaluate({"a": {"b": True}}) is True
    with pytest.raises(ExpressionFailed, match="there is no function nobody"):
        found.evaluate({"a": {"b": False}})


def test_a_root_may_have_a_dotted_name() -> None:
    found = strict("request.auth.name == 'Ann'", **{"request.auth": map_of(TEXT)})
    assert found.roots == {"request.auth"}
    assert found.evaluate({"request.auth": {"name": "Ann"}}) is True


def test_too_many_steps_are_an_error_too() -> None:
    many = list(range(2000))
    with pytest.raises(ExpressionFailed, match="takes more than 1,000,000 steps"):
        value("l.map(a, l.map(b, a + b)).size()", l=many)


def test_rules_read_the_house_s_profile() -> None:
    assert Scope({}).dialect is HOUSE


def test_a_text_is_not_taken_for_known_in_another_dialect() -> None:
    readings = Readings()
    checked, unchecked = (replace(strict_scope({}, dialect), readings=readings) for dialect in (STRICT, UNCHECKED))
    assert compile_expression("int('1')", checked, at=AT)[1] == ()
    found, _ = compile_expression("int('1')", unchecked, at=AT)
    assert found is not None
    assert found.checked.dialect is UNCHECKED


def optionals() -> st.SearchStrategy[str]:
    """Expressions of optionals, and of what they hold."""
    maybe = st.sampled_from(
        ["m.?a", "m[?'b']", "optional.of(i)", "optional.none()", "m.?a.b", "x.?a", "optional.of(x)"]
    )
    plain = st.sampled_from(["i", "m.a", "x", "1 / i", "m.size()"])
    for _ in range(3):
        pairs = st.tuples(maybe, plain)
        wider = st.one_of(
            st.tuples(maybe, maybe).map(lambda two: f"{two[0]}.or({two[1]})"),
            pairs.map(lambda two: f"{two[0]}.optMap(v, v == {two[1]})"),
            st.tuples(maybe, maybe).map(lambda two: f"{two[0]}.optFlatMap(v, {two[1]})"),
            plain.map(lambda one: f"optional.ofNonZeroValue({one})"),
        )
        deeper = st.one_of(
            pairs.map(lambda two: f"{two[0]}.orValue({two[1]})"),
            maybe.map(lambda one: f"{one}.hasValue()"),
            maybe.map(lambda one: f"{one}.value()"),
        )
        maybe, plain = maybe | wider, plain | deeper
    return maybe | plain


@settings(max_examples=300, deadline=None)
@given(
    dialect=st.sampled_from([STRICT, UNCHECKED]),
    text=optionals(),
    m=st.dictionaries(st.sampled_from("ab"), st.integers(0, 2), max_size=2),
    i=st.integers(0, 2),
    x=st.sampled_from([None, 1, {"a": 1}, {"a": {"b": 2}}, Maybe(), Maybe((1,))]),
)
def test_optionals_give_the_same_compiled_and_interpreted(
    dialect: Dialect, text: str, m: dict[str, int], i: int, x: Any
) -> None:
    roots = {"m": m, "i": i, "x": x}
    types = {"m": map_of(DYNAMIC), "i": INTEGER, "x": DYNAMIC}
    found, problems = compile_expression(text, strict_scope(types, dialect), at=AT)
    if found is None:  # as an integer that is compared with a boolean
        assert dialect.checks
        assert problems
        return
    exact = exact_outcome(found.checked, roots)
    if isinstance(exact, Unknown):
        with pytest.raises(ExpressionFailed):
            found.evaluate(roots)
    else:
        assert found.evaluate(roots) == exact
