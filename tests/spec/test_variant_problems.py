"""Every problem of circumstances, texts and locked layers has an example: layers as text, and what they give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from casewright.layers import Shape, load, shape_of
from casewright.layers.text_checks import check_texts
from casewright.layers.texts import languages_of
from casewright.layers.variants import check_variants
from casewright.source.rendering import first_line

HERE = Path(__file__).parent
EXAMPLES = sorted((HERE / "variant_problems").glob("*.yaml"))
OF_CIRCUMSTANCES = ["E107", "E330", "E331", "E332", "W333", "E334", "W335", "W402"]
OF_TEXTS_AND_LOCKS = ["W340", "W341", "W342", "E343", "E344", "E345", "E350", "E351", "E352", "E353"]


@pytest.fixture(scope="session")
def shapes() -> dict[str, Shape]:
    return {
        kind: shape_of(schema) for kind, schema in yaml.safe_load((HERE / "variant_kinds.yaml").read_text()).items()
    }


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_example_gives_exactly_these_problems(
    path: Path, shapes: dict[str, Shape], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = yaml.safe_load(path.read_text())
    _write_layers(example["layers"], tmp_path)
    monkeypatch.chdir(tmp_path)
    layers, _ = load(Path(example["open"]), shapes=shapes)
    texts = (problem for language in languages_of(layers) for problem in check_texts(layers, language))
    found = sorted({*layers.problems(), *check_variants(layers), *texts})
    assert [first_line(problem) for problem in found] == example["problems"]
    assert [problem.help for problem in found] == [text.rstrip("\n") for text in example["help"]]


@pytest.mark.parametrize("code", [*OF_CIRCUMSTANCES, *OF_TEXTS_AND_LOCKS])
def test_the_code_has_an_example(code: str) -> None:
    named = [path for path in EXAMPLES if path.stem.startswith(f"{code}_")]
    assert named, f"write tests/spec/variant_problems/{code}_NAME.yaml"
    assert any(f" {code} " in line for path in named for line in yaml.safe_load(path.read_text())["problems"])


def _write_layers(layers: dict[str, dict[str, Any]], root: Path) -> None:
    """Writes `{layer: {path: text}}`; a layer without a `layer.yaml` gets one."""
    for layer, files in layers.items():
        for name, text in {"layer.yaml": f"layer: {layer}\nversion: 1.0.0\n", **files}.items():
            file = root / layer / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
