"""How long does a decision tree of a thousand leaves take to find the last one?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.harness import Contestant, Row, below, figure, race
from casewright.compiler.pipeline import compile_layer

SIDE = 10
LEAVES = SIDE**3
CASE = "define: case_type/c\ndata: {a: {type: integer}, b: {type: text}, c: {type: integer}}\nstages: []\n"
"""What the trees read."""

ByHand = Callable[[dict[str, Any]], int]


def rows() -> Iterator[Row]:
    """Three levels of ten branches, and one fork of a thousand; beside each the same in Python, if after if."""
    deep, wide = trees()
    for words, tree, by_hand, case in (
        (f"tree of {LEAVES:,} leaves on three levels", deep, deep_by_hand(), {"a": 9, "b": "b9", "c": 950}),
        (f"tree of {LEAVES:,} branches side by side", wide, wide_by_hand(), {"a": LEAVES - 1, "b": "", "c": 0}),
    ):
        roots = {"case": case}
        assert tree.decide(roots).outputs["leaf"] == by_hand(case) == LEAVES - 1
        turns = {
            "ours": Contestant(lambda tree=tree, roots=roots: tree.decide(roots), repeat=1_000),
            "python": Contestant(lambda by_hand=by_hand, case=case: by_hand(case), repeat=100),
        }
        taken = race(turns, turns=100)
        yield below(f"{words}, the last one", taken["ours"], 5e-6)
        yield figure("the same tree", taken["ours"], "us", "hand-written if after if", taken["python"])


def trees() -> tuple[Any, Any]:
    """Ten values of `a`, in each ten of `b`, in each ten ranges of `c`; and a thousand values of `a` side by side."""
    deep = "".join(
        f"  - id: a{a}\n    when: case.a == {a}\n    branches:\n{''.join(_of_b(a, b) for b in range(SIDE))}"
        for a in range(SIDE)
    )
    wide = "".join(f"  - {{id: a{a}, when: case.a == {a}, gives: {{leaf: {a}}}}}\n" for a in range(LEAVES))
    with TemporaryDirectory() as folder:
        layer = Path(folder)
        (layer / "layer.yaml").write_text("layer: bench\nversion: 1.0.0\n", encoding="utf-8")
        (layer / "case.yaml").write_text(CASE, encoding="utf-8")
        for name, branches in (("deep", deep), ("wide", wide)):
            head = f"define: decision_tree/{name}\noutputs: {{leaf: integer}}\notherwise: {{leaf: -1}}\nbranches:\n"
            (layer / f"{name}.yaml").write_text(head + branches, encoding="utf-8")
        application = compile_layer(layer).usable()
    found = [application.bind("decision_tree", name, {}).value for name in ("deep", "wide")]
    return found[0], found[1]


def _of_b(a: int, b: int) -> str:
    leaves = "".join(
        f"          - {{id: c{c}, when: case.c < {(c + 1) * 100}, gives: {{leaf: {a * 100 + b * 10 + c}}}}}\n"
        for c in range(SIDE)
    )
    return f'      - id: b{b}\n        when: case.b == "b{b}"\n        branches:\n{leaves}'


def deep_by_hand() -> ByHand:
    """The first tree in Python."""
    lines = ["def decide(case):"]
    for a in range(SIDE):
        lines.append(f"    {'el' if a else ''}if case['a'] == {a}:")
        for b in range(SIDE):
            lines.append(f"        {'el' if b else ''}if case['b'] == 'b{b}':")
            for c in range(SIDE):
                lines.append(f"            {'el' if c else ''}if case['c'] < {(c + 1) * 100}:")
                lines.append(f"                return {a * 100 + b * 10 + c}")
    return _made([*lines, "    return -1"])


def wide_by_hand() -> ByHand:
    """The second tree in Python."""
    tests = (f"    if case['a'] == {a}:\n        return {a}" for a in range(LEAVES))
    return _made(["def decide(case):", *tests, "    return -1"])


def _made(lines: list[str]) -> ByHand:
    names: dict[str, Any] = {}
    exec("\n".join(lines), names)
    made: ByHand = names["decide"]
    return made
