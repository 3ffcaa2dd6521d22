"""Answers of a simulated system, worked out from its rule: no clock, no chance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casewright.machine.policies import Connector, Simulation


def answer(connector: Connector, simulation: Simulation, roots: Mapping[str, Any]) -> Any:
    """One record (or None), many records, or a result; `roots` are `arguments` and `$now`."""
    if not simulation.table:
        return {name: value.evaluate(roots) for name, value in simulation.result.items()}
    wanted = {column: value.evaluate(roots) for column, value in simulation.by.items()}
    found = [dict(each) for each in connector.records.get(simulation.table, ()) if _fits(each, wanted)]
    if simulation.many:
        return found
    return found[0] if found else None


def _fits(record: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return all(value is None or _is_same(record.get(column), value) for column, value in wanted.items())


def _is_same(stored: Any, wanted: Any) -> bool:
    """Whether two values are the same one; records are literals, so a number may be written as a text in one."""
    return bool(stored == wanted) or (stored is not None and str(stored) == str(wanted))
