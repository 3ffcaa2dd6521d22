"""Texts in other languages lie over the leaves that people read, and say when they are missing, stale or of nothing."""

from pathlib import Path

import pytest

from casewright.layers.files import Layer
from casewright.layers.shapes import shape_of
from casewright.layers.texts import (
    Text,
    digest_of,
    laid_over,
    missing_texts,
    orphan_text,
    read_texts,
    stacked,
    stale_texts,
    text_leaves,
    texts_for,
)
from casewright.source import Node, SourceFile, read
from casewright.values import RuleName

SHAPE = shape_of(
    {
        "type": "object",
        "properties": {
            "label": {"type": "string", "x-translate": True},
            "pass_mark": {"type": "integer"},
            "steps": {
                "type": "array",
                "x-merge": {"key": "id"},
                "items": {
                    "type": "object",
                    "properties": {"id": {"type": "string"}},
                    "x-discriminator": "do",
                    "x-choices": {
                        "say": {"type": "object", "properties": {"text": {"type": "string", "x-holds": "text"}}}
                    },
                },
            },
            "data": {
                "type": "object",
                "additionalProperties": {
                    "type": "object",
                    "properties": {"label": {"type": "string", "x-translate": True}},
                },
            },
            "hints": {"type": "array", "items": {"type": "string", "x-translate": True}},
        },
    }
)
GREETING = RuleName("dialog", "greeting")
VIP = RuleName("dialog", "greeting", variant="vip")
BODY = """
label: Greeting
pass_mark: 60
steps:
  - {id: greet, do: say, text: "Hello {{ customer.name }}"}
  - {id: echo, do: say, text: "{{ customer.name }}"}
data: {card: {label: "Which card?"}}
hints: [Be kind]
"""


def node(text: str, layer: str = "service@1.0", path: str = "greeting.yaml") -> Node:
    found, problems = read(text, SourceFile(path, layer))
    assert found is not None
    assert problems == ()
    return found


def leaves(body: Node) -> dict[str, Node]:
    return dict(text_leaves(body, SHAPE))


def texts(content: str, layer: str = "acme@1.0") -> tuple[Text, ...]:
    found, problems = read_texts(content.encode(), SourceFile("texts/de.yaml", layer))
    assert problems == ()
    return found


def by_place(*found: Text) -> dict[tuple[RuleName, str], Text]:
    return {(text.rule, text.path): text for text in found}


def test_texts_are_the_leaves_whose_shape_holds_text_or_is_translated() -> None:
    assert list(leaves(node(BODY))) == ["label", "steps.greet.text", "steps.echo.text", "data.card.label", "hints.0"]


def test_a_text_lies_over_its_leaf_and_the_place_stays() -> None:
    body = node(BODY)
    found = texts_for(
        [(GREETING, leaves(body))],
        by_place(
            *texts('dialog/greeting:steps.greet.text: "Hallo {{ customer.name }}"\ndialog/greeting:hints.0: Freundlich')
        ),
    )
    german = laid_over(body, SHAPE, found)

    assert german.plain() == {
        **body.plain(),
        "steps": [{"id": "greet", "do": "say", "text": "Hallo {{ customer.name }}"}, body.plain()["steps"][1]],
        "hints": ["Freundlich"],
    }
    assert leaves(german)["steps.greet.text"].span == leaves(body)["steps.greet.text"].span


def test_a_variant_uses_the_text_of_its_base_where_it_left_the_place_as_it_was() -> None:
    base = node(BODY)
    changed = dict(leaves(base))
    changed["label"] = node("label: Welcome back", path="greeting.vip.yaml").value["label"]
    german = by_place(*texts("dialog/greeting:label: Gruss\ndialog/greeting:data.card.label: Welche Karte?"))
    found = texts_for([(VIP, changed), (GREETING, leaves(base))], german)
    assert {path: text.text for path, text in found.items()} == {"data.card.label": "Welche Karte?"}


def test_a_text_of_the_variant_itself_goes_first() -> None:
    base = node(BODY)
    german = by_place(*texts("dialog/greeting:label: Gruss\ndialog/greeting@vip:label: Willkommen"))
    found = texts_for([(VIP, leaves(base)), (GREETING, leaves(base))], german)
    assert found["label"].text == "Willkommen"


def test_a_text_speaks_of_the_rule_for_every_class_unless_it_names_one() -> None:
    bound = RuleName("dialog", "greeting", "dispute")
    german = by_place(*texts("dialog/greeting:label: Gruss\ndialog/greeting for dispute:label: Zum Streitfall"))
    body = leaves(node(BODY))
    assert texts_for([(bound, body)], german)["label"].text == "Zum Streitfall"
    assert texts_for([(GREETING, body)], german)["label"].text == "Gruss"
    assert texts_for([(RuleName("dialog", "greeting", "other"), body)], german)["label"].text == "Gruss"


