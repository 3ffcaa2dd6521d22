"""A layer, compiled for a command: where shipped layers lie, how paths are shown, and what to do about problems."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from casewright import paths
from casewright.compiler.pipeline import Compiled, compile_layer
from casewright.errors import RulesRejected, ShippedFolderMissing
from casewright.values import Problem


@dataclass(frozen=True, slots=True)
class Opened:
    """A compiled stack, and how long it took."""

    compiled: Compiled
    seconds: float

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong with the rules, sorted by place."""
        return self.compiled.problems

    @property
    def rules(self) -> int:
        """How many rules there are, each counted once however many languages it has texts in."""
        return len({name for name, _ in self.compiled.rules})

    @property
    def label(self) -> str:
        """The top layer's `name@version`."""
        return self.compiled.layers.stack[-1].label if self.compiled.layers.stack else ""


def open_stack(layer: Path, search: Sequence[Path] = ()) -> Opened:
    """The layer and all that it is built on, compiled."""
    start = time.perf_counter()
    compiled = compile_layer(shown(layer), search=[shown(each) for each in search], shipped=shipped())
    return Opened(compiled, time.perf_counter() - start)


def open_stack_or_refuse(layer: Path, search: Sequence[Path] = ()) -> Opened:
    """The same where the layers themselves could be read; raises RulesRejected where there is nothing to look at."""
    opened = open_stack(layer, search)
    if not opened.compiled.layers.stack:
        raise RulesRejected(opened.problems)
    return opened


def shipped() -> Path | None:
    """The folder of the shipped layers, as a path to show; None where they are missing, which a message then says."""
    try:
        return shown(paths.definitions())
    except ShippedFolderMissing:
        return None


def shown(path: Path) -> Path:
    """The path as people read it: relative where it lies in the folder at hand."""
    try:
        return Path(os.path.abspath(path)).relative_to(Path.cwd())
    except ValueError:
        return path
