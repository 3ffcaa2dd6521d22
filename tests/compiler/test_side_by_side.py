"""What rules are checked for together is seen inside branches, passes, groups, handlers and optional actions too."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest

from casewright.compiler.pipeline import compile_layer
from tests.compiler.writing import compiled, lines, write_layer

BRANCH = """\
- id: both
  do: parallel
  branches:
    - id: left
      steps:
        - STEP
"""
PASS = """\
- id: each
  do: for_each
  in: [a, b]
  steps:
    - STEP
"""
GROUP = """\
- id: again
  do: group
  steps:
    - STEP
"""
HANDLER = """\
- id: ok
  do: approve
  assign: {queue: desk}
  on_failure:
    then:
      do: group
      steps:
        - STEP
"""
PLACES = pytest.mark.parametrize("around", [BRANCH, PASS, GROUP, HANDLER], ids=["branch", "pass", "group", "handler"])
DESK = "define: work_queue/desk\nroles: [clerk]\n"
CLERK = "define: role/clerk\nlabel: Clerk\n"


def case(steps: str, *, data: str = "{a: {type: text}}", name: str = "request", more: str = "") -> str:
    head = f"define: case_type/{name}\ndata: {data}\nstages:\n  - id: only\n    steps:\n"
    return head + indent(dedent(steps), "      ") + more


def process(steps: str, name: str) -> str:
    return f"define: process/{name}\nsteps:\n" + indent(steps, "  ")


def codes(found_lines: list[str]) -> list[str]:
    return [line.split()[1] for line in found_lines]


@PLACES
def test_work_for_nobody_is_found(around: str, tmp_path: Path) -> None:
    request = case(around.replace("STEP", "{id: ask, do: collect, fields: [a]}"), data="{a: {type: text}}")
    trigger = 'define: trigger/nightly\nevery: "0 6 * * *"\nstart: {case_type: request}\n'
    found = lines(compiled(tmp_path, CLERK, DESK, request, trigger))
    assert "rule_4.yaml:3 W707" in " ".join(found)


def test_work_for_nobody_is_found_in_an_optional_action(tmp_path: Path) -> None:
    more = "actions: [{id: more, steps: [{id: ask, do: collect, fields: [a]}]}]\n"
    request = case("- {id: told, do: note, text: Told}\n", more=more)
    trigger = 'define: trigger/nightly\nevery: "0 6 * * *"\nstart: {case_type: request}\n'
    assert codes(lines(compiled(tmp_path, request, trigger))) == ["W707"]


@PLACES
def test_a_child_that_begins_without_what_it_needs_is_found(around: str, tmp_path: Path) -> None:
    order = case("- {id: told, do: note, text: Told}\n", data="{item: {type: text, required: true}}", name="order")
    request = case(around.replace("STEP", "{id: order, do: create, case_type: order}"))
    found = lines(compiled(tmp_path, CLERK, DESK, order, request))
    assert codes(found) == ["E505"]
    assert "case_type/order needs 'item'" in found[0]


@PLACES
def test_a_process_that_runs_itself_is_found(around: str, tmp_path: Path) -> None:
    first = process(around.replace("STEP", "{id: on, do: run, process: second}"), "first")
    second = process(around.replace("STEP", "{id: back, do: run, process: first}"), "second")
    assert codes(lines(compiled(tmp_path, CLERK, DESK, first, second))) == ["E537"]


@PLACES
def test_a_move_to_a_stage_that_a_layer_removed_names_that_layer(around: str, tmp_path: Path) -> None:
    request = case(around.replace("STEP", "{id: back, do: move, to: other, when: case.a != null}"))
    request += "  - {id: other, steps: []}\n"
    own = "extend: case_type/request\nstages:\n  - {id: other, $remove: true}\n"
    found = lines(compiled(tmp_path, own, base=[CLERK, DESK, request]))
    assert codes(found) == ["E510"]
    assert "which [own@1.0.0] removed" in found[0]


@PLACES
def test_what_a_used_text_reads_must_be_offered(around: str, tmp_path: Path) -> None:
    request = case(around.replace("STEP", "{id: talk, do: dialog, dialog: greeting}"))
    other = case("- {id: told, do: note, text: Told}\n", data="{b: {type: text}}", name="other")
    dialog = 'define: dialog/greeting\nsteps:\n  - {id: hello, do: say, text: "Hello {{ case.b }}"}\n'
    found = lines(compiled(tmp_path, CLERK, DESK, request, other, dialog))
    assert codes(found) == ["E533"]
    assert "dialog/greeting reads case.b, which is missing in case_type/request, where it is used" in found[0]


def test_the_texts_inside_have_paths_in_other_languages(tmp_path: Path) -> None:
    steps = """\
        - id: both
          do: parallel
          branches: [{id: left, label: Left, steps: [{id: told, do: note, text: Told}]}]
        """
    more = "actions: [{id: more, label: More, steps: []}]\n"
    texts = {
        "texts/de.yaml": """\
            case_type/request:stages.only.steps.both.branches.left.label: Links
            case_type/request:stages.only.steps.both.branches.left.steps.told.text: Gesagt
            case_type/request:actions.more.label: Mehr
            """
    }
    rules = {"request.yaml": case(steps, data="{}", more=more), **texts}
    folder = write_layer(tmp_path / "own", rules, manifest="language: en\n")
    found = compile_layer(folder)
    assert lines(found) == []
    plan = found.usable().bind("case_type", "request", {"interaction": {"language": "de"}}).value
    labels = {path: item.label for path, item in plan.every_item()}
    assert labels["only.both.left"] == "Links"
    assert labels["actions.more"] == "Mehr"


def test_a_variant_of_a_dialog_changes_a_step_inside_a_group(tmp_path: Path) -> None:
    base = """\
        define: dialog/talk
        steps:
          - id: greeting
            do: group
            steps:
              - {id: hello, do: say, text: Hello}
              - {id: how, do: say, text: How are you?}
        """
    segment = "define: circumstance/kind\nvalue: case.a\ntype: choice\noptions: [short, long]\n"
    variant = """\
        variant: dialog/talk@short
        circumstance: {kind: short}
        steps:
          - id: greeting
            steps:
              - {id: how, $remove: true}
        """
    request = case("- {id: talk, do: dialog, dialog: talk}\n")
    found = compiled(tmp_path, base, segment, variant, request)
    assert lines(found) == []
    application = found.usable()
    family = application.families["dialog", "talk", ""]
    steps = [path for path, _ in family.bound("short").value.every_item()]
    assert steps == ["greeting", "greeting.hello"]
