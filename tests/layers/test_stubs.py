"""A stub leads to the one value that is to change, and can be pasted as it stands."""

from decimal import Decimal

import pytest

from casewright.layers.shapes import Shape, shape_of
from casewright.layers.stubs import override_stub, parts_stub, yaml_scalar
from casewright.source import Formula, Node, SourceFile, read
from casewright.values import Duration, RuleName

SHAPE = shape_of(
    {
        "type": "object",
        "properties": {
            "label": {"type": "string"},
            "skills": {"type": "array", "x-merge": "set", "items": {"type": "string"}},
            "notes": {"type": "array", "items": {"type": "string"}},
            "sla": {"type": "object", "additionalProperties": {"type": "string"}},
            "steps": {
                "type": "array",
                "x-merge": {"key": "id"},
                "items": {"type": "object", "properties": {"id": {"type": "string"}, "text": {"type": "string"}}},
            },
        },
    }
)
NAME = RuleName("dialog", "greeting")
BODY = """\
label: "Which card?"
skills: [billing]
notes: [a, b]
sla: {goal: 2d, deadline: 4d}
steps: [{id: greet, text: "Hello, {{ customer.name }}"}, {id: bye, text: Bye}]
"""


def node(text: str) -> Node:
    found, problems = read(text, SourceFile("x.yaml"))
    assert found is not None
    assert problems == ()
    return found


def stub(path: str, name: RuleName = NAME, shape: Shape = SHAPE) -> list[str]:
    return override_stub(name, path, node(BODY), shape).splitlines()[1:]


@pytest.mark.parametrize(
    ("path", "lines"),
    [
        ("label", ['label: "Which card?"']),
        ("sla.goal", ["sla:", "  goal: 2d"]),
        ("sla", ["sla: {goal: 2d, deadline: 4d}"]),
        ("steps.greet.text", ["steps:", "  - id: greet", '    text: "Hello, {{ customer.name }}"']),
        ("steps.bye", ["steps:", "  - id: bye"]),
        ("notes", ["notes: [a, b]"]),
        ("skills", ["skills: {$append: [...]}"]),
        ("steps", ["steps:", "  - {id: new, $after: bye, ...}"]),
        ("missing.path", ["missing:", "  path: ..."]),
    ],
)
def test_a_stub_goes_down_to_the_value(path: str, lines: list[str]) -> None:
    assert stub(path) == lines


def test_the_first_lines_name_the_variant_and_the_class() -> None:
    assert override_stub(RuleName("dialog", "greeting", "work", "vip"), "label", node(BODY), SHAPE).splitlines()[
        :2
    ] == [
        "extend: dialog/greeting@vip",
        "for: work",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        ("two words", "two words"),
        ("yes", '"yes"'),
        ("12", '"12"'),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        ("a, b", '"a, b"'),
        ('say "hi"', 'say "hi"'),
        ('"hi"', '"\\"hi\\""'),
        ("two\nlines", '"two\\nlines"'),
        ("", '""'),
        (Formula("case.card.id"), "=case.card.id"),
        (Formula("{a: 1}"), '"={a: 1}"'),
        (None, "null"),
        (True, "true"),
        (Decimal("1.50"), "1.50"),
        (Duration(business_days=3), "3bd"),
    ],
)
def test_a_scalar_is_quoted_where_yaml_would_read_something_else(value: object, text: str) -> None:
    assert yaml_scalar(value) == text


def test_an_item_that_is_not_there_has_in_its_stub_what_it_needs_to_be_there() -> None:
    shape = shape_of(
        {
            "type": "object",
            "properties": {
                "steps": {
                    "type": "array",
                    "x-merge": {"key": "id"},
                    "items": {
                        "type": "object",
                        "properties": {"id": {"type": "string"}},
                        "required": ["id", "do"],
                        "x-discriminator": "do",
                        "x-choices": {"say": {"type": "object", "properties": {"text": {"type": "string"}}}},
                    },
                }
            },
        }
    )
    assert stub("steps.removed", shape=shape) == ["steps:", "  - id: removed", "    do: ..."]


def test_the_lines_of_several_paths_stand_together_and_take_out_what_is_gone() -> None:
    paths = ["label", "sla.goal", "sla.late", "steps.gone", "steps.greet.text", "steps.bye"]
    assert parts_stub(node(BODY), SHAPE, paths) == [
        'label: "Which card?"',
        "sla:",
        "  goal: 2d",
        "  $unset: [late]",
        "steps:",
        "  - {id: gone, $remove: true}",
        "  - id: greet",
        '    text: "Hello, {{ customer.name }}"',
        "  - {id: bye, text: Bye}",
    ]
