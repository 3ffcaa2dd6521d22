"""The step types, rule kinds and functions that are there: ours by folder, others' by entry point."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from importlib.metadata import entry_points
from types import MappingProxyType, ModuleType
from typing import Any

from casewright import steps
from casewright.errors import NameTaken
from casewright.expressions import FUNCTIONS, STANDARD, Function, registered
from casewright.steps.contract import StepType


def step_types() -> dict[str, StepType]:
    """All step types by name: the folders of this package, then the entry points `casewright.step_types`."""
    return discovered(steps, "STEP", "casewright.step_types")


def known_functions() -> Mapping[str, Function]:
    """What expressions may call: ours, and those that the entry points `casewright.functions` name."""
    found = dict(STANDARD)
    for each, origin in _others(FUNCTIONS):
        if each.name in found:
            raise NameTaken(each.name, origin)
        found[each.name] = registered(each)
    return MappingProxyType(found) if len(found) > len(STANDARD) else STANDARD


def discovered(package: ModuleType, attribute: str, group: str) -> dict[str, Any]:
    """What sub-packages export as `attribute`, and what entry points of `group` name: by name, each name once."""
    found: dict[str, Any] = {}
    for each, origin in (*_ours(package, attribute), *_others(group)):
        if each.name in found:
            raise NameTaken(each.name, origin)
        found[each.name] = each
    return found


def _ours(package: ModuleType, attribute: str) -> Iterator[tuple[Any, str]]:
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda info: info.name):
        if info.ispkg:
            module = importlib.import_module(f"{package.__name__}.{info.name}")
            yield getattr(module, attribute), module.__name__


def _others(group: str) -> Iterator[tuple[Any, str]]:
    for point in sorted(entry_points(group=group), key=lambda point: point.name):
        yield point.load(), point.value
