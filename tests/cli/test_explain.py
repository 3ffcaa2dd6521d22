"""`explain`: what a problem code means, from the installed package alone."""

from __future__ import annotations

import json

from casewright.codes import GROUPS, problem_codes
from tests.cli.conftest import Cli


def test_a_code_is_told_with_its_mend_and_an_example(cli: Cli) -> None:
    assert cli("explain", "E101").output.splitlines() == [
        "E101  A key stands twice in one map",
        "",
        "YAML would keep the last one silently. Both places are named.",
        "",
        "Instead: Keep one of the two.",
        "",
        "For example:",
        "",
        "    define: case_type/dispute",
        "    label: Dispute",
        "    label: Again",
        "",
        "    base/dispute.yaml:3:1 [base@1.0.0] E101 duplicate key 'label'; first at base/dispute.yaml:2:1",
        "    help: keep one of the two",
    ]


def test_small_letters_will_do(cli: Cli) -> None:
    assert cli("explain", "w310").output.startswith("W310  ")


def test_without_a_code_all_are_listed_by_what_they_are_about(cli: Cli) -> None:
    lines = cli("explain").output.splitlines()
    assert [line for line in lines if line in GROUPS.values()] == list(GROUPS.values())
    assert [line.split()[0] for line in lines if line.startswith("  ")] == [each.code for each in problem_codes()]


def test_a_code_that_is_not_there_is_told_what_it_is_near_to(cli: Cli) -> None:
    result = cli("explain", "E109")
    assert result.exit_code == 2
    assert "there is no code 'E109'; near it are E101, E102, E103" in result.output
    assert "; near it are E110, E111" in cli("explain", "E11o").output
    assert "`casewright explain` lists all codes" in cli("explain", "nonsense").output


def test_json_has_the_code_and_its_example(cli: Cli) -> None:
    found = json.loads(cli("explain", "E101", "--json").output)
    assert (found["code"], found["mend"]) == ("E101", "Keep one of the two.")
    assert found["example"]["written"].endswith("label: Again")
    assert len(json.loads(cli("explain", "--json").output)) == len(problem_codes())
