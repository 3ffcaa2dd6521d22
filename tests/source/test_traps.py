"""Where YAML reads something else than the author meant, the message prints the line as it should be written."""

from __future__ import annotations

import pytest

from casewright.source import SourceFile, read
from casewright.source.traps import mended_line


def help_of(text: str) -> tuple[str, str]:
    (problem,) = read(text, SourceFile("a.yaml"))[1]
    return problem.code, problem.help.rpartition("\n")[2]


@pytest.mark.parametrize(
    ("line", "mended"),
    [
        ('when: case.vip ? "a" : "b"', """when: 'case.vip ? "a" : "b"'"""),
        ("text: Note: this is recorded", "text: 'Note: this is recorded'"),
        ("text: it's: so", "text: 'it''s: so'"),
        ('when: "VIP" == customer.segment', """when: '"VIP" == customer.segment'"""),
        ("when: >= 18", "when: '>= 18'"),
        ("when: > 100", "when: '> 100'"),
        ("when: [18..65)", "when: '[18..65)'"),
        ("when: [1, 2].exists(x, x == n)", "when: '[1, 2].exists(x, x == n)'"),
        ('when: {"a": 1}.a == 1', """when: '{"a": 1}.a == 1'"""),
        ("when: @home", "when: '@home'"),
        ("- id: a: b", "- id: 'a: b'"),
        ("- when: [18..65)", "- when: '[18..65)'"),
        ("text: 'it's here'", "text: 'it''s here'"),
        ('text: "she said "no" then"', """text: 'she said "no" then'"""),
    ],
)
def test_a_known_trap_prints_the_quoted_line(line: str, mended: str) -> None:
    assert help_of(f"{line}\n") == ("E110", mended)


@pytest.mark.parametrize(
    ("line", "mended"),
    [
        ("save: {fee: =min(a, b)}", "save: {fee: '=min(a, b)'}"),
        ("save: {fee: =min(a, b), tax: =t}", "save: {fee: '=min(a, b)', tax: =t}"),
        ('save: {fee: =f("a, b")}', """save: {fee: '=f("a, b")'}"""),
        ("save: {fee: =f(g(a, b), c)}", "save: {fee: '=f(g(a, b), c)'}"),
        ("save: [=f(a, b), c]", "save: ['=f(a, b)', c]"),
    ],
)
def test_an_expression_cut_by_a_flow_map_prints_the_quoted_line(line: str, mended: str) -> None:
    code, help_ = help_of(f"{line}\n")
    assert (code, help_) == ("E114", mended)


STEPS = "stages:\n  - id: one\n    steps:\n"


@pytest.mark.parametrize(
    ("line", "mended"),
    [
        ('{id: a, when: x in ["A", "B"]}', """{id: a, when: 'x in ["A", "B"]'}"""),
        ('{id: a, when: x in ["A", "B"], do: say}', """{id: a, when: 'x in ["A", "B"]', do: say}"""),
        ("{id: a, text: Dear {{ name }}}", "{id: a, text: 'Dear {{ name }}'}"),
        ("{id: a, text: He said: no}", "{id: a, text: 'He said: no'}"),
        ("{id: a, text: 'it's here'}", "{id: a, text: 'it''s here'}"),
        ('{id: a, text: "Dear Ann, do: say}', '{id: a, text: "Dear Ann", do: say}'),
        ('{id: a, when: "VIP" == segment}', """{id: a, when: '"VIP" == segment'}"""),
        ('{s: =f(a, b), t: =x in ["A"]}', """{s: =f(a, b), t: '=x in ["A"]'}"""),
        ('{s: {t: =x in ["A"]}, u: v}', """{s: {t: '=x in ["A"]'}, u: v}"""),
        ("{id: a, do: set, when: >= 3, text: x: y}", "{id: a, do: set, when: '>= 3', text: 'x: y'}"),
    ],
)
def test_a_step_in_a_flow_map_is_mended_in_its_line_and_not_in_the_key_above(line: str, mended: str) -> None:
    problem = next(each for each in read(f"{STEPS}      - {line}\n", SourceFile("a"))[1] if each.code == "E110")
    assert (problem.span.line, problem.help.rpartition("\n")[2].strip()) == (4, f"- {mended}")


@pytest.mark.parametrize(
    ("lines", "place", "message"),
    [
        ("- id:n\n  do: note", "4:11", "a blank is missing behind ':'"),
        ("- id: n\n  do:note\n  text: a", "5:11", "a blank is missing behind ':'"),
        ("-id: n\n do: note", "4:7", "a blank is missing behind '-'"),
        ("- id: n\n    do: note", "5:11", "this line is indented deeper than the key above, which has a value already"),
        ("- id: n\n do: note", "5:8", "this line is indented less than the key above, and more than what is around it"),
        ('- id: n\n  text: "a', "5:15", "this text has no closing quote"),
        ('- {id: n, text: "a" do: say}', "4:27", "a ',' or the closing '}' is missing before this"),
        ("- {id: n, do: say\n- {id: m}", "5:9", "a ',' or the closing '}' is missing before this"),
    ],
)
def test_a_file_that_is_no_yaml_says_where_and_what_is_missing(lines: str, place: str, message: str) -> None:
    text = STEPS + "".join(f"      {line}\n" for line in lines.split("\n"))
    (problem,) = read(text, SourceFile("a"))[1]
    assert (problem.code, f"{problem.span.line}:{problem.span.column}", problem.message) == ("E110", place, message)


def test_a_tag_is_told_how_to_write_not() -> None:
    assert help_of("when: !case.open\n") == ("E112", "write `not` for `!`, or quote it: '!case.open'")


def test_a_comment_behind_a_text_is_a_comment() -> None:
    node, problems = read('scope: node    # node | shared\nlabel: "a #b"   # x\n# a\n', SourceFile("a"))
    assert not problems
    assert node is not None
    assert node.plain() == {"scope": "node", "label": "a #b"}


def test_a_hash_that_cuts_a_text_is_a_warning_and_one_that_cuts_a_quote_an_error() -> None:
    assert help_of("text: Ticket #5\n")[0] == "W118"
    assert help_of('when: name == "a #b"\n')[0] == "E110"


def test_a_sound_line_is_left_alone() -> None:
    assert mended_line("steps: [a, b]") is None
    assert mended_line("with: {a: =b, c: d}") is None
    assert mended_line("label: plain text") is None


def test_what_is_missing_at_the_end_of_a_file_is_placed_there() -> None:
    (problem,) = read("a:\n  - {id: vip, when: ", SourceFile("a.yaml"))[1]
    assert (problem.span.line, problem.span.column) == (2, 21)
    assert all(other.span.line <= 2 for other in problem.related)
