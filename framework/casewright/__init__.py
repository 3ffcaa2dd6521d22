"""Casewright: a declarative, layered framework for customer service. What `__all__` lists is the public API."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from casewright.values import VERSION

if TYPE_CHECKING:
    from casewright.compiler.pipeline import Compiled, compile_layer
    from casewright.data.connectors import Call
    from casewright.errors import (
        AssignmentNotFound,
        CallablesRefused,
        CaseConflict,
        CaseNotFound,
        CasewrightError,
        CommandRefused,
        ConnectorFailed,
        InteractionNotFound,
        KeyReused,
        NotAuthorized,
        NotOneAssignment,
        RulesRejected,
        StoreUnavailable,
    )
    from casewright.machine.effects import Target
    from casewright.machine.facts import SYSTEM, Actor
    from casewright.opening import Engine
    from casewright.runtime.clock import MovableClock
    from casewright.runtime.views import AssignmentView, CaseView, HistoryEntry, InteractionView
    from casewright.simulation.playing import play
    from casewright.simulation.reading import read_scenario
    from casewright.values import Duration, Problem, RuleName, Span

__version__ = VERSION

__all__ = [
    "SYSTEM",
    "Actor",
    "AssignmentNotFound",
    "AssignmentView",
    "Call",
    "CallablesRefused",
    "CaseConflict",
    "CaseNotFound",
    "CaseView",
    "CasewrightError",
    "CommandRefused",
    "Compiled",
    "ConnectorFailed",
    "Duration",
    "Engine",
    "HistoryEntry",
    "InteractionNotFound",
    "InteractionView",
    "KeyReused",
    "MovableClock",
    "NotAuthorized",
    "NotOneAssignment",
    "Problem",
    "RuleName",
    "RulesRejected",
    "Span",
    "StoreUnavailable",
    "Target",
    "compile_layer",
    "play",
    "read_scenario",
]

_HOMES = {
    "casewright.compiler.pipeline": ("Compiled", "compile_layer"),
    "casewright.data.connectors": ("Call",),
    "casewright.machine.effects": ("Target",),
    "casewright.machine.facts": ("SYSTEM", "Actor"),
    "casewright.opening": ("Engine",),
    "casewright.runtime.clock": ("MovableClock",),
    "casewright.runtime.views": ("AssignmentView", "CaseView", "HistoryEntry", "InteractionView"),
    "casewright.simulation.playing": ("play",),
    "casewright.simulation.reading": ("read_scenario",),
    "casewright.values": ("Duration", "Problem", "RuleName", "Span"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """A public name, imported when it is first asked for, so that `import casewright` costs nothing."""
    if name not in __all__:
        raise AttributeError(f"module 'casewright' has no attribute '{name}'")
    value = getattr(import_module(_HOME.get(name, "casewright.errors")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
