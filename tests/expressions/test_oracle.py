"""Where the language is CEL, it gives what the reference implementation gives: values equal, errors where it errs."""

from __future__ import annotations

from typing import Any

import pytest
from cel_expr_python import cel
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.expressions import BOOLEAN, INTEGER, TEXT, Scope, compile_expression, list_of
from casewright.values import Span

LEAVES = {
    "integer": ["i", "j", "0", "1", "7", "-3", "9223372036854775807", "l[0]", "size(l)", "s.size()"],
    "text": ["s", "t", '"VIP"', "'a'", '""', '"a\\n\\"b\\u00e9"'],
    "boolean": ["b", "c", "true", "false"],
    "list": ["l", "[1, 2, 3]", "[i, j]"],
}


def _level(inner: dict[str, st.SearchStrategy[str]]) -> dict[str, st.SearchStrategy[str]]:
    def form(template: str, *kinds: str) -> st.SearchStrategy[str]:
        return st.tuples(*(inner[kind] for kind in kinds)).map(lambda parts: template.format(*parts))

    whole, text, truth, many = "integer", "text", "boolean", "list"
    grown = {
        whole: st.one_of(
            *(form(f"{{}} {mark} {{}}", whole, whole) for mark in "+-*/%"),
            *(form(f"({{}} {mark} {{}})", whole, whole) for mark in "+-*/%"),
            form("-({})", whole),
            form("({} ? {} : {})", truth, whole, whole),
            form("{}[{}]", many, whole),
            form("size({} + {})", text, text),
        ),
        text: form("({} + {})", text, text) | form("({} ? {} : {})", truth, text, text),
        truth: st.one_of(
            form("{} && {}", truth, truth),
            form("{} || {}", truth, truth),
            form("({} && {} || {})", truth, truth, truth),
            form("!({})", truth),
            form("({} ? {} : {})", truth, truth, truth),
            *(form(f"({{}} {mark} {{}})", whole, whole) for mark in ("<", "<=", ">", ">=", "==", "!=")),
            *(form(f"({{}} {mark} {{}})", text, text) for mark in ("<", ">=", "==", "!=")),
            form("({} == {})", many, many),
            form("({} in {})", whole, many),
            form("({}).contains({})", text, text),
            form("({}).startsWith({})", text, text),
            form("({}).endsWith({})", text, text),
            form('({}).matches("^a?.$")', text),
            form("{}.all(n, n / {} > 0)", many, whole),
            form("{}.exists(n, {} / n > 0)", many, whole),
            form("{}.exists_one(n, n < {})", many, whole),
        ),
        many: st.one_of(
            form("{}.map(n, n + {})", many, whole),
            form("{}.filter(n, n < {})", many, whole),
            form("({} + {})", many, many),
        ),
    }
    return {kind: inner[kind] | grown[kind] for kind in inner}


def _expressions() -> st.SearchStrategy[str]:
    level = {kind: st.sampled_from(texts) for kind, texts in LEAVES.items()}
    for _ in range(3):
        level = _level(level)
    return st.one_of(*level.values())


ROOTS = st.fixed_dictionaries(
    {
        "i": st.sampled_from([0, 1, -1, 7, 2**63 - 1, -(2**63)]),
        "j": st.integers(-3, 3),
        "s": st.sampled_from(["", "a", "VIP", "a\nb"]),
        "t": st.sampled_from(["", "a", "é"]),
        "b": st.booleans(),
        "c": st.booleans(),
        "l": st.lists(st.integers(-2, 3), max_size=4),
    }
)


@pytest.fixture(scope="module")
def reference() -> Any:
    kinds = dict.fromkeys("ij", cel.Type.INT) | dict.fromkeys("st", cel.Type.STRING)
    kinds |= {"b": cel.Type.BOOL, "c": cel.Type.BOOL, "l": cel.Type.List(cel.Type.INT)}
    environment = cel.NewEnv(variables=kinds)
    return lambda text, roots: environment.compile(text).eval(data=roots)


@settings(max_examples=300, deadline=None)
@given(text=_expressions(), roots=ROOTS)
def test_the_common_subset_gives_what_the_reference_gives(text: str, roots: dict[str, Any], reference: Any) -> None:
    types = dict.fromkeys("ij", INTEGER) | dict.fromkeys("st", TEXT)
    scope = Scope(types | {"b": BOOLEAN, "c": BOOLEAN, "l": list_of(INTEGER)})
    found, problems = compile_expression(text, scope, at=Span("x"))
    assert found is not None, (text, problems)
    wanted = reference(text, roots)
    value = found.evaluate(roots)
    if wanted.type() == cel.Type.ERROR:
        assert value is None, (text, wanted)
        assert found.explain(roots).is_fault
    else:
        value = list(value) if isinstance(value, tuple) else value
        assert (value, type(value)) == (wanted.plain_value(), type(wanted.plain_value())), text
