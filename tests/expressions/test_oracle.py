"""Where the language is CEL, it gives what the reference implementation gives: values equal, errors where it errs.

The house's profile is compared where the two agree, strict CEL everywhere but for optionals, which the reference leaves
out here.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from cel_expr_python import cel
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.errors import ExpressionFailed
from casewright.expressions import (
    BOOLEAN,
    DOUBLE,
    DYNAMIC,
    ELAPSED,
    INTEGER,
    TEXT,
    TIMESTAMP,
    Elapsed,
    Expression,
    Scope,
    Timestamp,
    compile_expression,
    list_of,
    map_of,
    strict_scope,
)
from casewright.expressions.interpreter import Unknown
from casewright.expressions.types import kind_of
from casewright.expressions.walks import exact_outcome
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


# Strict CEL

STRICT_LEAVES = {
    "int": ["i", "j", "0", "1", "7", "-3", "9223372036854775807", "-9223372036854775808", "l[0]", "m.a", 'm["b"]'],
    "double": ["d", "e", "0.0", "1.5", "-0.0", "1e308", "9223372036854775808.0", "double(i)", "1.0 / 0.0"],
    "string": ["s", "t", '"VIP"', "'a'", '""', "r'\\n'", '"\\u00e9\\x41"', '"-12"', '"1.5"', '"2009-02-13T23:31:30Z"'],
    "bool": ["b", "c", "true", "false", "has(m.a)", "has(m.z)"],
    "list": ["l", "[1, 2, 3]", "[i, j]", "[]"],
    "map": ["m", '{"a": 1}', '{"a": i, "b": j}'],
    "at": ["at", 'timestamp("9999-12-30T23:59:59.999Z")', 'timestamp("2024-02-29T12:00:00.5+02:00")', "timestamp(0)"],
    "span": ["span", 'duration("1h30m")', 'duration("-1.5s")', 'duration("0")', 'duration("1ms")'],
    "dyn": ["x", "dyn(i)", "dyn(d)", "dyn(s)", "dyn(null)", "dyn(l)", "dyn(m)", "dyn(b)", "dyn(at)"],
}
PARTS = [
    "FullYear",
    "Month",
    "Date",
    "DayOfMonth",
    "DayOfWeek",
    "DayOfYear",
    "Hours",
    "Minutes",
    "Seconds",
    "Milliseconds",
]
ZONES = ["", '"UTC"', '"+05:45"', '"-02:30"', '"Asia/Kathmandu"', '"Europe/Berlin"']


Inner = dict[str, st.SearchStrategy[str]]
"""The expressions of each type that a larger one is made of."""


def _form(inner: Inner, template: str, *kinds: str) -> st.SearchStrategy[str]:
    return st.tuples(*(inner[kind] for kind in kinds)).map(lambda parts: template.format(*parts))


def _marks(inner: Inner, marks: str, *kinds: str) -> list[st.SearchStrategy[str]]:
    return [_form(inner, f"({{}} {mark} {{}})", *kinds) for mark in marks.split()]


def _strict_level(inner: Inner) -> Inner:
    grown = {**_strict_numbers(inner), **_strict_truths(inner), **_strict_others(inner)}
    return {kind: inner[kind] | grown[kind] for kind in inner}


def _strict_numbers(inner: Inner) -> Inner:
    form, marks = partial(_form, inner), partial(_marks, inner)

    def part(zoned: tuple[str, str]) -> str:
        return f"({{}}).get{zoned[0]}({zoned[1]})"

    parts = st.tuples(st.sampled_from(PARTS), st.sampled_from(ZONES)).map(part)
    return {
        "int": st.one_of(
            *marks("+ - * / %", "int", "int"),
            form("-({})", "int"),
            form("({} ? {} : {})", "bool", "int", "int"),
            *(form("int({})", kind) for kind in ("int", "double", "string", "at")),
            *(form("size({})", kind) for kind in ("string", "list", "map")),
            form("{}[{}]", "list", "int"),
            form("{}[{}]", "map", "string"),
            st.tuples(inner["at"], parts).map(lambda both: both[1].format(both[0])),
            *(form(f"({{}}).get{unit}()", "span") for unit in ("Hours", "Minutes", "Seconds", "Milliseconds")),
        ),
        "double": st.one_of(
            *marks("+ - * /", "double", "double"),
            form("-({})", "double"),
            *(form("double({})", kind) for kind in ("int", "double", "string")),
        ),
    }


def _strict_truths(inner: Inner) -> Inner:
    form, marks = partial(_form, inner), partial(_marks, inner)
    alike = [(kind, kind) for kind in ("int", "double", "string", "bool", "at", "span")]
    return {
        "bool": st.one_of(
            *(way for kinds in alike for way in marks("== != < <= > >=", *kinds)),
            *marks("== !=", "list", "list"),
            *marks("== !=", "map", "map"),
            *marks("== != < <= > >=", "dyn", "dyn"),
            *marks("== <", "dyn", "int"),
            *marks("== >", "double", "dyn"),
            form("{} && {}", "bool", "bool"),
            form("{} || {}", "bool", "bool"),
            form("{} || {}", "bool", "dyn"),
            form("{} && {} && {}", "dyn", "bool", "bool"),
            form("!({})", "bool"),
            form("bool({})", "string"),
            form("({} in {})", "int", "list"),
            form("({} in {})", "dyn", "list"),
            form("({} in {})", "string", "map"),
            form("({}).contains({})", "string", "string"),
            form("({}).startsWith({})", "string", "string"),
            form("{}.all(n, n / {} > 0)", "list", "int"),
            form("{}.exists(n, {} / n > 0)", "list", "int"),
            form("{}.exists_one(n, n < {})", "list", "int"),
            form("{}.exists(k, {}[k] > {})", "map", "map", "int"),
            form("(type({}) == type({}))", "dyn", "dyn"),
        ),
    }


def _strict_others(inner: Inner) -> Inner:
    form, marks = partial(_form, inner), partial(_marks, inner)
    return {
        "string": st.one_of(
            form("({} + {})", "string", "string"),
            *(form("string({})", kind) for kind in ("int", "bool", "string", "at", "span")),
            form("({} ? {} : {})", "bool", "string", "string"),
        ),
        "list": st.one_of(
            form("{}.map(n, n + {})", "list", "int"),
            form("{}.map(n, n > {}, n)", "list", "int"),
            form("{}.filter(n, n < {})", "list", "int"),
            form("({} + {})", "list", "list"),
        ),
        "map": form('{{{{"a": {}, {}: {}}}}}'.replace("{{{{", "{{").replace("}}}}", "}}"), "int", "string", "int"),
        "at": st.one_of(*marks("+ -", "at", "span"), form("timestamp({})", "int"), form("timestamp({})", "string")),
        "span": st.one_of(*marks("+ -", "span", "span"), form("({} - {})", "at", "at")),
        "dyn": st.one_of(
            form("({} + {})", "dyn", "dyn"),
            form("({} * {})", "dyn", "int"),
            form("({})[{}]", "dyn", "dyn"),
            form("dyn({})", "int"),
            form("({}).a", "dyn"),
        ),
    }


def _strict_expressions() -> st.SearchStrategy[str]:
    level = {kind: st.sampled_from(texts) for kind, texts in STRICT_LEAVES.items()}
    for _ in range(2):
        level = _strict_level(level)
    return st.one_of(*level.values())


doubles = st.sampled_from([0.0, -0.0, 1.0, 1.5, -2.5, 1e300, math.inf, math.nan, 2.0**63])
STRICT_ROOTS = st.fixed_dictionaries(
    {
        "i": st.sampled_from([0, 1, -1, 7, 2**63 - 1, -(2**63)]),
        "j": st.integers(-3, 3),
        "d": doubles,
        "e": doubles,
        "s": st.sampled_from(["", "a", "VIP", "42", "+7", "1e3", "true", "2020-13-01T00:00:00Z"]),
        "t": st.sampled_from(["", "a", "é", "F"]),
        "b": st.booleans(),
        "c": st.booleans(),
        "l": st.lists(st.integers(-2, 3), max_size=4),
        "m": st.dictionaries(st.sampled_from(["a", "b", "é"]), st.integers(-2, 3), max_size=3),
        "at": st.sampled_from([datetime(2009, 2, 13, 23, 31, 30, 123000, UTC), datetime(1969, 12, 31, 12, tzinfo=UTC)]),
        "span": st.sampled_from([timedelta(hours=30), timedelta(milliseconds=-1500), timedelta(days=200)]),
        "x": st.sampled_from([None, True, 0, 1, 1.0, "a", [1], {"a": 2}]),
    }
)
KINDS = {"i": INTEGER, "j": INTEGER, "d": DOUBLE, "e": DOUBLE, "s": TEXT, "t": TEXT, "b": BOOLEAN, "c": BOOLEAN}
STRICT_SCOPE = strict_scope(
    {**KINDS, "l": list_of(INTEGER), "m": map_of(INTEGER), "at": TIMESTAMP, "span": ELAPSED, "x": DYNAMIC}
)
FAILED = "no value"


@pytest.fixture(scope="module")
def strict_reference() -> Any:
    t = cel.Type
    kinds = dict.fromkeys("ij", t.INT) | dict.fromkeys("de", t.DOUBLE) | dict.fromkeys("st", t.STRING)
    kinds |= dict.fromkeys("bc", t.BOOL) | {"l": t.List(t.INT), "m": t.Map(t.STRING, t.INT), "x": t.DYN}
    return cel.NewEnv(variables=kinds | {"at": t.TIMESTAMP, "span": t.DURATION})


def _their_outcome(text: str, roots: dict[str, Any], reference: Any) -> Any:
    """The value that the reference gives, as ours; FAILED for an error."""
    found = reference.compile(text).eval(data=roots)
    return FAILED if found.type() == cel.Type.ERROR else found.plain_value()


def _ours(value: Any) -> Any:
    """An outcome of ours as Python has it, down to the microsecond that the reference gives."""
    if isinstance(value, Timestamp):
        return value.moment
    if isinstance(value, Elapsed):
        return timedelta(microseconds=math.trunc(value.nanoseconds / 1000))
    return [_ours(item) for item in value] if isinstance(value, (list, tuple)) else value


def _evaluated(found: Expression, roots: dict[str, Any]) -> Any:
    try:
        return found.evaluate(roots)
    except ExpressionFailed:
        return FAILED


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return repr(one) == repr(other)
    return kind_of(one) == kind_of(other) and bool(one == other)


@settings(max_examples=400, deadline=None)
@given(text=_strict_expressions(), roots=STRICT_ROOTS)
def test_strict_cel_gives_what_the_reference_gives(text: str, roots: dict[str, Any], strict_reference: Any) -> None:
    found, problems = compile_expression(text, STRICT_SCOPE, at=Span("x"))
    try:
        wanted = _their_outcome(text, roots, strict_reference)
    except RuntimeError:  # refused by their checker
        return
    own = {**roots, "at": Timestamp.of(roots["at"]), "span": Elapsed.of(roots["span"])}
    if found is None:  # ours finds in a literal what theirs finds when it runs
        assert wanted == FAILED, (text, problems)
        return
    exact = exact_outcome(found.checked, own)
    assert _alike(_ours(FAILED if isinstance(exact, Unknown) else exact), wanted), (text, exact, wanted)
    assert _alike(_ours(_evaluated(found, own)), wanted), (text, wanted)
