"""A question that is put to a layer reads what a rule in its place could read."""

from __future__ import annotations

from pathlib import Path

import pytest

from casewright.compiler.asking import scope_of
from casewright.errors import UnknownRule
from tests.compiler.writing import compiled

REQUEST = """\
define: case_type/request
label: A request
data: {topic: {type: choice, options: [card, account]}}
stages: [{id: hear, steps: [{id: topic, do: collect, fields: [topic]}]}]
"""
COMPLAINT = """\
define: case_type/complaint
label: A complaint
data: {topic: {type: text}, severe: {type: boolean}}
stages: [{id: hear, steps: [{id: topic, do: collect, fields: [topic]}]}]
"""


def test_a_case_type_offers_its_own_fields(tmp_path: Path) -> None:
    found = compiled(tmp_path, REQUEST, COMPLAINT)
    case = scope_of(found, "request").names.roots["case"]
    assert case.fields["topic"].options == ("card", "account")
    assert "severe" not in case.fields


def test_without_a_case_type_the_fields_of_all_are_offered(tmp_path: Path) -> None:
    case = scope_of(compiled(tmp_path, REQUEST, COMPLAINT)).names.roots["case"]
    assert (case.fields["topic"].kind, case.fields["severe"].kind) == ("text", "boolean")


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("{type: choice, options: [a, b]}", "{type: text}", "text"),
        ("{type: id}", "{type: email}", "text"),
        ("{type: choice, options: [a]}", "{type: choice, options: [b]}", "choice"),
        ("{type: text}", "{type: integer}", "dynamic"),
    ],
)
def test_a_field_of_several_case_types_is_a_text_where_all_of_them_are(
    one: str, other: str, shared: str, tmp_path: Path
) -> None:
    rules = [f"define: case_type/{name}\ndata: {{topic: {type_}}}\n" for name, type_ in (("x", one), ("y", other))]
    case = scope_of(compiled(tmp_path, *rules)).names.roots["case"]
    assert case.fields["topic"].kind == shared


def test_a_case_type_that_is_not_there_or_not_sound_is_refused(tmp_path: Path) -> None:
    found = compiled(tmp_path, REQUEST, COMPLAINT.replace("label:", "labbel:"))
    with pytest.raises(UnknownRule, match="there is no case_type/requst; did you mean 'request'"):
        scope_of(found, "requst")
    with pytest.raises(UnknownRule, match="case_type/complaint has errors of its own"):
        scope_of(found, "complaint")
