"""What a step shows: a closed set of widgets that the portal, self-service, the chatbot and the API all render."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from casewright.machine.plan import Value

WidgetKind = Literal[
    "text",
    "long_text",
    "number",
    "money",
    "boolean",
    "date",
    "time",
    "datetime",
    "choice",
    "reference",
    "display",
    "file",
]


@dataclass(frozen=True, slots=True)
class Widget:
    """One input or display: the field it fills, what it is called, and whether it must be filled."""

    kind: WidgetKind
    field: str
    label: str
    required: bool = False
    options: tuple[str, ...] = ()
    type: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class Screen:
    """The widgets of one assignment, the words above them, and the outcomes that its buttons offer."""

    title: str
    widgets: tuple[Widget, ...] = ()
    text: Value | None = None
    outcomes: tuple[str, ...] = ("done",)
