"""Conditions tried in order: which are never reached."""

from __future__ import annotations

import pytest

from casewright.expressions import (
    BOOLEAN,
    INTEGER,
    TEXT,
    Condition,
    Scope,
    Unreached,
    choice,
    compile_condition,
    record,
    unreached,
)
from casewright.values import Span

FIELDS = {"age": INTEGER, "kind": choice(["a", "b", "c"]), "flag": BOOLEAN, "name": TEXT}
SCOPE = Scope({"case": record("case", FIELDS)})


def condition(text: str) -> Condition | None:
    if text == "-":
        return None
    found, problems = compile_condition(text, SCOPE, at=Span("rule.yaml"))
    assert found is not None, problems
    return found


def lost(*texts: str, given: str = "-", passing: tuple[int, ...] = ()) -> list[Unreached]:
    return list(unreached([condition(text) for text in texts], condition(given), passing=passing))


def test_what_comes_behind_one_that_always_holds_is_not_reached() -> None:
    assert lost("-", "case.age > 3", "-") == [Unreached(1, (0,)), Unreached(2, (0,))]


def test_a_narrower_condition_behind_a_wider_one_is_not_reached() -> None:
    assert lost("case.age > 3", "case.age > 5 and case.flag") == [Unreached(1, (0,))]
    assert lost("case.age > 3 or case.flag", "case.age > 3 or case.flag", "case.age > 4") == []
    assert lost("case.age > 5", "case.age > 3") == []


def test_several_take_together_what_each_alone_would_leave() -> None:
    assert lost('case.kind == "a"', "case.age > 3", 'case.kind == "b"', 'case.kind in ["a", "b"]') == [
        Unreached(3, (0, 2))
    ]
    assert lost("case.age < 10", "case.age >= 10", "case.age > 3") == [Unreached(2, (0, 1))]


def test_null_is_taken_only_by_what_asks_for_it() -> None:
    assert lost("case.age < 10", "case.age >= 10", "case.age == null") == []
    assert lost('case.name != "x"', "case.name == null") == [Unreached(1, (0,))]


def test_what_is_given_around_them_counts() -> None:
    assert lost("case.age > 3", "case.flag", given="case.age > 5") == [Unreached(1, (0,))]
    assert lost("case.age < 3", "case.flag", given="case.age > 5") == [Unreached(0, ())]


def test_one_that_may_let_pass_takes_nothing() -> None:
    assert lost("-", "case.age > 3", passing=(0,)) == []


@pytest.mark.parametrize("text", ["case.age > 5 and case.age < 3", "size(case.name) < 0"])
def test_what_is_never_true_in_itself_is_told_of_elsewhere(text: str) -> None:
    assert lost("case.flag", text) == []
