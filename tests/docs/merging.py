"""The examples of the page on merging, each carried out on layers of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from casewright.compiler.pipeline import Compiled, compile_layer
from casewright.source.rendering import first_line
from casewright.values import RuleName

SOURCE = Path(__file__).resolve().parents[2] / "docs" / "merging.yaml"


@dataclass(frozen=True, slots=True)
class Example:
    """A word, the files of two layers that show it, and what comes out: what a rule says, or a problem."""

    word: str
    says: str
    files: Mapping[str, str]
    base: Mapping[str, str] = field(default_factory=dict)
    manifest: str = ""
    of: str = "dialog/greeting"
    language: str = ""
    for_: str = ""
    gives: Mapping[str, Any] | None = None
    absent: tuple[str, ...] = ()
    problem: str = ""


def examples() -> list[Example]:
    """All examples in their order, those of the base that all share put in."""
    told = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return [_example(each, told["base"]) for group in told["groups"] for each in group["examples"]]


def _example(told: Mapping[str, Any], base: Mapping[str, str]) -> Example:
    own = {("for_" if name == "for" else name): value for name, value in told.items()}
    return Example(**{**own, "base": {**base, **told.get("base", {})}})


def carried_out(example: Example, folder: Path) -> Compiled:
    """The two layers, written into a folder and compiled from there."""
    base = {"layer.yaml": "layer: base\nversion: 1.0.0\n", **example.base}
    bank = {"layer.yaml": f"layer: bank\nversion: 2.0.0\nbuilt_on: [base]\n{example.manifest}", **example.files}
    for layer, files in {"base": base, "bank": bank}.items():
        for name, text in files.items():
            path = folder / layer / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return compile_layer(Path("bank"))


def said(found: Compiled) -> list[str]:
    """The problems of the layers, one line each, without the languages that nobody asked for."""
    return [first_line(problem) for problem in found.problems]


def resolved(example: Example, found: Compiled) -> dict[str, Any]:
    """What the rule says that the example asks for."""
    name, _, variant = example.of.partition("@")
    kind, _, rule_id = name.partition("/")
    asked = RuleName(kind, rule_id, example.for_, variant)
    edition = found.rules.get((asked, example.language))
    body = edition.body if edition is not None else found.layers.resolve(asked).body
    written: dict[str, Any] = as_written(body.plain())
    return written


def as_written(value: Any) -> Any:
    """A value as YAML writes it: lengths of time and dates are words."""
    if isinstance(value, dict):
        return {name: as_written(each) for name, each in value.items()}
    if isinstance(value, list):
        return [as_written(each) for each in value]
    return value if value is None or isinstance(value, (str, int)) else str(value)
