"""A remembered release is recalled only for exactly the files, the vocabulary and the version that it came from."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casewright.compiler import remembering
from casewright.compiler.application import Application
from casewright.compiler.remembering import MARK, open_application
from casewright.errors import RulesRejected
from casewright.rules.registry import Vocabulary, vocabulary
from tests.compiler.test_pipeline import CUSTOMER, MASTER, PAGE, REQUEST
from tests.compiler.writing import write_layer

SEGMENT = "define: circumstance/segment\nvalue: customer.segment\noptions: [Standard, VIP]\n"
GREETING = 'define: dialog/greeting\nsteps: [{id: greet, do: say, text: "Hello, {{ actor.name }}."}]\n'
VIP = "variant: dialog/greeting@vip\ncircumstance: {segment: VIP}\nsteps: [{id: greet, text: Welcome back.}]\n"
FEE = """\
    define: decision_table/fee
    hit: first
    inputs: {name: actor.name}
    outputs: {fee: money}
    rows: |
      name  || fee
      "Ann" || 3.50
      -     || 0
    """
RULES = {
    "customer.yaml": CUSTOMER,
    "page.yaml": PAGE,
    "master.yaml": MASTER,
    "request.yaml": REQUEST,
    "segment.yaml": SEGMENT,
    "greeting.yaml": GREETING,
    "vip.yaml": VIP,
    "fee.yaml": FEE,
}
NOW = datetime(2026, 3, 1, tzinfo=UTC)


class Opening:
    """Opens one layer with one memory, and counts how often it had to be compiled."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.layer = write_layer(folder / "own", RULES)
        self.memory = folder / "memory"
        self.compiled = 0
        honest = remembering.compile_layer

        def counted(*args: object, **kwargs: object) -> object:
            self.compiled += 1
            return honest(*args, **kwargs)  # type: ignore[arg-type]

        monkeypatch.setattr(remembering, "compile_layer", counted)

    def __call__(self, words: Vocabulary | None = None) -> Application:
        return open_application(self.layer, memory=self.memory, words=words)

    @property
    def file(self) -> Path:
        (found,) = self.memory.iterdir()
        return found


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opening:
    return Opening(tmp_path, monkeypatch)


def said(application: Application, segment: str) -> str:
    roots = {"customer": {"segment": segment}, "actor": {"name": "Ann"}, "$now": NOW}
    plan = application.bind("dialog", "greeting", roots).value
    text: str = plan.sequence.items[0].activity.screen.text.render(roots)
    return text


def test_unchanged_layers_are_recalled_without_compiling_and_choose_the_same(opened: Opening) -> None:
    first, again = opened(), opened()
    assert opened.compiled == 1
    assert again.release == first.release
    for application in (first, again):
        assert said(application, "VIP") == "Welcome back."
        assert said(application, "Standard") == "Hello, Ann."
        given = application.bind("decision_table", "fee", {}).value.decide({"actor": {"name": "Ann"}})
        assert str(given.outputs["fee"]) == "3.50"


def test_without_a_memory_everything_is_compiled_and_nothing_is_written(opened: Opening) -> None:
    open_application(opened.layer)
    open_application(opened.layer)
    assert opened.compiled == 2
    assert not opened.memory.exists()


