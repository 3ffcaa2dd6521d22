"""An explanation says why, in the words of the rule."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from casewright.expressions import Condition, Expression

ROOTS: dict[str, Any] = {
    "customer": {"segment": "VIP", "income": None, "active": False},
    "amount": 80,
    "flag": True,
    "mark": False,
    "ratio": Decimal("0.50"),
    "numbers": [1, 2],
    "tags": [],
    "case": {"incident": "lost"},
}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("amount > 100", "false because amount 80 > 100 is false"),
        ('customer.segment == "VIP" and amount > 100', "false because amount 80 > 100 is false"),
        (
            'customer.segment == "VIP" and amount > 10',
            'true because customer.segment "VIP" == "VIP" is true and amount 80 > 10 is true',
        ),
        ('customer.segment == "A" or amount > 10', "true because amount 80 > 10 is true"),
        (
            'customer.segment == "A" or amount > 100',
            'false because customer.segment "VIP" == "A" is false and amount 80 > 100 is false',
        ),
        ("not (amount > 100)", "true because amount 80 > 100 is false"),
        ("customer.active", "false because customer.active is false"),
        ("customer.income > 100", "unknown because customer.income is empty"),
        ("not (customer.income > 100)", "unknown because customer.income is empty"),
        ("customer.income > 100 and mark", "false because mark is false"),
        ("customer.income > 100 or amount / 0 > 1", "unknown because customer.income is empty"),
        ('case.incident in ["lost", "stolen"]', 'true because case.incident "lost" in ["lost", "stolen"] is true'),
        ("customer.income == null", "true because customer.income empty == null is true"),
        ("(amount + 1) * 2 > 200", "false because (amount + 1) * 2 162 > 200 is false"),
        ("flag ? amount > 100 : false", "false because flag is true and amount 80 > 100 is false"),
        ("flag ? false : mark", "false because flag is true"),
        ("numbers.exists(n, n > 2)", "false because n > 2 holds for no item of numbers"),
        ("numbers.exists(n, n > 1)", "true because n 2 > 1 is true, at item 2 of numbers"),
        ("numbers.all(n, n > 0)", "true because n > 0 holds for every item of numbers"),
        ("numbers.all(n, n > 1 or mark)", "false because n 1 > 1 is false and mark is false, at item 1 of numbers"),
        ("numbers.exists_one(n, n > 1)", "true because n > 1 holds for item 2 of numbers"),
        ("numbers.exists_one(n, n > 0)", "false because n > 0 holds for several items of numbers"),
        ("tags.all(t, t == name)", "true because tags has no items"),
        ("flag", "true because flag is true"),
    ],
)
def test_a_condition_names_what_decided_it(text: str, reason: str, condition: Callable[[str], Condition]) -> None:
    assert condition(text).explain(ROOTS).reason == reason


def test_an_explanation_has_its_parts_in_the_order_of_the_text(condition: Callable[[str], Condition]) -> None:
    explanation = condition('customer.segment == "VIP" and amount > 100 and flag').explain(ROOTS)
    assert [(part.text, part.value, part.reason) for part in explanation.children] == [
        ('customer.segment == "VIP"', True, 'true because customer.segment "VIP" == "VIP" is true'),
        ("amount > 100", False, "false because amount 80 > 100 is false"),
        ("flag", None, "not needed"),
    ]
    assert [(part.text, part.value) for part in explanation.children[1].children] == [("amount", 80)]


@pytest.mark.parametrize(
    ("text", "spared"),
    [
        ("flag or amount > 100 or mark", ["amount > 100", "mark"]),
        ("mark and amount > 100", ["amount > 100"]),
        ("mark or flag", []),
        ("mark ? amount : ratio", ["amount"]),
        ("flag ? amount : ratio", ["ratio"]),
        ("coalesce(customer.income, ratio, amount)", ["amount"]),
        ("numbers[7] + amount", ["amount"]),
    ],
)
def test_what_was_not_looked_at_is_shown_as_not_needed(
    text: str, spared: list[str], expression: Callable[..., Expression]
) -> None:
    parts = expression(text).explain(ROOTS).children
    assert [part.text for part in parts if not part.is_needed] == spared


def test_a_macro_shows_each_item_that_it_looked_at(condition: Callable[[str], Condition]) -> None:
    parts = condition("numbers.exists(n, n > 0 and n < amount)").explain(ROOTS).children
    assert [(part.item, part.text, part.value) for part in parts] == [
        (0, "numbers", [1, 2]),
        (1, "n > 0 and n < amount", True),
    ]


def test_a_macro_within_a_macro_numbers_the_items_of_both(condition: Callable[[str], Condition]) -> None:
    (_, outer, *_) = condition("numbers.all(n, numbers.exists(m, m > n))").explain(ROOTS).children
    assert [(part.item, part.text) for part in outer.children] == [(0, "numbers"), (1, "m > n"), (2, "m > n")]


def test_a_map_with_a_condition_numbers_what_it_asks_and_what_it_makes(expression: Callable[..., Expression]) -> None:
    parts = expression("numbers.map(n, n > 1, n * 10)").explain(ROOTS).children
    assert [(part.item, part.text, part.value) for part in parts] == [
        (0, "numbers", [1, 2]),
        (1, "n > 1", False),
        (2, "n > 1", True),
        (2, "n * 10", 20),
    ]


def test_what_decides_is_kept_however_many_items_there_are(condition: Callable[[str], Condition]) -> None:
    found = condition("numbers.all(n, n < 999)").explain({"numbers": list(range(1_000))})
    assert found.reason == "false because n 999 < 999 is false, at item 1000 of numbers"
    assert len(found.children) == 50


def test_a_value_that_was_chosen_says_why(expression: Callable[..., Expression]) -> None:
    assert expression('amount > 100 ? "large" : "small"').explain(ROOTS).reason == (
        '"small" because amount 80 > 100 is false'
    )


def test_a_value_is_shown_beside_its_text(expression: Callable[..., Expression]) -> None:
    assert expression("amount * 2").explain(ROOTS).reason == "amount 80 * 2 is 160"
    assert expression("customer.income").explain(ROOTS).reason == "customer.income is empty"
    assert expression("ratio").explain(ROOTS).reason == "ratio is 0.50"


def test_long_values_are_cut(condition: Callable[[str], Condition]) -> None:
    reason = condition('name == "b"').explain({"name": "a" * 500}).reason
    assert len(reason) < 120
    assert "aaa..." in reason


def test_lists_and_records_are_shown_by_their_first_items(expression: Callable[..., Expression]) -> None:
    assert expression("numbers").explain({"numbers": list(range(100_000))}).reason == (
        "numbers is [0, 1, 2, 3, 4, 5, ...]"
    )
    assert expression("payments[0]").explain({"payments": [{"amount": Decimal("2.50"), "kind": None}]}).reason == (
        "payments[0] is {amount: 2.50, kind: empty}"
    )
