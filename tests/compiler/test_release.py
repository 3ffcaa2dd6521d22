"""Releases: the same rules give the same release, and a stored one compiles to the same application."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from casewright.compiler.assembling import revive
from casewright.compiler.pipeline import compile_layer
from casewright.compiler.release import Release, edition_of, name_of
from casewright.compiler.trees import read_back, written
from casewright.rules.registry import vocabulary
from casewright.source.node import Formula, Node, SourceFile
from casewright.values import Duration, RuleName
from tests.compiler.test_pipeline import CUSTOMER, MASTER, PAGE, REQUEST
from tests.compiler.writing import compiled, write_layer

SEGMENT = "define: circumstance/segment\nvalue: customer.segment\noptions: [Standard, VIP]\n"
GREETING = "define: dialog/greeting\nsteps: [{id: greet, do: say, text: Hello.}]\n"
VIP = """\
    variant: dialog/greeting@vip
    circumstance: {segment: VIP}
    effective: {from: 2026-01-01, until: 2027-01-01}
    steps: [{id: greet, text: Welcome back.}]
    """
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_the_same_rules_give_the_same_release_wherever_they_lie(tmp_path: Path) -> None:
    one = compiled(tmp_path / "one", CUSTOMER, PAGE, MASTER, REQUEST).usable().release
    other = compiled(tmp_path / "other", REQUEST, MASTER, PAGE, CUSTOMER).usable().release
    assert one == other


def test_another_label_is_another_release_with_one_other_hash(tmp_path: Path) -> None:
    one = compiled(tmp_path / "one", CUSTOMER, PAGE, MASTER, REQUEST).usable().release
    changed = REQUEST.replace("id: capture", "id: capture\n        label: Take it down")
    other = compiled(tmp_path / "other", CUSTOMER, PAGE, MASTER, changed).usable().release
    assert one.id != other.id
    assert {name for name in one.rules if one.rules[name] != other.rules[name]} == {"case_type/request"}


def test_a_stored_release_chooses_and_lowers_as_the_one_that_was_compiled(tmp_path: Path) -> None:
    first = compiled(tmp_path, CUSTOMER, PAGE, MASTER, REQUEST, SEGMENT, GREETING, VIP).usable()
    stored = Release(first.release.id, first.release.application, first.release.rules, first.release.trees)
    again = revive(stored, vocabulary())

    for segment in ("VIP", "Standard", None):
        roots = {"customer": {"segment": segment}, "$now": NOW}
        one, other = first.bind("dialog", "greeting", roots), again.bind("dialog", "greeting", roots)
        assert (one.variant, one.digest) == (other.variant, other.digest)
        said = [bound.value.sequence.items[0].activity.screen.text.render(roots) for bound in (one, other)]
        assert said[0] == said[1]
    assert again.bind("dialog", "greeting", {"customer": {"segment": "VIP"}, "$now": NOW}).variant == "vip"
    plans = [each.bind("case_type", "request", {}).value for each in (first, again)]
    assert plans[0].digest == plans[1].digest
    assert [item.path for item in plans[0].sequence.items] == [item.path for item in plans[1].sequence.items]


def test_a_variant_holds_only_in_its_time(tmp_path: Path) -> None:
    application = compiled(tmp_path, CUSTOMER, PAGE, MASTER, REQUEST, SEGMENT, GREETING, VIP).usable()
    roots = {"customer": {"segment": "VIP"}, "$now": datetime(2027, 1, 1, tzinfo=UTC)}
    assert application.bind("dialog", "greeting", roots).variant == ""


def test_a_rule_bound_to_a_class_holds_for_cases_of_it_and_of_its_children(tmp_path: Path) -> None:
    folder = write_layer(
        tmp_path / "own",
        {
            "base.yaml": "define: case_type/service\n",
            "child.yaml": "define: case_type/refund\nis_a: service\nstages: [{id: a, steps: []}]\n",
            "other.yaml": "define: case_type/lead\nstages: [{id: a, steps: []}]\n",
            "d1.yaml": GREETING,
            "d2.yaml": "extend: dialog/greeting\nfor: service\nsteps: [{id: greet, text: How can we help?}]\n",
        },
    )
    application = compile_layer(folder).usable()

    def said(case_type: str) -> str:
        bound = application.bind("dialog", "greeting", {"case": {"type": case_type}, "$now": NOW})
        return str(bound.value.sequence.items[0].activity.screen.text.render({}))

    assert [said("refund"), said("lead")] == ["How can we help?", "Hello."]


names = st.builds(
    RuleName,
    st.sampled_from(["dialog", "case_type"]),
    st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True),
    st.sampled_from(["", "service_case"]),
    st.sampled_from(["", "vip"]),
)


@given(names, st.sampled_from(["", "de", "de-AT"]))
def test_the_name_of_an_edition_says_all_of_it(name: RuleName, language: str) -> None:
    assert edition_of(name_of((name, language))) == (name, language)


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=8),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    st.times(),
    st.builds(Formula, st.text(max_size=8)),
    st.builds(
        Duration, st.integers(0, 9), st.integers(0, 9), st.timedeltas(Duration().exact, timedelta(days=30_000))
    ).filter(lambda length: length.exact.microseconds % 1000 == 0),
)
HERE = SourceFile("here.yaml")
trees = st.recursive(
    scalars.map(lambda value: Node(value, HERE)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: Node(tuple(items), HERE)),
        st.dictionaries(st.from_regex(r"[a-z$][a-z0-9_]{0,4}", fullmatch=True), inner, max_size=3).map(
            lambda entries: Node(entries, HERE)
        ),
    ),
    max_leaves=8,
)


@given(trees)
def test_a_tree_written_and_read_back_is_the_same_tree(tree: Node) -> None:
    again = read_back(written(tree), "stored")
    assert typed(again) == typed(tree)
    assert written(again) == written(tree)


def typed(node: Node) -> Any:
    """The tree with the type of each scalar, so that 1, True and Decimal(1) differ."""
    if node.is_map:
        return {name: typed(inner) for name, inner in node.value.items()}
    if node.is_list:
        return [typed(inner) for inner in node.value]
    return type(node.value).__name__, node.value


def test_values_without_a_form_in_json_keep_their_type() -> None:
    tree = Node({"fee": Node(Decimal("1.10"), HERE), "due": Node(date(2026, 3, 1), HERE)}, HERE)
    assert written(tree) == '{"fee":{"#":"1.10"},"due":{"@d":"2026-03-01"}}'


CSV_TABLE = """\
    define: decision_table/fee
    hit: first
    inputs: {topic: case.topic}
    outputs: {fee: money}
    """


def test_rows_from_a_file_are_read_again_from_the_stored_tree(tmp_path: Path) -> None:
    rules = {"fee.yaml": CSV_TABLE, "fee.csv": "topic,fee\ncard,5\n-,7\n", "c.yaml": CUSTOMER, "p.yaml": PAGE}
    first = compile_layer(write_layer(tmp_path / "own", {**rules, "m.yaml": MASTER, "r.yaml": REQUEST})).usable()
    again = revive(first.release, vocabulary())
    for topic, fee in (("card", 5), ("other", 7)):
        roots = {"case": {"topic": topic}, "$now": NOW}
        given = [each.bind("decision_table", "fee", roots).value.decide(roots).outputs for each in (first, again)]
        assert given == [{"fee": fee}, {"fee": fee}]
