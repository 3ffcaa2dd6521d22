"""The published schemas, draft-07: what an editor offers, tells and refuses while a rule is typed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from casewright.layers.files import WORDS
from casewright.rules.contract import RuleKind
from casewright.rules.schemas import Schema, body_schema, definitions, layer_schema
from casewright.rules.telling import told
from casewright.steps.contract import StepType

DRAFT = "http://json-schema.org/draft-07/schema#"
LAYER_FILE = "layer.schema.json"
ANY_FILE = "casewright.schema.json"
"""The schema of any file of a layer; the file's first line chooses among the others."""

_DIRECTIVES = Path(__file__).with_name("directives.json")
_ALLOWED: Mapping[str, bool] = MappingProxyType(
    {"^\\$(\\$|(unset|replace|final|required|closed|constraint|before|after|first|last|remove|patch)$)": True}
)
"""The keys that may begin with `$`: directives, locks, and behind `$$` names of an author's own."""


def published(kind: RuleKind, steps: Mapping[str, StepType]) -> Schema:
    """The schema of a file of this kind: heads, body, directives; what is required, a layer below may say."""
    own = body_schema(kind)
    parts = {**definitions(steps), **own.get("definitions", {})}
    shared = {name: _brief(name, _for_editors(_described(schema, parts))) for name, schema in parts.items()}
    body = _for_editors(_described(own, parts))
    schema = {
        "$schema": DRAFT,
        "title": f"Casewright {kind.name}",
        "description": kind.schema.get("description", ""),
        "type": "object",
        "properties": {**heads(kind), **body["properties"]},
        "allOf": [_part("directives_of_a_rule")],
        "patternProperties": dict(_ALLOWED),
        "additionalProperties": False,
    }
    directives = json.loads(_DIRECTIVES.read_text(encoding="utf-8"))
    return {**schema, "definitions": _needed(schema, {**shared, **directives})}


def any_file(kinds: Iterable[str], others: Mapping[str, str]) -> Schema:
    """The schema of any file of a layer: its first line says which one holds; `others` are first words with theirs."""
    chosen: list[tuple[Schema, str]] = [(_speaks_of(kind), f"{kind}.schema.json") for kind in sorted(kinds)]
    chosen += [({"required": [word]}, name) for word, name in others.items()]
    begins = [{"required": [word]} for word in (*WORDS, *others)]
    return {
        "$schema": DRAFT,
        "title": "Casewright file",
        "description": "Any file of a layer; its first line says what it is, and so what else it may say.",
        "type": "object",
        "allOf": [
            *({"if": when, "then": {"$ref": name}} for when, name in chosen),
            {"if": {"not": {"anyOf": begins}}, "then": {"properties": _beginnings(sorted(kinds))}},
        ],
    }


def _speaks_of(kind: str) -> Schema:
    """The condition that the first line of a file names a rule of the kind."""
    named = {"type": "string", "pattern": f"^{kind}/"}
    return {"properties": dict.fromkeys(WORDS, named), "anyOf": [{"required": [word]} for word in WORDS]}


def _beginnings(kinds: Iterable[str]) -> Schema:
    """The first lines that a file may begin with."""
    examples = [f"{kind}/" for kind in kinds]
    return {word: {"type": "string", "description": _first(word), "examples": examples} for word in WORDS}


_FIRST: Mapping[str, str] = MappingProxyType(
    {
        "define": "A new rule; an error if a lower layer has it.",
        "extend": "A delta on what lower layers resolved.",
        "variant": "A delta that holds under its circumstance.",
        "replace": "Starts from empty; locks still hold.",
        "withdraw": "This layer's contribution vanishes.",
        "block": "Any use is an error.",
    }
)


def _first(word: str) -> str:
    return f"{_FIRST[word]} One of the six first lines is required."


def heads(kind: RuleKind) -> Schema:
    """The schemas of the head keys, by name: the six first lines, and what may stand beside them."""
    named = f"^{kind.name}/[A-Za-z][A-Za-z0-9_.]*"
    ends = {"define": "$", "variant": "@"}
    found: Schema = {
        word: {
            "type": "string",
            "pattern": named + ends.get(word, ""),
            "description": _first(word),
            "examples": [f"{kind.name}/"],
        }
        for word in WORDS
    }
    for name, schema in json.loads(Path(__file__).with_name("heads.json").read_text(encoding="utf-8")).items():
        if name != "is_a" or kind.is_class:
            found[name] = {**schema, "description": f"{schema['description']} Optional."}
    return found


