"""What was read before is taken again only where it means the same, and always at the asker's place."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.expressions import (
    BOOLEAN,
    DECIMAL,
    DYNAMIC,
    INTEGER,
    MONEY,
    STANDARD,
    TEXT,
    Cell,
    Condition,
    Constant,
    Declared,
    Expression,
    Readings,
    Row,
    Scope,
    Type,
    choice,
    compile_condition,
    compile_expression,
    compile_table,
    compile_test,
    declared_as,
    list_of,
    map_of,
    record,
)
from casewright.expressions.compiler import source_of
from casewright.values import Problem, Span
from tests.expressions.test_race import EXPRESSIONS

HERE, THERE = Span("one.yaml", 3, 9), Span("other.yaml", 40, 2)


def case(**fields: Type) -> dict[str, Type]:
    return {"case": record("case", fields)}


def both(text: str, one: dict[str, Type], other: dict[str, Type], **wanted: Any) -> tuple[Any, Any]:
    """The text compiled in two scopes that share their readings."""
    readings = Readings()
    scopes = (Scope(one, readings=readings), Scope(other, readings=readings))
    places = (HERE, THERE)
    found = [compile_expression(text, scope, at=at, **wanted) for scope, at in zip(scopes, places, strict=True)]
    return found[0], found[1]


def test_the_same_text_is_read_once_and_keeps_its_own_place() -> None:
    (one, _), (other, _) = both("case.amount > 100", case(amount=MONEY), case(amount=MONEY, more=TEXT))
    assert one.checked is other.checked
    assert (one.at, other.at) == (HERE, THERE)
    assert one.evaluate is other.evaluate


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        ("case.a == case.a", case(a=INTEGER), case(a=TEXT)),
        ("case.a", case(a=choice(["x"])), case(a=choice(["x", "y"]))),
        ("case.a", case(a=DYNAMIC), {"case": DYNAMIC, "a": TEXT}),
        ("case.a", {"case": map_of(TEXT)}, case(a=INTEGER)),
        ("a.b.c", {"a": record("a", {"b": record("b", {"c": TEXT})})}, {"a": record("a", {"b": map_of(BOOLEAN)})}),
        ("size(a)", {"a": TEXT}, {"a": list_of(TEXT)}),
        ("all", {"all": list_of(record("r", {"n": INTEGER}))}, {"all": list_of(record("r", {"n": TEXT}))}),
        ("all.map(x, x.n)", {"all": list_of(record("r", {"n": INTEGER}))}, {"all": list_of(record("r", {"n": TEXT}))}),
        ("a == null and a.n > 1", {"a": record("r", {"n": INTEGER})}, {"a": record("r", {"n": DECIMAL})}),
    ],
)
def test_a_reference_of_another_type_is_read_anew(text: str, one: dict[str, Type], other: dict[str, Type]) -> None:
    (first, _), (second, problems) = both(text, one, other)
    alone, expected = compile_expression(text, Scope(other), at=THERE)
    assert problems == expected
    assert (second is None) is (alone is None)
    if second is not None and alone is not None:
        assert (second.type, second.type.element) == (alone.type, alone.type.element)
        assert second.checked.types[second.checked.syntax] == alone.type
        if first.type != alone.type or first.type.element is not None:
            assert second.checked is not first.checked


def test_a_field_that_is_not_there_is_told_at_its_own_place() -> None:
    (one, _), (other, problems) = both("case.amount > 100", case(amount=MONEY), case(amuont=MONEY))
    assert one is not None
    assert other is None
    assert [(str(p.span), p.code) for p in problems] == [("other.yaml:40:7", "E403")]


def test_a_mistake_is_never_remembered() -> None:
    (_, first), (_, second) = both("case.amuont", case(amount=MONEY), case(amount=MONEY))
    assert [str(p.span) for p in (*first, *second)] == ["one.yaml:3:14", "other.yaml:40:7"]
    (none, problems), (found, none_wrong) = both("case.late", case(), case(late=TEXT))
    assert none is None
    assert problems
    assert found.type == TEXT
    assert none_wrong == ()


def test_another_expectation_is_another_meaning() -> None:
    scope = Scope({"n": INTEGER}, readings=Readings())
    plain, _ = compile_expression("n", scope, at=HERE)
    wide, _ = compile_expression("n", scope, at=HERE, expect=MONEY)
    none, problems = compile_expression("n", scope, at=HERE, expect=TEXT)
    assert plain is not None
    assert wide is not None
    assert (plain.type, wide.type) == (INTEGER, MONEY)
    assert none is None
    assert [p.code for p in problems] == ["E404"]


def test_an_expression_and_a_condition_of_one_text_do_not_mix_their_functions() -> None:
    scope = Scope({"flag": BOOLEAN}, readings=Readings())
    value, _ = compile_expression("flag", scope, at=HERE, expect=BOOLEAN)
    truth, _ = compile_condition("flag", scope, at=HERE)
    assert value is not None
    assert truth is not None
    assert value.evaluate({"flag": None}) is None
    assert truth.holds({"flag": None}) is False


def test_other_functions_are_another_meaning() -> None:
    fewer = {name: function for name, function in STANDARD.items() if name != "upper"}
    scope = Scope({"a": TEXT}, readings=Readings())
    assert compile_expression("upper(a)", scope, at=HERE)[0] is not None
    assert compile_expression("upper(a)", replace(scope, functions=fewer), at=HERE)[0] is None


def test_a_text_that_means_something_else_everywhere_does_not_pile_up() -> None:
    readings = Readings()
    for number in range(50):
        scope = Scope(case(rows=list_of(record(f"row_{number}", {"n": INTEGER}))), readings=readings)
        assert compile_expression("case.rows", scope, at=HERE)[0] is not None
    assert [len(each) for each in readings._meanings.values()] == [4]


WORLD: dict[str, list[Type]] = {
    "customer": [
        record("customer", {"segment": TEXT, "income": MONEY, "active": BOOLEAN, "age": INTEGER}),
        record("customer", {"segment": choice(["VIP", "a"]), "income": DECIMAL, "active": BOOLEAN, "age": MONEY}),
        DYNAMIC,
    ],
    "case": [record("case", {"incident": choice(["lost", "stolen"])}), record("case", {"incident": TEXT})],
    "amount": [INTEGER, DECIMAL, DYNAMIC],
    "other": [INTEGER, TEXT],
    "ratio": [DECIMAL, INTEGER],
    "flag": [BOOLEAN, DYNAMIC],
    "mark": [BOOLEAN],
    "name": [TEXT, choice(["VIP"])],
    "payments": [
        list_of(record("payment", {"amount": MONEY, "kind": TEXT})),
        list_of(record("payment", {"amount": TEXT})),
        map_of(MONEY),
    ],
    "tags": [list_of(TEXT), DYNAMIC],
    "numbers": [list_of(INTEGER), list_of(DECIMAL), map_of(INTEGER)],
    "anything": [DYNAMIC, TEXT, map_of(DYNAMIC)],
}
WORLDS = st.fixed_dictionaries({name: st.sampled_from(types) for name, types in WORLD.items()})


def _said(found: Expression | None, problems: tuple[Problem, ...]) -> tuple[object, ...]:
    if found is None:
        return problems
    return found.type, found.roots, found.paths, found.at, found.reads_clock, source_of(found.checked)


@settings(max_examples=150, deadline=None)
@given(text=st.one_of(*EXPRESSIONS.values()), worlds=st.lists(WORLDS, min_size=2, max_size=4))
def test_what_is_remembered_never_changes_what_a_text_means(text: str, worlds: list[dict[str, Type]]) -> None:
    readings = Readings()
    for number, roots in enumerate(worlds):
        at = Span("rule.yaml", number + 1)
        assert _said(*compile_expression(text, Scope(roots, readings=readings), at=at)) == _said(
            *compile_expression(text, Scope(roots), at=at)
        )


def test_a_test_of_written_values_is_read_once_and_one_that_reads_roots_each_time() -> None:
    scope = Scope({"limit": INTEGER}, readings=Readings())
    for text, is_kept in (("[1..5), 9", True), ("> limit", False)):
        one, _ = compile_test(text, INTEGER, scope, at=HERE)
        other, _ = compile_test(text, INTEGER, scope, at=THERE)
        assert one is not None
        assert other is not None
        assert (one.at, other.at) == (HERE, THERE)
        assert (one.atom is other.atom) is is_kept
    alike, _ = compile_test("[1..5), 9", MONEY, scope, at=HERE)
    assert alike is not None
    assert alike.type == MONEY


def test_cells_of_one_text_say_a_value_of_each_column_s_own_type() -> None:
    scope = Scope({"n": INTEGER}, readings=Readings())
    given_, _ = compile_expression("n", scope, at=HERE)
    assert given_ is not None
    rows = [
        Row((Cell(str(number), HERE),), (Cell("1", HERE), Cell("1", HERE), Cell('"1"', THERE)), HERE)
        for number in range(3)
    ]
    outputs = [("whole", INTEGER), ("amount", MONEY), ("text", TEXT)]
    rest = {"whole": Constant(0, INTEGER, HERE)}
    table, problems = compile_table([("n", given_)], outputs, rows, "first", scope, at=HERE, otherwise=rest)
    assert problems == ()
    assert table is not None
    assert [(type(value).__name__, str(value)) for value in table.decide({"n": 2}).outputs.values()] == [
        ("int", "1"),
        ("Decimal", "1"),
        ("str", "1"),
    ]
    assert table.rows[2].values[2].at == THERE


def test_the_function_of_an_expression_is_made_when_it_is_first_asked_for() -> None:
    found, _ = compile_condition("n > 1", Scope({"n": INTEGER}), at=HERE)
    assert found is not None
    assert found.checked.made == {}
    assert found.holds({"n": 2}) is True
    assert found.holds is found.checked.made[True]
    assert Condition.__dict__["holds"].__get__(found) is found.holds


def test_an_expression_has_no_other_attributes_and_stays_frozen() -> None:
    found, _ = compile_expression("1 + 1", Scope({}), at=HERE)
    assert found is not None
    with pytest.raises(AttributeError, match="'Expression' object has no attribute 'holds'"):
        found.holds  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(FrozenInstanceError):
        found.source = "2"  # type: ignore[misc]
    assert not hasattr(found, "__len__")


def test_many_threads_that_ask_first_get_one_function() -> None:
    found, _ = compile_expression("n * 2 + 1", Scope({"n": INTEGER}), at=HERE)
    assert found is not None
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda n: found.evaluate({"n": n}), range(200))) == [2 * n + 1 for n in range(200)]
    assert len(found.checked.made) == 1


@pytest.mark.parametrize("declared", [Declared(certain=True), Declared(most=5), Declared(deprecated="read other")])
def test_a_field_that_is_declared_otherwise_is_looked_at_anew(declared: Declared) -> None:
    (one, _), (other, _) = both("not case.flag", case(flag=BOOLEAN), case(flag=declared_as(BOOLEAN, declared)))
    assert one.checked is not other.checked
    owner = {"flag": BOOLEAN}
    loose, bound = (case(owner=declared_as(record("owner", owner), each)) for each in (Declared(), declared))
    (one, _), (other, _) = both("not case.owner.flag", loose, bound)
    assert one.checked is not other.checked


def test_lists_that_are_declared_alike_are_looked_at_once() -> None:
    (one, _), (other, _) = both("size(case.tags) > 0", case(tags=list_of(TEXT)), case(tags=list_of(TEXT), more=TEXT))
    assert one.checked is other.checked
