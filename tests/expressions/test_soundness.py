"""What is said of an expression before it runs is true of every run: random conditions on random roots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.expressions import (
    BOOLEAN,
    DATE,
    INTEGER,
    STANDARD,
    TEXT,
    Condition,
    Declared,
    Overload,
    Scope,
    choice,
    compile_condition,
    compile_expression,
    declared_as,
    list_of,
    record,
    unreached,
)
from casewright.expressions.interpreter import Interpreter, Unknown, interpret
from casewright.expressions.library.operators import FAULTS
from casewright.expressions.meaning import Checked
from casewright.expressions.reviewing import nullness, sameness
from casewright.expressions.reviewing.constancy import SUBSUMED, constant_parts
from casewright.expressions.reviewing.cost import reckoned
from casewright.expressions.reviewing.nullness import Nullness, Place
from casewright.expressions.reviewing.sameness import terms_of
from casewright.expressions.reviewing.truths import Side, Truths
from casewright.expressions.syntax import And, Or, Syntax
from casewright.values import Duration, Span

AT = Span("rule.yaml")
CERTAIN = Declared(certain=True)
ITEM = record("item", {"n": INTEGER, "f": BOOLEAN, "k": declared_as(INTEGER, CERTAIN)})
FIELDS = {
    "a": INTEGER,
    "b": declared_as(INTEGER, CERTAIN),
    "kind": choice(["x", "y", "z"]),
    "flag": BOOLEAN,
    "sure": declared_as(BOOLEAN, CERTAIN),
    "name": TEXT,
    "due": DATE,
    "numbers": declared_as(list_of(INTEGER), Declared(most=3)),
    "items": declared_as(list_of(ITEM), Declared(True, 3)),
    "owner": record("owner", {"age": INTEGER, "id": declared_as(TEXT, CERTAIN)}),
}
SCOPE = Scope({"case": declared_as(record("case", FIELDS), CERTAIN)})

Texts = st.SearchStrategy[str]
Levels = Mapping[str, Texts]

LEAVES = {
    "number": ["case.a", "case.b", "case.owner.age", "0", "1", "2", "3", "size(case.name)", "size(case.numbers)"],
    "truth": ["case.flag", "case.sure", "has(case.a)", "has(case.owner.age)", "case.flag == true"],
    "text": ["case.name", "case.owner.id", '"x"', '""'],
    "list": ["case.numbers", "[1, 2]", "[case.a, 2]", "case.items.map(i, i.n)"],
}
ATOMS = (
    *(f"case.a {mark} {number}" for mark in ("<", "<=", ">", ">=", "==", "!=") for number in (0, 1, 2)),
    *(f'case.kind {mark} "{option}"' for mark in ("==", "!=") for option in "xyz"),
    *("case.a == null", "case.a != null", "case.kind in ['x', 'y']", "case.kind in ['x', 'y', 'z']"),
    *("case.a in [0, 1]", "case.a < case.b", "case.a == case.b", "case.b <= case.a", "case.owner.age == null"),
    *('case.due > date("2026-01-01")', 'case.due <= date("2026-01-02")', "size(case.numbers) == 0"),
)


def _form(level: Levels, template: str, *kinds: str) -> Texts:
    return st.tuples(*(level[kind] for kind in kinds)).map(lambda parts: template.format(*parts))


def _grown(level: Levels) -> Levels:
    def form(template: str, *kinds: str) -> Texts:
        return _form(level, template, *kinds)

    return {
        "number": st.one_of(
            *(form(f"({{}} {mark} {{}})", "number", "number") for mark in "+-*/"),
            form("coalesce({}, {})", "number", "number"),
            form("({} ? {} : {})", "truth", "number", "number"),
            form("{}[{}]", "list", "number"),
            form("first({})", "list"),
            form("sum({})", "list"),
            form("max({}, {})", "number", "number"),
        ),
        "truth": st.one_of(
            *(form(f"({{}} {mark} {{}})", "truth", "truth") for mark in ("and", "or", "and", "or")),
            form("({} and {} and {})", "truth", "truth", "truth"),
            form("(not {})", "truth"),
            form("({} ? {} : {})", "truth", "truth", "truth"),
            form("coalesce({}, {})", "truth", "truth"),
            *(form(f"({{}} {mark} {{}})", "number", "number") for mark in ("<", ">=", "==", "!=")),
            form("({} in {})", "number", "list"),
            form("({} == {})", "text", "text"),
            form("{}.contains({})", "text", "text"),
            *(form(f"{{}}.{name}(n, n > {{}})", "list", "number") for name in ("all", "exists", "exists_one")),
            form("case.items.exists(i, i.f and {})", "truth"),
            form("case.items.filter(i, i.n != null).exists(j, j.n + {} > 1)", "number"),
        ),
        "text": st.one_of(
            form("({} + {})", "text", "text"),
            form("({} ? {} : {})", "truth", "text", "text"),
            form("coalesce({}, {})", "text", "text"),
        ),
        "list": st.one_of(
            form("{}.filter(n, n > {})", "list", "number"),
            form("{}.map(n, n + {})", "list", "number"),
            form("case.items.map(i, i.n != null, i.n + {})", "number"),
            form("({} + {})", "list", "list"),
            form("({} ? {} : {})", "truth", "list", "list"),
        ),
    }


def _levels() -> Levels:
    leaves: dict[str, Texts] = {kind: st.sampled_from(texts) for kind, texts in LEAVES.items()}
    leaves["truth"] = leaves["truth"] | st.sampled_from(ATOMS) | st.sampled_from(ATOMS)
    level: Levels = leaves
    for _ in range(2):
        grown = _grown(level)
        level = {kind: leaves[kind] | grown[kind] for kind in leaves}
    return level


EXPRESSIONS = _levels()
CONDITIONS = EXPRESSIONS["truth"]


def _combined(inner: Texts) -> Texts:
    several = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(
        several.map(lambda terms: f"({' and '.join(terms)})"),
        several.map(lambda terms: f"({' or '.join(terms)})"),
        inner.map(lambda term: f"not ({term})"),
        st.tuples(inner, inner, inner).map(lambda parts: "({} ? {} : {})".format(*parts)),
    )


SIMPLE = st.recursive(st.sampled_from(ATOMS), _combined, max_leaves=5)
"""Conditions of few references and few values, in which much is constant or needless."""

small = st.none() | st.integers(0, 3)
maybe = st.none() | st.booleans()
ROOTS = st.fixed_dictionaries(
    {
        "a": small,
        "b": st.integers(0, 3),
        "kind": st.sampled_from([None, "x", "y", "z"]),
        "flag": maybe,
        "sure": st.booleans(),
        "name": st.sampled_from([None, "", "x", "xy"]),
        "due": st.sampled_from([None, date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)]),
        "numbers": st.none() | st.lists(st.integers(0, 3), max_size=3),
        "items": st.lists(st.fixed_dictionaries({"n": small, "f": maybe, "k": st.integers(0, 3)}), max_size=3),
        "owner": st.none() | st.fixed_dictionaries({"age": small, "id": st.sampled_from(["", "x"])}),
    }
).map(lambda case: {"case": case})


def checked(text: str) -> Checked:
    found, problems = compile_expression(text, SCOPE, at=AT)
    assert found is not None, (text, problems)
    return found.checked


def condition(text: str) -> Condition:
    found, problems = compile_condition(text, SCOPE, at=AT)
    assert found is not None, (text, problems)
    return found


@settings(max_examples=300, deadline=None)
@given(text=st.one_of(*EXPRESSIONS.values()), roots=ROOTS)
def test_what_is_never_empty_has_a_value_or_a_fault(text: str, roots: dict[str, Any]) -> None:
    meaning = checked(text)
    outcome = interpret(meaning, roots)
    lack = Nullness(meaning).lack(meaning.syntax, Place())
    if not lack.null:
        assert outcome is not None, text
    if not lack.unknown:
        assert not isinstance(outcome, Unknown) or outcome.fault, (text, outcome)


@settings(max_examples=300, deadline=None)
@given(text=CONDITIONS | SIMPLE, roots=ROOTS)
def test_an_outcome_that_is_said_to_be_impossible_never_comes(text: str, roots: dict[str, Any]) -> None:
    meaning = checked(text)
    outcome = interpret(meaning, roots)
    truth = Truths(meaning, {}).of(meaning.syntax)
    sides = (truth.true, truth.false, truth.untrue, truth.unfalse)
    came = (outcome is True, outcome is False, outcome is not True, outcome is not False)
    for side, has_come in zip(sides, came, strict=True):
        assert side is not None or not has_come, (text, outcome)
        assert side is None or _agrees(side, has_come, roots), (text, outcome, side)


def _agrees(side: Side, has_come: bool, roots: Mapping[str, Any]) -> bool:
    """Whether the subjects are what the side says they must be, and the outcome came where that is all it takes."""
    inside = [_is_in(region, subject, roots) for subject, region in side.needs.items()]
    if has_come:
        return all(each is not False for each in inside)
    return not (side.exact and all(each is True for each in inside))


def _is_in(region: Any, subject: str, roots: Mapping[str, Any]) -> bool | None:
    """Whether a subject lies in a region; None for two values against each other, and for what has no value."""
    if " against " in subject:
        return None
    value = interpret(checked(subject), roots)
    return None if isinstance(value, Unknown) else bool(region.contains(value))


@settings(max_examples=300, deadline=None)
@given(text=SIMPLE, roots=ROOTS)
def test_a_term_that_adds_nothing_can_be_taken_out(text: str, roots: dict[str, Any]) -> None:
    meaning = checked(text)
    root = meaning.syntax
    needless = [(remark.start, remark.message) for remark in constant_parts(meaning) if remark.code == SUBSUMED]
    if isinstance(root, (And, Or)) and needless:
        terms = list(terms_of(root))
        left = [term for term in terms if not _is_told(term, text, needless)]
        assert _decided(meaning, root, left, roots) == _decided(meaning, root, terms, roots), text


def _is_told(term: Syntax, text: str, needless: Sequence[tuple[int, str]]) -> bool:
    source = f"`{text[term.start : term.end]}`"
    return any(start == term.start and message.startswith(source) for start, message in needless)


def _decided(meaning: Checked, root: Syntax, terms: Sequence[Syntax], roots: dict[str, Any]) -> object:
    interpreter = Interpreter(meaning, roots)
    outcome = interpreter.decided(isinstance(root, Or), [interpreter.truth(term) for term in terms])
    return "unknown" if isinstance(outcome, Unknown) else outcome


@settings(max_examples=200, deadline=None)
@given(texts=st.lists(SIMPLE, min_size=2, max_size=4), around=st.none() | SIMPLE, roots=ROOTS)
def test_an_unreached_condition_is_never_the_first_that_holds(
    texts: list[str], around: str | None, roots: dict[str, Any]
) -> None:
    given = condition(around) if around is not None else None
    conditions = [condition(text) for text in texts]
    lost = {each.place for each in unreached(conditions, given)}
    if given is None or given.holds(roots):
        first = next((place for place, each in enumerate(conditions) if each.holds(roots)), None)
        assert first not in lost, (texts, around)


class _Counting(Interpreter):
    """An interpreter that counts the pieces it comes to."""

    __slots__ = ("steps",)

    def value(self, node: Syntax) -> object:
        self.steps = getattr(self, "steps", 0) + 1
        return super().value(node)


@settings(max_examples=200, deadline=None)
@given(text=st.one_of(*EXPRESSIONS.values()), roots=ROOTS)
def test_the_cost_is_no_less_than_the_steps_that_are_taken(text: str, roots: dict[str, Any]) -> None:
    meaning = checked(text)
    interpreter = _Counting(meaning, roots)
    interpreter.value(meaning.syntax)
    assert interpreter.steps <= reckoned(meaning), text


def test_every_form_of_syntax_is_looked_at() -> None:
    forms = {form.__name__ for form in Syntax.__subclasses__()}
    assert {form.__name__ for form in sameness._RULES} == forms
    assert {form.__name__ for form in nullness._RULES} == forms


VALUES: Mapping[str, Sequence[Any]] = {
    "integer": (0, 1, -2, 7),
    "decimal": (Decimal("0"), Decimal("1.5")),
    "money": (Decimal("2.50"),),
    "double": (0.5,),
    "text": ("", "a", "2026-01-31", "Europe/Berlin", "12:30", "1d"),
    "choice": ("x",),
    "boolean": (True, False),
    "date": (date(2026, 1, 31),),
    "time": (time(12, 30),),
    "datetime": (datetime(2026, 1, 31, 12, tzinfo=UTC),),
    "duration": (Duration(exact=timedelta(days=2)),),
    "list": ([], [1, 2], ["b", "a"], [[1], [2]]),
    "map": ({}, {"a": 1}),
    "record": ({"a": 1},),
}


def test_a_function_that_is_not_nullable_never_gives_null() -> None:
    for name, function in STANDARD.items():
        for overload in function.overloads:
            if not overload.nullable:
                assert None not in _results(overload), (name, str(overload))


def _results(overload: Overload) -> Iterator[object]:
    """What an overload gives for a few arguments of each of the types that it takes; faults are left out."""
    every = [value for values in VALUES.values() for value in values]
    taken = [
        [v for k in each.kinds for v in VALUES.get(k, ())] if each.kinds else every for each in overload.parameters
    ]
    clock = [[datetime(2026, 1, 31, 12, tzinfo=UTC)]] if overload.clock else []
    for arguments in product(*clock, *taken):
        with suppress(*FAULTS):
            yield overload.run(*arguments)