def _part(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


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


def _for_editors(schema: Any) -> Any:
    """The schema without our keywords: choices become conditions, directives are offered, nothing is required."""
    if isinstance(schema, list):
        return [_for_editors(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "x-choices" in schema:
        return _conditions(schema)
    required = schema.get("required", ())
    kept = {_plain(name): _keyword(name, each, required) for name, each in schema.items() if not _is_ours(name)}
    if _is_any_scalar(schema):
        kept["type"] = _scalars(schema)
    if kept.get("type") == "object":
        kept |= {"patternProperties": dict(_ALLOWED), "allOf": [_part("directives_of_a_map")]}
    if "$ref" in kept and len(kept) > 1:
        kept["allOf"] = [{"$ref": kept.pop("$ref")}]  # draft-07 reads nothing beside a reference
    return _as_directed_list(kept, is_keyed=isinstance(schema.get("x-merge"), dict))


def _plain(keyword: str) -> str:
    """A keyword for editors: forms may overlap there, since what chooses among them is not in the schema."""
    return "anyOf" if keyword == "oneOf" else keyword


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


def _is_any_scalar(schema: Schema) -> bool:
    """Whether every scalar is a text here: `label: 2026` arrives as it is written."""
    return schema.get("x-type") == "text" and schema.get("type") == "string" and not {"enum", "pattern"} & schema.keys()


def _scalars(schema: Schema) -> list[str]:
    """The types of which YAML may take the text for one; a condition may be `true`."""
    return ["string", "number", *(["boolean"] if schema.get("x-holds", "text") != "text" else [])]


def _as_directed_list(schema: Schema, *, is_keyed: bool) -> Schema:
    """A list may also be written as a map of list directives; what has an id may be placed."""
    if schema.get("type") != "array":
        return schema
    about = {name: schema.pop(name) for name in ("description",) if name in schema}
    if is_keyed:
        schema["items"] = {"allOf": [schema.get("items", True), _part("directives_of_an_item")]}
    changed = "directives_of_items" if is_keyed else "directives_of_a_list"
    return {"anyOf": [schema, _part(changed)], **about}


def _conditions(schema: Schema) -> Schema:
    common = _keyword("properties", schema["properties"], schema.get("required", ()))
    by = schema["x-discriminator"]
    choices = {name: _for_editors(choice)["properties"] for name, choice in schema["x-choices"].items()}
    told_of = [schema["x-choices"][name].get("description", "") for name in choices]
    named = {**common, by: {**common[by], "enum": list(choices), "enumDescriptions": told_of}}
    return {
        "type": "object",
        "properties": named,
        "allOf": [
            _part("directives_of_a_map"),
            *(
                {
                    "if": {"properties": {by: {"const": name}}, "required": [by]},
                    "then": {
                        "description": about,
                        "properties": {**named, **own},
                        "patternProperties": dict(_ALLOWED),
                        "additionalProperties": False,
                    },
                }
                for (name, own), about in zip(choices.items(), told_of, strict=True)
            ),
            _unchosen(by, {*named, *(key for own in choices.values() for key in own)}),
        ],
    }


def _unchosen(by: str, names: Iterable[str]) -> Schema:
    """A part of a choice, as a layer above writes one: it may have the keys of any of them."""
    known = {"anyOf": [{"pattern": "^\\$"}, {"enum": sorted(names)}]}
    return {"if": {"not": {"required": [by]}}, "then": {"propertyNames": known}}


def _layer_for_editors() -> Schema:
    schema = layer_schema()
    for name, each in schema["properties"].items():
        each["description"] = told(each, required=name in schema["required"])
    return schema


def texts_of(
    kinds: Mapping[str, RuleKind], steps: Mapping[str, StepType], others: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str]:
    """The published schemas as files, name to text: one a kind, that of `layer.yaml`, and that of any file.

    `others` are files that are no rules: the word they begin with, and the name of their schema.
    """
    files = {f"{name}.schema.json": published(kind, steps) for name, kind in sorted(kinds.items())}
    files[LAYER_FILE] = _layer_for_editors()
    files[ANY_FILE] = any_file(kinds, {"layer": LAYER_FILE, **others})
    return {name: json.dumps(schema, indent=1, ensure_ascii=False) + "\n" for name, schema in files.items()}
