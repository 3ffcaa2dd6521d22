"""How long does a decision tree of a thousand leaves take to find the last one?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.harness import Contestant, Row, at_most, below, figure, race
from benchmarks.peers import zen_trees
from casewright.compiler.pipeline import compile_layer

SIDE = 10
LEAVES = SIDE**3
TIMES = 20
"""How many times faster than zen-engine we are to be."""
CASE = "define: case_type/c\ndata: {a: {type: integer}, b: {type: text}, c: {type: integer}}\nstages: []\n"
"""What the trees read."""

Ends = zen_trees.Ends
Decide = Callable[[dict[str, Any]], int]


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of tree: conditions over `a`, `b` and `c` and what they lead to, and facts that lead to the last leaf."""

    name: str
    ends: Ends
    facts: dict[str, Any]


def shapes() -> tuple[Shape, ...]:
    """Three levels of ten branches, by a number, a text and a range; and a thousand branches side by side."""
    deep: Ends = [
        (
            f"a == {a}",
            [
                (f'b == "b{b}"', [(f"c < {(c + 1) * 100}", a * 100 + b * 10 + c) for c in range(SIDE)])
                for b in range(SIDE)
            ],
        )
        for a in range(SIDE)
    ]
    wide: Ends = [(f"a == {a}", a) for a in range(LEAVES)]
    return (
        Shape(f"tree of {LEAVES:,} leaves on three levels", deep, {"a": 9, "b": "b9", "c": 950}),
        Shape(f"tree of {LEAVES:,} branches side by side", wide, {"a": LEAVES - 1, "b": "", "c": 0}),
    )


def rows() -> Iterator[Row]:
    """Each tree beside zen-engine, and beside the same in Python, if after if."""
    for shape in shapes():
        tree, zen, python = tree_of(shape.ends), zen_trees.tree(shape.ends), by_hand(shape.ends)
        roots = {"case": shape.facts}
        assert tree.decide(roots).outputs["leaf"] == zen(shape.facts) == python(shape.facts) == LEAVES - 1
        turns = {
            "ours": Contestant(lambda tree=tree, roots=roots: tree.decide(roots), repeat=1_000),
            "zen": Contestant(lambda zen=zen, facts=shape.facts: zen(facts)),
            "python": Contestant(lambda python=python, facts=shape.facts: python(facts), repeat=100),
        }
        taken = race(turns, turns=50)
        yield below(f"{shape.name}, the last one", taken["ours"], 5e-6)
        yield at_most("the same tree", taken["ours"], "zen-engine, a graph of switches", taken["zen"], 1 / TIMES)
        yield figure("the same tree", taken["ours"], "us", "hand-written if after if", taken["python"])


def tree_of(ends: Ends) -> Any:
    """Our tree, from rules as an author writes them."""
    head = "define: decision_tree/bench\noutputs: {leaf: integer}\notherwise: {leaf: -1}\nbranches:\n"
    with TemporaryDirectory() as folder:
        layer = Path(folder)
        (layer / "layer.yaml").write_text("layer: bench\nversion: 1.0.0\n", encoding="utf-8")
        (layer / "case.yaml").write_text(CASE, encoding="utf-8")
        (layer / "tree.yaml").write_text(head + "".join(_branches(ends, "  ")), encoding="utf-8")
        return compile_layer(layer).usable().bind("decision_tree", "bench", {}).value


def _branches(ends: Ends, lead: str) -> Iterator[str]:
    for place, (condition, end) in enumerate(ends):
        yield f"{lead}- id: b{place}\n{lead}  when: case.{condition}\n"
        if isinstance(end, list):
            yield f"{lead}  branches:\n"
            yield from _branches(end, f"{lead}    ")
        else:
            yield f"{lead}  gives: {{leaf: {end}}}\n"


def by_hand(ends: Ends) -> Decide:
    """The same in Python, as a careful person would write it."""
    names: dict[str, Any] = {}
    exec("\n".join(["def decide(facts):", *_lines(ends, "    "), "    return -1"]), names)
    decide: Decide = names["decide"]
    return decide


def _lines(ends: Ends, lead: str) -> Iterator[str]:
    for place, (condition, end) in enumerate(ends):
        name, _, rest = condition.partition(" ")
        word = "elif" if place and isinstance(end, list) else "if"
        yield f"{lead}{word} facts['{name}'] {rest}:"
        if isinstance(end, list):
            yield from _lines(end, f"{lead}    ")
        else:
            yield f"{lead}    return {end}"
