"""Schemas composed from what kinds and step types say: for shapes here, and for editors as draft-07."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from casewright.layers.files import WORDS
from casewright.rules.contract import RuleKind
from casewright.rules.telling import told
from casewright.steps.contract import StepType

Schema = dict[str, Any]

_HERE = Path(__file__).parent
_STEPS = _HERE.parent / "steps"


def definitions(steps: Mapping[str, StepType]) -> Schema:
    """The definitions that kinds refer to: fields, clocks, assignments, and steps, one choice for each type."""
    found: Schema = dict(_read(_HERE / "shared.json")["definitions"])
    common = _read(_STEPS / "common.json")
    choices = {name: step.schema for name, step in steps.items()}
    step = {
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "do"],
        "properties": common,
        "x-discriminator": "do",
        "x-noun": "step type",
        "x-choices": choices,
    }
    handler = {**step, "required": ["do"], "properties": {k: v for k, v in common.items() if k != "id"}}
    found["assign"] = _read(_STEPS / "assign.json")
    found["step"] = step
    found["handler"] = handler
    found["steps"] = {
        "type": "array",
        "x-merge": {"key": "id"},
        "items": {"$ref": "#/definitions/step"},
        "description": "Steps in order, each with an id.",
    }
    return found


def body_schema(kind: RuleKind) -> Schema:
    """The schema of a kind's resolved body, with the properties that every rule has."""
    own = dict(kind.schema)
    own["properties"] = {**_read(_HERE / "shared.json")["rule"], **own.get("properties", {})}
    return own


def published(kind: RuleKind, kinds: Iterable[str], steps: Mapping[str, StepType]) -> Schema:
    """The draft-07 schema of a file of this kind, for editors: heads, body, directives; nothing is required."""
    own = body_schema(kind)
    parts = {**definitions(steps), **own.get("definitions", {})}
    shared = {name: _brief(name, _for_editors(_described(schema, parts))) for name, schema in parts.items()}
    body = _for_editors(_described(own, parts))
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"Casewright {kind.name}",
        "description": kind.schema.get("description", ""),
        "type": "object",
        "properties": {**_heads(kind), **body["properties"]},
        "patternProperties": _DIRECTIVES,
        "additionalProperties": False,
        "definitions": _needed(body["properties"], shared),
    }


_DIRECTIVES: Schema = {
    "^\\$": {
        "description": "A directive or a lock: $before $after $first $last $remove $replace $patch $unset $append "
        "$prepend $final $required $closed $constraint."
    }
}


def _brief(name: str, part: Any) -> Any:
    """The part with what all of its choices have said once: each choice refers to it, since it allows nothing else."""
    if not isinstance(part, dict):
        return part
    common = part.get("properties", {})
    for branch in part.get("allOf", ()):
        then = branch.get("then", {})
        then["properties"] = {
            key: {"$ref": f"#/definitions/{name}/properties/{key}"} if common.get(key) == each else each
            for key, each in then.get("properties", {}).items()
        }
    return part


def _needed(body: Schema, parts: Mapping[str, Schema]) -> Schema:
    """The parts that the body refers to, and those that they do, in their order."""
    found: set[str] = set()
    left = _references(body)
    while left:
        name = left.pop()
        if name in parts and name not in found:
            found.add(name)
            left |= _references(parts[name])
    return {name: part for name, part in parts.items() if name in found}


def _references(schema: Any) -> set[str]:
    """The names of the parts that a schema refers to."""
    if isinstance(schema, list):
        return set().union(*map(_references, schema))
    if not isinstance(schema, dict):
        return set()
    own = schema.get("$ref")
    named = {own.split("/")[2]} if isinstance(own, str) else set()
    return named.union(*map(_references, schema.values()))


def _described(schema: Any, parts: Mapping[str, Any]) -> Any:
    """The schema with the words of a shared part wherever a property refers to it without words of its own."""
    if isinstance(schema, list):
        return [_described(each, parts) for each in schema]
    if not isinstance(schema, dict):
        return schema
    below = {name: _described(each, parts) for name, each in schema.items()}
    for name, each in schema.get("properties", {}).items():
        part = parts.get(str(each.get("$ref", "")).rpartition("/")[2]) if isinstance(each, dict) else None
        if isinstance(part, dict) and "description" not in each:
            below["properties"][name] = {**each, "description": part.get("description", "")}
    return below