def test_the_text_of_a_higher_layer_holds() -> None:
    service, acme = Layer("service", "1.0", Path("s")), Layer("acme", "1.0", Path("a"), below=frozenset({"service"}))
    low, high = texts("dialog/greeting:label: A", "service@1.0"), texts("dialog/greeting:label: B", "acme@1.0")
    found, problems = stacked([(service, low), (acme, high)])
    assert (found[GREETING, "label"].text, problems) == ("B", ())


def test_layers_of_equal_rank_must_agree_on_a_text() -> None:
    one, other = Layer("one", "1.0", Path("a")), Layer("two", "1.0", Path("b"))
    first, second = texts("dialog/greeting:label: A", "one@1.0"), texts("dialog/greeting:label: B", "two@1.0")
    _, (problem,) = stacked([(one, first), (other, second)])
    assert problem.code == "E230"
    assert problem.message == "[one@1.0] and [two@1.0] have equal rank and give 'dialog/greeting:label' different texts"
    _, none = stacked([(one, first), (other, texts("dialog/greeting:label: A", "two@1.0"))])
    assert none == ()


def test_missing_texts_are_listed_once_for_a_rule_with_the_lines_to_paste() -> None:
    body = leaves(node(BODY))
    found = texts_for([(GREETING, body)], by_place(*texts("dialog/greeting:label: Gruss\ndialog/greeting:hints.0: x")))
    (problem,) = missing_texts(GREETING, body, found, "de")
    assert (problem.code, problem.span.line) == ("W340", 5)
    assert problem.message == "dialog/greeting has no 'de' text for steps.greet.text, data.card.label"
    assert problem.help.splitlines() == [
        "write into texts/de.yaml of your layer:",
        f"dialog/greeting:steps.greet.text: {{text: ..., of: {digest_of('Hello {{ customer.name }}')}}}",
        f"dialog/greeting:data.card.label: {{text: ..., of: {digest_of('Which card?')}}}",
    ]


def test_a_text_whose_source_changed_is_stale() -> None:
    body = leaves(node(BODY))
    content = f"dialog/greeting:label: {{text: Gruss, of: {digest_of('Greetings')}}}"
    (problem,) = stale_texts(body, texts_for([(GREETING, body)], by_place(*texts(content))), {})
    assert (problem.code, problem.span.path) == ("W341", "texts/de.yaml")
    assert problem.message == "the source of 'dialog/greeting:label' is no longer the one that this text is of"
    assert problem.related[0].span == body["label"].span
    assert problem.help.endswith(f"`dialog/greeting:label: {{text: ..., of: {digest_of('Greeting')}}}`")


def test_a_text_of_the_source_as_it_is_is_not_stale() -> None:
    body = leaves(node(BODY))
    content = f"dialog/greeting:label: {{text: Gruss, of: {digest_of('Greeting')}}}"
    assert stale_texts(body, texts_for([(GREETING, body)], by_place(*texts(content))), {}) == ()


def test_a_text_below_the_layer_that_rewrote_its_source_is_stale() -> None:
    body = leaves(node(BODY, layer="acme@1.0"))
    found = texts_for([(GREETING, body)], by_place(*texts("dialog/greeting:label: Gruss", "service@1.0")))
    (problem,) = stale_texts(body, found, {"acme@1.0": frozenset({"service@1.0"})})
    assert problem.message == (
        "[acme@1.0] rewrote the source of 'dialog/greeting:label', and this text is of a layer below"
    )


def test_a_text_of_nothing_is_an_orphan() -> None:
    (text,) = texts("dialog/greting:label: Gruss")
    problem = orphan_text(text, ["dialog/greeting"], None)
    assert (problem.code, problem.message) == (
        "W342",
        "'dialog/greting:label' is for a rule that no layer has; did you mean 'dialog/greeting'?",
    )
    (text,) = texts("dialog/greeting:lable: Gruss")
    problem = orphan_text(text, [], ["label", "hints.0"])
    assert problem.message == "dialog/greeting has no text at 'lable'; did you mean 'label'?"
    assert problem.help == "its texts are label, hints.0"


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        ("label: Gruss", "E105", "'label' is no key of a text; write KIND/ID:path"),
        ("dialog/greeting:label: [a]", "E205", "a text is words, or a map of text and of"),
        ("dialog/greeting:label: {of: abc}", "E106", "text is missing"),
        ("dialog/greeting:label: {txt: a, text: b}", "E105", "a text has no 'txt'; did you mean 'text'?"),
        ("- a", "E205", "a file of texts is a map of `KIND/ID:path` to text"),
    ],
)
def test_a_file_of_texts_that_is_not_one_is_placed(content: str, code: str, message: str) -> None:
    _, problems = read_texts(content.encode(), SourceFile("texts/de.yaml"))
    assert [(problem.code, problem.message) for problem in problems] == [(code, message)]


def test_a_digest_is_short_and_of_the_text() -> None:
    assert digest_of("Greeting") == digest_of("Greeting")
    assert len(digest_of("Greeting")) == 12
    assert digest_of("Greeting") != digest_of("greeting")
