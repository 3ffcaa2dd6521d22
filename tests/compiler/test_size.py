"""Rules as deep and as long as a file can hold are compiled in a time that grows with their length alone."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from tests.compiler.writing import compiled

REQUEST = "define: case_type/request\ndata: {names: {type: list of text}}\nstages:\n  - id: only\n    steps:\n"
AROUND = {
    "group": "- id: around\n  do: group\n  steps:\n",
    "parallel": "- id: around\n  do: parallel\n  branches:\n    - id: one\n      steps:\n",
    "for_each": "- id: around\n  do: for_each\n  in: =case.names\n  steps:\n",
}


def nested(around: str, depth: int) -> str:
    """A step inside so many others."""
    steps = "- {id: hello, do: say, text: Hello}\n"
    margin = " " * (AROUND[around].splitlines()[-1].index("steps") + 2)
    for _ in range(depth):
        steps = AROUND[around] + indent(steps, margin)
    return REQUEST + indent(steps, " " * 6)


@pytest.mark.parametrize(("around", "depth"), [("group", 28), ("parallel", 14), ("for_each", 28)])
def test_steps_may_lie_in_each_other_as_deep_as_a_file_allows(tmp_path: Path, around: str, depth: int) -> None:
    assert compiled(tmp_path, nested(around, depth)).errors == ()


def test_a_stage_may_have_thousands_of_steps_at_which_nothing_waits(tmp_path: Path) -> None:
    steps = "".join(f"      - {{id: s{number}, do: note, text: Hello}}\n" for number in range(3000))
    found = compiled(tmp_path, REQUEST + steps)
    assert found.application is not None
