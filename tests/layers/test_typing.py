"""The typing walk: scalars by their shape, and what does not fit."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from casewright.layers.shapes import shape_of
from casewright.layers.typing import typed
from casewright.source import Formula, Node, SourceFile, read
from casewright.values import Duration, Problem


def walk(text: str, schema: dict[str, Any]) -> tuple[Node, tuple[Problem, ...]]:
    node, problems = read(text, SourceFile("a"))
    assert node is not None
    assert not problems
    return typed(node, shape_of(schema))


def value(text: str, **schema: Any) -> Any:
    node, problems = walk(f"a: {text}\n", {"type": "object", "properties": {"a": schema}})
    assert not problems
    return node.plain()["a"]


def message(text: str, **schema: Any) -> str:
    _, problems = walk(f"a: {text}\n", {"type": "object", "properties": {"a": schema}})
    (problem,) = problems
    return f"{problem.code} {problem.message}"


@pytest.mark.parametrize(
    ("type_", "text", "expected"),
    [
        ("text", "no", "no"),
        ("text", "010", "010"),
        ("text", "'x'", "x"),
        ("integer", "010", 10),
        ("integer", "-3", -3),
        ("decimal", "0.10", Decimal("0.10")),
        ("money", "15.00", Decimal("15.00")),
        ("boolean", "true", True),
        ("boolean", "False", False),
        ("date", "2026-03-31", date(2026, 3, 31)),
        ("time", "17:30", time(17, 30)),
        ("datetime", "2026-03-31T17:30:00Z", datetime(2026, 3, 31, 17, 30, tzinfo=UTC)),
        ("duration", "3bd", Duration(business_days=3)),
        ("duration", "1d12h", Duration(exact=timedelta(hours=36))),
        ("id", "D_Customer", "D_Customer"),
        ("any", "no", "no"),
        ("any", "true", True),
        ("any", "12", 12),
        ("any", "1.5", Decimal("1.5")),
        ("any", "'12'", "12"),
        ("any", "~", None),
        ("any", "2026-03-31", "2026-03-31"),
        ("any", "1_000", "1_000"),
    ],
)
def test_a_literal_is_what_its_type_says(type_: str, text: str, expected: object) -> None:
    found = value(text, **{"x-type": type_})
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("type_", "text", "told"),
    [
        ("integer", "high", "'high' is not a whole number such as 3"),
        ("integer", "1_000", "'1_000' is not a whole number such as 3"),
        ("decimal", "nan", "'nan' is not a number such as 3 or 0.25"),
        ("money", "15 EUR", "'15 EUR' is not an amount such as 15.00"),
        ("boolean", "yes", "'yes' is not true or false"),
        ("date", "31.3.2026", "'31.3.2026' is not a date such as 2026-03-31"),
        ("date", "2026-02-30", "'2026-02-30' is not a date such as 2026-03-31"),
        ("time", "25:00", "'25:00' is not a time such as 17:30"),
        (
            "datetime",
            "2026-03-31T10:00",
            "'2026-03-31T10:00' is not a date and time with its zone, such as 2026-03-31T17:30:00Z",
        ),
        ("duration", "2 days", "'2 days' is not a duration such as 800ms, 30s, 15m, 4h, 2d, 3bd or 1mo"),
        ("duration", "9999999999mo", "'9999999999mo' is not a duration such as 800ms, 30s, 15m, 4h, 2d, 3bd or 1mo"),
        ("id", "Card", "'Card' is not an id: lower case letters, digits and _, beginning with a letter"),
        ("integer", "~", "there is nothing here; a whole number such as 3 is expected"),
    ],
)
def test_a_wrong_literal_says_what_is_expected(type_: str, text: str, told: str) -> None:
    assert message(text, **{"x-type": type_}) == f"E205 {told}"


def test_yes_and_no_are_told_what_to_write() -> None:
    _, problems = walk("a: no\n", {"type": "object", "properties": {"a": {"type": "boolean"}}})
    assert problems[0].help == "write false"


def test_a_value_begins_an_expression_with_an_equals_sign() -> None:
    formula = value("=case.fee * 2", **{"x-holds": "value", "x-type": "money"})
    assert formula == "case.fee * 2"
    assert isinstance(formula, Formula)


def test_a_doubled_equals_sign_is_a_literal_one() -> None:
    found = value("==x", **{"x-holds": "value", "x-type": "text"})
    assert found == "=x"
    assert not isinstance(found, Formula)


def test_a_quoted_formula_is_a_formula_too() -> None:
    assert isinstance(value("'=min(a, b)'", **{"x-holds": "value", "x-type": "any"}), Formula)


def test_a_value_without_expression_is_typed_as_a_literal() -> None:
    assert value("15.00", **{"x-holds": "value", "x-type": "money"}) == Decimal("15.00")
    assert value("~", **{"x-holds": "value", "x-type": "money"}) is None


@pytest.mark.parametrize("holds", ["condition", "expression", "test", "text"])
def test_what_holds_an_expression_stays_text(holds: str) -> None:
    assert value("10", **{"type": "string", "x-holds": holds}) == "10"


def test_a_condition_may_not_be_empty() -> None:
    assert message("", **{"x-holds": "condition"}) == "E205 there is nothing here; a condition is expected"


def test_an_unknown_key_names_the_near_one() -> None:
    schema = {"type": "object", "additionalProperties": False, "properties": {"label": {}, "data": {}}}
    _, (problem,) = walk("lable: x\n", schema)
    assert (problem.code, problem.message) == ("E105", "unknown key 'lable'; did you mean 'label'?")
    assert problem.help == "valid here: label, data"


def test_an_unknown_key_is_left_out_of_the_result() -> None:
    schema = {"type": "object", "additionalProperties": False, "properties": {"a": {}}}
    assert walk("a: 1\nb: 2\n", schema)[0].plain() == {"a": 1}


def test_a_missing_key_says_what_belongs_there() -> None:
    schema = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}, "b": {}}}
    _, (problem,) = walk("b: 1\n", schema)
    assert (problem.code, problem.message) == ("E106", "'n' is missing (a whole number such as 3)")


def test_a_value_outside_an_enumeration_names_the_near_one() -> None:
    assert message("frist", enum=["first", "any"]) == "E107 'frist' is not one of the values; did you mean 'first'?"


@pytest.mark.parametrize(
    ("schema", "text", "told"),
    [
        ({"type": "integer", "minimum": 1}, "0", "0 is less than 1"),
        ({"type": "string", "pattern": "^a"}, "b", "'b' does not match the pattern ^a"),
        ({"type": "string", "pattern": "^a", "x-expects": "a word with an a"}, "b", "'b' is not a word with an a"),
        ({"type": "array", "maxItems": 1, "items": {}}, "[1, 2]", "the list has more than 1 items"),
        ({"type": "array", "uniqueItems": True, "items": {}}, "[1, 1]", "a value stands in the list twice"),
        ({"x-type": "any", "x-holds": "value", "minimum": 1}, "0", "0 is less than 1"),
    ],
)
def test_constraints_are_judged_with_our_own_words(schema: dict[str, Any], text: str, told: str) -> None:
    assert message(text, **schema) == f"E205 {told}"


def test_constraints_do_not_judge_formulas() -> None:
    assert value("=x", **{"type": "integer", "x-holds": "value", "minimum": 1}) == "x"


def test_what_does_not_change_is_kept_as_it_is() -> None:
    node, _ = read("a: x\n", SourceFile("a"))
    assert node is not None
    result, _ = typed(node, shape_of({"type": "object", "properties": {"a": {"type": "string"}}}))
    assert result.value["a"] is node.value["a"]


def test_a_misfit_says_what_stands_there_and_what_is_expected() -> None:
    both = [{"type": "string", "x-type": "id"}, {"type": "object", "additionalProperties": False}]
    assert message("[x]", oneOf=both) == (
        "E205 a list stands here; an id: lower case letters, digits and _, beginning with a letter or a map is expected"
    )
    assert message("x", type="array", items={}) == "E205 the text 'x' stands here; a list is expected"


@pytest.mark.parametrize("item", ["{id: {a: b}, n: 1}", "{id: [a], n: 1}"])
def test_an_item_whose_id_is_no_text_is_left_out(item: str) -> None:
    entry = {"type": "object", "properties": {"id": {"type": "string"}, "n": {"type": "integer"}}}
    schema = {"type": "object", "properties": {"a": {"type": "array", "x-merge": {"key": "id"}, "items": entry}}}
    found, (problem,) = walk(f"a: [{item}, {{id: b, n: 2}}]\n", schema)
    assert (problem.code, found.plain()) == ("E205", {"a": [{"id": "b", "n": 2}]})


@pytest.mark.parametrize("digits", ["9" * 5_000, "1e99999999999999999999", "0." + "1" * 200, "9" * 31])
def test_digits_that_no_number_can_hold_stay_a_text(digits: str) -> None:
    assert value(digits) == digits
