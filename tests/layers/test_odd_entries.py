"""Whatever lies in the folder of a layer, loading it answers with problems that have a place."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from casewright.layers import load, shape_of
from casewright.layers.lockfile import layer_files
from casewright.layers.stack import contents_of

TEXT = {"type": "string"}
SHAPES = {
    "decision_table": shape_of({"type": "object", "additionalProperties": False, "properties": {"rows": TEXT}}),
    "dialog": shape_of({"type": "object", "additionalProperties": False, "properties": {"label": TEXT}}),
}

ODD: dict[str, Callable[[Path], object]] = {
    "this is a link to nothing": lambda path: path.symlink_to("nowhere"),
    "this is no ordinary file": lambda path: os.mkfifo(path),
    "this is a folder, and its name is that of a file": lambda path: path.mkdir(),
}


@pytest.fixture
def layers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A layer `own` on a layer `base`, with a rule each."""
    monkeypatch.chdir(tmp_path)
    for name, on in (("base", ""), ("own", "built_on: [base]\n")):
        Path(name).mkdir()
        Path(name, "layer.yaml").write_text(f"layer: {name}\nversion: 1.0.0\n{on}")
        Path(name, f"{name}.yaml").write_text(f"define: decision_table/{name}\n")
    return Path("own")


def told(path: Path) -> list[str]:
    return [f"{problem.span} {problem.code} {problem.message}" for problem in load(path, shapes=SHAPES)[0].problems()]


@pytest.mark.parametrize("reason", ODD)
@pytest.mark.parametrize("name", ["x.yaml", "x.csv", "x.yml"])
def test_an_entry_that_is_no_file_is_told(layers: Path, reason: str, name: str) -> None:
    ODD[reason](layers / name)
    assert told(layers) == [f"own/{name}:1:1 E125 {reason}"]
    assert name not in layer_files(layers)


def test_a_file_that_may_not_be_read_is_told(layers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    (layers / "x.yaml").write_text("define: decision_table/x\n")
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: refuse(path) if path.name == "x.yaml" else read(path))
    assert told(layers) == ["own/x.yaml:1:1 E125 this file cannot be read: Permission denied"]


def test_a_lock_that_is_no_text_is_told(layers: Path) -> None:
    Path("base", "layer.lock").write_bytes(b"\xff\xfe\x00")
    assert told(layers) == ["base/layer.lock:1:1 E353 the lock is not UTF-8"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a,b\n1,\x00\n", "own/own.csv:2:3 E116 control character U+0000"),
        (b"a,b\n1,\xff\n", "own/own.csv:2:3 E116 byte 0xff is not UTF-8"),
    ],
)
def test_rows_that_are_no_text_are_told_with_their_place(layers: Path, content: bytes, expected: str) -> None:
    (layers / "own.csv").write_bytes(content)
    assert told(layers) == [expected]


def test_rows_in_another_encoding_say_what_a_spreadsheet_calls_the_right_one(layers: Path) -> None:
    (layers / "own.csv").write_bytes("a,b\n1,für\n".encode("cp1252"))
    found, _ = load(layers, shapes=SHAPES)
    assert [problem.help for problem in found.problems()] == [
        "save the file as UTF-8, which spreadsheets call CSV UTF-8"
    ]


def test_rows_beside_a_kind_that_has_none_are_told(layers: Path) -> None:
    (layers / "greet.yaml").write_text("define: dialog/greet\nlabel: Greet\n")
    (layers / "greet.csv").write_text("a,b\n")
    assert told(layers) == ["own/greet.csv:1:1 W130 a dialog has no rows; the file greet.csv beside it is not read"]


def test_a_bound_of_a_thousand_digits_is_no_bound(layers: Path) -> None:
    (layers / "layer.yaml").write_text(f'layer: own\nversion: 1.0.0\nbuilt_on: ["base >= {"9" * 5000}"]\n')
    (found,) = told(layers)
    assert found.startswith("own/layer.yaml:3:12 E120 'base >= 999")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("layer: base\nversion: [1\n", "base/layer.yaml:3:1 E110 "),
        ("layer: base\nversion: one\n", "base/layer.yaml:2:10 E205 'one' does not match the pattern"),
        ("layer: base\n", "base/layer.yaml:1:1 E106 'version' is missing"),
    ],
)
def test_a_lower_layer_that_cannot_be_understood_tells_its_own_problem(layers: Path, text: str, expected: str) -> None:
    Path("base", "layer.yaml").write_text(text)
    (found,) = told(layers)
    assert found.startswith(expected)


@pytest.mark.parametrize("seed", range(20))
def test_no_entry_of_any_name_breaks_loading(layers: Path, seed: int) -> None:
    rng = random.Random(seed)
    names = ["layer.lock", "de.yaml", "x.yaml", "x.csv", "own.csv", ".yaml", ".x.csv", "a b.yaml", "ö.yaml"]
    writes = [*ODD.values(), lambda path: path.write_bytes(rng.randbytes(40)), lambda path: path.write_text("")]
    for folder in (Path("base"), layers, layers / "texts"):
        folder.mkdir(exist_ok=True)
        for name in rng.sample(names, 4):
            if not (folder / name).exists() and not (folder / name).is_symlink():
                rng.choice(writes)(folder / name)
    for problem in load(layers, shapes=SHAPES)[0].problems():
        assert problem.span.path, problem
    assert all(isinstance(content, bytes) for _, content in contents_of(layers))
