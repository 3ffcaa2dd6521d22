"""What tables and trees give, as the trace tells it, and what the event is to them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from casewright.compiler.asking import scope_of
from casewright.expressions import DYNAMIC, INTEGER
from casewright.steps.deciding import deciding_scope, event_type, in_words
from tests.compiler.writing import compiled


@pytest.mark.parametrize(
    ("outputs", "words"),
    [
        ({"fee": Decimal("15.00"), "reason": "two  working\ndays"}, "fee 15.00, reason two working days"),
        ({"fee": None}, "fee nothing"),
        ([{"fee": 1}, {"fee": 2}], "fee 1; fee 2"),
        ([], "nothing"),
    ],
)
def test_outputs_are_told_on_one_line(outputs: Any, words: str) -> None:
    assert in_words(outputs) == words


def test_a_rule_that_decides_may_read_what_any_event_carries(tmp_path: Path) -> None:
    found = compiled(
        tmp_path,
        "define: event/one\npayload: {score: {type: integer}, who: {type: id}}\n",
        "define: event/two\npayload: {score: {type: integer}, who: {type: integer}}\n",
    )
    scope = scope_of(found)
    event = event_type(scope.outlines)
    assert (event.fields["score"], event.fields["who"]) == (INTEGER, DYNAMIC)
    deciding = deciding_scope(scope)
    assert "event" in deciding.roots
    assert len(deciding.roots) == len([*deciding.roots]) == len(scope.roots) + 1
