"""A batch of conditions answers what each of them answers alone, whatever the roots are and hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.expressions import Condition, Readings, Scope, batch, batches, compile_condition
from casewright.expressions.compiler import Emitter
from casewright.values import Span
from tests.expressions.test_race import EXPRESSIONS, ROOTS

Compile = Callable[[str], Condition]

VIP = {"customer": {"segment": "VIP", "income": Decimal("90.00")}, "amount": 250, "flag": True}


def test_each_condition_is_answered_in_its_place(condition: Compile) -> None:
    texts = ['customer.segment == "VIP"', "amount > 300", "flag and amount > 100", "customer.income < 100"]
    assert batch([condition(text) for text in texts])(VIP) == [True, False, True, True]


def test_a_batch_of_nothing_answers_nothing() -> None:
    assert batch([])(VIP) == []


def test_more_conditions_than_one_group_has(condition: Compile) -> None:
    numbers = range(batches.GROUP * 2 + 7)
    answers = batch([condition(f"amount > {number}") for number in numbers])({"amount": 600})
    assert answers == [number < 600 for number in numbers]


def test_what_is_empty_or_absent_is_unknown_and_so_false(condition: Compile) -> None:
    texts = [
        "customer.income > 1",
        "not (customer.income > 1)",
        "customer.income > 1 or flag",
        "customer.income == null",
    ]
    ask = batch([condition(text) for text in texts])
    for customer in ({"income": None}, {}, None):
        assert ask({"customer": customer, "flag": True}) == [False, False, True, True]
    assert ask({"flag": True}) == [False, False, True, True]
    assert ask({"customer": {"income": Decimal(2)}, "flag": True}) == [True, False, True, False]


def test_one_that_cannot_be_computed_leaves_the_others_alone(condition: Compile) -> None:
    texts = ["amount / 0 > 1", "amount > 1", "numbers[9] > 1", "flag"]
    assert batch([condition(text) for text in texts])({**VIP, "numbers": [1]}) == [False, True, False, True]


def test_one_that_takes_too_many_steps_leaves_the_others_alone(condition: Compile) -> None:
    nested = "numbers.all(a, numbers.all(b, numbers.all(c, numbers.all(d, a + b + c + d > 0))))"
    ask = batch(
        [condition("flag"), condition(nested), condition(f"{nested} or flag"), condition("numbers.all(a, a > 0)")]
    )
    assert ask({"numbers": list(range(1, 101)), "flag": True}) == [True, False, False, True]


def test_conditions_that_mean_the_same_are_looked_at_once(scope: Scope) -> None:
    shared = Scope(scope.roots, readings=Readings())
    found = [compile_condition("flag", shared, at=Span("rule.yaml", line))[0] for line in range(3)]
    assert len({id(each.checked) for each in found if each}) == 1
    reads = Counting({"flag": True})
    assert batch([each for each in found if each])(reads) == [True, True, True]
    assert reads.asked == ["flag"]


class Counting(dict[str, Any]):
    """Roots that note what is asked for, as those of the engine do."""

    def __init__(self, roots: Mapping[str, Any]) -> None:
        super().__init__()
        self.held = roots
        self.asked: list[str] = []

    def __missing__(self, name: str) -> Any:
        self.asked.append(name)
        if isinstance(self.held[name], Exception):
            raise self.held[name]
        return self.held[name]


def test_a_root_that_loads_is_read_only_where_a_condition_needs_it(condition: Compile) -> None:
    roots = Counting({"flag": False, "customer": {"segment": "VIP"}})
    assert batch([condition('flag and customer.segment == "VIP"')])(roots) == [False]
    assert roots.asked == ["flag"]


class PageMissing(Exception):
    """What a root raises while it loads."""


def test_what_a_root_raises_while_it_loads_passes_through(condition: Compile) -> None:
    ask = batch([condition('customer.segment == "VIP"')])
    with pytest.raises(PageMissing):
        ask(Counting({"customer": PageMissing()}))


def test_a_record_that_loads_below_a_plain_root_is_left_to_itself(condition: Compile) -> None:
    ask = batch([condition('customer.address.city == "Rome"'), condition("flag")])
    assert ask({"customer": {"address": Counting({"city": "Rome"})}, "flag": True}) == [True, True]


@settings(max_examples=150, deadline=None)
@given(
    texts=st.lists(EXPRESSIONS["boolean"], min_size=1, max_size=6), roots=ROOTS, loads=st.booleans(), bare=st.booleans()
)
def test_a_batch_answers_as_each_alone(
    texts: list[str], roots: dict[str, Any], loads: bool, bare: bool, condition: Compile
) -> None:
    given = {name: value for name, value in roots.items() if value is not None} if bare else roots
    conditions = [condition(text) for text in texts]
    ask = batch(conditions)
    assert ask(Counting(given) if loads else given) == [each.holds(given) for each in conditions]
    assert ask(given) == [each.holds(given) for each in conditions]


def codes_of(code: Any) -> Iterator[Any]:
    yield code
    for constant in code.co_consts:
        if hasattr(constant, "co_names"):
            yield from codes_of(constant)


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(EXPRESSIONS["boolean"], min_size=1, max_size=4))
def test_generated_code_names_nothing_but_what_it_is_given(texts: list[str], condition: Compile) -> None:
    group = batches._group_of([condition(text) for text in texts], {})
    for form in batches._Form:
        code = group.function(form).__code__
        names = {name for each in codes_of(code) for name in each.co_names}
        assert all(name in Emitter.space or re.fullmatch(r"[fkx]\d+", name) for name in names), names
