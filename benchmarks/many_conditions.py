"""How long do five thousand rules take on one customer, beside the same rules written by hand as lambdas?"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from benchmarks.harness import Contestant, Row, at_most, figure, race
from casewright.expressions import INTEGER, MONEY, TEXT, Condition, Scope, batch, compile_condition, record
from casewright.values import Span

RULES = 5_000
SEGMENTS = ("VIP", "Private", "Standard", "Basic")
PEER = "lambdas on Decimal"


def rows() -> Iterator[Row]:
    """Three terms a rule: a word, an amount of money and a number, of which many hold for long."""
    terms = written()
    conditions, lambdas = [condition(*each) for each in terms], [by_hand(*each) for each in terms]
    ask = batch(conditions)
    full = {"customer": {"segment": "VIP", "balance": Decimal("512.40"), "age": 44}}
    empty = {"customer": {"segment": "VIP", "balance": None, "age": 44}}
    guarded = [by_hand_guarded(*each) for each in terms]
    wanted = [each(full) for each in lambdas]
    assert ask(full) == [each.holds(full) for each in conditions] == wanted
    assert ask(empty) == [each.holds(empty) for each in conditions] == [each(empty) for each in guarded]
    taken = race(
        {
            "batch": Contestant(lambda: ask(full)),
            "alone": Contestant(lambda: [each.holds(full) for each in conditions]),
            "lambdas": Contestant(lambda: [each(full) for each in lambdas]),
            "empty": Contestant(lambda: ask(empty)),
            "guarded": Contestant(lambda: [each(empty) for each in guarded]),
        },
        turns=60,
    )
    name = f"{RULES:,} rules of three terms"
    yield at_most(f"{name}, in a batch", taken["batch"], PEER, taken["lambdas"], 2.5, unit="ms")
    yield at_most(f"{name}, one by one", taken["alone"], PEER, taken["lambdas"], 2.5, unit="ms")
    yield figure(f"{name}, in a batch, the amount empty", taken["empty"], "ms", "lambdas with guards", taken["guarded"])


Term = tuple[str, Decimal, int]


def written() -> list[Term]:
    """The rules: a segment, a least balance, a greatest age."""
    chance = random.Random(7)
    return [
        (chance.choice(SEGMENTS), Decimal(chance.randrange(100_000)) / 100, chance.randrange(18, 90))
        for _ in range(RULES)
    ]


def condition(segment: str, least: Decimal, greatest: int) -> Condition:
    """A rule as an author writes it."""
    text = f'customer.segment == "{segment}" and customer.balance >= {least:.2f} and customer.age < {greatest}'
    customer = record("customer", {"segment": TEXT, "balance": MONEY, "age": INTEGER})
    found, problems = compile_condition(text, Scope({"customer": customer}), at=Span("bench.yaml"))
    assert found is not None, problems
    return found


def by_hand(segment: str, least: Decimal, greatest: int) -> Callable[[dict[str, Any]], bool]:
    """The same in Python, which fails where something is empty."""
    text = f"lambda r: r['customer']['segment'] == {segment!r} and r['customer']['balance'] >= D{least} and "
    return made(f"{text}r['customer']['age'] < {greatest}".replace(f"D{least}", "least"), least)


def by_hand_guarded(segment: str, least: Decimal, greatest: int) -> Callable[[dict[str, Any]], bool]:
    """The same with the guards that an empty balance or age needs."""
    text = f"lambda r: r['customer']['segment'] == {segment!r} and r['customer']['balance'] is not None and "
    text += "r['customer']['balance'] >= least and r['customer']['age'] is not None and "
    return made(f"{text}r['customer']['age'] < {greatest}", least)


def made(source: str, least: Decimal) -> Callable[[dict[str, Any]], bool]:
    """A lambda of its own code, as each is that stands in a file."""
    found: Callable[[dict[str, Any]], bool] = eval(source, {"least": least})
    return found
