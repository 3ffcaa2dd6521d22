"""Schemas composed from what kinds and step types say of themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from casewright.rules.contract import RuleKind
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
        "x-instead": _read(_STEPS / "instead.json"),
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


def layer_schema() -> Schema:
    """The draft-07 schema of `layer.yaml`."""
    return _read(_HERE / "layer.schema.json")


def _read(path: Path) -> Schema:
    schema: Schema = json.loads(path.read_text(encoding="utf-8"))
    return schema
