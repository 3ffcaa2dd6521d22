"""The seam to JSON Schema: one verdict and one set of words, whichever library is installed."""

from __future__ import annotations

import builtins
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.layers.schema_check import Validator, Violation

SCHEMA = {
    "type": "object",
    "required": ["id"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "pattern": "^[a-z]+$", "maxLength": 4},
        "n": {"type": "integer", "minimum": 1, "exclusiveMaximum": 5, "multipleOf": 2},
        "hit": {"enum": ["first", "any"]},
        "items": {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"$ref": "#/definitions/item"}},
        "one": {"const": 3},
    },
    "definitions": {"item": {"type": "object", "properties": {"n": {"type": "number", "maximum": 10}}}},
}
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from(["a", "A", "abcde", 3]),
        "n": st.integers(-1, 7) | st.just("x"),
        "hit": st.sampled_from(["first", "none"]),
        "items": st.lists(st.dictionaries(st.just("n"), st.integers(9, 12) | st.just("x")), max_size=3),
        "one": st.integers(2, 3),
        "other": st.none(),
    },
)


@settings(max_examples=150, deadline=None)
@given(VALUES)
def test_both_libraries_give_the_same_verdict_in_the_same_words(value: dict[str, Any]) -> None:
    pytest.importorskip("jsonschema_rs")
    assert Validator(SCHEMA, "rust").problems_of(value) == Validator(SCHEMA, "python").problems_of(value)


@pytest.mark.parametrize("library", ["rust", "python"])
def test_a_violation_says_where_which_and_what(library: str) -> None:
    assert Validator(SCHEMA, library).problems_of({"id": "a", "items": [{"n": 11}]}) == (
        Violation(("items", 0, "n"), "maximum", "11 is more than 10"),
    )


def test_a_sound_value_has_no_problems() -> None:
    assert Validator(SCHEMA).problems_of({"id": "a", "n": 2}) == ()


def test_without_the_fast_library_the_other_one_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "jsonschema_rs":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    assert Validator({"minimum": 1}).problems_of(0)[0].message == "0 is less than 1"
    with pytest.raises(ImportError):
        Validator({"minimum": 1}, "rust")


@pytest.mark.parametrize("library", ["rust", "python"])
def test_a_text_that_passed_passes_again_and_one_that_did_not_is_told_again(library: str) -> None:
    validator = Validator({"pattern": "^[a-z]+$"}, library)
    for _ in range(2):
        assert validator.problems_of("abc") == ()
        assert [violation.keyword for violation in validator.problems_of("A")] == ["pattern"]


@pytest.mark.parametrize("library", ["rust", "python"])
def test_a_pattern_that_says_what_it_expects_is_told_in_words(library: str) -> None:
    status = {"type": "string", "pattern": "^Resolved-", "maxLength": 20, "x-expects": "a status such as Resolved-Done"}
    schema = {"properties": {"status": status}}
    (violation,) = Validator(schema, library).problems_of({"status": "Done"})
    assert violation == Violation(("status",), "pattern", "'Done' is not a status such as Resolved-Done")
    (violation,) = Validator(status, library).problems_of("Resolved-" + "a" * 20)
    assert violation.keyword == "maxLength"
