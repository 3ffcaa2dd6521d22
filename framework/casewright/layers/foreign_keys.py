"""Keys and words as other languages and tools name them, and those that stand for them here."""

from __future__ import annotations

from collections.abc import Collection, Mapping

_MEANT: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("if", "condition", "while", "guard", "only_if"), ("when",)),
    "do": ("steps",),
    "unless": ("skip_when", "when"),
    **dict.fromkeys(("max", "times", "limit", "count", "max_times", "iterations"), ("most", "max_items")),
    **dict.fromkeys(("title", "name", "caption"), ("label",)),
    **dict.fromkeys(("type", "action", "kind"), ("do", "type")),
    **dict.fromkeys(("assignee", "assigned_to", "assign_to", "role", "queue", "who", "owner"), ("assign",)),
    **dict.fromkeys(("timeout", "or", "any_of", "either"), ("first_of",)),
    **dict.fromkeys(("params", "parameters", "args", "arguments", "input", "inputs", "payload"), ("with",)),
    **dict.fromkeys(("output", "outputs", "result", "into", "store"), ("save",)),
    **dict.fromkeys(("then", "return", "returns"), ("gives", "on_failure")),
    **dict.fromkeys(("default", "else"), ("otherwise",)),
    **dict.fromkeys(("on_error", "catch", "rescue", "on_reject"), ("on_failure",)),
    **dict.fromkeys(("depends_on", "needs", "wait_for"), ("enter_on",)),
    **dict.fromkeys(("cancel_on", "until", "stop_on"), ("exit_on",)),
    **dict.fromkeys(("values", "enum", "choices", "allowed"), ("options",)),
    **dict.fromkeys(("mandatory", "obligatory"), ("required",)),
    **dict.fromkeys(("parent", "extends", "inherits"), ("is_a",)),
    **dict.fromkeys(("list", "over", "items", "each"), ("in", "options")),
    **dict.fromkeys(("message", "body", "content"), ("text",)),
    **dict.fromkeys(("policy", "hit_policy"), ("hit",)),
    **dict.fromkeys(("set", "assignments"), ("values",)),
    **dict.fromkeys(("properties", "attributes", "variables"), ("data", "fields")),
}

_VALUES: Mapping[str, str] = {
    **dict.fromkeys(("ended", "cancelled", "canceled", "aborted"), "terminated"),
    **dict.fromkeys(("done", "finished", "closed"), "completed"),
    **dict.fromkeys(("waiting", "pending", "not_started"), "available"),
    **dict.fromkeys(("open", "running", "started"), "active"),
    **dict.fromkeys(("best", "ranked"), "priority"),
    **dict.fromkeys(("all", "multiple"), "collect"),
    **dict.fromkeys(("sum", "total"), "collect_sum"),
    "count": "collect_count",
    "min": "collect_min",
    "max": "collect_max",
}


def key_meant(name: str, known: Collection[str]) -> str:
    """The key that is meant by another language's name for it, where it may stand here; else nothing."""
    return next((key for key in _MEANT.get(name.lower(), ()) if key in known), "")


def value_meant(name: str, known: Collection[object]) -> str:
    """The word of a list of words that is meant by another word for it, where it is in the list; else nothing."""
    meant = _VALUES.get(name.lower(), "")
    return meant if meant in known else ""
