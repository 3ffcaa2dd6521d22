"""One mistake, one message: what follows from a rule that cannot be read or used is not told."""

from __future__ import annotations

from pathlib import Path

from casewright.compiler.pipeline import compile_layer
from tests.compiler.test_pipeline import CUSTOMER, MASTER, PAGE, REQUEST
from tests.compiler.writing import compiled, lines, write_layer

LETTER = """\
    define: correspondence/letter
    channel: sms
    body: "About {{ case.topic }}"
    """
CHILD = """\
    define: case_type/card_request
    is_a: request
    data: {card: {type: text}}
    stages:
      - id: capture
        steps:
          - {id: thanks, do: note, text: "{{ case.topic }}"}
    """


def test_a_file_that_cannot_be_read_is_the_only_thing_told(tmp_path: Path) -> None:
    found = compiled(tmp_path, CUSTOMER + "  broken: [\n", PAGE, MASTER, REQUEST, LETTER, CHILD)
    assert [line.partition(" not ")[0] for line in lines(found)] == ["rule_1.yaml:8 E110"]


def test_a_file_of_unknown_kind_holds_back_what_its_name_may_stand_for(tmp_path: Path) -> None:
    rules = {"request.yaml": "a: [", "child.yaml": CHILD, "letter.yaml": LETTER}
    found = compile_layer(write_layer(tmp_path / "own", rules))
    assert [line[:15] for line in lines(found)] == ["request.yaml:1 "]


def test_the_rules_that_name_an_unsound_type_are_not_blamed(tmp_path: Path) -> None:
    wrong = CUSTOMER.replace("page: D_Customer", "pages: D_Customer")
    found = compiled(tmp_path, wrong, PAGE, MASTER, REQUEST + "    # the end\n")
    assert lines(found) == ["rule_1.yaml:2 E105 unknown key 'pages'; did you mean 'page'?"]


def test_an_unsound_case_type_holds_back_what_its_children_and_letters_read(tmp_path: Path) -> None:
    wrong = REQUEST.replace("data:\n", "dat:\n")
    found = compiled(tmp_path, CUSTOMER, PAGE, MASTER, wrong, CHILD, LETTER)
    assert lines(found) == ["rule_4.yaml:3 E105 unknown key 'dat'; did you mean 'data'?"]


def test_a_sound_case_type_lets_all_be_told(tmp_path: Path) -> None:
    found = compiled(tmp_path, CUSTOMER, PAGE, MASTER, REQUEST, LETTER.replace("topic", "topik"))
    assert lines(found) == ["rule_5.yaml:3 E403 'case' has no field 'topik'; did you mean 'topic'?"]


def test_an_extension_of_a_file_that_cannot_be_read_is_not_blamed(tmp_path: Path) -> None:
    low = write_layer(tmp_path / "low", {"request.yaml": "define: case_type/request\nlabel: [\n"})
    high = write_layer(tmp_path / "high", {"request.yaml": "extend: case_type/request\nlabel: x\n"}, built_on="low")
    assert low.is_dir()
    assert [line[:20] for line in lines(compile_layer(high))] == ["request.yaml:3 E110 "]


def test_nothing_is_read_under_a_layer_that_is_wrong(tmp_path: Path) -> None:
    own = write_layer(tmp_path / "own", {"a.yaml": "extend: case_type/request\nlabel: x\n"}, built_on="servise")
    found = compile_layer(own)
    assert [line.partition(",")[0] for line in lines(found)] == ["layer.yaml:3 E121 layer 'own' is built on 'servise'"]
    assert found.layers.source(found.problems[0].span.path) is not None


def test_a_class_whose_parent_is_blocked_is_told_so(tmp_path: Path) -> None:
    write_layer(tmp_path / "low", {"request.yaml": REQUEST.replace("context", "#")})
    write_layer(tmp_path / "mid", {"block.yaml": "block: case_type/request\n"}, built_on="low")
    high = write_layer(tmp_path / "high", {"child.yaml": CHILD}, built_on="mid")
    (problem,) = [each for each in compile_layer(high).problems if each.code == "E501"]
    assert problem.message == "is_a -> case_type/request is blocked by [mid@1.0.0]"
    assert (Path(problem.span.path).name, problem.span.line) == ("child.yaml", 2)
    assert problem.help == "name another case_type, or remove the block"


def test_every_place_of_every_problem_is_in_a_file(tmp_path: Path) -> None:
    """A rule that only an extension for a class speaks of has its head from the rule that it extends."""
    write_layer(tmp_path / "low", {"request.yaml": CHILD.replace("    is_a: request\n", "").replace("topic", "card")})
    event = """\
        define: trigger/yearly
        every: "0 6 1 1 *"
        start: {case_type: card_request, with: {cart: x}}
        """
    bound = "extend: trigger/yearly\nfor: card_request\nwhen: true\n"
    high = write_layer(tmp_path / "high", {"event.yaml": event, "bound.yaml": bound}, built_on="low")
    problems = compile_layer(high).problems
    assert problems
    assert all(span.path for each in problems for span in (each.span, *(other.span for other in each.related)))
    found = compile_layer(high).layers
    assert all(found.resolve(name).head.span.path for name in found.names())


def test_what_follows_from_a_second_file_of_a_rule_is_not_told(tmp_path: Path) -> None:
    """The file that is left out may be the one that defines it."""
    extension = "extend: case_type/card_request\nis: x\n"
    caller = """\
        define: case_type/other
        stages:
          - id: a
            steps:
              - {id: child, do: create, case_type: card_request, with: {crd: x}}
        """
    rules = {"a.yaml": extension, "b.yaml": CHILD, "c.yaml": REQUEST, "d.yaml": caller}
    below = {"customer.yaml": CUSTOMER, "page.yaml": PAGE, "master.yaml": MASTER}
    found = compile_layer(write_layer(tmp_path / "own", {**rules, **below}))
    assert [line[:15] for line in lines(found)] == ["a.yaml:2 E105 u", "b.yaml:1 E102 c"]