def test_a_changed_byte_compiles_anew_and_takes_the_place_of_the_old(opened: Opening) -> None:
    before = opened()
    opened.layer.joinpath("vip.yaml").write_text(VIP.replace("back.", "back!"), encoding="utf-8")
    after = opened()
    assert (said(before, "VIP"), said(after, "VIP")) == ("Welcome back.", "Welcome back!")
    assert (opened.compiled, len(list(opened.memory.iterdir()))) == (2, 1)
    assert said(opened(), "VIP") == "Welcome back!"
    assert opened.compiled == 2


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file is added": lambda layer: (layer / "role.yaml").write_text("define: role/clerk\nlabel: Clerk\n"),
    "a file is removed": lambda layer: (layer / "vip.yaml").unlink(),
    "a file is renamed": lambda layer: (layer / "vip.yaml").rename(layer / "very.yaml"),
    "a comment is written": lambda layer: (layer / "vip.yaml").write_text(VIP + "# dear\n"),
    "the version is another": lambda layer: (layer / "layer.yaml").write_text("layer: own\nversion: 1.0.1\n"),
    "a text is translated": lambda layer: write_layer(
        layer, {"texts/de.yaml": "dialog/greeting:steps.greet.text: Hallo.\n"}
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_any_change_of_the_files_compiles_anew(opened: Opening, change: Callable[[Path], object]) -> None:
    opened()
    change(opened.layer)
    opened()
    assert opened.compiled == 2


def test_a_changed_byte_of_a_lower_layer_compiles_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Opening(tmp_path, monkeypatch)
    below = write_layer(tmp_path / "below", {"role.yaml": "define: role/clerk\nlabel: Clerk\n"})
    write_layer(opened.layer, {}, built_on="below")
    opened()
    opened()
    assert opened.compiled == 1
    (below / "role.yaml").write_text("define: role/clerk\nlabel: Clerks\n", encoding="utf-8")
    opened()
    assert opened.compiled == 2


def test_another_vocabulary_compiles_anew(opened: Opening, tmp_path: Path) -> None:
    words = vocabulary()
    opened(words)
    opened(words)
    assert opened.compiled == 1
    kinds = {name: kind for name, kind in words.kinds.items() if name != "sla"}
    opened(replace(words, kinds=kinds))
    assert opened.compiled == 2

    (tmp_path / "schema.json").write_text("{}", encoding="utf-8")
    steps = {**words.steps, "say": replace(words.steps["say"], folder=tmp_path)}
    opened(replace(words, steps=steps))
    assert opened.compiled == 3


def test_another_version_of_ours_compiles_anew(opened: Opening, monkeypatch: pytest.MonkeyPatch) -> None:
    opened()
    monkeypatch.setattr(remembering, "VERSION", "99.0.0")
    opened()
    assert opened.compiled == 2


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "half written": lambda content: content[: len(content) // 2],
    "only the first line": lambda content: content.partition(b"\n")[0],
    "one byte turned": lambda content: content[:-40] + bytes([content[-40] ^ 1]) + content[-39:],
    "a line lost": lambda content: content[: content.rindex(b"\n")],
    "something else": lambda content: b"\xff\xfe\x00not ours",
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_compiles_anew_and_is_mended(opened: Opening, damage: Callable[[bytes], bytes]) -> None:
    first = opened()
    whole = opened.file.read_bytes()
    opened.file.write_bytes(damage(whole))
    assert opened().release == first.release
    assert opened.compiled == 2
    assert opened.file.read_bytes() == whole


def test_a_memory_that_cannot_be_written_to_is_no_error(opened: Opening) -> None:
    opened.memory.write_text("a file stands where the folder should be", encoding="utf-8")
    assert said(opened(), "VIP") == "Welcome back."
    assert said(opened(), "VIP") == "Welcome back."
    assert opened.compiled == 2


def test_a_full_disk_is_no_error_and_leaves_nothing_behind(opened: Opening, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*paths: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert said(opened(), "VIP") == "Welcome back."
    assert list(opened.memory.iterdir()) == []


def test_a_file_that_changes_while_it_is_compiled_is_not_remembered(
    opened: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = remembering.compile_layer

    def disturbed(*args: object, **kwargs: object) -> object:
        (opened.layer / "vip.yaml").write_text(VIP.replace("back", "home"), encoding="utf-8")
        return counted(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(remembering, "compile_layer", disturbed)
    assert said(opened(), "VIP") == "Welcome home."
    assert not opened.memory.exists()


def test_rules_with_errors_are_refused_each_time(opened: Opening) -> None:
    (opened.layer / "vip.yaml").write_text(VIP.replace("greet", "greeet"), encoding="utf-8")
    for _ in range(2):
        with pytest.raises(RulesRejected):
            opened()
    assert not opened.memory.exists()


def test_what_is_stored_is_text_and_holds_no_code(opened: Opening) -> None:
    release = opened().release
    first, about, *trees = opened.file.read_text(encoding="utf-8").split("\n")
    assert first.startswith(f"{MARK} ")
    assert json.loads(about)["rules"] == release.rules
    assert [json.loads(tree) for tree in trees] == [json.loads(tree) for tree in release.trees.values()]


def test_layers_of_one_name_in_two_places_are_remembered_side_by_side(opened: Opening, tmp_path: Path) -> None:
    opened()
    other = write_layer(tmp_path / "elsewhere" / "own", RULES)
    open_application(other, memory=opened.memory)
    assert len(list(opened.memory.iterdir())) == 2