def _heads(kind: RuleKind) -> Schema:
    named = f"^{kind.name}/[A-Za-z][A-Za-z0-9_.]*"
    heads: Schema = {
        "define": {
            "type": "string",
            "pattern": named + "$",
            "description": "A new rule; an error if a lower layer has it.",
        },
        "extend": {"type": "string", "pattern": named, "description": "A delta on what lower layers resolved."},
        "variant": {
            "type": "string",
            "pattern": named + "@",
            "description": "A delta that holds under its circumstance.",
        },
        "replace": {"type": "string", "pattern": named, "description": "Starts from empty; locks still hold."},
        "withdraw": {"type": "string", "pattern": named, "description": "This layer's contribution vanishes."},
        "block": {"type": "string", "pattern": named, "description": "Any use is an error."},
        "for": {"type": "string", "description": "The class that the rule is bound to."},
        "status": {"enum": ["draft", "active"], "description": "draft skips the file."},
        "circumstance": {"type": "object", "description": "Dimension to value, list or unary test."},
        "effective": {
            "type": "object",
            "description": "from and until, dates or instants; until is not inside. "
            "A date begins at midnight in zone, as Europe/Berlin; default UTC.",
        },
        "based_on": {"type": "string", "description": "The variant that this one is a delta on."},
        "variants": {"enum": ["keep", "drop"], "description": "What replace does with lower variants."},
        "module": {"type": "string", "description": "The rule is there only while this module is on."},
    }
    if kind.is_class:
        heads["is_a"] = {"type": "string", "description": "The parent, whose resolved body comes first."}
    for name, head in heads.items():
        is_first = name in WORDS
        head["description"] += " One of the six first lines is required." if is_first else " Optional."
    return heads


def _for_editors(schema: Any) -> Any:
    """The schema without our keywords: choices become conditions, directives are allowed, nothing is required."""
    if isinstance(schema, list):
        return [_for_editors(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "x-choices" in schema:
        return _conditions(schema)
    required = schema.get("required", ())
    kept = {name: _keyword(name, each, required) for name, each in schema.items() if not _is_ours(name)}
    if kept.get("type") == "object":
        kept["patternProperties"] = _DIRECTIVES
    if "$ref" in kept and len(kept) > 1:
        kept["allOf"] = [{"$ref": kept.pop("$ref")}]  # draft-07 reads nothing beside a reference
    return _keeping_directives(kept)


def _keyword(name: str, value: Any, required: Iterable[str] = ()) -> Any:
    """One keyword of a schema; the names under `properties` are an author's, not keywords."""
    if name != "properties":
        return _for_editors(value)
    needed = frozenset(required)
    return {
        key: _for_editors({**each, "description": told(each, required=key in needed)})
        for key, each in value.items()
        if not _is_forbidden(each)
    }


def _is_ours(keyword: str) -> bool:
    return keyword.startswith("x-") or keyword == "required"


def _is_forbidden(schema: Any) -> bool:
    return isinstance(schema, dict) and "x-forbidden" in schema


def _keeping_directives(schema: Schema) -> Schema:
    """A plain list may also be written as a map of list directives."""
    if schema.get("type") != "array":
        return schema
    about = {name: schema.pop(name) for name in ("description",) if name in schema}
    return {
        "oneOf": [schema, {"type": "object", "patternProperties": _DIRECTIVES, "additionalProperties": False}],
        **about,
    }


def _conditions(schema: Schema) -> Schema:
    common = _keyword("properties", schema["properties"], schema.get("required", ()))
    by = schema["x-discriminator"]
    choices = {name: _for_editors(choice)["properties"] for name, choice in schema["x-choices"].items()}
    named = {**common, by: {**common[by], "enum": list(choices)}}
    return {
        "type": "object",
        "properties": named,
        "allOf": [
            {
                "if": {"properties": {by: {"const": name}}, "required": [by]},
                "then": {
                    "description": schema["x-choices"][name].get("description", ""),
                    "properties": {**named, **own},
                    "patternProperties": _DIRECTIVES,
                    "additionalProperties": False,
                },
            }
            for name, own in choices.items()
        ],
    }


def layer_schema() -> Schema:
    """The draft-07 schema of `layer.yaml`."""
    return _read(_HERE / "layer.schema.json")


def _layer_for_editors() -> Schema:
    schema = layer_schema()
    for name, each in schema["properties"].items():
        each["description"] = told(each, required=name in schema["required"])
    return schema


def texts_of(kinds: Mapping[str, RuleKind], steps: Mapping[str, StepType]) -> dict[str, str]:
    """The published schemas as files: name to text, one a kind, and that of `layer.yaml`."""
    files = {f"{name}.schema.json": published(kind, kinds, steps) for name, kind in sorted(kinds.items())}
    files["layer.schema.json"] = _layer_for_editors()
    return {name: json.dumps(schema, indent=1, ensure_ascii=False) + "\n" for name, schema in files.items()}


def _read(path: Path) -> Schema:
    schema: Schema = json.loads(path.read_text(encoding="utf-8"))
    return schema
