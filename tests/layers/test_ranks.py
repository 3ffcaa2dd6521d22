"""Layers of equal rank: the order in which two of them are named never decides in silence."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.layers.cells import to_node
from casewright.layers.conflicts import conflict_problem
from casewright.layers.files import Layer, RuleFile
from casewright.layers.folding import Folded, fold
from casewright.layers.ranks import joined
from casewright.layers.shapes import Shape, shape_of
from casewright.source import Node, SourceFile, read
from casewright.values import RuleName
from tests.layers.test_folding_properties import IDS, bodies, schemas

BELOW: Mapping[str, frozenset[str]] = {
    "base": frozenset(), "one": frozenset({"base"}), "two": frozenset({"base"}),
    "top": frozenset({"base", "one", "two"}),
}  # fmt: skip
TEXT = {"type": "string"}
ITEM = {"type": "object", "properties": {"id": TEXT, "text": TEXT}}
SHAPE = shape_of(
    {
        "type": "object",
        "properties": {
            "label": TEXT, "goal": {"type": "string", "x-type": "duration"},
            "data": {"type": "object", "additionalProperties": {"type": "object"}},
            "steps": {"type": "array", "x-merge": {"key": "id"}, "items": ITEM},
            "skills": {"type": "array", "x-merge": "set", "items": TEXT},
            "log": {"type": "array", "x-merge": "append", "items": TEXT},
        },
    }
)  # fmt: skip
BASE = "label: L\ngoal: 1h\nskills: [s]\nlog: [s]\nsteps: [{id: a, text: A}, {id: b, text: B}, {id: c, text: C}]\n"


def rule(layer: str, word: str, body: Node) -> RuleFile:
    made = Layer(layer, "1", Path(layer), below=BELOW[layer])
    return RuleFile(word, RuleName("dialog", "d"), made, body.span, {}, body)


def written(layer: str, text: str) -> RuleFile:
    word, _, rest = text.partition("\n")
    body, _ = read(rest or "{}", SourceFile(f"{layer}.yaml", f"{layer}@1"))
    assert body is not None
    return rule(layer, word, body)


def stacked(files: list[RuleFile], shape: Shape) -> Folded:
    """The files of one key in this order, as the index folds them."""
    start, done = Folded(), list[RuleFile]()
    folded = start
    for file in files:
        folded = joined(start, done, folded, file, shape)
        done.append(file)
    return folded


def told(folded: Folded) -> list[str]:
    return sorted(f"{found.code} {found.message}" for found in map(conflict_problem, folded.conflicts))


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("extend\ngoal: 90m", "extend\ngoal: 1h30m", []),
        (
            "extend\ngoal: 2h",
            "extend\ngoal: 3h",
            ["E230 [one@1] goal = '2h' (one.yaml:1:7) and [two@1] goal = '3h' (two.yaml:1:7) have equal rank"],
        ),
        (
            "extend\n$unset: [goal]",
            "extend\ngoal: 30m",
            ["E230 [one@1] goal removed (one.yaml:1:10) and [two@1] goal = '30m' (two.yaml:1:7) have equal rank"],
        ),
        ("extend\n$unset: [goal]", "extend\n$unset: [goal]", []),
        (
            "extend\nsteps: [{id: b, $first: true}]",
            "extend\nsteps: [{id: b, $last: true}]",
            [
                "E230 [one@1] b put $first (one.yaml:1:25) and [two@1] b put $last (two.yaml:1:24) have equal rank",
            ],
        ),
        (
            "block",
            "replace\ngoal: 30m",
            [
                "E230 [one@1] the rule blocked (one.yaml:1:1) and [two@1] the rule replaced (two.yaml:1:1) "
                "have equal rank"
            ],
        ),
        ("block", "extend\ngoal: 30m", []),
        (
            "extend\n$final: [goal]",
            "extend\ngoal: 30m",
            [
                "E230 [one@1] goal locked with $final (one.yaml:1:10) and [two@1] goal = '30m' (two.yaml:1:7) "
                "have equal rank"
            ],
        ),
        ("extend\n$final: [goal]", "extend\nlabel: M", []),
        (
            "extend\ndata: {n: {}}\n$closed: [data]",
            "extend\ndata: {m: {}}",
            [],
        ),
        ("extend\nskills: {$append: [x]}", "extend\nskills: {$append: [y]}", []),
        (
            "extend\nlog: {$append: [x]}",
            "extend\nlog: {$append: [y]}",
            [
                "W231 'x' and 'y' ([two@1] at two.yaml:1:6) are both put beside the others in 'log' "
                "by layers of equal rank"
            ],
        ),
        (
            "extend\nsteps: [{id: x, text: X}]",
            "extend\nsteps: [{id: y, text: Y}]",
            ["W231 'x' and 'y' ([two@1] at two.yaml:1:9) are both put at the end in 'steps' by layers of equal rank"],
        ),
        (
            "extend\nsteps: [{id: x, text: X, $after: c}]",
            "extend\nsteps: [{id: y, text: Y}]",
            [],
        ),
        ("extend\nsteps: [{id: b, $remove: true}]", "extend\nsteps: [{id: b, $remove: true}]", []),
    ],
)
def test_two_layers_agree_or_are_told_so_in_either_order(one: str, two: str, expected: list[str]) -> None:
    base, first, second = written("base", f"define\n{BASE}"), written("one", one), written("two", two)
    assert told(stacked([base, first, second], SHAPE)) == expected
    assert told(stacked([base, second, first], SHAPE)) == expected
    assert stacked([base, first, second], SHAPE).problems == ()


@pytest.mark.parametrize("top", ["extend\ngoal: 5m", "extend\n$unset: [goal]", "replace\ngoal: 5m", "block"])
def test_a_layer_above_both_settles_what_they_disagree_on(top: str) -> None:
    files = [written("base", f"define\n{BASE}"), written("one", "extend\ngoal: 2h"), written("two", "extend\ngoal: 3h")]
    assert told(stacked([*files, written("top", top)], SHAPE)) == []


def test_a_layer_above_both_settles_an_order() -> None:
    files = [
        written("base", f"define\n{BASE}"), written("one", "extend\nsteps: [{id: x, text: X}]"),
        written("two", "extend\nsteps: [{id: y, text: Y}]"), written("top", "extend\nsteps: [{id: y, $after: x}]"),
    ]  # fmt: skip
    assert told(stacked(files, SHAPE)) == []


def node(value: Any, file: SourceFile) -> Node:
    if isinstance(value, dict):
        return Node({name: node(below, file) for name, below in value.items()}, file)
    return Node(tuple(node(below, file) for below in value) if isinstance(value, list) else value, file)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Shape, list[RuleFile]]:
    """A base and two files of equal rank, with locks among what they say."""
    schema = draw(schemas())
    locks = st.dictionaries(
        st.sampled_from(["$final", "$required", "$closed"]), st.lists(st.sampled_from(IDS), min_size=1, max_size=2)
    )
    words = st.sampled_from(["extend", "extend", "extend", "replace", "block"])
    both = [(draw(words), {**draw(bodies(schema)), **draw(locks)}) for _ in "12"]
    files = [("base", "define", draw(bodies(schema))), *zip(("one", "two"), *zip(*both, strict=True), strict=True)]
    return shape_of(schema), [
        rule(layer, word, node(body, SourceFile(f"{layer}.yaml", f"{layer}@1"))) for layer, word, body in files
    ]


def unordered(folded: Folded, shape: Shape) -> Any:
    """What a rule comes to; neither keys nor the values of sets have an order."""

    def plain(state: Node, own: Shape) -> Any:
        own = own.of(state)
        if state.is_map:
            return {name: plain(below, own.child(name) or own) for name, below in state.value.items()}
        if state.is_list and own.form == "keyed":
            return [plain(item, own.item or own) for item in state.value]
        return sorted(state.plain()) if state.is_list and own.strategy == "set" else state.plain()

    return folded.blocked is not None, plain(to_node(folded.root), shape) if folded.root is not None else None


@settings(max_examples=200, deadline=None)
@given(pairs())
def test_swapping_two_layers_of_equal_rank_changes_nothing_or_is_told(
    application: tuple[Shape, list[RuleFile]],
) -> None:
    shape, (base, one, two) = application
    forth, back = stacked([base, one, two], shape), stacked([base, two, one], shape)
    assert told(forth) == told(back)
    assert sorted(forth.problems) == sorted(back.problems)
    if not forth.conflicts:
        assert unordered(forth, shape) == unordered(back, shape)


@settings(max_examples=100, deadline=None)
@given(pairs())
def test_each_of_two_layers_is_judged_as_if_it_were_alone(application: tuple[Shape, list[RuleFile]]) -> None:
    shape, (base, one, two) = application
    alone = [problem for file in (one, two) for problem in stacked([base, file], shape).problems]
    below = list(fold(Folded(), base, shape).problems)
    assert sorted([*alone, *below]) == sorted([*stacked([base, one, two], shape).problems, *below, *below])
