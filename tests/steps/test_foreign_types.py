"""A type as other languages name it is told with the type that stands for it here."""

from __future__ import annotations

import pytest

from casewright.steps.foreign_types import type_meant


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("string", "text"),
        ("Boolean[]", "list of boolean"),
        ("list<string>", "list of text"),
        ("List[int]", "list of integer"),
        ("array", "`list of text`, or of another type"),
        ("enum", "choice, with options: [first, second]"),
        ("timestamp", "datetime"),
        ("customer", ""),
    ],
)
def test_a_type_of_elsewhere_means_one_of_ours(name: str, meant: str) -> None:
    assert type_meant(name).lower() == meant
