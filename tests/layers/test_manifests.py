"""The stack: `layer.yaml`, where layers are found, versions, and the order."""

from __future__ import annotations

from pathlib import Path

import pytest

from casewright.layers.files import Layer
from casewright.layers.manifests import stack_of


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def layer(path: str, text: str = "", name: str = "", version: str = "1.0.0") -> None:
    Path(path).mkdir(parents=True)
    Path(path, "layer.yaml").write_text(f"layer: {name or Path(path).name}\nversion: {version}\n{text}")


def names(path: str, **where: object) -> list[str]:
    layers, problems = stack_of(Path(path), **where)  # type: ignore[arg-type]
    assert not problems
    return [one.name for one in layers]


def told(path: str) -> list[str]:
    return [problem.message for problem in stack_of(Path(path))[1]]


def test_the_stack_is_ordered_from_the_lowest_up() -> None:
    layer("base")
    layer("mid", "built_on: [base]\n")
    layer("impl", "built_on: [mid, base]\n")
    assert names("impl") == ["base", "mid", "impl"]


def test_a_layer_knows_its_rank_and_all_below() -> None:
    layer("base")
    layer("mid", "built_on: [base]\nlanguage: de\nmodules: {sales: true}\n")
    layer("impl", "built_on: [mid]\n")
    _, mid, impl = stack_of(Path("impl"))[0]
    assert (mid.rank, mid.language, dict(mid.modules), mid.label) == (1, "de", {"sales": True}, "mid@1.0.0")
    assert (impl.rank, impl.below, impl.language) == (2, frozenset(("base", "mid")), "en")


def test_layers_of_which_neither_is_built_on_the_other_are_of_equal_rank() -> None:
    layer("base")
    layer("plug_a", "built_on: [base]\n")
    layer("plug_b", "built_on: [base]\n")
    layer("impl", "built_on: [plug_a, plug_b]\n")
    base, a, b, impl = stack_of(Path("impl"))[0]
    assert a.is_equal_rank(b)
    assert not a.is_equal_rank(base)
    assert not impl.is_equal_rank(b)
    assert not a.is_equal_rank(a)


def test_names_are_looked_for_beside_the_layer_then_in_search_then_in_shipped() -> None:
    layer("shipped/base", version="3.0.0")
    layer("more/base", version="2.0.0")
    layer("own/impl", "built_on: [base]\n")

    def found(*search: Path) -> str:
        base: Layer = stack_of(Path("own/impl"), search, Path("shipped"))[0][0]
        return base.version

    assert found() == "3.0.0"
    assert found(Path("more")) == "2.0.0"
    layer("own/base", version="1.0.0")
    assert found(Path("more")) == "1.0.0"


def test_a_folders_name_means_nothing() -> None:
    layer("some_folder", name="base")
    layer("impl", "built_on: [base]\n")
    assert names("impl") == ["base", "impl"]


@pytest.mark.parametrize(
    ("need", "version", "is_met"),
    [
        ("base >= 1.0", "1.0.0", True), ("base >= 1.0", "0.9", False), ("base >= 1.10", "1.9", False),
        ("base >= 1.0, < 2.0", "1.9.9", True), ("base >= 1.0, < 2.0", "2.0.0", False),
        ("base == 1.2", "1.2.0", True), ("base<=1.2", "1.2.1", False),
        ("base > 1.2", "1.2.1", True), ("base", "0.0.1", True),
    ],
)  # fmt: skip
def test_a_version_is_compared_number_by_number(need: str, version: str, is_met: bool) -> None:
    layer("base", version=version)
    layer("impl", f"built_on: ['{need}']\n")
    assert (not told("impl")) is is_met


def test_a_version_that_is_too_low_names_both() -> None:
    layer("base", version="0.9.0")
    layer("impl", "built_on: [base >= 1.0]\n")
    assert told("impl") == ["layer 'impl' needs base >= 1.0, and base 0.9.0 is here"]


def test_an_unknown_layer_names_the_near_one() -> None:
    layer("service")
    layer("impl", "built_on: [servce]\n")
    assert told("impl") == ["layer 'impl' is built on 'servce', which is not found; did you mean 'service'?"]


def test_layers_built_on_each_other_are_told_as_a_cycle() -> None:
    layer("a", "built_on: [b]\n")
    layer("b", "built_on: [c]\n")
    layer("c", "built_on: [b]\n")
    assert told("a") == ["layer cycle: b -> c -> b"]


def test_an_entry_that_names_no_layer_is_refused() -> None:
    layer("impl", "built_on: ['Base Layer']\n")
    assert told("impl") == ["'Base Layer' names no layer"]


def test_a_folder_without_a_manifest_is_no_layer() -> None:
    assert stack_of(Path("nowhere"))[0] == ()
    assert told("nowhere") == ["there is no layer.yaml here, so this folder is no layer"]


def test_a_version_that_is_none_is_refused() -> None:
    layer("impl", version="new")
    assert told("impl") == [r"'new' does not match the pattern ^[0-9]+(\.[0-9]+)*([-+][0-9A-Za-z.-]+)?$"]


def test_a_layer_is_opened_from_within_its_own_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    layer("base")
    layer("impl", "built_on: [base]\n")
    monkeypatch.chdir("impl")
    layers, problems = stack_of(Path("."))
    assert not problems
    assert [one.path.as_posix() for one in layers] == ["../base", "."]
