"""`table`: a table or tree on paper, what is missing in it, what it gives on facts, and its examples."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli, write

FEES = {
    "bank/fee.yaml": """\
define: decision_table/fee
hit: first
inputs:  {segment: customer.segment, topic: case.topic, twice: size(case.customer_id) * 2}
outputs: {fee: money, reason: text}
rows: |
  segment | topic     | twice || fee | reason
  "VIP"   | -         | -     || 0   | "waived"
  -       | "card"    | -     || 5   | "card"
  "VIP"   | "account" | -     || 1   | "too late"
""",
    "bank/fees.yaml": """\
define: decision_table/fees
hit: collect
inputs:  {topic: case.topic}
outputs: {fee: money}
rows: |
  topic  || fee
  -      || 5
  "card" || 2.50
""",
    "bank/desk.yaml": """\
define: decision_tree/desk
outputs: {queue: text}
branches:
  - id: vip
    when: customer.segment == "VIP"
    branches:
      - {id: card, when: case.topic == "card", gives: {queue: vip_cards}}
  - {id: card, when: case.topic == "card", gives: {queue: cards}}
  - {id: again, when: case.topic == "card" and customer.segment == "Private", gives: {queue: lost}}
""",
    "bank/desk.vip.yaml": """\
variant: decision_tree/desk@private
circumstance: {segment: Private}
branches:
  - {id: card, gives: {queue: private_cards}}
