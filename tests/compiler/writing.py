"""Layers written for a test, a folder each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def compiled(folder: Path, *rules: str, base: Sequence[str] = (), words: Vocabulary | None = None) -> Compiled:
    """One layer of these rules, compiled; with `base`, on a layer of those."""
    if base:
        write_layer(folder / "base", numbered("base", base))
    own = write_layer(folder / "own", numbered("rule", rules), built_on="base" if base else "")
    return compile_layer(own, words=words)


def numbered(word: str, rules: Sequence[str]) -> dict[str, str]:
    """File names for rules: `WORD_1.yaml` and so on."""
    return {f"{word}_{number}.yaml": text for number, text in enumerate(rules, 1)}


def lines(found: Compiled) -> list[str]:
    """The problems as `file:line CODE message`, sorted by place."""
    return [f"{Path(p.span.path).name}:{p.span.line} {p.code} {p.message}" for p in found.problems]
