"""How long do 5,000 rules in three layers take to become an application, beside merely loading their YAML?"""

from __future__ import annotations

import gc
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from benchmarks.harness import Contestant, Row, at_most, figure, race
from benchmarks.inputs.generated_layers import write_layers
from casewright.compiler.pipeline import compile_layer
from casewright.compiler.remembering import open_application

RULES = 5_000
PEER = "yaml.load, C loader, same files"


def rows() -> Iterator[Row]:
    """Everything from text to application, in one process that keeps nothing between two runs.

    What one contestant leaves behind is collected before the next turn, or the loader would pay for our garbage.
    """
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as memory:
        top = write_layers(Path(folder), RULES)
        files = sorted(Path(folder).rglob("*.yaml"))
        open_application(top, memory=Path(memory))
        turns = {
            "ours": Contestant(lambda: application_of(top), gc.collect),
            "warm": Contestant(lambda: open_application(top, memory=Path(memory)), gc.collect),
            "pure": Contestant(lambda: without_rust(top), gc.collect),
            "yaml": Contestant(lambda: load_all(files), gc.collect),
        }
        taken = race(turns, turns=3, warm=False)
    name = f"read, resolve and compile {RULES:,} rules"
    yield at_most(f"{name}, with jsonschema-rs", taken["ours"], PEER, taken["yaml"], 3.0, unit="s")
    yield at_most(
        "the same, unchanged since the last start", taken["warm"], "our own cold start", taken["ours"], 0.1, unit="s"
    )
    yield figure(f"{name}, with jsonschema", taken["pure"], "s", PEER, taken["yaml"])


def application_of(top: Path) -> None:
    """The whole straight line; the generated rules have no problems."""
    compiled = compile_layer(top)
    assert compiled.problems == (), compiled.problems[0]


def without_rust(top: Path) -> None:
    """The same where jsonschema-rs is not installed."""
    with absent("jsonschema_rs"):
        application_of(top)


@contextmanager
def absent(module: str) -> Iterator[None]:
    """Makes an import of the module fail while it lasts."""
    before = sys.modules.get(module)
    sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if before is None:
            del sys.modules[module]
        else:
            sys.modules[module] = before


def load_all(files: list[Path]) -> None:
    """The files as PyYAML's fastest loader gives them: no places, no checks."""
    for file in files:
        yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)
