"""How a text is read: precedence, forms of literals, places; and that nothing an author types can break it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.expressions import (
    Scope,
    compile_condition,
    compile_expression,
    compile_test,
    compile_text,
    named,
    strict_scope,
)
from casewright.expressions.parser import parse
from casewright.expressions.syntax import (
    And,
    Call,
    Coalesce,
    Equality,
    Has,
    If,
    ListOf,
    Literal,
    Macro,
    MapOf,
    Name,
    Not,
    Or,
    Select,
    Syntax,
    Within,
    walk,
)
from casewright.values import Span


def shape(node: Syntax) -> str:
    """The tree with all its brackets."""
    match node:
        case Literal():
            return str(node.value)
        case Name():
            return node.name
        case Select():
            return f"{shape(node.operand)}.{node.field}"
        case Call():
            return f"({' '.join([node.name, *map(shape, node.arguments)])})"
        case Equality():
            return f"({'!=' if node.negated else '=='} {shape(node.left)} {shape(node.right)})"
        case Within():
            return f"(in {shape(node.item)} {shape(node.collection)})"
        case Not():
            return f"(not {shape(node.operand)})"
        case And() | Or() | Coalesce():
            return f"({type(node).__name__.lower()} {' '.join(map(shape, node.terms))})"
        case If():
            return f"(if {shape(node.condition)} {shape(node.then)} {shape(node.otherwise)})"
        case ListOf():
            return f"[{' '.join(map(shape, node.items))}]"
        case MapOf():
            pairs = zip(node.keys, node.items, strict=True)
            return f"{{{' '.join(f'{shape(key)}:{shape(item)}' for key, item in pairs)}}}"
        case Has():
            return f"(has {shape(node.selection)})"
        case Macro():
            condition = f" {shape(node.condition)}" if node.condition else ""
            return f"({node.name} {shape(node.target)} {node.variable}{condition} {shape(node.body)})"
    raise AssertionError(node)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a + b * c", "(+ a (* b c))"),
        ("(a + b) * c", "(* (+ a b) c)"),
        ("a - b - c", "(- (- a b) c)"),
        ("a / b % c", "(% (/ a b) c)"),
        ("-a.b", "(- a.b)"),
        ("- a * b", "(* (- a) b)"),
        ("a - -1", "(- a -1)"),
        ("!a == b", "(== (not a) b)"),
        ("not a == b", "(not (== a b))"),
        ("not a and b", "(and (not a) b)"),
        ("not not a", "(not (not a))"),
        ("a and not b > c", "(and a (not (> b c)))"),
        ("a == not b", "(== a (not b))"),
        ("a or b and c", "(or a (and b c))"),
        ("a && b && c", "(and a b c)"),
        ("(a && b) && c", "(and (and a b) c)"),
        ("a || b or c", "(or a b c)"),
        ("a + b > c && d", "(and (> (+ a b) c) d)"),
        ("a ? b : c ? d : e", "(if a b (if c d e))"),
        ("a ? b ? c : d : e", "(if a (if b c d) e)"),
        ("a or b ? c : d", "(if (or a b) c d)"),
        ("a in [b, c]", "(in a [b c])"),
        ("a not in b", "(not (in a b))"),
        ("not a in b", "(not (in a b))"),
        ("a.b.c(d)", "(c a.b d)"),
        ("a[0].b", "([] a 0).b"),
        ("a.in", "a.in"),
        ("f(a, b,)", "(f a b)"),
        ("{a: b, c: d}", "{a:b c:d}"),
        ("has(a.b)", "(has a.b)"),
        ("a.all(x, x > 1)", "(all a x (> x 1))"),
        ("a.map(x, x > 1, x)", "(map a x (> x 1) x)"),
        ("all(a)", "(all a)"),
        ("a?.b.orValue(c)", "(coalesce a.b c)"),
        ("coalesce(a, b)", "(coalesce a b)"),
        ("a.?b.c", "a.b.c"),
        ("a[?b]", "([?] a b)"),
        ('a[?"k"].or(c)', "(coalesce ([?] a k) c)"),
        ("a[?(b + c)]", "([?] a (+ b c))"),
        ("a[?]", "([] a ?)"),
        ("a[? - 1]", "([] a (- ? 1))"),
        ("a[? in b ? 0 : 1]", "([] a (if (in ? b) 0 1))"),
        ("a[?.b]", "([] a ?.b)"),
        ("a ?.5 : .2", "(if a 0.5 0.2)"),
        ("a.`b-c/d.e`", "a.b-c/d.e"),
        ("a.b.hasValue()", "(has a.b)"),
        ("a.optMap(x, x + 1)", "(optMap a x (+ x 1))"),
        ("optional.of(a).or(optional.none())", "(coalesce (optional.of a) (optional.none))"),
        ("lists.range(a)", "(lists.range a)"),
        ("lists.size()", "(size lists)"),
        ("? > 1", "(> ? 1)"),
        ("?.size()", "(size ?)"),
        ("a // the rest is a remark\n + b", "(+ a b)"),
    ],
)
def test_operators_bind_as_in_cel_and_words_as_in_english(text: str, tree: str) -> None:
    assert shape(parse(text)) == tree


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("100", 100),
        ("0.10", Decimal("0.10")),
        (".5", Decimal("0.5")),
        ("1e3", Decimal("1E+3")),
        ("0xff", 255),
        ("-9223372036854775808", -(2**63)),
        ("'a\"b'", 'a"b'),
        ('"\\x41\\u0042\\U00000043\\104\\n\\\\"', "ABCD\n\\"),
        ("r'\\d'", "\\d"),
        ("'''a\n'b'''", "a\n'b"),
        ("true", True),
        ("null", None),
    ],
)
def test_a_literal_is_exactly_what_is_written(text: str, value: object) -> None:
    node = parse(text)
    assert isinstance(node, Literal)
    assert (node.value, type(node.value)) == (value, type(value))


def test_a_node_knows_its_text() -> None:
    text = "not (a + b) > 2 and f(x, [1]).c"
    found = [text[node.start : node.end] for node in walk(parse(text))]
    assert found == [
        text,
        "not (a + b) > 2",
        "(a + b) > 2",
        "a + b",
        "a",
        "b",
        "2",
        "f(x, [1]).c",
        "f(x, [1])",
        "x",
        "[1]",
        "1",
    ]


WORDS = [
    *("customer", ".", "segment", "amount", "name", "tags", "(", ")", "[", "]", "{", "}", ",", ":", "?", "?."),
    *("+", "-", "*", "/", "%", "<", "<=", ">", "==", "!=", "=", "&&", "||", "!", "and", "or", "not", "in", "..", "|"),
    *("1", "0", "2.5", '"a"', "'", '"', "\\", "true", "null", "has", "all", "x", "size", "date", "matches", "coalesce"),
    *(
        ".?",
        "`a b`",
        "`",
        "optMap",
        "optional",
        ".of(",
        ".hasValue()",
        "lists",
        ".range(",
        "1u",
        "double",
        "format",
        "or(",
    ),
    *("$now", "@", "é", "\n", "//", "{{", "}}", "null", "not(", "9" * 25, "1e99"),
]


@settings(max_examples=400, deadline=None)
@given(words=st.lists(st.sampled_from(WORDS), max_size=12), glue=st.sampled_from(["", " "]))
def test_nothing_that_an_author_types_breaks_anything(words: list[str], glue: str, compile_all: Any) -> None:
    for found, problems in compile_all(glue.join(words)):
        assert (found is None) == bool(problems)
        assert all(problem.code.startswith("E4") and problem.message for problem in problems)


@pytest.fixture(scope="module")
def compile_all(scope: Scope) -> Callable[[str], list[Any]]:
    at = Span("rule.yaml")
    strict = strict_scope(scope.roots)
    types = [named(name) for name in ("text", "integer", "date", "duration", "boolean")]

    def compiled(text: str) -> list[Any]:
        found: list[Any] = [
            compile(text, scope, at=at) for compile in (compile_expression, compile_condition, compile_text)
        ]
        found.append(compile_expression(text, strict, at=at))
        return found + [compile_test(text, type_, scope, at=at) for type_ in types if type_]

    return compiled


def test_walking_goes_through_every_field_that_holds_a_node() -> None:
    text = "has(a.b) ? [x, {'k': y}].map(v, v in z, v + 1) : coalesce(p == q, not (r or s), t)"
    assert [node.name for node in walk(parse(text)) if isinstance(node, Name)] == list("axyvvzpqrst")


def test_an_expression_that_ends_behind_a_word_says_what_to_do_with_it() -> None:
    found, (problem,) = compile_condition("amount > 1 and", Scope({"amount": named("integer")}), at=Span("here"))
    assert found is None
    assert problem.message == "the expression ends too early: expected a value"
    assert problem.help == "write what stands behind 'and', or take it out"
