"""Whatever an expression says, it ends soon and stays small."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest

from casewright.expressions import (
    TEXT,
    Condition,
    Expression,
    Scope,
    compile_condition,
    compile_test,
    cost_of,
    read_csv_rows,
    review,
)
from casewright.values import Problem, Span

SECONDS = 10.0


@contextmanager
def soon() -> Iterator[None]:
    """Asserts that the body takes at most SECONDS of the processor, however busy the machine is."""
    began = time.thread_time()
    yield
    assert time.thread_time() - began < SECONDS


REFUSED = {
    "an exponent beyond all bounds": "amount < 1e" + "9" * 27,
    "brackets": "(" * 9_000 + "1" + ")" * 9_000,
    "negations": "!" * 9_000 + "flag",
    "words of negation": "not " * 4_000 + "flag",
    "a long conjunction": " and ".join(["flag"] * 3_000),
    "minus signs": "-" * 9_000 + "amount",
    "nested lists": "[" * 5_000 + "]" * 5_000,
    "nested choices": "flag ? " * 2_000 + "1" + " : 2" * 2_000,
    "a long sum": "+".join(["1"] * 4_000),
    "many items": "[" + ",".join(["1"] * 6_000) + "]",
    "a long text": '"' + "a" * 20_001 + '"',
    "long selection": "anything" + ".a" * 5_000,
    "nested macros": "numbers.map(a, " * 9 + "1" + ")" * 9,
    "a large integer": "9" * 5_000,
    "a large decimal": "1e999999",
    "many digits": "0." + "1" * 100,
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_too_large_is_refused_when_it_loads(text: str, problems: Callable[..., tuple[Problem, ...]]) -> None:
    with soon():
        (problem,) = problems(text)
    assert problem.code == "E406"


@pytest.mark.parametrize(
    "text",
    [
        " and ".join(["flag"] * 1_000),
        "(" * 50 + "amount" + ")" * 50,
        "amount" + "".join(f" + {n}" for n in range(50)),
        "not " * 50 + "flag",
        "[" * 50 + "amount" + "]" * 50,
        "numbers.exists(a, " * 8 + "true" + ")" * 8,
        "flag ? 1 : " * 50 + "2",
        'name.replace("a", "b")' + '.replace("a", "b")' * 40,
        "min(amount, " * 50 + "1" + ")" * 50,
    ],
)
def test_what_is_within_the_limits_compiles(text: str, expression: Callable[..., Expression]) -> None:
    roots = {"flag": True, "amount": 1, "numbers": [1], "name": "a"}
    assert expression(text).evaluate(roots) is not None


NESTED = "numbers.all(a, numbers.all(b, numbers.all(c, numbers.all(d, a + b + c + d > 0))))"
SPENT = {
    "nested macros over a hundred items": (NESTED, {"numbers": list(range(1, 101))}),
    "a list looked for in itself": ("numbers.all(a, a in numbers)", {"numbers": list(range(10_000))}),
    "a text searched for every item": (
        'numbers.all(a, not name.contains("b"))',
        {"numbers": [1] * 9_000, "name": "a" * 900_000},
    ),
    "a large text for every item": (
        "size(numbers.map(a, name + name)) > 0",
        {"numbers": [1] * 9_000, "name": "a" * 400_000},
    ),
    "a large list for every item": ("size(numbers.map(a, numbers + numbers)) > 0", {"numbers": [1] * 9_000}),
}


@pytest.mark.parametrize(("text", "roots"), SPENT.values(), ids=SPENT.keys())
def test_an_evaluation_has_a_budget(text: str, roots: dict[str, Any], condition: Callable[[str], Condition]) -> None:
    found = condition(text)
    with soon():
        assert found.holds(roots) is False
    with soon():
        assert found.explain(roots).reason == "unknown because it takes more than 1,000,000 steps"


def test_a_spent_budget_is_absorbed_by_nothing(condition: Callable[[str], Condition]) -> None:
    roots = {"numbers": list(range(1, 101)), "flag": True}
    assert condition(f"{NESTED} or flag").holds(roots) is False
    assert condition(f"flag or {NESTED}").holds(roots) is True


def test_the_budget_is_that_of_one_evaluation(condition: Callable[[str], Condition]) -> None:
    found = condition("numbers.all(a, numbers.all(b, a + b >= 0))")
    roots = {"numbers": list(range(900))}
    assert [found.holds(roots) for _ in range(3)] == [True] * 3


GROWING = [
    ("name + name", {"name": "a" * 600_000}, "makes a text of more than 1,000,000 characters"),
    ('name.replace("a", name)', {"name": "a" * 2_000}, "makes a text of more than 1,000,000 characters"),
    ('name.replace("", name)', {"name": "a" * 2_000}, "makes a text of more than 1,000,000 characters"),
    ("tags.join(name)", {"tags": ["a"] * 2_000, "name": "a" * 2_000}, "makes a text of more than 1,000,000 characters"),
    ("tags + tags", {"tags": ["a"] * 60_000}, "makes a list of more than 100,000 items"),
    ('name.split("")', {"name": "a" * 200_000}, "makes a list of more than 100,000 items"),
    ("name.matches(customer.segment)", {"name": "a", "customer": {"segment": "a" * 501}}, "this pattern has more"),
    ("amount * amount", {"amount": 2**62}, "an integer has at most 64 bits"),
    ("round(ratio)", {"ratio": Decimal("1E+6000")}, "an integer has at most 64 bits"),
    ("int(ratio)", {"ratio": Decimal("1E+6000")}, "an integer has at most 64 bits"),
]


@pytest.mark.parametrize(("text", "roots", "reason"), GROWING, ids=[text for text, _, _ in GROWING])
def test_what_an_operator_makes_is_capped(
    text: str, roots: dict[str, Any], reason: str, expression: Callable[..., Expression]
) -> None:
    with soon():
        assert expression(text).evaluate(roots) is None
    assert reason in expression(text).explain(roots).reason


def test_decimals_keep_34_digits_and_a_bounded_exponent(expression: Callable[..., Expression]) -> None:
    third = expression("1.0 / 3").evaluate({})
    assert len(third.as_tuple().digits) == 34
    assert expression("ratio * ratio").evaluate({"ratio": Decimal("1E+5000")}) is None


def test_doubling_a_text_ends_at_the_cap(expression: Callable[..., Expression]) -> None:
    text = "name" + '.replace("a", "aa")' * 40
    with soon():
        assert expression(text).evaluate({"name": "a"}) is None


def test_patterns_match_in_linear_time(condition: Callable[[str], Condition]) -> None:
    with soon():
        assert condition('name.matches("(a+)+$")').holds({"name": "a" * 100_000 + "b"}) is False


NESTING = [
    "coalesce({}, true)",
    "not {}",
    "({} == true)",
    "({} ? {} : true)",
    "[{}][0]",
    '{"a": {}}.a',
    "coalesce({} ? flag : mark, flag)",
    "({} and flag or mark)",
    'has({"a": {}}.a)',
    "[1].all(n, {} and n > 0)",
    "({} in [flag])",
    "(size(string({})) > 0)",
]


@pytest.mark.parametrize("form", NESTING)
def test_whatever_is_not_refused_compiles(form: str, scope: Scope) -> None:
    text = "flag"
    codes = []
    while len(text) < 20_000 and not codes:
        found, problems = compile_condition(text, scope, at=Span("x"))
        codes = [problem.code for problem in problems]
        assert found is None or found.holds({"flag": True, "mark": True}) in (True, False)
        text = form.replace("{}", text)
    assert codes in (["E406"], [])


def test_a_cell_of_a_csv_that_is_too_long_is_refused_in_its_place(scope: Scope) -> None:
    text = "mark,fee\n1,1\n" + "x" * 140_000 + ",2\n"
    (_, row), problems = read_csv_rows(text, ["mark"], ["fee"], Span("fee.csv"))
    assert problems == ()
    found, (problem,) = compile_test(row.inputs[0].text, TEXT, scope, at=row.inputs[0].at)
    assert found is None
    assert (str(problem.span), problem.code) == ("fee.csv:3:1", "E406")
    assert problem.message == "a test has at most 20,000 characters, and nests at most 60 deep"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 18 + "amount" + "].map(x, x)[0]" * 18,
        "[" * 18 + "amount" + "].filter(x, x > 1)[0]" * 18,
        "coalesce(" * 28 + "numbers" + ", [])" * 28,
        "min(1, " * 28 + "amount" + ")" * 28,
        "(flag ? " * 28 + "amount" + " : 2)" * 28,
        " or ".join(f'name == "n{number}"' for number in range(700)),
        " and ".join(f"(amount > {number} or other < {number})" for number in range(400)),
        "not (" * 28 + "amount > 1 and other > 2" + ")" * 28,
    ],
    ids=["maps", "filters", "coalesces", "minima", "choices", "alternatives", "conjunctions", "negations"],
)
def test_what_is_said_of_a_large_expression_is_said_soon(text: str, expression: Callable[..., Expression]) -> None:
    with soon():
        found = expression(text)
        review(found)
        cost_of(found)
