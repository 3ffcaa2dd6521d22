"""What a step type is: a name, a schema fragment, and a function that lowers one step to an activity.

A step type is a folder here that exports `STEP`, or an entry point of the group `casewright.step_types` in any
installed package. Nothing else has to change: the loader merges by its schema, the runtime knows only the effects.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casewright.machine.plan import Activity, Sequence
from casewright.machine.side_by_side import Split
from casewright.source.node import Node

if TYPE_CHECKING:
    from casewright.steps.scope import Scope


@dataclass(frozen=True, slots=True)
class Step:
    """One step as written: its id, its path in the rule, its typed map, and the types that steps in it may be of."""

    id: str
    path: str
    node: Node
    types: Mapping[str, StepType] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """What people read for the step."""
        return self.node.word("label") or self.id.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Within:
    """What a step does that has its work inside it: a sequence of its own, or work side by side.

    `activity` says what is saved when that is done.
    """

    body: Sequence | None = None
    split: Split | None = None
    activity: Activity | None = None


Lowering = Callable[[Step, "Scope"], Activity | Within]
"""Lowers a step to what it does. Mistakes are reported to the scope; what can still be lowered is."""


@dataclass(frozen=True, slots=True)
class StepType:
    """A step type: the word after `do:`, where its schema and README lie, and how it is lowered.

    `has_passes`: the steps in it run any number of times at once, so nothing outside can refer to one of them.
    """

    name: str
    folder: Path
    lower: Lowering
    has_passes: bool = False

    @property
    def schema(self) -> Mapping[str, Any]:
        """The draft-07 schema of the properties that are this step's own."""
        schema: dict[str, Any] = json.loads((self.folder / "schema.json").read_text(encoding="utf-8"))
        return schema


def step_type(name: str, file: str, lower: Lowering, *, has_passes: bool = False) -> StepType:
    """The step type of the module `file`, whose schema lies beside it."""
    return StepType(name, Path(file).parent, lower, has_passes)
