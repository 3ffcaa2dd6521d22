"""How near does a compiled condition come to the lambda that one would write by hand?"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.harness import Contestant, Row, at_most, race
from casewright.expressions import INTEGER, TEXT, Scope, compile_condition, record
from casewright.values import Span

SOURCE = 'customer.segment == "VIP" && amount > 100'


def rows() -> Iterator[Row]:
    """The condition on a context where both terms are looked at."""
    context = {"customer": {"segment": "VIP", "age": 44}, "amount": 250}
    holds = condition(INTEGER)
    assert holds(context) is by_hand(context) is True
    assert holds({**context, "amount": 80}) is False
    turns = {
        "ours": Contestant(lambda: holds(context), repeat=2_000),
        "lambda": Contestant(lambda: by_hand(context), repeat=2_000),
    }
    taken = race(turns, turns=200)
    yield at_most(SOURCE, taken["ours"], "hand-written lambda, guarded", taken["lambda"], 2.0)


def condition(amount: object):
    """Our condition, ready to be called."""
    scope = Scope({"customer": record("customer", {"segment": TEXT, "age": INTEGER}), "amount": amount})
    compiled, problems = compile_condition(SOURCE, scope, at=Span("bench.yaml"))
    assert compiled is not None, problems
    return compiled.holds


def by_hand(context: dict) -> bool:
    """The same in Python, with the guard that an empty amount needs."""
    amount = context["amount"]
    return context["customer"]["segment"] == "VIP" and amount is not None and amount > 100
