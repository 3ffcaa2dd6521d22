"""`layers`, `graph` and `schema`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Cli, write


def test_layers_are_listed_top_to_bottom_with_what_they_do(cli: Cli, layers: Path) -> None:
    output = cli("layers", "--layer", "bank").output
    assert output.index("bank@0.2.0  bank") < output.index("base@1.0.0  base")
    assert "  extends     1: case_type/request" in output
    assert "  varies      1: dialog/greeting@vip" in output


def test_a_skipped_file_says_why(cli: Cli, layers: Path) -> None:
    write(layers / "bank", {"later.yaml": "define: role/boss\nstatus: draft\nlabel: The boss\n"})
    assert "skipped     role/boss (draft)  bank/later.yaml" in cli("layers", "--layer", "bank").output


def test_layers_as_json(cli: Cli, layers: Path) -> None:
    top, bottom = json.loads(cli("layers", "--layer", "bank", "--json").output)
    assert (top["layer"], top["built_on"], bottom["layer"]) == ("bank", ["base"], "base")
    assert {"word": "extend", "rule": "case_type/request", "path": "bank/request.yaml", "line": 1} in top["rules"]


def test_a_written_lock_makes_an_edit_below_a_problem(cli: Cli, layers: Path) -> None:
    assert "base/layer.lock: 7 files locked" in cli("layers", "--layer", "base", "--write-lock").output
    write(layers / "base", {"segment.yaml": "define: circumstance/segment\nvalue: customer.segment\noptions: [VIP]\n"})
    assert "E350" in cli("validate", "bank").output


def test_a_graph_shows_stages_and_steps(cli: Cli, layers: Path) -> None:
    mermaid = cli("graph", "case_type/request", "--layer", "bank").output
    assert mermaid.startswith("flowchart")
    assert "hello" in mermaid
    assert cli("graph", "case_type/request", "--layer", "bank", "--format", "dot").output.startswith("digraph")


def test_a_rule_without_steps_cannot_be_drawn(cli: Cli, layers: Path) -> None:
    result = cli("graph", "data_type/customer", "--layer", "bank")
    assert result.exit_code == 2
    assert "it has no steps; rules of these kinds have: case_type, dialog" in result.output


def test_written_schemas_are_up_to_date_until_one_is_edited(cli: Cli, tmp_path: Path) -> None:
    folder = str(tmp_path / "schemas")
    assert cli("schema", "--check", "--to", folder).exit_code == 1
    assert cli("schema", "--write", "--to", folder).exit_code == 0
    assert cli("schema", "--check", "--to", folder).exit_code == 0
    (tmp_path / "schemas" / "scenario.schema.json").write_text("{}", encoding="utf-8")
    stale = cli("schema", "--check", "--to", folder)
    assert stale.exit_code == 1
    assert "scenario.schema.json" in stale.output


def test_writing_removes_the_schema_of_a_kind_that_is_gone(cli: Cli, tmp_path: Path) -> None:
    ours = '{\n "title": "Casewright gone"\n}\n'
    write(tmp_path / "schemas", {"gone.schema.json": ours, "somebody_elses.schema.json": "{}"})
    cli("schema", "--write", "--to", str(tmp_path / "schemas"))
    assert not (tmp_path / "schemas" / "gone.schema.json").exists()
    assert (tmp_path / "schemas" / "somebody_elses.schema.json").exists()


def test_schema_without_a_mode_says_what_to_type(cli: Cli) -> None:
    result = cli("schema")
    assert result.exit_code == 2
    assert "casewright schema --write" in result.output
