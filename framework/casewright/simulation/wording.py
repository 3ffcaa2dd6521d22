"""What scenario files may say: their schema, and the words that stand beside one another in a step."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from casewright.rules.telling import told
from casewright.simulation.scenario import DEEDS

SCHEMA_FILE = "scenario.schema.json"
STEP_WORDS = (*DEEDS, "pass", "refused", "expect")
"""The words of which a step has exactly one."""

BESIDE: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "create": frozenset({"with", "as", "name", "channel", "interaction"}),
        "submit": frozenset({"with", "answer", "outcome", "as", "case", "interaction"}),
        "approve": frozenset({"with", "as", "case", "interaction"}),
        "reject": frozenset({"with", "as", "case", "interaction"}),
        "start": frozenset({"as", "case", "interaction"}),
        "open": frozenset({"with", "as", "name", "channel"}),
        "identify": frozenset({"as", "interaction"}),
        "verify": frozenset({"as", "interaction"}),
        "log": frozenset({"with", "as", "interaction"}),
        "wrap_up": frozenset({"with", "as", "interaction"}),
        "publish": frozenset({"with", "as"}),
        "pass": frozenset(),
        "refused": frozenset({"because"}),
        "expect": frozenset({"case"}),
    }
)
"""What may stand beside each of them, where it is not what is listed in `OTHERWISE`."""
OTHERWISE = frozenset({"as", "case", "because"})


def schema() -> dict[str, Any]:
    """The schema that scenario files are read by."""
    text = Path(__file__).with_name(SCHEMA_FILE).read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def schema_text() -> str:
    """The published JSON Schema of scenario files, for editors: without the keywords that are ours alone."""
    found = _for_editors(schema())
    found["definitions"]["step"]["allOf"] = [_beside(word) for word in STEP_WORDS]
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def beside(word: str) -> frozenset[str]:
    """What may stand beside a word in a step."""
    return BESIDE.get(word, OTHERWISE)


def _beside(word: str) -> dict[str, Any]:
    """That nothing else stands beside the word."""
    return {"if": {"required": [word]}, "then": {"propertyNames": {"enum": [word, *sorted(beside(word))]}}}


def _for_editors(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_for_editors(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {name: _for_editors(each) for name, each in schema.items() if not name.startswith("x-")}
    for name, each in schema.get("properties", {}).items():
        kept["properties"][name]["description"] = _told(name, each, schema)
    return kept


def _told(name: str, each: Mapping[str, Any], inside: Mapping[str, Any]) -> str:
    """The description of a property; of the words of a step one is required."""
    if name in STEP_WORDS and "expect" in inside["properties"]:
        return f"{each['description']} One of these words is required, and only one."
    return told(each, required=name in inside.get("required", ()))
