"""`resolve`: the whole rule, and beside each line who wrote it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Cli, write


def test_each_line_names_layer_file_and_line_where_they_change(cli: Cli, layers: Path) -> None:
    assert cli("resolve", "dialog/greeting@vip", "--layer", "bank").output == (
        "variant: dialog/greeting@vip                    # bank  bank/greeting.vip.yaml:1\n"
        "circumstance: {segment: [VIP, Private]}         # bank  bank/greeting.vip.yaml:2\n"
        "steps:                                          # base  base/greeting.yaml:2\n"
        "  - id: greet                                   # base  base/greeting.yaml:3\n"
        "    do: say\n"
        '    text: "Welcome back, {{ customer.name }}."  # bank  bank/greeting.vip.yaml:4  over base\n'
    )


def test_a_locked_line_says_so(cli: Cli, layers: Path) -> None:
    locked = "define: dialog/rules\npass_mark: 10\n$final: [pass_mark]\nsteps:\n  - {id: a, do: say, text: A}\n"
    write(layers / "base", {"rules.yaml": locked})
    lines = cli("resolve", "dialog/rules", "--layer", "bank").output.splitlines()
    assert lines[1].endswith("# base  base/rules.yaml:2  final")


def test_facts_choose_the_variant(cli: Cli, layers: Path) -> None:
    vip = cli("resolve", "dialog/greeting", "--layer", "bank", "--facts", "segment=VIP").output
    assert "Welcome back" in vip
    assert "Good day" in cli("resolve", "dialog/greeting", "--layer", "bank", "--facts", "segment=Standard").output


def test_json_gives_every_line_with_its_path_and_origin(cli: Cli, layers: Path) -> None:
    found = json.loads(cli("resolve", "case_type/request", "--layer", "bank", "--json").output)
    label = next(line for line in found["lines"] if line["path"] == "label")
    assert label["text"] == "label: A request to the bank"
    assert (label["origin"]["layer"], label["origin"]["path"], label["origin"]["line"]) == (
        "bank@0.2.0",
        "bank/request.yaml",
        2,
    )


def test_texts_are_shown_in_a_language_that_a_layer_has(cli: Cli, layers: Path) -> None:
    write(layers / "bank", {"texts/de.yaml": "case_type/request:label: Ein Anliegen\n"})
    output = cli("resolve", "case_type/request", "--layer", "bank", "--language", "de").output
    (label,) = [line for line in output.splitlines() if line.startswith("label:")]
    assert label.split() == ["label:", "Ein", "Anliegen", "#", "bank", "bank/texts/de.yaml:1", "over", "base"]
    refused = cli("resolve", "case_type/request", "--layer", "bank", "--language", "fr")
    assert "no layer has texts in 'fr'; there are texts in de" in refused.output


def test_what_is_printed_is_yaml_that_says_the_same(cli: Cli, layers: Path) -> None:
    import yaml

    found = yaml.safe_load(cli("resolve", "case_type/request", "--layer", "base").output)
    assert found["context"] == {"customer": {"page": "D_Customer", "with": {"customer_id": "=case.customer_id"}}}
    assert [step["id"] for step in found["stages"][0]["steps"]] == ["hello", "topic"]


def test_a_path_is_for_why(cli: Cli, layers: Path) -> None:
    result = cli("resolve", "case_type/request.label", "--layer", "bank")
    assert result.exit_code == 2
    assert "for one value: casewright why case_type/request.label" in result.output
