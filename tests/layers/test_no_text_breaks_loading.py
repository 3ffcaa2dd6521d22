"""Whatever stands in the files of layers, loading and resolving give problems and never raise."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from casewright.layers import load, shape_of
from casewright.source import SourceFile, read, render_all

SPEC = Path(__file__).parent.parent / "spec"
WORDS: tuple[tuple[str, Any], ...] = (
    *(("$final", value) for value in (True, ["steps.*.text", "x"], ["steps"], "x", {})),
    *(("$required", True), ("$required", ["label"]), ("$closed", True), ("$closed", ["a"])),
    *(("$constraint", {"sla.goal": "<= 2d"}), ("$constraint", {"steps.*.label": "a, b"}), ("$constraint", [])),
    *(
        ("$unset", ["sla"]),
        ("$unset", "label"),
        ("$unset", {}),
        ("$remove", True),
        ("$remove", ["a"]),
        ("$patch", True),
    ),
    *(("$replace", value) for value in (True, "a", ["a"], {"a": "b"}, [{"id": "intake"}])),
    *((side, anchor) for side in ("$before", "$after") for anchor in ("intake", "verify", "x", [])),
    *(("$first", True), ("$last", True), ("$append", ["a"]), ("$prepend", "a"), ("$$x", 1), ("$x", 1)),
    *(("is_a", "dispute"), ("for", "dispute"), ("status", "draft"), ("based_on", "vip"), ("variants", "keep")),
    *(("module", "m"), ("extension_points", ["data"]), ("circumstance", {"a": "b"}), ("effective", None)),
    *(("do", "say"), ("do", "collect"), ("do", []), ("id", "intake"), ("id", None), ("id", ["a"])),
)
VALUES: tuple[Any, ...] = ([], {}, None, "a", "=a", 3, True, ["a"], {"id": "a"}, [{"id": "intake"}, "a"], [["a"]])


def mutated(text: str, rng: random.Random) -> str:
    """The rule with a few keys added, values exchanged and parts dropped; in one of ten, its text cut and doubled."""
    if rng.random() < 0.1:
        at, to = sorted((rng.randrange(len(text) + 1), rng.randrange(len(text) + 1)))
        return text[:to] + text[at:]
    node, _ = read(text, SourceFile("a"))
    if node is None:
        return text
    rule = node.plain()
    for _ in range(rng.randint(1, 3)):
        places = list(containers(rule))
        if places:
            change(rng.choice(places), rng)
    return yaml.safe_dump(rule, sort_keys=False)


def containers(value: Any) -> Iterator[Any]:
    """Every map and list of a value, but the empty ones."""
    if isinstance(value, (dict, list)) and value:
        yield value
        for below in value.values() if isinstance(value, dict) else value:
            yield from containers(below)


def change(place: Any, rng: random.Random) -> None:
    if isinstance(place, dict) and rng.random() < 0.6:
        word, value = rng.choice(WORDS)
        place[word] = deepcopy(value)
        return
    key = rng.choice(list(place)) if isinstance(place, dict) else rng.randrange(len(place))
    if rng.random() < 0.7:
        place[key] = deepcopy(rng.choice(VALUES))
    else:
        del place[key]


@pytest.mark.parametrize("seed", range(4))
def test_mutated_layers_are_answered_with_problems(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(seed)
    schemas = yaml.safe_load((SPEC / "kinds.yaml").read_text())
    shapes = {kind: shape_of(schema, schemas["definitions"]) for kind, schema in schemas["kinds"].items()}
    examples = [yaml.safe_load(path.read_text()) for path in sorted((SPEC / "problems").glob("*.yaml"))]
    for _ in range(40):
        example: dict[str, Any] = rng.choice(examples)
        with tempfile.TemporaryDirectory() as folder:
            monkeypatch.chdir(folder)
            write(example["layers"], rng)
            layers, _ = load(Path(example["open"]), shapes=shapes)
            assert "Node(" not in render_all(layers.problems(), layers.source)
            for name in layers.names():
                resolved = layers.resolve(name)
                assert all(resolved.origin(path).path for path in resolved.history)
            monkeypatch.undo()


def write(layers: dict[str, dict[str, str]], rng: random.Random) -> None:
    for layer, files in layers.items():
        texts = {"layer.yaml": f"layer: {layer}\nversion: 1.0.0\n", **files}
        for name, text in texts.items():
            path = Path(layer, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text if name == "layer.yaml" or rng.random() < 0.3 else mutated(text, rng))
