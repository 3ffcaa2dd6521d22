"""Decision trees: one way is taken, the index finds what trying one by one finds, and the words say why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casewright.compiler.assembling import revive
from casewright.compiler.pipeline import Compiled
from casewright.expressions import INTEGER, TEXT, Condition, compile_condition, record
from casewright.expressions import choice as choice_of
from casewright.machine.deciding import Given
from casewright.rules.decision_tree.analysis import analyse
from casewright.rules.decision_tree.choosing import first_of
from casewright.rules.decision_tree.model import Branch, Fork, leaf_of
from casewright.steps.scope import Scope
from casewright.values import Span
from tests.compiler.writing import compiled, lines

AT = Span("tree.yaml")
NOW = datetime(2026, 3, 2, tzinfo=UTC)
CASE = record("case", {"size": INTEGER, "segment": choice_of(["VIP", "Premium", "Standard"]), "words": TEXT})
REQUEST = """\
    define: case_type/request
    data:
      amount:  {type: money}
      segment: {type: choice, options: [VIP, Standard]}
      late:    {type: boolean}
    stages: []
    """
ROUTE = """\
    define: decision_tree/route
    outputs: {queue: text, limit: money}
    branches:
      - id: vip
        when: case.segment == "VIP"
        otherwise: {queue: vip, limit: =case.amount}
        branches:
          - {id: large, when: case.amount > 1000 or case.late, gives: {queue: board, limit: 5000}}
          - {id: small, when: case.amount < 10, table: small}
      - {id: late, when: case.late, gives: {queue: late, limit: 0}}
      - {id: cheap, when: case.amount < 5, tree: cheap}
    otherwise: {queue: general, limit: null}
    """
SMALL = """\
    define: decision_table/small
    hit: first
    inputs:  {late: case.late}
    outputs: {queue: text, limit: money}
    rows: |
      late  || queue  | limit
      false || "soon" | 1
    """
CHEAP = """\
    define: decision_tree/cheap
    outputs: {limit: money, queue: text, more: text}
    branches:
      - {id: free, when: case.amount == 0, gives: {queue: free, limit: 0, more: x}}
    """


class Book:
    """The root `$rules`: binds the rules of a stack, and keeps what they say."""

    def __init__(self, found: Compiled) -> None:
        self._application = found.usable()
        self.notes: list[tuple[str, str]] = []

    def bind(self, kind: str, rule_id: str, roots: Any) -> Any:
        return self._application.bind(kind, rule_id, roots)

    def note(self, what: str, because: str = "") -> None:
        self.notes.append((what, because))


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    return compiled(tmp_path_factory.mktemp("layers"), ROUTE, SMALL, CHEAP, REQUEST)


def decided(stack: Compiled, **case: Any) -> Given:
    book = Book(stack)
    roots = roots_of(book, **case)
    given: Given = book.bind("decision_tree", "route", roots).value.decide(roots)
    return given


def roots_of(book: Book, **case: Any) -> dict[str, Any]:
    return {
        "$rules": book,
        "$now": NOW,
        "case": {"amount": None, "segment": None, "late": None, "type": "request", **case},
    }


# -- the way -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "queue", "limit", "because"),
    [
        (
            {"segment": "VIP", "amount": 2000},
            "board",
            5000,
            'branch vip > large because case.segment == "VIP" and (case.amount > 1000 or case.late)',
        ),
        (
            {"segment": "VIP", "amount": 5, "late": False},
            "soon",
            1,
            'branch vip > small because case.segment == "VIP" and case.amount < 10; decision_table/small decided',
        ),
        (
            {"segment": "VIP", "amount": 5},
            "vip",
            5,
            'branch vip > small because case.segment == "VIP" and case.amount < 10, '
            "where decision_table/small gives nothing: otherwise of branch vip",
        ),
        (
            {"segment": "VIP", "amount": 50, "late": False},
            "vip",
            50,
            'branch vip because case.segment == "VIP", where no branch holds: otherwise of branch vip',
        ),
        ({"late": True, "amount": 1}, "late", 0, "branch late because case.late"),
        (
            {"amount": 0},
            "free",
            0,
            "branch cheap because case.amount < 5; decision_tree/cheap decided",
        ),
        (
            {"amount": 1},
            "general",
            None,
            "branch cheap because case.amount < 5, where decision_tree/cheap gives nothing: otherwise",
        ),
        ({}, "general", None, "no branch holds: otherwise"),
    ],
)
def test_the_first_branch_that_holds_is_entered_and_no_other(
    stack: Compiled, case: dict[str, Any], queue: str, limit: Any, because: str
) -> None:
    given = decided(stack, **case)
    assert given == Given({"queue": queue, "limit": limit}, because)


def test_what_another_rule_gives_on_the_way_is_noted(stack: Compiled) -> None:
    book = Book(stack)
    book.bind("decision_tree", "route", {}).value.decide(roots_of(book, segment="VIP", amount=5, late=False))
    assert book.notes == [("decision_table/small", "row 1: late false is false")]


def test_a_tree_that_gives_nothing_says_so(tmp_path: Path) -> None:
    found = compiled(tmp_path, CHEAP, REQUEST)
    given = found.usable().bind("decision_tree", "cheap", {}).value.decide({"case": {"amount": 1}})
    words = "no branch holds, and nothing is given for that"
    assert given == Given({"limit": None, "queue": None, "more": None}, words, is_decided=False)


def test_a_variant_of_a_tree_holds_under_its_circumstance(tmp_path: Path) -> None:
    found = compiled(
        tmp_path,
        ROUTE,
        SMALL,
        CHEAP,
        REQUEST,
        "define: circumstance/late\nvalue: case.late\ntype: boolean\n",
        "variant: decision_tree/route@late\ncircumstance: {late: true}\nbranches:\n"
        "  - {id: late, gives: {queue: very_late}}\n",
    )
    assert decided(found, late=True).outputs["queue"] == "very_late"


def test_a_branch_that_a_layer_above_leaves_without_an_end_is_an_error(tmp_path: Path) -> None:
    broken = "extend: decision_tree/cheap\nbranches:\n  - {id: free, gives: {$remove: true}}\n"
    found = compiled(tmp_path, broken, base=[CHEAP, REQUEST])
    assert found.errors


def test_a_table_that_gives_a_list_is_not_asked_by_a_branch(tmp_path: Path) -> None:
    all_rows = SMALL.replace("hit: first", "hit: collect")
    found = compiled(tmp_path, ROUTE, all_rows, CHEAP, REQUEST)
    message = "decision_table/small gives a list of rows, and a branch passes on one"
    assert f"rule_1.yaml:9 E542 {message}" in lines(found)


def test_a_table_that_is_asked_as_a_tree_is_told_how_it_is_asked(tmp_path: Path) -> None:
    found = compiled(tmp_path, ROUTE.replace("table: small", "tree: small"), SMALL, CHEAP, REQUEST)
    (missing,) = [problem for problem in found.problems if problem.code == "E502"]
    assert missing.help == "there is decision_table/small: write table: small"


def test_a_tree_of_a_stored_release_decides_as_before(stack: Compiled) -> None:
    again = revive(stack.usable().release, stack.vocabulary)
    roots = roots_of(Book(stack), segment="VIP", amount=2000)
    given = [each.bind("decision_tree", "route", roots).value.decide(roots) for each in (stack.usable(), again)]
    assert given[0] == given[1]
    assert given[1].outputs == {"queue": "board", "limit": 5000}


# -- the index ---------------------------------------------------------------------------------------------------------

SEGMENTS = st.sampled_from(["VIP", "Premium", "Standard"])
SIZES = st.integers(-3, 3)
ATOMS = st.one_of(
    st.builds('case.segment == "{}"'.format, SEGMENTS),
    st.builds('case.segment != "{}"'.format, SEGMENTS),
    st.builds("case.size {} {}".format, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), SIZES),
    st.builds("case.size in [{}, {}]".format, SIZES, SIZES),
    st.sampled_from(["case.size == null", "case.segment == null", 'case.words == "a"', "size(case.words) > 1"]),
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("{} and {}".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not ({})".format, inner),
    ),
    max_leaves=3,
)
FORKS = st.one_of(
    st.lists(st.one_of(CONDITIONS, st.just("")), min_size=1, max_size=8),
    st.lists(st.builds("case.size {} {}".format, st.sampled_from(["<", ">=", "=="]), SIZES), min_size=4, max_size=9),
)
CASES = st.fixed_dictionaries(
    {
        "size": st.one_of(st.none(), st.integers(-4, 4)),
        "segment": st.one_of(st.none(), SEGMENTS),
        "words": st.sampled_from([None, "", "a", "ab"]),
    }
)


def conditions_of(texts: Sequence[str], scope: Scope) -> list[Condition | None]:
    return [compile_condition(text, scope.names, at=AT)[0] if text else None for text in texts]


def one_by_one(conditions: Sequence[Condition | None], roots: dict[str, Any]) -> int:
    held = (number for number, each in enumerate(conditions) if each is None or each.holds(roots))
    return next(held, len(conditions))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FORKS, st.lists(CASES, min_size=1, max_size=12))
def test_the_index_finds_the_branch_that_trying_one_by_one_finds(texts: list[str], cases: list[dict[str, Any]]) -> None:
    scope = Scope({"case": CASE}, None)  # type: ignore[arg-type]
    conditions = conditions_of(texts, scope)
    first = first_of(conditions, scope)
    assert [first({"case": case}) for case in cases] == [one_by_one(conditions, {"case": case}) for case in cases]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FORKS, st.lists(CASES, min_size=1, max_size=12))
def test_a_branch_that_is_said_to_be_out_of_reach_is_never_entered_and_no_gap_is_missed(
    texts: list[str], cases: list[dict[str, Any]]
) -> None:
    scope = Scope({"case": CASE}, None)  # type: ignore[arg-type]
    conditions = conditions_of(texts, scope)
    leaf = leaf_of("", {}, AT)
    branches = tuple(Branch(f"b{n}", each, leaf, AT, "") for n, each in enumerate(conditions))
    found = analyse(Fork(branches, None, AT, first_of(conditions, scope)))
    entered = [one_by_one(conditions, {"case": case}) for case in cases]
    assert not {f"b{number}" for number in entered} & {each.path for each in found.unreached}
    assert found.gaps or not found.is_complete or len(branches) not in entered


def test_a_fork_of_many_branches_is_analysed_within_the_budget(tmp_path: Path) -> None:
    branches = "".join(f"- {{id: b{n}, when: case.amount == {n}, gives: {{x: {n}}}}}\n" for n in range(300))
    tree = "define: decision_tree/wide\noutputs: {x: integer}\nbranches:\n" + indent(branches, "  ")
    again = "  - {id: again, when: case.amount == 7, gives: {x: 7}}\notherwise: {x: 0}\n"
    assert lines(compiled(tmp_path, tree + again, REQUEST)) == [
        "rule_1.yaml:304 W709 branch 'again' is never reached: 'b7' above it takes everything that it asks for"
    ]
