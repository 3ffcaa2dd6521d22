"""`simulate`, `test`, `run` and `history`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import SCENARIO, Cli, write


def test_a_story_is_told_line_by_line(cli: Cli, layers: Path) -> None:
    write(layers / "base", {"scenarios/card.yaml": SCENARIO})
    result = cli("simulate", "base", "card")
    assert result.exit_code == 0
    assert result.output == (
        "Somebody asks about a card\n"
        "2026-03-02 10:00, on base@1.0.0, in memory\n"
        "\n"
        "  anna         A request (C-1): customer_id C-1\n"
        "  hear\n"
        "  anna         “Good day, Ada Lovelace.”\n"
        "  anna         topic card\n"
        "  status       Resolved-Completed\n"
        "\n"
        "✓ 4 expectations met\n"
    )


def test_what_is_not_as_expected_names_its_line_and_both_values(cli: Cli, layers: Path) -> None:
    wrong = SCENARIO.replace("data: {topic: card}", "data: {topic: account}")
    write(layers, {"wrong.yaml": wrong})
    result = cli("simulate", "base", "wrong.yaml")
    assert result.exit_code == 1
    assert "✗ wrong.yaml:9:42 data.topic of C-1\n    expected  account\n    found     card\n" in result.output


def test_a_scenario_that_cannot_be_read_shows_its_problems(cli: Cli, layers: Path) -> None:
    write(layers, {"wrong.yaml": SCENARIO.replace("- submit:", "- sumbit:")})
    result = cli("simulate", "base", "wrong.yaml")
    assert result.exit_code == 1
    assert "wrong.yaml:7:5 E105 unknown key 'sumbit'; did you mean 'submit'?" in result.output


def test_a_scenario_that_is_not_there_says_which_there_are(cli: Cli, layers: Path) -> None:
    write(layers / "base", {"scenarios/card.yaml": SCENARIO})
    near, far = cli("simulate", "base", "crad"), cli("simulate", "base", "xyz")
    assert (near.exit_code, far.exit_code) == (2, 2)
    assert "'crad' is neither a file nor a scenario of these layers; did you mean 'card'?" in near.output
    assert "there are: card" in far.output


def test_a_command_that_is_refused_says_why_once(cli: Cli, layers: Path) -> None:
    write(layers, {"wrong.yaml": SCENARIO.replace("{topic: card}}\n  -", "{tpoic: card}}\n  -")})
    output = cli("simulate", "base", "wrong.yaml").output
    assert output.count("did you mean 'topic'?") == 1
    assert "✗ not as the scenario says in 1 place" in output


def test_rules_with_errors_are_not_played(cli: Cli, layers: Path) -> None:
    write(layers / "base", {"broken.yaml": "extend: dialog/nothing\n", "scenarios/card.yaml": SCENARIO})
    result = cli("simulate", "base", "card")
    assert result.exit_code == 1
    assert "the rules have 1 error; run casewright validate" in result.output


def test_all_scenarios_of_all_layers_are_played_each_on_its_own_layer(cli: Cli, layers: Path) -> None:
    write(layers / "base", {"scenarios/card.yaml": SCENARIO})
    write(layers / "bank", {"scenarios/bank.yaml": SCENARIO.replace("Somebody asks", "A client asks")})
    result = cli("test", "bank")
    assert result.exit_code == 0
    assert "✓ Somebody asks about a card  (base/scenarios/card.yaml" in result.output
    assert "✓ A client asks about a card  (bank/scenarios/bank.yaml" in result.output
    assert "2 scenarios, 8 expectations: all hold" in result.output


def test_extended_plays_the_stories_of_the_base_on_the_rules_above(cli: Cli, layers: Path) -> None:
    bold = 'extend: dialog/greeting\nsteps:\n  - {id: greet, text: "Hello."}\n'
    write(layers / "base", {"scenarios/card.yaml": SCENARIO})
    write(layers / "bank", {"greeting.yaml": bold})
    assert cli("test", "bank").exit_code == 0
    result = cli("test", "bank", "--extended")
    assert result.exit_code == 1
    assert "text.hear.hello.greet of C-1\n    expected  words with 'Good day'\n    found     'Hello.'" in result.output


def test_only_scenarios_with_a_word_in_title_or_path_are_played(cli: Cli, layers: Path) -> None:
    write(layers / "base", {"scenarios/card.yaml": SCENARIO, "scenarios/b.yaml": SCENARIO.replace("a card", "money")})
    assert "1 scenario, 4 expectations: all hold" in cli("test", "base", "-k", "MONEY").output


def test_a_choice_of_no_scenario_is_wrong_usage(cli: Cli, layers: Path) -> None:
    write(layers / "base", {"scenarios/card_approved.yaml": SCENARIO})
    none, near = cli("test", "base", "-k", "xyz"), cli("test", "base", "-k", "aproved")
    assert (none.exit_code, near.exit_code) == (2, 2)
    assert "no scenario has 'xyz' in its title or path; there are: card_approved" in none.output
    assert "no scenario has 'aproved' in its title or path; did you mean 'card_approved'?" in near.output


def test_a_scenario_is_found_near_one_word_of_its_name(cli: Cli, layers: Path) -> None:
    write(layers / "base", {"scenarios/card_approved.yaml": SCENARIO})
    result = cli("simulate", "base", "aproved")
    assert result.exit_code == 2
    assert "'aproved' is neither a file nor a scenario of these layers; did you mean 'card_approved'?" in result.output


def test_a_rule_is_no_scenario(cli: Cli, layers: Path) -> None:
    result = cli("simulate", "base", "base/request.yaml")
    assert result.exit_code == 1
    assert "base/request.yaml:1:1 E105 this is a rule, `define: case_type/request`, and no scenario" in result.output
    assert "a scenario begins with `scenario: TITLE`; casewright validate checks rules" in result.output


def test_test_as_json(cli: Cli, layers: Path) -> None:
    write(layers / "base", {"scenarios/card.yaml": SCENARIO})
    (found,) = json.loads(cli("test", "base", "--json").output)
    assert (found["scenario"], found["holds"], found["checked"]) == ("Somebody asks about a card", True, 4)
    assert {event["told"] for event in found["events"]} == {"case", "said", "waits", "filled", "status"}


def test_a_story_run_on_a_file_can_be_read_as_history(cli: Cli, layers: Path) -> None:
    write(layers / "base", {"scenarios/card.yaml": SCENARIO})
    run = cli("run", "base", "card", "--database", "cases.db")
    assert run.exit_code == 0
    assert "casewright history C-1 --database cases.db" in run.output
    history = cli("history", "C-1", "--database", "cases.db").output
    assert "   1  2026-03-02 10:00  Create  by anna  customer_id C-1" in history
    assert "3 steps, no gap; C-1 is Resolved-Completed" in history


def test_a_story_run_again_on_its_file_changes_nothing(cli: Cli, layers: Path) -> None:
    write(layers / "base", {"scenarios/card.yaml": SCENARIO})
    cli("run", "base", "card", "--database", "cases.db")
    before = cli("history", "C-1", "--database", "cases.db", "--json").output
    again = cli("run", "base", "card", "--database", "cases.db")
    assert again.exit_code == 0
    assert "carries on behind step 4" in again.output
    assert cli("history", "C-1", "--database", "cases.db", "--json").output == before


def test_a_case_that_is_not_there_is_said_in_a_line(cli: Cli, layers: Path) -> None:
    write(layers / "base", {"scenarios/card.yaml": SCENARIO})
    cli("run", "base", "card", "--database", "cases.db")
    result = cli("history", "C-99", "--database", "cases.db")
    assert result.exit_code == 1
    assert "there is no case 'C-99' in this database" in result.output


def test_a_file_that_is_no_database_is_said_in_a_line(cli: Cli, layers: Path) -> None:
    write(layers, {"notes.txt": "not a database at all"})
    result = cli("history", "C-1", "--database", "notes.txt")
    assert result.exit_code == 2
    assert "'notes.txt' is no SQLite database; name another file" in result.output


def test_a_folder_that_is_not_there_is_said_before_anything_is_played(cli: Cli, layers: Path) -> None:
    write(layers / "base", {"scenarios/card.yaml": SCENARIO})
    result = cli("run", "base", "card", "--database", "no/where/cases.db")
    assert result.exit_code == 2
    assert "there is no folder 'no/where' to keep it in" in result.output


@pytest.mark.parametrize("folder", ["", "{}/"])
def test_a_database_is_named_by_its_path_or_by_the_url_that_the_engine_takes(
    cli: Cli, layers: Path, folder: str
) -> None:
    write(layers / "base", {"scenarios/card.yaml": SCENARIO})
    url = f"sqlite:///{folder.format(Path.cwd())}cases.db"
    run = cli("run", "base", "card", "--database", url)
    assert (run.exit_code, Path("cases.db").is_file()) == (0, True)
    history = cli("history", "C-1", "--database", url, "--json").output
    assert history == cli("history", "C-1", "--database", "cases.db", "--json").output


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "postgresql://host/cases", "sqlite://host/cases.db"])
def test_a_url_that_names_no_file_is_refused_with_what_to_write(cli: Cli, layers: Path, url: str) -> None:
    write(layers / "base", {"scenarios/card.yaml": SCENARIO})
    run = cli("run", "base", "card", "--database", url)
    assert run.exit_code == 2
    assert f"'{url}' names no file; write PATH or sqlite:///PATH" in run.output
