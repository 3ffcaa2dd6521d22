"""The widget that shows or fills a field: one of the closed set, by the field's type."""

from __future__ import annotations

from collections.abc import Mapping

from casewright.machine.plan import Field
from casewright.machine.screens import Widget, WidgetKind
from casewright.steps.accepting import SIMPLE_TYPES

_KINDS: Mapping[str, WidgetKind] = {
    "long_text": "long_text",
    "integer": "number",
    "decimal": "number",
    "money": "money",
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "datetime": "datetime",
    "choice": "choice",
    "file": "file",
}


def widget_of(field: Field) -> Widget:
    """The input of a field."""
    return Widget(_kind(field), field.name, field.label, field.required, field.options, field.type, field.help)


def display_of(field: Field) -> Widget:
    """A field shown, not filled."""
    return Widget("display", field.name, field.label, type=field.type)


def _kind(field: Field) -> WidgetKind:
    element = field.type.removeprefix("list of ")
    return _KINDS.get(element, "text") if element in SIMPLE_TYPES else "reference"
