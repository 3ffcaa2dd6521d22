"""What the pages show works: the layer that they build compiles, and the code that they print runs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import casewright
from casewright import paths
from casewright.cli.schema import schemas
from casewright.compiler.pipeline import compile_layer

ROOT = Path(__file__).resolve().parents[2]
FILE = re.compile(r"^```yaml\n# (\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
YAML = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_first_layer_has_no_problems(tmp_path: Path) -> None:
    for name, text in FILE.findall(page("docs/first_layer.md")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    compiled = compile_layer(tmp_path / "my_bank", shipped=paths.definitions())
    assert compiled.problems == ()
    names = {str(name) for name in compiled.layers.names()}
    assert names >= {"case_type/change_address", "trigger/ask_after_low_score", "dialog/verify_identity@private"}


def test_the_settings_for_editors_name_a_schema_that_is_written_and_all_files_of_the_layer(tmp_path: Path) -> None:
    text = page("docs/first_layer.md")
    (found,) = re.findall(r"^```json\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    ((schema, patterns),) = json.loads(found)["yaml.schemas"].items()
    assert Path(schema).name in schemas()
    for name, _ in FILE.findall(text):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
        assert any(tmp_path / name in tmp_path.glob(pattern) for pattern in patterns)
        own = re.findall(r"\$schema=(\S+)", text)[0]
        if name.count("/") == 2:
            assert (tmp_path / name).parent.joinpath(own).resolve() == (tmp_path / schema).resolve()


def test_the_rules_in_the_readme_are_files_of_the_sample_layer_or_of_the_first_layer() -> None:
    known = {file.read_text(encoding="utf-8") for file in (ROOT / "extensions").rglob("*.yaml")}
    known |= {text for _, text in FILE.findall(page("docs/first_layer.md"))}
    shown = YAML.findall(page("README.md"))
    assert shown
    assert [rule for rule in shown if rule not in known] == []


@pytest.mark.parametrize("name", ["README.md", "docs/embedding.md"])
def test_the_code_of_a_page_runs(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    pieces = PYTHON.findall(page(name))
    assert pieces
    for piece in pieces:
        exec(compile(piece.replace("service.db", f"{tmp_path}/service.db"), name, "exec"), {})


def test_every_public_name_is_on_the_page_for_hosts() -> None:
    words = set(re.findall(r"\w+", page("docs/embedding.md")))
    assert sorted(set(casewright.__all__) - words) == []


def test_no_module_imports_from_the_root_of_the_package() -> None:
    """The root gives names of every unit, so an import of it would go round the order of units."""
    names = "|".join(casewright.__all__)
    stray = re.compile(rf"^\s*from casewright import .*\b({names})\b|^\s*import casewright$", re.MULTILINE)
    modules = (ROOT / "framework" / "casewright").rglob("*.py")
    assert [str(file) for file in modules if stray.search(file.read_text(encoding="utf-8"))] == []
