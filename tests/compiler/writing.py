"""Layers written for a test, a folder each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from casewright.compiler.pipeline import Compiled, compile_layer
from casewright.rules.registry import Vocabulary


def write_layer(folder: Path, rules: Mapping[str, str], *, built_on: str = "", manifest: str = "") -> Path:
    """A layer in `folder`, named as the folder, with these rules by file name."""
    folder.mkdir(parents=True, exist_ok=True)
    below = f"built_on: [{built_on}]\n" if built_on else ""
    (folder / "layer.yaml").write_text(f"layer: {folder.name}\nversion: 1.0.0\n{below}{manifest}", encoding="utf-8")
    for name, text in rules.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(dedent(text), encoding="utf-8")
    return folder


def compiled(folder: Path, *rules: str, words: Vocabulary | None = None) -> Compiled:
    """One layer of these rules, compiled."""
    files = {f"rule_{number}.yaml": text for number, text in enumerate(rules, 1)}
    return compile_layer(write_layer(folder / "own", files), words=words)


def lines(found: Compiled) -> list[str]:
    """The problems as `file:line CODE message`, sorted by place."""
    return [f"{Path(p.span.path).name}:{p.span.line} {p.code} {p.message}" for p in found.problems]
