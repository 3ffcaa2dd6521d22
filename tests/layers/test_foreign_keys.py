"""A key, a type of step or a value as other tools write it is told with what stands for it here."""

from __future__ import annotations

from typing import Any

import pytest

from casewright.layers.foreign_keys import key_meant, value_meant
from casewright.layers.shapes import shape_of
from casewright.layers.typing import typed
from casewright.source import SourceFile, read

STEP = {
    "type": "object",
    "x-discriminator": "do",
    "x-noun": "step type",
    "x-instead": {"loop": "write `repeat:`"},
    "x-choices": {"wait": {"type": "object", "properties": {"do": {"type": "string"}, "when": {"type": "string"}}}},
}
TIMES = {"type": "object", "properties": {"for": {"type": "string", "x-type": "duration"}}}
NAMES = {"type": "object", "properties": {"names": {"type": "array", "items": {"type": "string"}}}}


@pytest.mark.parametrize(
    ("text", "schema", "told"),
    [
        ("do: loop", STEP, "E107 there is no step type 'loop' | write `repeat:`"),
        ("do: wai", STEP, "E107 there is no step type 'wai'; did you mean 'wait'? | write one of: wait"),
        ("{do: wait, if: x}", STEP, "E105 unknown key 'if'; did you mean 'when'? | valid here: do, when"),
        ("{do: wait, timeout: x}", STEP, "E105 unknown key 'timeout' | valid here: do, when"),
        (
            "for: 2 days",
            TIMES,
            "E205 '2 days' is not a duration such as 800ms, 30s, 15m, 4h, 2d, 3bd or 1mo | write 2d",
        ),
        ("names: one", NAMES, "E205 the text 'one' stands here; a list is expected | write [one]"),
    ],
)
def test_a_mistake_that_is_a_habit_is_told_with_what_is_written_here(
    text: str, schema: dict[str, Any], told: str
) -> None:
    node, _ = read(text + "\n", SourceFile("a"))
    assert node is not None
    (problem,) = typed(node, shape_of(schema))[1]
    assert f"{problem.code} {problem.message} | {problem.help}" == told


def test_a_key_of_elsewhere_means_one_that_may_stand_there_and_no_other() -> None:
    assert key_meant("if", ("do", "when")) == "when"
    assert key_meant("If", ("do", "label")) == ""
    assert value_meant("ended", ("active", "terminated")) == "terminated"
    assert value_meant("sum", ("first", "any")) == ""
