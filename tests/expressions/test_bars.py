"""The two bars of this package: an expression beside a lambda written by hand, and a table of a thousand rows."""

from __future__ import annotations

import timeit
from collections.abc import Callable
from typing import Any

import pytest

from casewright.expressions import INTEGER, TEXT, Cell, Condition, Row, Scope, compile_expression, compile_table
from casewright.values import Span

AT = Span("rule.yaml")


def fastest(function: Callable[[], object], times: int) -> float:
    """Seconds for one call in the best of several runs."""
    return min(timeit.repeat(function, number=times, repeat=7)) / times


@pytest.mark.parametrize("amount", [120, 80])
def test_a_condition_takes_at_most_twice_as_long_as_a_lambda(
    amount: int, condition: Callable[[str], Condition]
) -> None:
    found = condition('customer.segment == "VIP" && amount > 100')
    by_hand: Callable[[Any], bool] = lambda c: c["customer"]["segment"] == "VIP" and c["amount"] > 100  # noqa: E731
    roots = {"customer": {"segment": "VIP"}, "amount": amount}
    holds = found.holds
    assert holds(roots) == by_hand(roots)
    ratios = [fastest(lambda: holds(roots), 20_000) / fastest(lambda: by_hand(roots), 20_000) for _ in range(3)]
    assert min(ratios) < 2


def test_the_last_of_a_thousand_rows_is_found_in_five_microseconds() -> None:
    scope = Scope({"key": TEXT, "low": INTEGER, "high": INTEGER})
    columns = [(name, compile_expression(name, scope, at=AT)[0]) for name in ("key", "low", "high")]
    rows = [
        Row(tuple(Cell(text, AT) for text in (f"k{n}", f"[{n}..{n + 50})", f">= {n * 2}")), (Cell(str(n), AT),), AT)
        for n in range(1000)
    ]
    found, problems = compile_table(columns, [("out", INTEGER)], rows, "first", scope, at=AT)  # type: ignore[arg-type]
    assert problems == ()
    assert found is not None
    roots = {"key": "k999", "low": 1000, "high": 3000}
    assert found.decide(roots).row == 1000
    per_lambda = fastest(lambda: {"out": 999}, 20_000)
    seconds = min(fastest(lambda: found.decide(roots), 2_000) for _ in range(3))
    assert seconds < 5e-6 or seconds < 100 * per_lambda
