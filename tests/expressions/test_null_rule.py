"""The null rule, operator by operator: `==` takes null as a value; all else is unknown until the boundary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from casewright.expressions import Condition, Expression

ROOTS: dict[str, Any] = {
    "customer": {"segment": None, "income": None, "active": None, "age": None, "since": None, "address": None},
    "case": {"incident": None, "wait": None, "opened": None},
    "amount": None,
    "other": 7,
    "ratio": None,
    "flag": None,
    "mark": True,
    "name": None,
    "due": None,
    "payments": None,
    "tags": ["a", None],
    "numbers": [1, None, 3],
    "anything": None,
}
UNKNOWN = object()

CASES = [
    # == and != take null as a value
    ("amount == null", True),
    ("amount == 7", False),
    ("other == null", False),
    ("name == customer.segment", True),
    ("amount != null", False),
    ("amount != 7", True),
    ("other != null", True),
    ("name != customer.segment", False),
    # ordering
    ("amount < 7", UNKNOWN),
    ("amount <= 7", UNKNOWN),
    ("7 > amount", UNKNOWN),
    ("amount >= amount", UNKNOWN),
    ("customer.income > 100", UNKNOWN),
    ('name < "b"', UNKNOWN),
    ("due < due", UNKNOWN),
    ("anything > 1", UNKNOWN),
    # arithmetic
    ("amount + 1 == 1", UNKNOWN),
    ("1 - amount == 1", UNKNOWN),
    ("ratio * 2.0 == 1", UNKNOWN),
    ("7 / amount == 1", UNKNOWN),
    ("amount % 2 == 0", UNKNOWN),
    ("-amount == 1", UNKNOWN),
    ('name + "x" == "x"', UNKNOWN),
    ("anything + 1 == 1", UNKNOWN),
    # not
    ("not (amount > 100)", UNKNOWN),
    ("not flag", UNKNOWN),
    ("not not flag", UNKNOWN),
    ("not (amount == null)", False),
    # and
    ("flag and mark", UNKNOWN),
    ("flag and not mark", False),
    ("mark and flag", UNKNOWN),
    ("amount > 1 and other == 8", False),
    ("not (flag and mark)", UNKNOWN),
    ("not (flag and not mark)", True),
    # or
    ("flag or mark", True),
    ("flag or not mark", UNKNOWN),
    ("not mark or flag", UNKNOWN),
    ("amount > 1 or other == 7", True),
    ("not (flag or mark)", False),
    # ?:
    ("flag ? true : true", UNKNOWN),
    ("amount > 1 ? true : true", UNKNOWN),
    ("mark ? flag : true", UNKNOWN),
    ("mark ? true : flag", True),
    # in takes null as a value on its left
    ('name in ["a", "b"]', False),
    ("name in tags", True),
    ("anything in payments", UNKNOWN),
    ('not (name in ["a"])', True),
    # has
    ("has(customer.segment)", False),
    ("has(customer.address.city)", False),
    ("not has(customer.segment)", True),
    # the field of null is null
    ("customer.address.city == null", True),
    ('customer.address.city == "Bonn"', False),
    ("customer.address.city != null", False),
    ('customer.address.city.contains("B")', UNKNOWN),
    # functions
    ("size(name) == 0", UNKNOWN),
    ('name.contains("a")', UNKNOWN),
    ("abs(amount) > 0", UNKNOWN),
    ("year(due) == 2026", UNKNOWN),
    # coalesce
    ("coalesce(amount, 7) == 7", True),
    ("coalesce(amount + 1, 7) == 7", True),
    ("coalesce(amount, null) == null", True),
    ("coalesce(flag, true)", True),
    # macros
    ("numbers.all(n, n > 0)", UNKNOWN),
    ("numbers.all(n, n > 1)", False),
    ("numbers.exists(n, n > 2)", True),
    ("numbers.exists(n, n > 3)", UNKNOWN),
    ("numbers.exists_one(n, n == null)", True),
    ("size(numbers.filter(n, n > 0)) > 0", UNKNOWN),
    ("numbers.map(n, n) == [1, null, 3]", True),
    ("payments.exists(p, p.amount > 1)", UNKNOWN),
]


@pytest.mark.parametrize(("text", "truth"), CASES, ids=[text for text, _ in CASES])
def test_null_is_a_value_to_equality_and_unknown_elsewhere(
    text: str, truth: object, condition: Callable[[str], Condition], expression: Callable[..., Expression]
) -> None:
    assert condition(text).holds(ROOTS) is (truth is True)
    assert expression(text).evaluate(ROOTS) is (None if truth is UNKNOWN else truth)
    assert condition(text).explain(ROOTS).is_unknown is (truth is UNKNOWN)


def test_a_condition_on_an_empty_field_does_not_flip_under_not(condition: Callable[[str], Condition]) -> None:
    assert condition("not (amount > 100)").holds({"amount": None}) is False
    assert condition("not (amount > 100)").holds({"amount": 80}) is True
    assert condition("not (amount > 100)").holds({"amount": 120}) is False


def test_a_bare_field_is_true_only_where_it_is_true(condition: Callable[[str], Condition]) -> None:
    assert [condition("flag").holds({"flag": value}) for value in (True, False, None)] == [True, False, False]
    assert [condition("anything").holds({"anything": value}) for value in (True, 1, "x", [1], None)] == [True] + [
        False
    ] * 4


def test_a_declared_field_that_is_absent_is_null(condition: Callable[[str], Condition]) -> None:
    assert condition("customer.segment == null").holds({"customer": {}}) is True
    assert condition("customer.age > 1").holds({"customer": {}}) is False
    assert condition("amount == null").holds({}) is True
