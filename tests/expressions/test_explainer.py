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
        ("flag ? amount > 100 : false", "false because amount 80 > 100 is false"),
        ("numbers.exists(n, n > 2)", "false because numbers.exists(n, n > 2) is false"),
        ("flag", "true because flag is true"),
    ],
)
def test_a_condition_names_what_decided_it(text: str, reason: str, condition: Callable[[str], Condition]) -> None:
    assert condition(text).explain(ROOTS).reason == reason


def test_an_explanation_has_the_parts_that_were_looked_at(condition: Callable[[str], Condition]) -> None:
    explanation = condition('customer.segment == "VIP" and amount > 100 and flag').explain(ROOTS)
    assert [(part.text, part.value) for part in explanation.children] == [
        ('customer.segment == "VIP"', True),
        ("amount > 100", False),
    ]
    assert [(part.text, part.value) for part in explanation.children[1].children] == [("amount", 80)]


def test_a_value_is_shown_beside_its_text(expression: Callable[..., Expression]) -> None:
    assert expression("amount * 2").explain(ROOTS).reason == "amount 80 * 2 is 160"
    assert expression("customer.income").explain(ROOTS).reason == "customer.income is empty"
    assert expression("ratio").explain(ROOTS).reason == "ratio is 0.50"


def test_long_values_are_cut(condition: Callable[[str], Condition]) -> None:
    reason = condition('name == "b"').explain({"name": "a" * 500}).reason
    assert len(reason) < 120
    assert "aaa..." in reason
