"""A small application in three layers for the tests of variants, texts and explanations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest

from casewright.layers.index import Layers
from casewright.layers.shapes import Shape, shape_of
from casewright.layers.stack import load

_TEXT: dict[str, Any] = {"type": "string", "x-holds": "text"}
_LABEL: dict[str, Any] = {"type": "string", "x-translate": True}
_NAME: dict[str, Any] = {"type": "string"}
_STEP: dict[str, Any] = {"type": "object", "properties": {"id": _NAME, "do": _NAME, "text": _TEXT}}
_STEPS: dict[str, Any] = {"type": "array", "x-merge": {"key": "id"}, "items": _STEP}
_EXPRESSION: dict[str, Any] = {"type": "string", "x-holds": "expression"}
_OPTIONS: dict[str, Any] = {"type": "array", "items": {"x-type": "any"}}

_PROPERTIES: Mapping[str, dict[str, Any]] = {
    "dialog": {"label": _LABEL, "pass_mark": {"type": "integer"}, "steps": _STEPS},
    "case_type": {"label": _LABEL, "sla": _NAME},
    "routing": {"queue": _NAME, "label": _LABEL},
    "sla": {"goal": _NAME},
    "circumstance": {"value": _EXPRESSION, "type": _NAME, "label": _LABEL, "options": _OPTIONS},
}

_BUILT_ON = {"platform": "", "service": "built_on: [platform]\n", "acme": "built_on: [service]\n"}

Application = Callable[[Mapping[str, str]], Layers]
"""Makes an application from the text of its files."""


def _shapes() -> dict[str, Shape]:
    return {
        kind: shape_of(
            {"type": "object", "additionalProperties": False, "properties": properties, "x-total": kind == "sla"}
        )
        for kind, properties in _PROPERTIES.items()
    }


@pytest.fixture
def application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Application:
    """Loads the files given by `LAYER/path`: the layer `platform` is below `service`, which is below `acme`.

    A file with no text is not written; each call starts from nothing.
    """
    monkeypatch.chdir(tmp_path)

    def made(files: Mapping[str, str]) -> Layers:
        for name, built_on in _BUILT_ON.items():
            rmtree(name, ignore_errors=True)
            _write(f"{name}/layer.yaml", f"layer: {name}\nversion: 1.0.0\nlanguage: en\n{built_on}")
        for path, text in files.items():
            if text:
                _write(path, text)
        layers, problems = load(Path("acme"), shapes=_shapes())
        assert problems == ()
        return layers

    return made


def _write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")
