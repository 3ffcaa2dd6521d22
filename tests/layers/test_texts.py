"""Texts in other languages lie over the leaves that people read, and say when they are missing, stale or of nothing."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from casewright.layers.files import Layer
from casewright.layers.index import Layers
from casewright.layers.shapes import shape_of
from casewright.layers.text_checks import check_texts, missing_texts, orphan_text, stale_texts
from casewright.layers.texts import (
    Text,
    digest_of,
    laid_over,
    languages_of,
    read_texts,
    stacked,
    text_leaves,
    texts_for,
    texts_of,
    translated,
)
from casewright.source import Node, SourceFile, read
from casewright.values import RuleName, Span

Application = Callable[[Mapping[str, str]], Layers]

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


def test_a_text_lies_over_its_leaf_with_its_own_place() -> None:
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
    assert str(leaves(german)["steps.greet.text"].span) == "texts/de.yaml:1:35"
    assert leaves(german)["label"].span == leaves(body)["label"].span


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
    assert problem.help.splitlines() == [
        "look at it again, and write into texts/de.yaml of [acme@1.0]:",
        f"dialog/greeting:label: {{text: ..., of: {digest_of('Greeting')}}}",
    ]


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


APPLICATION = {
    "service/greeting.yaml": """\
define: dialog/greeting
label: Greeting
pass_mark: 60
steps:
  - {id: greet, do: say, text: Hello}
""",
    "service/texts/de.yaml": "dialog/greeting:label: Gruss\ndialog/greeting:steps.greet.text: Hallo\n",
    "platform/segment.yaml": "define: circumstance/segment\nvalue: customer.segment\noptions: [VIP]\nlabel: Segment\n",
    "platform/texts/de.yaml": "circumstance/segment:label: Segment\n",
}
VIP_FILE = "variant: dialog/greeting@vip\ncircumstance: {segment: VIP}\nsteps: [{id: greet, text: Welcome back}]\n"


def german(layers: Layers, name: RuleName) -> Any:
    found, problems = texts_of(layers, "de")
    assert problems == ()
    return translated(layers, name, found, "de").plain()


def told(layers: Layers) -> list[tuple[str, str, int]]:
    return [(problem.code, problem.span.path, problem.span.line) for problem in check_texts(layers, "de")]


def test_the_texts_of_all_layers_are_one(application: Application) -> None:
    layers = application({**APPLICATION, "acme/texts/de.yaml": "dialog/greeting:label: Willkommen bei Acme\n"})
    assert german(layers, GREETING)["label"] == "Willkommen bei Acme"
    assert german(layers, GREETING)["steps"][0]["text"] == "Hallo"
    assert german(layers, RuleName("circumstance", "segment"))["label"] == "Segment"
    assert languages_of(layers) == ("de",)
    assert told(layers) == []


def test_a_language_without_texts_leaves_rules_as_they_are(application: Application) -> None:
    layers = application(APPLICATION)
    found, problems = texts_of(layers, "fr")
    assert (found, problems) == ({}, ())
    assert translated(layers, GREETING, found, "de") is layers.resolve(GREETING).body


def test_a_variant_needs_texts_for_what_it_says_itself_only(application: Application) -> None:
    layers = application({**APPLICATION, "acme/vip.yaml": VIP_FILE})
    (problem,) = check_texts(layers, "de")
    assert (problem.code, problem.span.path) == ("W340", "acme/vip.yaml")
    assert problem.message == "dialog/greeting@vip has no 'de' text for steps.greet.text"
    assert german(layers, VIP)["label"] == "Gruss"
    assert german(layers, VIP)["steps"][0]["text"] == "Welcome back"


def test_a_subclass_uses_the_texts_of_its_parent(application: Application) -> None:
    files = {
        "service/work.yaml": "define: case_type/work\nlabel: Work\n",
        "service/dispute.yaml": "define: case_type/dispute\nis_a: work\nsla: fast\n",
        "service/texts/de.yaml": "case_type/work:label: Arbeit\n",
    }
    layers = application(files)
    assert german(layers, RuleName("case_type", "dispute")) == {"label": "Arbeit", "sla": "fast"}
    assert told(layers) == []


def test_a_rule_for_a_class_uses_the_texts_of_the_rule_above_it(application: Application) -> None:
    files = {
        "service/work.yaml": "define: case_type/work\n",
        "service/x.yaml": "define: routing/x\nlabel: Everyone\n",
        "service/work_x.yaml": "extend: routing/x\nfor: work\nqueue: q\n",
        "service/texts/de.yaml": "routing/x:label: Alle\n",
    }
    layers = application(files)
    assert german(layers, RuleName("routing", "x", "work")) == {"label": "Alle", "queue": "q"}
    assert told(layers) == []


def test_a_text_below_an_override_of_its_source_is_stale(application: Application) -> None:
    layers = application({**APPLICATION, "acme/greeting.yaml": "extend: dialog/greeting\nlabel: Acme greeting\n"})
    (problem,) = check_texts(layers, "de")
    assert (problem.code, problem.span) == ("W341", Span("service/texts/de.yaml", 1, 1, "service@1.0.0"))
    assert problem.related[0].span.path == "acme/greeting.yaml"


def test_orphans_are_told_with_the_near_path(application: Application) -> None:
    layers = application(
        {**APPLICATION, "acme/texts/de.yaml": "dialog/greeting:steps.gret.text: Hallo\nsla/x:label: X\n"}
    )
    first, second = check_texts(layers, "de")
    assert first.message == "dialog/greeting has no text at 'steps.gret.text'; did you mean 'steps.greet.text'?"
    assert second.message == "'sla/x:label' is for a rule that no layer has"
    assert [first.code, second.code] == ["W342", "W342"]


def test_a_layer_written_in_the_language_needs_no_texts_in_it(application: Application) -> None:
    manifest = "layer: acme\nversion: 1.0.0\nlanguage: de\nbuilt_on: [service]\n"
    layers = application(
        {**APPLICATION, "acme/layer.yaml": manifest, "acme/x.yaml": "define: routing/x\nlabel: Alle\n"}
    )
    assert told(layers) == []
