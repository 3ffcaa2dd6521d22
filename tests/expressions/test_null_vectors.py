"""Every operator and function gives what the table says where an operand is empty, compiled and interpreted alike."""

from __future__ import annotations

import pytest

from casewright.expressions import STANDARD, batch, compile_condition
from casewright.expressions.syntax import MACROS
from casewright.values import Span
from tests.expressions.null_vectors import (
    Vector,
    cases_of,
    compiled,
    expression_of,
    interpreted,
    roots_of,
    scope_of,
    shown_outcome,
    vectors,
)

VECTORS = vectors()
CASES = [pytest.param(vector, case, id=f"{vector.text} {case}") for vector in VECTORS for case in cases_of(vector)]
FORMS = {"==", "!=", "in", "and", "or", "not", "?:", ".", "?.", "[...]", "{...}", "has", "coalesce", *MACROS}
"""What is written without being a function of the table, and treats null in a way of its own."""


@pytest.mark.parametrize(("vector", "case"), CASES)
def test_the_interpreter_gives_what_is_written(vector: Vector, case: str) -> None:
    assert shown_outcome(interpreted(vector, case)) == vector.results[case]


@pytest.mark.parametrize(("vector", "case"), CASES)
def test_the_compiled_form_gives_the_same_or_null(vector: Vector, case: str) -> None:
    wanted = vector.results[case]
    assert shown_outcome(compiled(vector, case)) == ("null" if wanted in ("unknown", "fault") else wanted)


def test_a_batch_takes_what_is_not_true_as_false() -> None:
    for vector in VECTORS:
        for case in cases_of(vector):
            expression = expression_of(vector, case)
            condition, problems = compile_condition(expression.source, scope_of(vector), at=Span("x"))
            if condition is not None and not problems:
                assert batch([condition])(roots_of(vector, case)) == [vector.results[case] == "true"], expression.source


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.text)
def test_each_vector_has_all_of_its_cases(vector: Vector) -> None:
    assert tuple(vector.results) == cases_of(vector)
    assert len(vector.given) == len(vector.types)


def test_every_operator_function_and_form_has_its_vectors() -> None:
    assert sorted({*STANDARD, *FORMS} - {vector.of for vector in VECTORS}) == []


def test_every_way_to_call_an_operator_or_a_function_has_its_vectors() -> None:
    used = {id(each) for v in VECTORS for each in expression_of(v, cases_of(v)[0]).checked.overloads.values()}
    lacking = [
        f"{name}{each}" for name, function in STANDARD.items() for each in function.overloads if id(each) not in used
    ]
    assert lacking == []
