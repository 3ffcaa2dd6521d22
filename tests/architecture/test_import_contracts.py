"""The fence itself: a stray import of each sort turns `lint-imports` red; a tree that keeps to the design is green."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UNITS = ("source", "expressions", "machine", "layers", "steps", "rules", "compiler", "runtime", "data")
DOORS = ("opening", "simulation", "cli")
FOLDERS = ("rules/case_type", "rules/dialog", "steps/collect", "steps/call")
MODULES = ("values.py", "errors.py", "paths.py", "codes.py", "__main__.py", "rules/contract.py", "steps/contract.py")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A package of empty units in the shape of the design, with the contracts of this repository."""
    package = tmp_path / "casewright"
    for folder in ("", *UNITS, *DOORS, *FOLDERS):
        (package / folder).mkdir(parents=True, exist_ok=True)
        (package / folder / "__init__.py").touch()
    for module in (*MODULES, "rules/dialog/parse.py", "steps/call/lower.py"):
        (package / module).touch()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "tests" / "architecture", tmp_path / "tests" / "architecture")
    return package


def lint(package: Path) -> tuple[int, str]:
    """The exit code and the output of lint-imports on `package`."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"]
    done = subprocess.run(command, cwd=package.parent, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_a_tree_that_keeps_the_direction_passes(tree: Path) -> None:
    (tree / "cli/__init__.py").write_text("import casewright.rules.contract, casewright.steps.contract\nimport click\n")
    (tree / "rules/dialog/parse.py").write_text(
        "from casewright.rules import contract\nimport casewright.rules.dialog\n"
    )
    code, output = lint(tree)
    assert (code, "0 broken" in output) == (0, True), output


@pytest.mark.parametrize(
    ("module", "imported", "said"),
    [
        ("source/__init__.py", "casewright.layers", "casewright.source is not allowed to import casewright.layers"),
        ("source/__init__.py", "casewright.machine", "casewright.source is not allowed to import casewright.machine"),
        ("runtime/__init__.py", "casewright.opening", "casewright.runtime is not allowed to import casewright.opening"),
        ("compiler/__init__.py", "sqlalchemy", "casewright.compiler is not allowed to import sqlalchemy"),
        ("rules/case_type/__init__.py", "casewright.rules.dialog.parse", "casewright.rules.case_type imports"),
        ("steps/collect/__init__.py", "casewright.steps.call.lower", "casewright.steps.collect imports"),
        ("cli/__init__.py", "casewright.rules.dialog", "casewright.cli imports casewright.rules.dialog"),
        ("strays.py", "casewright.values", "casewright.strays"),
    ],
)
def test_a_stray_import_breaks_a_contract(tree: Path, module: str, imported: str, said: str) -> None:
    (tree / module).write_text(f"import {imported}\n")
    code, output = lint(tree)
    assert code == 1, output
    assert said in " ".join(output.split()), output
