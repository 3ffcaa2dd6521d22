"""`validate`: every problem with its place, one summary line, and an exit code that a script can use."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.cli.conftest import SCENARIO, Cli, write


def test_sound_rules_are_one_line_and_exit_code_0(cli: Cli, layers: Path) -> None:
    result = cli("validate", "bank")
    assert result.exit_code == 0
    assert re.sub(r"\d\.\d\d s", "T s", result.output) == "bank@0.2.0: 7 rules in 2 layers, sound (T s)\n"


def test_a_problem_shows_its_line_with_a_caret_and_what_to_write_and_the_exit_code_is_1(cli: Cli, layers: Path) -> None:
    write(layers / "bank", {"request.yaml": "extend: case_type/request\nlabl: A request\n"})
    result = cli("validate", "bank")
    assert result.exit_code == 1
    first, line, caret, *_ = result.output.split("\n")
    assert first == "bank/request.yaml:2:1 [bank@0.2.0] E105 unknown key 'labl'; did you mean 'label'?"
    assert line == "    2 | labl: A request"
    assert caret == "      | ^"
    assert "7 rules in 2 layers, 1 error" in result.output


def test_json_holds_every_problem_whatever_the_limit(cli: Cli, layers: Path) -> None:
    write(layers / "bank", {"request.yaml": "extend: case_type/request\nlabl: A\nstags: []\n"})
    result = cli("validate", "bank", "--json", "--max", "1")
    (found,) = json.loads(result.output)
    assert (found["layer"], found["layers"], found["errors"]) == ("bank@0.2.0", ["base@1.0.0", "bank@0.2.0"], 2)
    assert [(each["line"], each["code"]) for each in found["problems"]] == [(2, "E105"), (3, "E105")]


def test_json_counts_the_operators_of_each_rule_whose_operands_have_no_type(cli: Cli, layers: Path) -> None:
    files = {
        "role.yaml": "define: role/csr\n",
        "data.yaml": "define: case_type/one\ndata: {a: {type: money}}\nstages: []\n",
        "more.yaml": "define: case_type/two\ndata: {a: {type: text}}\nstages: []\n",
        "desk.yaml": 'define: routing/desk\nroutes: [{id: a, when: case.a == "x", role: csr}, {id: rest, role: csr}]\n',
    }
    write(layers / "bank", files)
    (found,) = json.loads(cli("validate", "bank", "--json").output)
    assert found["untyped_operators"] == {"routing/desk": 1}


def test_the_limit_says_how_many_more_there_are(cli: Cli, layers: Path) -> None:
    write(layers / "bank", {"request.yaml": "extend: case_type/request\nlabl: A\nstags: []\n"})
    result = cli("validate", "bank", "--max", "1")
    assert "... and 1 more; --max 2 prints them all" in result.output


def test_without_a_path_the_layer_at_hand_is_checked(cli: Cli, layers: Path, monkeypatch) -> None:
    write(layers / "bank", {"deep/er/x.yaml": "extend: case_type/request\nstatus: draft\n"})
    monkeypatch.chdir(layers / "bank" / "deep" / "er")
    assert "bank@0.2.0: 7 rules" in cli("validate").output


def test_outside_of_any_layer_it_says_what_to_type(cli: Cli, layers: Path) -> None:
    result = cli("validate")
    assert result.exit_code == 2
    assert "there is no layer.yaml here or in a folder above; name a layer" in result.output


def test_a_path_that_is_not_there_is_wrong_usage(cli: Cli, layers: Path) -> None:
    assert cli("validate", "nowhere").exit_code == 2


def test_a_folder_without_a_manifest_is_a_problem_with_a_stub(cli: Cli, layers: Path) -> None:
    (layers / "empty").mkdir()
    result = cli("validate", "empty")
    assert result.exit_code == 1
    assert "there is no layer.yaml here, so this folder is no layer" in result.output
    assert "layer: NAME" in result.output


def test_strict_takes_warnings_for_errors(cli: Cli, layers: Path) -> None:
    write(layers / "bank", {"request.yaml": "extend: case_type/request\nlabel: A request\n"})
    result = cli("validate", "bank")
    assert (result.exit_code, "W403" in result.output) == (0, True)
    assert cli("validate", "bank", "--strict").exit_code == 1


def test_missing_texts_are_one_line_unless_they_are_asked_for(cli: Cli, layers: Path) -> None:
    write(layers / "bank", {"texts/de.yaml": "case_type/request:label: Ein Anliegen\n"})
    quiet, full = cli("validate", "bank"), cli("validate", "bank", "--texts")
    assert "texts of another language; --texts lists them" in quiet.output
    assert "W340" not in quiet.output
    assert "W340 dialog/greeting has no 'de' text for steps.greet.text" in full.output


def test_several_layers_are_checked_in_one_go(cli: Cli, layers: Path) -> None:
    output = cli("validate", "base", "bank").output
    assert [line.partition(":")[0] for line in output.splitlines()] == ["base@1.0.0", "bank@0.2.0"]


def test_layers_are_looked_for_where_layers_says(cli: Cli, layers: Path) -> None:
    (layers / "elsewhere").mkdir()
    (layers / "base").rename(layers / "elsewhere" / "base")
    assert "is built on 'base', which is not found" in cli("validate", "bank").output
    assert cli("validate", "bank", "--layers", "elsewhere").exit_code == 0


def test_a_mistake_in_a_scenario_is_a_problem_like_any_other(cli: Cli, layers: Path) -> None:
    write(layers / "base", {"scenarios/card.yaml": SCENARIO.replace("- submit:", "- sumbit:")})
    result = cli("validate", "bank")
    assert result.exit_code == 1
    assert (
        "base/scenarios/card.yaml:7:5 [base@1.0.0] E105 unknown key 'sumbit'; did you mean 'submit'?" in result.output
    )
    assert "    7 |   - sumbit: hear.hello.greet" in result.output


def test_a_file_of_a_layer_is_told_which_layer_it_is_of(cli: Cli, layers: Path) -> None:
    (layers / "stray.yaml").write_text("", encoding="utf-8")
    inside, outside = cli("validate", "bank/greeting.vip.yaml"), cli("validate", "stray.yaml")
    assert (inside.exit_code, outside.exit_code) == (2, 2)
    assert "'bank/greeting.vip.yaml' is a file; name its layer: bank" in inside.output
    assert "'stray.yaml' is a file; name a folder with a layer.yaml" in outside.output