otherwise: {queue: private}
""",
}


@pytest.fixture
def bank(layers: Path) -> Path:
    write(layers, FEES)
    return layers


def shown(cli: Cli, *arguments: str) -> str:
    result = cli("table", *arguments, "--layer", "bank")
    assert result.exit_code == 0, result.output
    return result.output


def test_a_table_is_shown_with_what_is_missing_and_what_can_never_win(cli: Cli, bank: Path) -> None:
    assert shown(cli, "decision_table/fee").splitlines() == [
        "decision_table/fee: the first row that matches wins",
        "looks at segment = customer.segment, topic = case.topic, twice = size(case.customer_id) * 2",
        "gives fee (money), reason (text)",
        "",
        "     segment | topic     | twice || fee | reason",
        '  1  "VIP"   | -         | -     || 0   | "waived"',
        '  2  -       | "card"    | -     || 5   | "card"',
        '  3  "VIP"   | "account" | -     || 1   | "too late"',
        "",
        'no row takes segment | topic | twice = not("VIP") | not("card") | -',
        "row 3 can never win: row 1 takes all that it takes  (bank/fee.yaml:9:3)",
    ]


def test_on_facts_the_row_that_wins_and_why_each_other_does_not(cli: Cli, bank: Path) -> None:
    output = shown(cli, "decision_table/fee", "--facts", "segment=VIP", "topic=card")
    assert output.splitlines()[4:] == [
        "     segment | topic     | twice || fee | reason",
        '> 1  "VIP"   | -         | -     || 0   | "waived"    matches',
        '+ 2  -       | "card"    | -     || 5   | "card"      matches, but row 1 stands above it',
        '- 3  "VIP"   | "account" | -     || 1   | "too late"  topic "card" is not "account"',
        "",
        'row 1: segment "VIP" is "VIP"',
        'gives fee 0, reason "waived"',
    ]


def test_facts_may_be_named_by_the_paths_that_are_read(cli: Cli, bank: Path) -> None:
    assert "gives fee 5" in shown(cli, "decision_table/fee", "--facts", "case.topic=card", "customer.segment=Standard")


def test_a_fact_for_a_column_that_is_computed_is_told_what_to_give(cli: Cli, bank: Path) -> None:
    result = cli("table", "decision_table/fee", "--layer", "bank", "--facts", "twice=4")
    assert result.exit_code == 2
    assert "'twice' is computed: size(case.customer_id) * 2; give what that reads" in result.output


def test_a_fact_that_is_misspelt_is_told_what_it_is_near_to(cli: Cli, bank: Path) -> None:
    result = cli("table", "decision_table/fee", "--layer", "bank", "--facts", "topik=card")
    assert result.exit_code == 2
    assert "no input or dimension is called 'topik'; did you mean 'topic'?" in result.output


def test_where_all_rows_count_each_record_is_shown(cli: Cli, bank: Path) -> None:
    output = shown(cli, "decision_table/fees", "--facts", "topic=card")
    assert output.splitlines()[-2:] == ["gives fee 5", "gives fee 2.50"]


def test_a_tree_is_shown_with_its_branches_and_what_is_missing(cli: Cli, bank: Path) -> None:
    assert shown(cli, "decision_tree/desk").splitlines() == [
        "decision_tree/desk: the first branch that holds is entered, and none beside it",
        "looks at topic = case.topic, segment = customer.segment",
        "gives queue (text)",
        "",
        '  ├─ vip: customer.segment == "VIP"',
        '  │  └─ card: case.topic == "card" → queue "vip_cards"',
        '  ├─ card: case.topic == "card" → queue "cards"',
        '  └─ again: case.topic == "card" and customer.segment == "Private" → queue "lost"',
        "",
        "branch 'again' is never reached: 'card' above it takes everything that it asks for  (bank/desk.yaml:9:5)",
        "in branch 'vip' nothing is given where case.topic is not(\"card\")  (bank/desk.yaml:4:5)",
        'nothing is given where case.topic is not("card") and customer.segment is not("VIP")  (bank/desk.yaml:3:1)',
    ]


def test_on_facts_the_way_through_a_tree_and_why_it_was_taken(cli: Cli, bank: Path) -> None:
    output = shown(cli, "decision_tree/desk", "--facts", "segment=Standard", "topic=card")
    told = [line.strip() for line in output.splitlines()[4:]]
    assert told[0].endswith('false because customer.segment "Standard" == "VIP" is false')
    assert told[1].endswith("not reached")
    assert told[2].startswith("> ├─ card")
    assert told[3].endswith("not looked at: 'card' was entered")
    assert told[-2:] == ['branch card because case.topic == "card"', 'gives queue "cards"']


def test_the_variant_that_holds_for_the_facts_is_asked(cli: Cli, bank: Path) -> None:
    output = shown(cli, "decision_tree/desk", "--facts", "segment=Private", "topic=card")
    assert output.startswith("decision_tree/desk@private:")
    assert output.endswith('gives queue "private_cards"\n')


def test_json_has_lines_and_findings_or_what_is_given(cli: Cli, bank: Path) -> None:
    paper = json.loads(shown(cli, "decision_table/fee", "--json"))
    assert (paper["complete"], len(paper["findings"]), len(paper["lines"])) == (True, 2, 3)
    given = json.loads(shown(cli, "decision_table/fee", "--json", "--facts", "segment=VIP"))
    assert given["given"] == {"outputs": {"fee": 0, "reason": "waived"}, "because": 'row 1: segment "VIP" is "VIP"'}
    assert [line["counts"] for line in given["lines"]] == [True, False, False]


# -- examples ----------------------------------------------------------------------------------------------------------


def test_examples_hold_or_are_told_what_came_instead(cli: Cli, bank: Path) -> None:
    examples = 'segment,topic,fee,reason,# why\nVIP,card,0,waived,x\n"""Standard""",card,7.50,-,\n,account,,,nothing\n'
    write(bank, {"fee.csv": examples})
    result = cli("table", "decision_table/fee", "--layer", "bank", "--test", "fee.csv")
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "ok    line 2: customer.segment=VIP, case.topic=card",
        'wrong line 3: customer.segment="Standard", case.topic=card',
        "      fee is 5, not 7.50",
        '      decision_table/fee: row 2: topic "card" is "card"',
        "ok    line 4: case.topic=account",
        "3 examples, 1 wrong",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "segment\tfee\nVIP\t0\n",
        "sep=;\nsegment;fee\nVIP;0\n",
        '\ufeff"segment";"fee"\r\n"VIP";"0"\r\n',
        "segment,fee,,\nVIP,0,,\n,,,\n",
        "# of May, for all\n\nsegment;fee\nVIP;0\n",
    ],
)
def test_examples_are_read_as_spreadsheets_write_them(cli: Cli, bank: Path, text: str) -> None:
    (bank / "fee.csv").write_bytes(text.encode())
    result = cli("table", "decision_table/fee", "--layer", "bank", "--test", "fee.csv")
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "1 example, none wrong"), result.output


def test_examples_of_a_list_and_of_a_tree(cli: Cli, bank: Path) -> None:
    write(bank, {"fees.csv": "topic;fee\ncard;5\naccount;5\n", "desk.csv": "case.topic,result.queue\ncard,cards\n"})
    write(bank, {"both.csv": "topic,fee\ncard,5; 2.50\naccount,5\n"})
    assert cli("table", "decision_table/fees", "--layer", "bank", "--test", "fees.csv").exit_code == 1
    assert (
        "fee is [5, 2.50], not [5]"
        in cli("table", "decision_table/fees", "--layer", "bank", "--test", "fees.csv").output
    )
    assert cli("table", "decision_table/fees", "--layer", "bank", "--test", "both.csv").exit_code == 0
    facts = ("--facts", "segment=Standard")
    assert cli("table", "decision_tree/desk", "--layer", "bank", "--test", "desk.csv", *facts).exit_code == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "fee.csv has no lines; begin with segment,topic,fee,reason"),
        ("segmnt,fee\nVIP,0\n", "fee.csv: no input or output is called 'segmnt'; did you mean 'segment'?"),
        ("segment\nVIP\n", "fee.csv says nowhere what is expected; add a column for an output: fee, reason"),
        ("segment,fee\nVIP\n", "fee.csv:2: this line has 1 cells; the header has 2"),
        ("segment,fee\n", "fee.csv has a heading and no examples; write one a line"),
        ("segment,fee,fee\nVIP,0,1\n", "fee.csv: the column 'fee' stands twice in the heading"),
        ('segment,fee\nVIP,"0\n', "fee.csv:2:5: this quote is not closed"),
        ("segment;fee\nVIP;7,50\n", "fee.csv:2: fee: '7,50' is not money; write 7.50"),
        ("segment,fee\nVIP,much\n", "fee.csv:2: fee: 'much' is not money"),
        ("segment,fee\nGold,0\n", "fee.csv:2: customer.segment:"),
        (
            "twice,fee\n4,0\n",
            "fee.csv: 'twice' is computed: size(case.customer_id) * 2; name a column",
        ),
    ],
)
def test_a_file_of_examples_that_is_wrong_is_told_where(cli: Cli, bank: Path, text: str, said: str) -> None:
    write(bank, {"fee.csv": text})
    result = cli("table", "decision_table/fee", "--layer", "bank", "--test", "fee.csv")
    assert (result.exit_code, said in " ".join(result.output.split())) == (2, True), result.output


def test_only_rules_that_decide_are_shown(cli: Cli, bank: Path) -> None:
    result = cli("table", "dialog/greeting", "--layer", "bank")
    assert result.exit_code == 2
    assert "name one of kind decision_table or decision_tree" in result.output
