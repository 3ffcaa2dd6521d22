"""The contents of a stack: all that loading takes into account, and nothing else."""

from __future__ import annotations

from pathlib import Path

from casewright.layers.lockfile import write_lock
from casewright.layers.stack import contents_of


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_every_file_of_every_layer_is_named_by_its_layer_lowest_first(tmp_path: Path) -> None:
    base = write(
        tmp_path / "base", {"layer.yaml": "layer: base\nversion: 1.0.0\n", "roles/clerk.yaml": "define: role/clerk\n"}
    )
    write_lock(base)
    top = write(
        tmp_path / "top",
        {
            "layer.yaml": "layer: bank\nversion: 1.0.0\nbuilt_on: [base]\n",
            "fee.csv": "a,b\n",
            "texts/de.yaml": "a: b\n",
            "readme.md": "not read",
            ".hidden/rule.yaml": "not read",
            "inner/layer.yaml": "layer: inner\nversion: 1.0.0\n",
        },
    )
    found = dict(contents_of(top))
    assert list(found) == [
        "base/layer.yaml",
        "base/roles/clerk.yaml",
        "base/layer.lock",
        "bank/fee.csv",
        "bank/layer.yaml",
        "bank/texts/de.yaml",
    ]
    assert found["bank/fee.csv"] == b"a,b\n"


def test_a_folder_that_is_no_layer_has_no_contents(tmp_path: Path) -> None:
    assert list(contents_of(tmp_path)) == []
