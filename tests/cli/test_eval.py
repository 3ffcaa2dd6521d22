"""`eval`: an expression tried on facts, with its value, its type, what it reads, and why it comes out so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli, write


def test_the_value_its_reason_the_tree_and_what_is_read(cli: Cli) -> None:
    assert cli("eval", "amount > 100 and vip", "--facts", "amount=80", "vip=true").output.splitlines() == [
        "false  (boolean)",
        "false because amount 80 > 100 is false",
        "",
        "amount > 100 and vip → false",
        "├─ amount > 100 → false",
        "│  └─ amount → 80",
        "└─ vip → not needed",
        "",
        "reads     amount, vip",
        "cost      5 units of 1,000,000 at most",
    ]


def test_an_empty_value_makes_an_unknown_and_is_named(cli: Cli) -> None:
    output = cli("eval", "income > 3", "--as", "condition", "--facts", "income=").output
    assert output.startswith("false, since it is unknown  (boolean)\nunknown because income is empty\n")
    assert "income > 3 → unknown, income is empty" in output


def test_a_macro_shows_the_item_that_decided(cli: Cli) -> None:
    output = cli("eval", "fees.exists(f, f.amount > 3)", "--facts", "fees=[{amount: 2}, {amount: 5, kind: x}]").output
    assert "true because f.amount 5 > 3 is true, at item 2 of fees" in output
    assert "├─ item 1: f.amount > 3 → false" in output


@pytest.mark.parametrize(
    ("given", "type_"),
    [
        ("x=80", "integer"),
        ("x=0.10", "decimal"),
        ("x=true", "boolean"),
        ("x=2026-01-31", "date"),
        ("x=2026-01-31T10:00:00Z", "datetime"),
        ("x=VIP", "text"),
        ('x="80"', "text"),
        ("x=[1, 2.5]", "list of decimal"),
        ("x={a: 1}", "x"),
        ("x=[{a: 1}, {b: c}]", "list of x"),
        ("x=[]", "list of anything"),
        ("x=", "anything"),
    ],
)
def test_without_a_layer_a_fact_has_the_type_that_it_looks_like(cli: Cli, given: str, type_: str) -> None:
    assert json.loads(cli("eval", "x", "--facts", given, "--json").output)["type"] == type_


def test_facts_may_lie_in_a_file(cli: Cli, layers: Path) -> None:
    write(layers, {"facts.yaml": "customer: {segment: VIP, tags: [a, b]}\namount: 12.50\n"})
    output = cli("eval", '"b" in customer.tags and amount > 12', "--facts", "facts.yaml").output
    assert output.startswith("true  (boolean)")


def test_with_a_case_type_names_and_types_are_those_of_its_rules(cli: Cli, layers: Path) -> None:
    words = ("--layer", "bank", "--case-type", "request")
    output = cli("eval", 'customer.segment == "VIP"', *words, "--facts", "segment=VIP").output
    assert output.startswith('true  (boolean)\ntrue because customer.segment "VIP" == "VIP" is true')
    output = cli("eval", 'case.topic == "crad"', *words).output
    assert "E404 \"crad\" is not an option; did you mean 'card'?" in output
    output = cli("eval", 'case.topic == "card"', *words).output
    assert output.startswith("false  (boolean)")
    assert "not given case; read as empty" in output


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ("case.topic=crad", "case.topic: 'crad' is not an option; did you mean 'card'?"),
        ("case.topik=card", "'case' has no field 'topik'; did you mean 'topic'?"),
        ("cse.topic=card", "no root 'cse'; did you mean 'case'?"),
        ("case.urgency=high", "case.urgency: 'high' is not an integer; write 12"),
        ("customer=C-1", "customer is a customer; write customer.NAME=VALUE"),
        ("case.topic=[card]", "case.topic is one of card, account, not a list"),
    ],
)
def test_a_fact_that_does_not_fit_is_wrong_usage(cli: Cli, layers: Path, fact: str, said: str) -> None:
    result = cli("eval", "case.topic", "--layer", "bank", "--case-type", "request", "--facts", fact)
    assert (result.exit_code, said in result.output) == (2, True), result.output


def test_a_case_type_that_is_not_there_is_told_what_it_is_near_to(cli: Cli, layers: Path) -> None:
    result = cli("eval", "1", "--layer", "bank", "--case-type", "requst")
    assert "there is no case_type/requst; did you mean 'request'?" in result.output
    assert result.exit_code == 2


def test_a_mistake_is_shown_with_its_place_and_a_caret(cli: Cli) -> None:
    result = cli("eval", "amont > 1", "--facts", "amount=3")
    assert result.exit_code == 1
    assert result.output.splitlines()[:3] == [
        "EXPR:1:1 E402 unknown name 'amont'; did you mean 'amount'?",
        "    1 | amont > 1",
        "      | ^",
    ]


def test_mistakes_as_json(cli: Cli) -> None:
    result = cli("eval", "1 +", "--json")
    assert result.exit_code == 1
    assert [each["code"] for each in json.loads(result.output)["problems"]] == ["E401"]


def test_the_sign_of_a_value_may_be_written(cli: Cli) -> None:
    assert cli("eval", "=1 + 1").output.startswith("2  (integer)")
    assert "EXPR:1:6 E401" in cli("eval", "=1 + ").output


def test_a_text_is_filled_and_each_expression_in_it_explained(cli: Cli) -> None:
    output = cli("eval", "Dear {{ upper(name) }}!", "--as", "text", "--facts", "name=ann").output
    assert output.splitlines()[:4] == ['"Dear ANN!"  (text)', "", 'upper(name) → "ANN"', '└─ name → "ann"']


def test_a_test_is_tried_on_a_value(cli: Cli) -> None:
    words = ("--as", "test", "--of", "amount", "--facts", "amount=120")
    assert cli("eval", "[100..500)", *words).output.startswith("true  (boolean)\ntrue because 120 passes `[100..500)`")
    assert cli("eval", "< limit", *words, "limit=100").output.startswith("false  (boolean)")
    assert cli("eval", "> 100", "--as", "test").exit_code == 2


def test_the_clock_is_that_of_as_of(cli: Cli) -> None:
    output = cli("eval", "today() > due", "--facts", "due=2026-01-31", "--as-of", "2026-02-01").output
    assert output.startswith("true  (boolean)")
    assert "clock     2026-02-01T00:00:00+00:00" in output


def test_what_a_rule_would_be_warned_of_is_said_beside_the_value(cli: Cli) -> None:
    result = cli("eval", "not (amount > 100) or vip", "--facts", "amount=80", "vip=true")
    assert (result.exit_code, result.output.startswith("true  (boolean)")) == (0, True)
    assert "EXPR:1:6 W404 amount may be empty" in result.output


def test_what_would_cost_too_much_is_refused(cli: Cli) -> None:
    result = cli("eval", "n.all(a, n.all(b, n.all(c, a + b + c > 0)))", "--facts", "n=[1]")
    assert (result.exit_code, " E430 " in result.output) == (1, True)


def test_json_has_what_is_read_what_it_costs_and_the_remarks(cli: Cli) -> None:
    found = json.loads(cli("eval", "not (amount > 1) or vip", "--facts", "amount=80", "vip=", "--json").output)
    assert (found["value"], found["unknown"], found["paths"]) == (None, True, ["amount", "vip"])
    assert found["cost"] > 0
    assert [each["code"] for each in found["remarks"]] == ["W404"]
    (top,) = found["explanations"]
    assert (top["unknown"], top["children"][1]["text"]) == ("empty", "vip")


def test_what_json_has_no_number_for_is_a_text(cli: Cli) -> None:
    answer = cli("eval", '[double("1") / double("0"), double("0.5")]', "--json").output
    assert json.loads(answer, parse_constant=pytest.fail)["value"] == ["inf", 0.5]


@pytest.mark.parametrize("fact", ["x=99999999999999999999999", "x=[1, 99999999999999999999999]"])
def test_a_fact_that_is_too_large_is_wrong_usage(cli: Cli, fact: str) -> None:
    result = cli("eval", "x", "--facts", fact)
    assert result.exit_code == 2
    assert "'99999999999999999999999' is not an integer; an integer has at most 64 bits" in result.output
