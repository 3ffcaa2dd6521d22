"""The page of the expression language leaves nothing out, and each of its examples gives what it says."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from casewright.expressions import (
    CLOCK,
    DYNAMIC,
    STANDARD,
    Scope,
    Type,
    compile_expression,
    compile_test,
    compile_text,
    list_of,
    named,
    record,
    review,
)
from casewright.expressions.library.operators import equal
from casewright.expressions.syntax import MACROS
from casewright.values import Span

SOURCE = Path(__file__).resolve().parents[2] / "docs" / "expressions.toml"
TOLD: dict[str, Any] = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
NOW = datetime.fromisoformat(TOLD["now"])
AT = Span(SOURCE.name)
EXAMPLES = [
    *((each["example"], each["value"]) for each in (*TOLD["functions"].values(), *TOLD["forms"].values())),
    *((example, value) for each in TOLD["operators"] for example, value in each["examples"]),
    *((each["example"], each["value"]) for each in TOLD["nulls"]),
]


def type_named(name: str) -> Type:
    element = name.removeprefix("list of ")
    simple = named(element) or DYNAMIC
    return simple if element == name else list_of(simple)


def value_of(text: str, scope: Scope, roots: dict[str, Any], expect: Type | None = None) -> Any:
    found, problems = compile_expression(text, scope, at=AT, expect=expect)
    assert problems == ()
    assert found is not None
    return found.evaluate(roots)


@pytest.fixture(scope="module")
def scope() -> Scope:
    world = TOLD["world"].items()
    return Scope({root: record(root, {n: type_named(f["type"]) for n, f in fields.items()}) for root, fields in world})


@pytest.fixture(scope="module")
def roots() -> dict[str, Any]:
    nothing = Scope({})
    world = {
        root: {name: value_of(each["value"], nothing, {}, type_named(each["type"])) for name, each in fields.items()}
        for root, fields in TOLD["world"].items()
    }
    return {**world, CLOCK: NOW}


def test_every_function_and_form_is_told_and_no_other() -> None:
    assert set(TOLD["functions"]) == {name for name in STANDARD if name[0].isalpha()}
    assert set(TOLD["forms"]) == {*MACROS, "has", "coalesce", "orValue", "or", "hasValue"}


def test_every_operator_is_told() -> None:
    signs = {sign.replace(" ", "") for each in TOLD["operators"] for sign in each["signs"]}
    assert {name for name in STANDARD if not name[0].isalpha()} <= signs


@pytest.mark.parametrize(("example", "value"), EXAMPLES, ids=[example for example, _ in EXAMPLES])
def test_an_example_gives_what_it_says(example: str, value: str, scope: Scope, roots: dict[str, Any]) -> None:
    given, wanted = value_of(example, scope, roots), value_of(value, scope, roots)
    assert equal(given, wanted)


@pytest.mark.parametrize("told", TOLD["reviewed"], ids=lambda told: told["example"])
def test_an_expression_is_told_of_as_the_page_says(told: dict[str, str], scope: Scope) -> None:
    found, problems = compile_expression(told["example"], scope, at=AT)
    assert problems == ()
    assert found is not None
    assert {problem.code for problem in review(found)} == ({told["code"]} if told["code"] else set())


@pytest.mark.parametrize("told", TOLD["literals"], ids=lambda told: told["type"])
def test_a_literal_has_the_type_that_it_says(told: dict[str, str]) -> None:
    found, problems = compile_expression(told["example"], Scope({}), at=AT)
    assert problems == ()
    assert found is not None
    assert found.type.name.split()[0] == told["type"]


@pytest.mark.parametrize("told", TOLD["tests"], ids=lambda told: told["test"])
def test_a_unary_test_lets_pass_what_it_says(told: dict[str, Any], scope: Scope, roots: dict[str, Any]) -> None:
    type_ = type_named(told["type"])
    found, problems = compile_test(told["test"], type_, scope, at=AT)
    assert problems == ()
    assert found is not None
    assert all(found.matches(value_of(value, scope, roots, type_), roots) for value in told["passes"])
    assert not any(found.matches(value_of(value, scope, roots, type_), roots) for value in told["fails"])


@pytest.mark.parametrize("told", TOLD["texts"], ids=lambda told: told["text"])
def test_a_text_reads_as_it_says(told: dict[str, str], scope: Scope, roots: dict[str, Any]) -> None:
    found, problems = compile_text(told["text"], scope, at=AT)
    assert problems == ()
    assert found is not None
    assert found.render(roots) == told["value"]
