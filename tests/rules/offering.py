"""What an editor that knows draft-07 offers, tells and refuses at a place of a file, by the file's schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft7Validator

Schema = Mapping[str, Any]


def offered(schema: Schema, document: Any, *path: str | int) -> dict[str, Schema]:
    """The keys that may be completed in the map at the path, with their schemas; of the same key the first."""
    value, schemas = document, list(_applying(schema, schema, document))
    for step in path:
        value = value[step]
        schemas = [
            found for each in schemas if (inner := _below(each, step)) for found in _applying(inner, schema, value)
        ]
    keys: dict[str, Schema] = {}
    for each in schemas:
        for name, inner in each.get("properties", {}).items():
            keys.setdefault(name, _whole(inner, schema))
    return keys


def _below(schema: Schema, step: str | int) -> Any:
    if isinstance(step, int):
        return schema.get("items")
    extra = schema.get("additionalProperties")
    return schema.get("properties", {}).get(step) or (extra if isinstance(extra, dict) else None)


def _applying(schema: Any, root: Schema, value: Any) -> Iterator[Schema]:
    """The schemas that speak of a value: the parts of all, the forms that it has, the branches that it chooses."""
    if not isinstance(schema, dict):
        return
    if "$ref" in schema:
        yield from _applying(_at(root, schema["$ref"]), root, value)
        return
    yield schema
    for part in schema.get("allOf", ()):
        yield from _applying(part, root, value)
    for form in schema.get("anyOf", ()):
        if _is_form_of(form, root, value):
            yield from _applying(form, root, value)
    if "if" in schema:
        chosen = "then" if Draft7Validator({**root, **_only(schema["if"])}).is_valid(value) else "else"
        yield from _applying(schema.get(chosen), root, value)


def _only(schema: Schema) -> dict[str, Any]:
    """A schema that stands alone, with nothing of the root's but its definitions."""
    empty = ("properties", "required", "allOf", "anyOf", "additionalProperties", "patternProperties", "type")
    neutral: dict[str, Any] = {"properties": {}, "required": [], "additionalProperties": True, "patternProperties": {}}
    return {**{name: neutral.get(name, [True] if name.endswith("Of") else "object") for name in empty}, **schema}


def _is_form_of(schema: Schema, root: Schema, value: Any) -> bool:
    """Whether a value has the form, map or list or scalar, that the schema speaks of."""
    while "$ref" in schema:
        schema = _at(root, schema["$ref"])
    form = "object" if isinstance(value, dict) else "array" if isinstance(value, list) else "string"
    return form in str(schema.get("type", form))


def _whole(schema: Schema, root: Schema) -> Schema:
    return _at(root, schema["$ref"]) if "$ref" in schema else schema


def _at(root: Schema, reference: str) -> Any:
    found: Any = root
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found
