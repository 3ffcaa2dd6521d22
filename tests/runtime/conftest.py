"""Worlds that close themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.world import World, make_world


@pytest.fixture
def world() -> Iterator[Callable[..., World]]:
    """Makes worlds in memory, or at the `url` given."""
    made: list[World] = []

    def make(*plans: Any, **more: Any) -> World:
        made.append(make_world(*plans, **more))
        return made[-1]

    yield make
    for each in made:
        each.engine.close()


@pytest.fixture
def file_url(tmp_path: Path) -> str:
    """A database file of the test's own."""
    return f"sqlite:///{tmp_path / 'cases.db'}"
