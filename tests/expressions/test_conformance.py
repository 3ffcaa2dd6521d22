"""Strict CEL gives what the conformance suite of CEL says, compiled and interpreted alike.

The environment variable CASEWRIGHT_CONFORMANCE says where the suite lies: JSON lines, each with an expression, what it
reads, and its value or an error.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casewright.errors import ExpressionFailed
from casewright.expressions import (
    BOOLEAN,
    DOUBLE,
    DYNAMIC,
    ELAPSED,
    INTEGER,
    STRICT,
    TEXT,
    TIMESTAMP,
    UNCHECKED,
    Elapsed,
    Expression,
    Timestamp,
    Type,
    TypeValue,
    compile_expression,
    list_of,
    map_of,
    strict_scope,
)
from casewright.expressions.cel.times import to_elapsed, to_timestamp
from casewright.expressions.interpreter import Unknown
from casewright.expressions.types import kind_of
from casewright.expressions.walks import exact_outcome
from casewright.values import Span

SUITE = os.environ.get("CASEWRIGHT_CONFORMANCE", "")
CASES = [json.loads(line) for line in Path(SUITE).read_text(encoding="utf-8").splitlines()] if SUITE else []
FAILED = "no value"

PRIMITIVES = {"INT64": INTEGER, "STRING": TEXT, "BOOL": BOOLEAN, "DOUBLE": DOUBLE}
MESSAGES = {"google.protobuf.Duration": ELAPSED, "google.protobuf.Timestamp": TIMESTAMP}
READERS: dict[str, Callable[[Any], Any]] = {
    "null": lambda _: None,
    "bool": bool,
    "int": int,
    "double": float,
    "string": str,
    "type": TypeValue,
    "timestamp": to_timestamp,
    "duration": to_elapsed,
    "list": lambda items: [value_of(item) for item in items],
    "map": lambda entries: {value_of(key): value_of(value) for key, value in entries},
}


def value_of(tagged: dict[str, Any]) -> Any:
    """The value that the suite writes as {KIND: TEXT}."""
    ((kind, written),) = tagged.items()
    return READERS[kind](written)


def type_of(written: dict[str, Any]) -> Type:
    """The type that a declaration of the suite says."""
    ((form, inner),) = written.items()
    if form == "listType":
        return list_of(type_of(inner["elemType"]))
    if form == "mapType":
        return map_of(type_of(inner["valueType"]))
    return PRIMITIVES.get(inner) or MESSAGES.get(inner) or DYNAMIC


def same(one: Any, other: Any) -> bool:
    """Whether two values are of one kind and equal; NaN is itself, and a map has no order."""
    if kind_of(one) != kind_of(other):
        return False
    if isinstance(one, float):
        return (one == other and math.copysign(1, one) == math.copysign(1, other)) or (one != one and other != other)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return len(one) == len(other) and all(
            any(same(key, their) and same(one[key], other[their]) for their in other) for key in one
        )
    return bool(one == other)


def compiled(found: Expression, roots: dict[str, Any]) -> Any:
    try:
        return found.evaluate(roots)
    except ExpressionFailed:
        return FAILED


def interpreted(found: Expression, roots: dict[str, Any]) -> Any:
    outcome = exact_outcome(found.checked, roots)
    return FAILED if isinstance(outcome, Unknown) else outcome


def outcomes(case: dict[str, Any]) -> tuple[Any, Any]:
    """What the compiled form and the interpreter give; an expression that is refused fails in both."""
    types = {each["name"]: type_of(each["ident"]["type"]) for each in case["env"]}
    roots = {name: value_of(each) for name, each in case["bindings"].items()}
    scope = strict_scope(types, UNCHECKED if case["disable_check"] else STRICT)
    found, problems = compile_expression(case["expr"], scope, at=Span("suite"))
    if found is None:
        assert problems
        return FAILED, FAILED
    return compiled(found, roots), interpreted(found, roots)


def test_the_suite_is_there_where_changes_are_judged() -> None:
    if not SUITE and not os.environ.get("CI"):
        pytest.skip("CASEWRIGHT_CONFORMANCE does not say where the conformance suite of CEL lies")
    assert len(CASES) > 0, "CASEWRIGHT_CONFORMANCE must say where the conformance suite of CEL lies"


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_an_expression_gives_what_the_suite_says(case: dict[str, Any]) -> None:
    wanted = FAILED if "error" in case["expect"] else value_of(case["expect"]["value"])
    by_code, by_tree = outcomes(case)
    assert same(by_code, wanted), (case["expr"], by_code)
    assert same(by_tree, wanted), (case["expr"], by_tree)


def test_kinds_are_compared_strictly() -> None:
    assert not same(True, 1)
    assert not same(1, 1.0)
    assert not same(0.0, -0.0)
    assert same(math.nan, math.nan)
    assert same({"a": [Elapsed(1)]}, {"a": [Elapsed(1)]})
    assert not same(Timestamp(1), Elapsed(1))
