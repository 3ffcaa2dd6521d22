"""Types as other languages and databases name them, and the types that stand for them here."""

from __future__ import annotations

import re
from collections.abc import Mapping

_MEANT: Mapping[str, str] = {
    **dict.fromkeys(("string", "str", "varchar", "char", "word"), "text"),
    **dict.fromkeys(("longtext", "textarea", "multiline", "clob"), "long_text"),
    **dict.fromkeys(("int", "long", "bigint", "whole"), "integer"),
    **dict.fromkeys(("number", "float", "double", "numeric", "real"), "decimal, or integer for whole numbers"),
    **dict.fromkeys(("currency", "amount", "price"), "money"),
    **dict.fromkeys(("bool", "yesno", "flag", "checkbox"), "boolean"),
    **dict.fromkeys(("timestamp", "instant", "date_time"), "datetime"),
    **dict.fromkeys(("interval", "period", "timedelta"), "duration"),
    **dict.fromkeys(("enum", "select", "option", "dropdown", "radio"), "choice, with options: [first, second]"),
    **dict.fromkeys(("uuid", "guid", "key", "identifier"), "id"),
    **dict.fromkeys(("list", "array", "multiselect"), "`list of text`, or of another type"),
    **dict.fromkeys(("set", "collection"), "`list of text`, or of another type"),
    **dict.fromkeys(
        ("object", "map", "record", "struct", "json", "dict"), "the id of a rule data_type/ID with its fields"
    ),
    **dict.fromkeys(("document", "attachment", "upload", "image"), "file"),
    **dict.fromkeys(("mail", "e-mail"), "email"),
    **dict.fromkeys(("tel", "telephone"), "phone"),
}
_LISTS = (
    re.compile(r"(?:list|array|set|sequence)\s*[<\[(]\s*(?P<of>[\w ]+?)\s*[>\])]", re.IGNORECASE),
    re.compile(r"(?P<of>\w+)\s*\[\]"),
    re.compile(r"(?:list|array)s? (?P<of>\w+)", re.IGNORECASE),
)


def type_meant(name: str) -> str:
    """The type that is meant by another language's name for it; nothing where none is known."""
    for pattern in _LISTS:
        if found := pattern.fullmatch(name.strip()):
            element = found["of"]
            return f"list of {_MEANT.get(element.lower(), element).partition(',')[0]}"
    return _MEANT.get(name.lower(), "")
