"""The one seam to a JSON Schema library: jsonschema-rs where it is installed, else jsonschema, with our own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from casewright.layers.scalars import json_form


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One place of a value that breaks one keyword of its schema."""

    path: tuple[str | int, ...]
    keyword: str
    message: str


class Expected(str):
    """What `x-expects` beside a pattern says in words: `a status such as Resolved-Completed`."""

    __slots__ = ()


REMEMBERED = 10_000
"""How many texts without violations a validator remembers."""


class _Library(Protocol):
    """Gives the path, the keyword, what the schema says there and the value, for everything that breaks a schema."""

    def __call__(self, value: Any) -> list[tuple[tuple[str | int, ...], str, Any, Any]]: ...


class Validator:
    """A compiled draft-07 schema. `library` is `rust`, `python`, or empty for the fastest that is installed."""

    def __init__(self, schema: Mapping[str, Any], library: str = "") -> None:
        self._find = _library(dict(schema), library)
        self._passed: set[str] = set()

    def problems_of(self, plain: Any) -> tuple[Violation, ...]:
        """What breaks the schema in a value of dicts, lists and scalars, sorted by path; messages are our own."""
        if plain.__class__ is str and plain in self._passed:
            return ()
        found = self._find(json_form(plain))
        if not found:
            self._pass(plain)
            return ()
        return tuple(sorted({Violation(path, word, message(word, limit, value)) for path, word, limit, value in found}))

    def _pass(self, plain: Any) -> None:
        """Remember a text without violations: ids and names come back in rule after rule."""
        if plain.__class__ is str and len(self._passed) < REMEMBERED:
            self._passed.add(plain)


def _library(schema: dict[str, Any], library: str) -> _Library:
    if library != "python":
        try:
            return _rust(schema)
        except ImportError:
            if library == "rust":
                raise
    return _python(schema)


def _rust(schema: dict[str, Any]) -> _Library:
    import jsonschema_rs

    validator = jsonschema_rs.Draft7Validator(schema)

    def find(value: Any) -> list[tuple[tuple[str | int, ...], str, Any, Any]]:
        if validator.is_valid(value):
            return []
        return [
            _located(tuple(e.instance_path), tuple(e.schema_path), schema, value) for e in validator.iter_errors(value)
        ]

    return find


def _python(schema: dict[str, Any]) -> _Library:
    import jsonschema

    validator = jsonschema.Draft7Validator(schema)

    def find(value: Any) -> list[tuple[tuple[str | int, ...], str, Any, Any]]:
        errors = validator.iter_errors(value)
        return [_located(tuple(e.absolute_path), tuple(e.absolute_schema_path), schema, value) for e in errors]

    return find


def _located(
    path: tuple[str | int, ...], schema_path: tuple[str | int, ...], schema: Any, value: Any
) -> tuple[tuple[str | int, ...], str, Any, Any]:
    """The violation in terms of the schema and the value alone, so that both libraries give the same words."""
    words = [step for step in schema_path if step != "$ref"]
    keyword = next((str(step) for step in reversed(words) if isinstance(step, str)), "schema")
    for step in path:
        value = value[step]
    limit: Any = schema
    owner: Any = schema
    for word in words:
        while isinstance(limit, dict) and "$ref" in limit and word not in limit:
            limit = schema["definitions"][limit["$ref"].removeprefix("#/definitions/")]
        owner, limit = limit, limit[word] if isinstance(limit, (dict, list)) else limit  # type: ignore[index]
    if keyword == "pattern" and "x-expects" in owner:
        return path, keyword, Expected(owner["x-expects"]), value
    return path, keyword, limit, value


def message(keyword: str, limit: Any, value: Any) -> str:
    """What is wrong with `value` under `keyword: limit`, in our words."""
    shown = f"'{value}'" if isinstance(value, str) else _shown(value)
    if isinstance(limit, Expected):
        return f"{shown} is not {limit}"
    form = _MESSAGES.get(keyword)
    return form.format(value=shown, limit=_shown(limit)) if form else f"{shown} breaks {keyword} {_shown(limit)}"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(_shown(one) for one in value)
    return "null" if value is None else str(value)


_MESSAGES = {
    "pattern": "{value} does not match the pattern {limit}",
    "minLength": "{value} is shorter than {limit} characters",
    "maxLength": "{value} is longer than {limit} characters",
    "minimum": "{value} is less than {limit}",
    "maximum": "{value} is more than {limit}",
    "exclusiveMinimum": "{value} is not more than {limit}",
    "exclusiveMaximum": "{value} is not less than {limit}",
    "multipleOf": "{value} is not a multiple of {limit}",
    "minItems": "the list has fewer than {limit} items",
    "maxItems": "the list has more than {limit} items",
    "uniqueItems": "a value stands in the list twice",
    "minProperties": "the map has fewer than {limit} keys",
    "maxProperties": "the map has more than {limit} keys",
    "propertyNames": "a key of the map has a name that is not allowed",
    "const": "{value} is not {limit}",
    "enum": "{value} is not one of {limit}",
    "type": "{value} is not of type {limit}",
    "required": "a required key is missing ({limit})",
    "additionalProperties": "a key is not known here",
}
