"""How long does it take to read and check a condition of twelve terms, and to make it ready to run?"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from benchmarks.harness import Contestant, Row, below, figure, race
from casewright.expressions import BOOLEAN, DATE, INTEGER, MONEY, TEXT, Scope, choice, compile_condition, record
from casewright.expressions.compiler import source_of
from casewright.values import Span

TERMS = (
    'customer.segment == "VIP"',
    "customer.age >= 18",
    "customer.age < 66",
    "customer.balance > 100.00",
    "customer.active",
    'case.incident in ["lost", "stolen"]',
    "case.amount <= 5000",
    "case.amount != customer.balance",
    "size(customer.name) > 0",
    "customer.since < case.opened",
    "has(customer.email)",
    "not customer.blocked",
)
SOURCE = " and ".join(TERMS)


def rows() -> Iterator[Row]:
    """Parsed, checked with all fields typed, compiled; beside it the Python of the same, compiled by Python."""
    known, at = scope(), Span("bench.yaml")
    found, problems = compile_condition(SOURCE, known, at=at)
    assert found is not None, problems
    python = source_of(found.checked, condition=True)
    turns = {
        "checked": Contestant(lambda: compile_condition(SOURCE, known, at=at), repeat=20),
        "ready": Contestant(lambda: ready(known, at), repeat=20),
        "python": Contestant(lambda: compile(python, "<bench>", "exec"), repeat=20),
        "parsed": Contestant(lambda: ast.parse(python), repeat=20),
    }
    taken = race(turns, turns=60)
    yield below("a condition of twelve terms, parsed and checked", taken["checked"], 0.3e-3, "ms")
    yield figure(
        "the same, against Python's own parser", taken["checked"], "ms", "ast.parse, no checks", taken["parsed"]
    )
    yield figure("the same, compiled too", taken["ready"], "ms", "compile of its Python alone", taken["python"])


def ready(known: Scope, at: Span) -> object:
    """A condition that can be called."""
    found, _ = compile_condition(SOURCE, known, at=at)
    return found and found.holds


def scope() -> Scope:
    """A customer and a case."""
    customer = {
        **dict.fromkeys(("segment", "name", "email"), TEXT),
        **dict.fromkeys(("active", "blocked"), BOOLEAN),
        "age": INTEGER,
        "balance": MONEY,
        "since": DATE,
    }
    case = {"incident": choice(("lost", "stolen", "misplaced")), "amount": MONEY, "opened": DATE}
    return Scope({"customer": record("customer", customer), "case": record("case", case)})
