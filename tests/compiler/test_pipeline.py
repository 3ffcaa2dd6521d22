"""From layered text to an application, and what is said where that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from casewright.compiler.pipeline import compile_layer
from casewright.errors import RulesRejected
from casewright.machine.plan import Awaits
from tests.compiler.writing import compiled, lines, write_layer

CUSTOMER = """\
    define: data_type/customer
    page: D_Customer
    fields:
      id:      {type: id}
      name:    {type: text}
      segment: {type: choice, options: [Standard, VIP]}
    """
PAGE = """\
    define: data_page/D_Customer
    returns: customer
    parameters: {customer_id: {type: id, required: true}}
    source: {connector: master.get}
    """
MASTER = """\
    define: connector/master
    source: simulated
    records: {customers: [{id: C-1, name: Ada, segment: VIP}]}
    operations:
      get:
        parameters: {customer_id: {type: id, required: true}}
        returns: customer
        simulate: {find: customers, by: {id: =arguments.customer_id}}
    """
REQUEST = """\
    define: case_type/request
    context: {customer: {page: D_Customer, with: {customer_id: =case.customer_id}}}
    data:
      customer_id: {type: id, required: true}
      topic:       {type: choice, options: [card, other], required: true}
    stages:
      - id: capture
        steps:
          - {id: details, do: collect, fields: [topic]}
          - {id: thanks, do: note, text: "Thanks, {{ customer.name }}", when: customer.segment == "VIP"}
    """


def test_sound_layers_give_an_application_with_a_plan_for_each_case_type(tmp_path: Path) -> None:
    found = compiled(tmp_path, CUSTOMER, PAGE, MASTER, REQUEST)

    assert lines(found) == []
    plan = found.usable().bind("case_type", "request", {}).value
    details, thanks = plan.sequence.items[0].body.items
    assert details.activity.awaits is Awaits.SUBMISSION
    assert details.activity.required == {"topic"}
    assert thanks.when.name == 'customer.segment == "VIP"'
    assert plan.context["customer"].page == "D_Customer"


def test_layers_with_errors_give_no_application_but_all_problems(tmp_path: Path) -> None:
    found = compiled(
        tmp_path, CUSTOMER, PAGE, MASTER, REQUEST.replace("[topic]", "[topik]").replace("segment ==", "segmnt ==")
    )

    assert found.application is None
    assert lines(found) == [
        "rule_4.yaml:9 E503 the case has no field 'topik'; did you mean 'topic'?",
        "rule_4.yaml:10 E403 'customer' has no field 'segmnt'; did you mean 'segment'?",
    ]
    with pytest.raises(RulesRejected) as rejected:
        found.usable()
    assert rejected.value.problems == found.problems


def test_a_mistake_in_a_block_is_told_at_its_line_below_blank_ones(tmp_path: Path) -> None:
    note = """\
        define: case_type/request
        stages:
          - id: capture
            steps:
              - id: thanks
                do: note
                when: |
                  case.status == ""

                  or case.staus == ""
                text: |

                  Thanks,

                      {{ case.topik }}
        """
    assert lines(compiled(tmp_path, note)) == [
        "rule_1.yaml:10 E403 'case' has no field 'staus'; did you mean 'status'?",
        "rule_1.yaml:15 E403 'case' has no field 'topik'",
    ]
    assert [problem.span.column for problem in compiled(tmp_path, note).problems] == [19, 23]


def test_the_place_of_a_mistake_in_an_expression_is_its_very_column(tmp_path: Path) -> None:
    found = compiled(tmp_path, CUSTOMER, PAGE, MASTER, REQUEST.replace("customer.segment", "custmer.segment"))
    (problem,) = found.problems
    source = Path(problem.span.path).read_text().splitlines()[problem.span.line - 1]
    assert source[problem.span.column - 1 :].startswith("custmer.segment")


def test_a_rule_with_a_mistake_does_not_hide_the_mistakes_of_others(tmp_path: Path) -> None:
    found = compiled(
        tmp_path,
        CUSTOMER.replace("type: text", "type: txt"),
        PAGE.replace("master.get", "master.fetch"),
        MASTER,
        REQUEST.replace("do: note", "do: notte"),
    )
    assert {problem.code for problem in found.problems} >= {"E507", "E107"}


def test_a_reference_to_a_rule_of_a_module_that_is_off_says_so(tmp_path: Path) -> None:
    queue = "define: work_queue/leads\nmodule: sales\nroles: [csr]\n"
    case_type = REQUEST.replace("fields: [topic]}", "fields: [topic], assign: {queue: leads}}")
    files = {"q.yaml": queue, "c.yaml": CUSTOMER, "p.yaml": PAGE, "m.yaml": MASTER, "r.yaml": case_type}
    found = compile_layer(write_layer(tmp_path / "own", files, manifest="modules: {sales: false}\n"))
    assert lines(found) == [
        "r.yaml:9 E502 stages.capture.steps.details.assign.queue -> work_queue/leads belongs to the module 'sales', "
        "which is off"
    ]


def test_a_reference_to_a_blocked_rule_names_the_layer_that_blocks_it(tmp_path: Path) -> None:
    case_type = REQUEST.replace("fields: [topic]}", "fields: [topic], assign: {queue: desk}}")
    base = {"q.yaml": "define: work_queue/desk\nroles: [csr]\n", "role.yaml": "define: role/csr\n"}
    rest = {"c.yaml": CUSTOMER, "p.yaml": PAGE, "m.yaml": MASTER, "r.yaml": case_type}
    write_layer(tmp_path / "base", {**base, **rest})
    found = compile_layer(write_layer(tmp_path / "own", {"b.yaml": "block: work_queue/desk\n"}, built_on="base"))
    assert lines(found) == [
        "r.yaml:9 E501 stages.capture.steps.details.assign.queue -> work_queue/desk is blocked by [own@1.0.0]"
    ]


def test_what_a_shared_table_reads_must_be_there_in_every_case_type_that_uses_it(tmp_path: Path) -> None:
    table = """\
        define: decision_table/desk
        hit: first
        inputs: {topic: case.topic}
        outputs: {desk: text}
        rows: |
          topic || desk
          card  || cards
        otherwise: {desk: others}
        """
    other = """\
        define: case_type/other
        data: {desk: {type: text}}
        stages:
          - {id: one, steps: [{id: pick, do: decide, table: desk, save: {desk: =result.desk}}]}
        """
    found = compiled(tmp_path, CUSTOMER, PAGE, MASTER, REQUEST, table, other)
    assert lines(found) == [
        "rule_5.yaml:3 E533 decision_table/desk reads case.topic, which is missing in case_type/other, where it is used"
    ]


def test_texts_of_another_language_are_chosen_by_the_language_of_the_interaction(tmp_path: Path) -> None:
    folder = write_layer(
        tmp_path / "own",
        {
            "h.yaml": "define: dialog/hello\nsteps: [{id: greet, do: say, text: 'Good {{ daypart() }}.'}]\n",
            "texts/de.yaml": "dialog/hello:steps.greet.text: Guten Tag.\n",
        },
    )
    found = compile_layer(folder)
    assert [problem.code for problem in found.problems] == []
    german = found.usable().bind("dialog", "hello", {"interaction": {"language": "de"}})
    plain = found.usable().bind("dialog", "hello", {"interaction": None})
    assert german.value.sequence.items[0].activity.screen.text.render({}) == "Guten Tag."
    assert german.digest != plain.digest
    assert found.usable().by_digest("dialog", "hello", german.digest) is german


def test_a_mistake_in_a_text_of_another_language_is_found_when_the_layers_load(tmp_path: Path) -> None:
    folder = write_layer(
        tmp_path / "own",
        {
            "h.yaml": "define: dialog/hello\nsteps: [{id: greet, do: say, text: Hello.}]\n",
            "texts/de.yaml": "dialog/hello:steps.greet.text: 'Hallo {{ custmer.name }}'\n",
        },
    )
    assert [problem.code for problem in compile_layer(folder).problems] == ["E402"]


def test_the_help_never_repeats_a_typo_as_the_thing_to_write(tmp_path: Path) -> None:
    queue = "define: work_queue/card_ops\nlabel: Cards\n"
    wrong = REQUEST.replace("fields: [topic]", "fields: [topik], assign: {queue: card_opps}")
    found = {each.code: each for each in compiled(tmp_path, CUSTOMER, PAGE, MASTER, wrong, queue).problems}
    field, name = found["E503"], found["E502"]
    assert field.help == "write 'topic'; or declare data: topik: {type: text}"
    assert name.message.endswith("-> there is no work_queue/card_opps; did you mean 'card_ops'?")
    assert name.help == "write card_ops; or define work_queue/card_opps in a file of its own"


def test_a_mistake_in_a_translation_is_told_where_it_is_written(tmp_path: Path) -> None:
    german = "case_type/request:stages.capture.steps.thanks.text: |\n\n  Danke,\n  {{ customer.nam }}\n"
    rules = {"customer.yaml": CUSTOMER, "page.yaml": PAGE, "master.yaml": MASTER, "request.yaml": REQUEST}
    folder = write_layer(tmp_path / "own", {**rules, "texts/de.yaml": german})
    found = [problem for problem in compile_layer(folder).problems if problem.is_error]
    assert [problem.message for problem in found] == ["'customer' has no field 'nam'; did you mean 'name'?"]
    at = found[0].span
    assert (Path(at.path).name, at.line, at.column, at.layer) == ("de.yaml", 4, 15, "own@1.0.0")
