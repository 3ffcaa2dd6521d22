"""Every problem of reading and layering has an example: layers as text, and the exact first lines that they give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from casewright.layers import Shape, load, shape_of
from casewright.source.rendering import first_line

HERE = Path(__file__).parent
EXAMPLES = sorted((HERE / "problems").glob("*.yaml"))
CODES = (
    *("E101", "E102", "E103", "E104", "E105", "E106", "E107", "E110", "E111", "E112", "E113"),
    *("E114", "E115", "E116", "E117", "W118", "E120", "E121", "E122", "E123", "E124", "E125", "W130"),
    "W131",
    *("E201", "E202", "E203", "E204", "E205", "E206", "E207", "E208", "E209", "W210", "E230"),
    *("W231",),
    *("E301", "E302", "E303", "E304", "W310", "E320"),
    *("W401", "W403", "E410"),
)


@pytest.fixture(scope="session")
def shapes() -> dict[str, Shape]:
    schemas = yaml.safe_load((HERE / "kinds.yaml").read_text())
    return {kind: shape_of(schema, schemas["definitions"]) for kind, schema in schemas["kinds"].items()}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_example_gives_exactly_these_problems(
    path: Path, shapes: dict[str, Shape], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = yaml.safe_load(path.read_text())
    write_layers(example["layers"], tmp_path)
    monkeypatch.chdir(tmp_path)
    layers, _ = load(Path(example["open"]), shapes=shapes)
    found = layers.problems()
    assert [first_line(problem) for problem in found] == example["problems"]
    if "help" in example:
        assert [problem.help for problem in found] == example["help"]


@pytest.mark.parametrize("code", CODES)
def test_the_code_has_an_example(code: str) -> None:
    named = [path for path in EXAMPLES if path.stem.startswith(f"{code}_")]
    assert named, f"write tests/spec/problems/{code}_NAME.yaml"
    assert any(f" {code} " in line for path in named for line in yaml.safe_load(path.read_text())["problems"])


def write_layers(layers: dict[str, dict[str, Any]], root: Path) -> None:
    """Writes `{layer: {path: text}}`; a layer without a `layer.yaml` gets one; `hex ff` is written as bytes."""
    for layer, files in layers.items():
        manifest = {"layer.yaml": f"layer: {layer}\nversion: 1.0.0\n"}
        for name, text in {**manifest, **files}.items():
            file = root / layer / name
            file.parent.mkdir(parents=True, exist_ok=True)
            content = bytes.fromhex(text.removeprefix("hex ")) if text.startswith("hex ") else text.encode()
            file.write_bytes(content)
