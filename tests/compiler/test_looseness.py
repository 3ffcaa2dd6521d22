"""How much of a rule has no known type, and what several case types offer together."""

from __future__ import annotations

from pathlib import Path

from tests.compiler.writing import compiled

CARD = """
define: case_type/card
data:
  answer: {type: choice, options: [yes, no]}
  amount: {type: money, required: true}
stages: [{id: only, steps: [{id: route, do: collect, fields: [amount], assign: {routing: desk}}]}]
"""
LOAN = """
define: case_type/loan
data:
  answer: {type: choice, options: [yes, later]}
  amount: {type: text}
stages: [{id: only, steps: [{id: route, do: collect, fields: [amount], assign: {routing: desk}}]}]
"""


def routing(when: str) -> str:
    return f"define: routing/desk\nroutes: [{{id: one, when: '{when}', role: csr}}, {{id: rest, role: csr}}]"


def loose(folder: Path, when: str) -> dict[str, int]:
    found = compiled(folder, "define: role/csr", CARD, LOAN, routing(when))
    assert [problem.code for problem in found.problems] == []
    return {str(name): each.loose for (name, _), each in found.lowered.items() if each.loose}


def test_an_operator_on_fields_of_several_types_is_counted(tmp_path: Path) -> None:
    assert loose(tmp_path, 'case.amount == "x" and case.amount != null') == {"routing/desk": 1}


def test_the_choices_of_several_case_types_are_one_with_the_options_of_all(tmp_path: Path) -> None:
    assert loose(tmp_path, 'case.answer == "later" or case.answer == "no"') == {}


def test_an_option_of_neither_is_refused(tmp_path: Path) -> None:
    found = compiled(tmp_path, "define: role/csr", CARD, LOAN, routing('case.answer == "latter"'))
    assert [problem.message for problem in found.problems] == ["\"latter\" is not an option; did you mean 'later'?"]
