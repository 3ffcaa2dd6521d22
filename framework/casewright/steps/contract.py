"""What a step type is: a name, a schema fragment, and a function that lowers one step to an activity.

A step type is a folder here that exports `STEP`, or an entry point of the group `casewright.step_types` in any
installed package. Nothing else has to change: the loader merges by its schema, the runtime knows only the effects.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casewright.machine.plan import Activity
from casewright.source.node import Node

if TYPE_CHECKING:
    from casewright.steps.scope import Scope


@dataclass(frozen=True, slots=True)
class Step:
    """One step as it was written: its id, its path in the rule, and its typed map."""

    id: str
    path: str
    node: Node

    @property
    def label(self) -> str:
        """What people read for the step."""
        return self.node.word("label") or self.id.replace("_", " ").capitalize()


Lowering = Callable[[Step, "Scope"], Activity]
"""Lowers a step to what it does. Mistakes are reported to the scope; what can still be lowered is."""


@dataclass(frozen=True, slots=True)
class StepType:
    """A step type: the word after `do:`, where its schema and README lie, and how it is lowered."""

    name: str
    folder: Path
    lower: Lowering

    @property
    def schema(self) -> Mapping[str, Any]:
        """The draft-07 schema of the properties that are this step's own."""
        schema: dict[str, Any] = json.loads((self.folder / "schema.json").read_text(encoding="utf-8"))
        return schema


def step_type(name: str, file: str, lower: Lowering) -> StepType:
    """The step type of the module `file`, whose schema lies beside it."""
    return StepType(name, Path(file).parent, lower)
