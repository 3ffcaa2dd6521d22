"""The functions of texts and lists: what they give, what they refuse, and that nothing grows without bound."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright.expressions import Expression
from casewright.expressions.library.lists import distinct, flatten, in_order
from casewright.expressions.library.operators import equal

Compile = Callable[..., Expression]

ROOTS: dict[str, Any] = {
    "name": "Ann Lee",
    "tags": ["b", "a", "b"],
    "numbers": [3, 1, 2],
    "payments": [{"amount": Decimal("10.00"), "kind": "card"}, {"amount": Decimal("5.50"), "kind": None}],
    "amount": 2,
    "other": 70_000,
    "anything": [1, "a", [2]],
}

VALUES = [
    # lists
    ("sort(numbers)", [1, 2, 3]),
    ("tags.sort().reverse()", ["b", "b", "a"]),
    ("sort([2.5, 1])", [1, Decimal("2.5")]),
    ("distinct(tags)", ["b", "a"]),
    ("distinct([1, 1.0, 2])", [1, 2]),
    ("distinct([true, 1])", [True, 1]),
    ("size(distinct(payments + payments))", 2),
    ("flatten([[1, 2], [3]])", [1, 2, 3]),
    ("flatten(anything)", [1, "a", 2]),
    ("slice(numbers, 1)", [1, 2]),
    ("slice(numbers, 0, 2)", [3, 1]),
    ("[first(numbers), last(numbers)]", [3, 2]),
    ("first(numbers.filter(n, n > 7))", None),
    ("first(payments).amount", Decimal("10.00")),
    ("lists.range(amount)", [0, 1]),
    ("lists.range(3).map(n, n * n)", [0, 1, 4]),
    ('[indexOf(tags, "a"), indexOf(tags, "x"), indexOf(numbers, 2.0)]', [1, -1, 2]),
    ("average(numbers)", Decimal(2)),
    ("average([1, 2])", Decimal("1.5")),
    ("average(numbers.filter(n, n > 7))", None),
    ("average(payments.map(p, p.amount))", Decimal("7.75")),
    ("average([double(1), double(2)])", 1.5),
    ("sum([double(1), double(2)])", 3.0),
    ("reverse(numbers)", [2, 1, 3]),
    ("payments.sortBy(p, p.amount).map(p, p.amount)", [Decimal("5.50"), Decimal("10.00")]),
    ("numbers.sortBy(n, -n)", [3, 2, 1]),
    ('tags.sortBy(t, t == "a" ? 0 : 1)', ["a", "b", "b"]),
    ("size(numbers.filter(n, n > 7).sortBy(n, n))", 0),
    # texts
    ("reverse(name)", "eeL nnA"),
    ("substring(name, 4)", "Lee"),
    ("name.substring(0, 3)", "Ann"),
    ("substring(name, 7)", ""),
    ("[name.charAt(0), name.charAt(7)]", ["A", ""]),
    ('[indexOf(name, "n"), indexOf(name, "n", 2), indexOf(name, "x")]', [1, 2, -1]),
    ('[lastIndexOf(name, "e"), lastIndexOf(name, "e", 5), lastIndexOf(name, "x")]', [6, 5, -1]),
    ('capitalize("ann")', "Ann"),
    ("mask(name, 3)", "****Lee"),
    ("mask(name, 30)", "Ann Lee"),
    ('find(name, "[a-z]+")', "nn"),
    ('find(name, "[0-9]+")', None),
    ('find_all(name, "[A-Z]")', ["A", "L"]),
    ('extract(name, "^(\\\\w+) ")', "Ann"),
    ('extract(name, "L.*")', "Lee"),
    ('extract(name, "(x)?L")', None),
    ('anything[1].matches("^a$")', True),
    # optionals
    ('{"a": 1}[?"a"]', 1),
    ('{"a": 1}[?"b"].orValue(0)', 0),
    ("[numbers[?0], numbers[?7], numbers[?amount]]", [3, None, 2]),
    ("numbers[?(amount - 1)]", 1),
    ('first(payments)?.kind.orValue("none")', "card"),
    ('last(payments).?kind.orValue("none")', "none"),
    ("last(payments).kind.hasValue()", False),
    ("optional.of(amount).or(optional.none()).value()", 2),
    ('last(payments).kind.optMap(k, k + "!")', None),
    ('first(payments).kind.optMap(k, k + "!")', "card!"),
    ('{"a-b": 1}.`a-b`', 1),
    # doubles
    ('double("0.1") + double("0.2")', 0.30000000000000004),
    ("double(1) / double(0) > double(1000000)", True),
    ('[int(double("2.9")), round(double("2.5")), floor(double("-0.5"))]', [2, 3, -1]),
    ('string(double("100"))', "100"),
    ("-double(1) == double(-1)", True),
]


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_a_function_of_texts_and_lists_gives_its_value(text: str, value: object, expression: Compile) -> None:
    found = expression(text)
    result = found.evaluate(ROOTS)
    result = list(result) if isinstance(result, tuple) else result
    assert (result, type(result)) == (value, type(value))
    assert equal(found.explain(ROOTS).value, value)


FAULTY = [
    ("sort(anything)", "has items that have no order"),
    ("sort([amount, other] + [anything[1]])", "has items of different types"),
    ("payments.sortBy(p, p.kind)", "has an empty item"),
    ("anything.sortBy(a, a)", "has items that have no order"),
    ("slice(numbers, 2, 1)", "2 to 1 does not lie within the 3 that there are"),
    ("substring(name, 8)", "8 to 7 does not lie within the 7 that there are"),
    ("charAt(name, -1)", "-1 does not lie within the 7 characters"),
    ("lists.range(other + other)", "makes a list of 0 to 100,000 items"),
    ("flatten([lists.range(other), lists.range(other)])", "makes a list of more than 100,000 items"),
    ("lists.range(other) + lists.range(other)", "makes a list of more than 100,000 items"),
    ("mask(name, -1)", "shows no negative number of characters"),
    ("anything[?name]", "[?] does not take list and text"),
]


@pytest.mark.parametrize(("text", "reason"), FAULTY)
def test_what_cannot_be_made_is_null_and_says_why(text: str, reason: str, expression: Compile) -> None:
    assert expression(text).evaluate(ROOTS) is None
    assert reason in expression(text).explain(ROOTS).reason


def test_of_null_there_is_no_part_and_no_error(expression: Compile) -> None:
    roots = {**ROOTS, "numbers": None, "payments": None}
    assert expression("numbers[?0] == null").evaluate(roots) is True
    assert expression("numbers[?0].orValue(9)").evaluate(roots) == 9
    assert expression("first(numbers)").evaluate(roots) is None


plain = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([Decimal("1.0"), Decimal("2.5"), "a", ""])
values = st.recursive(plain, lambda inner: st.lists(inner, max_size=3), max_leaves=6)


@given(st.lists(values, max_size=8))
def test_distinct_keeps_the_first_of_what_is_equal(items: list[Any]) -> None:
    kept: list[Any] = []
    for item in items:
        if not any(equal(item, other) for other in kept):
            kept.append(item)
    assert equal(distinct(items), kept)


@given(st.lists(st.integers() | st.decimals(allow_nan=False, allow_infinity=False, places=2), max_size=8))
def test_sorting_keeps_every_item_and_puts_none_before_a_lesser(items: list[Any]) -> None:
    found = in_order(items)
    assert sorted(map(str, found)) == sorted(map(str, items))
    assert all(one <= other for one, other in pairwise(found))


def test_a_list_in_a_list_is_opened_once() -> None:
    assert flatten([[1, [2]], 3]) == [1, [2], 3]
