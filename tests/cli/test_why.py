"""`why`: who won, why the others lost, what is shadowed, and what to paste to override it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Cli, write


def test_the_winner_for_the_facts_the_losers_and_what_is_shadowed(cli: Cli, layers: Path) -> None:
    output = cli(
        "why", "dialog/greeting.steps.greet.text", "--layer", "bank", "--facts", "segment=VIP", "--as-of", "2026-03-02"
    ).output
    assert output.startswith("dialog/greeting@vip wins for {segment: VIP} at 2026-03-02")
    assert "base: less specific than 'vip'" in output
    assert "[bank@0.2.0] bank/greeting.vip.yaml:4:23" in output
    assert "[base@1.0.0] base/greeting.yaml:3:32" in output
    assert output.endswith("change it there: bank/greeting.vip.yaml:4:23\n")


def test_a_fact_may_be_given_as_what_its_dimension_reads(cli: Cli, layers: Path) -> None:
    output = cli("why", "dialog/greeting", "--layer", "bank", "--facts", "customer.segment=Standard").output
    assert output.startswith("dialog/greeting wins for {segment: Standard}")


def test_facts_may_lie_in_a_file(cli: Cli, layers: Path) -> None:
    write(layers, {"facts.yaml": "customer: {segment: Private}\n"})
    output = cli("why", "dialog/greeting", "--layer", "bank", "--facts", "facts.yaml").output
    assert output.startswith("dialog/greeting@vip wins for {segment: Private}")


def test_without_a_fact_that_is_needed_nothing_wins_and_it_is_named(cli: Cli, layers: Path) -> None:
    output = cli("why", "dialog/greeting", "--layer", "bank").output
    assert output.startswith("no form of dialog/greeting wins")
    assert "the fact 'segment' is not given" in output


def test_json_names_winner_contenders_and_value(cli: Cli, layers: Path) -> None:
    found = json.loads(cli("why", "case_type/request.label", "--layer", "bank", "--json").output)
    assert found["winner"] == "case_type/request"
    assert found["value"]["value"] == "A request to the bank"
    assert [each["value"] for each in found["value"]["shadowed"]] == ["A request"]


def test_a_misspelt_rule_is_told_what_it_is_near_to(cli: Cli, layers: Path) -> None:
    result = cli("why", "case_type/requst", "--layer", "bank")
    assert result.exit_code == 2
    assert "there is no case_type/requst; did you mean 'case_type/request'?" in result.output


def test_a_rule_without_its_kind_is_told_the_whole_name(cli: Cli, layers: Path) -> None:
    assert (
        "'greeting' names no rule; did you mean 'dialog/greeting'?" in cli("why", "greeting", "--layer", "bank").output
    )


def test_a_path_that_is_not_there_is_told_what_it_is_near_to(cli: Cli, layers: Path) -> None:
    result = cli("why", "dialog/greeting.steps.gret.text", "--layer", "bank", "--facts", "segment=VIP")
    assert result.exit_code == 2
    assert "did you mean 'steps.greet.text'?" in result.output


def test_a_variant_that_is_not_there_is_told_which_there_are(cli: Cli, layers: Path) -> None:
    result = cli("why", "dialog/greeting@gold", "--layer", "bank")
    assert "dialog/greeting has no variant 'gold'; it has vip" in result.output


def test_a_value_that_a_dimension_does_not_have_is_refused(cli: Cli, layers: Path) -> None:
    result = cli("why", "dialog/greeting", "--layer", "bank", "--facts", "segment=vip")
    assert result.exit_code == 2
    assert "'vip' is no option of circumstance/segment; did you mean 'VIP'?" in result.output


def test_a_dimension_that_is_not_there_is_refused(cli: Cli, layers: Path) -> None:
    result = cli("why", "dialog/greeting", "--layer", "bank", "--facts", "segmnt=VIP")
    assert "there is no dimension 'segmnt'; did you mean 'segment'?" in result.output


def test_a_wrong_date_says_how_to_write_one(cli: Cli, layers: Path) -> None:
    result = cli("why", "dialog/greeting", "--layer", "bank", "--as-of", "2nd of March")
    assert result.exit_code == 2
    assert "write 2026-01-31 or 2026-01-31T14:30:00Z" in result.output


def test_invert_says_for_which_facts_a_variant_wins(cli: Cli, layers: Path) -> None:
    output = cli("why", "dialog/greeting@vip", "--layer", "bank", "--invert").output
    assert output.startswith("dialog/greeting@vip wins for {segment: ")
    found = json.loads(cli("why", "dialog/greeting@vip", "--layer", "bank", "--invert", "--json").output)
    won = cli("why", "dialog/greeting", "--layer", "bank", "--facts", f"segment={found['facts']['segment']}").output
    assert won.startswith("dialog/greeting@vip wins for")
