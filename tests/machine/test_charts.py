"""The charts: the table and the `transitions` machine say the same, and both say what the language says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.machine.charts import (
    DONE,
    JOIN,
    LIFECYCLE,
    START,
    SkipGuard,
    UnknownTrigger,
    fire,
    lifecycle_machine,
    machine_beside,
    machine_of,
    table_beside,
    table_of,
)
from casewright.machine.plan import Item, Sequence
from casewright.machine.snapshot import ItemLife
from tests.machine.plans import Reads, item

NAMES = ("identify", "block", "replace", "close")


def flag(name: str) -> Reads:
    return Reads(lambda roots: roots[name], name)


def items() -> st.SearchStrategy[tuple[Item, ...]]:
    """Up to four items with any mix of conditions and handlers; a condition reads the flag of its name."""

    def build(shapes: list[tuple[bool, bool, bool]]) -> tuple[Item, ...]:
        made = []
        for name, (asks, skips, handles) in zip(NAMES, shapes, strict=False):
            handler = item(f"{name}.failed", skip_when=flag(f"{name}_handled")) if handles else None
            made.append(
                item(
                    name,
                    when=flag(f"{name}_when") if asks else None,
                    skip_when=flag(f"{name}_skip") if skips else None,
                    handler=handler,
                )
            )
        return tuple(made)

    return st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), max_size=4).map(build)


FLAGS = st.fixed_dictionaries(
    {f"{name}_{kind}": st.booleans() for name in NAMES for kind in ("when", "skip", "handled")}
)
TRIGGERS = ("next", "skip", "fail", "goto:identify", "goto:block", "goto:aside")


@settings(max_examples=80, deadline=None)
@given(items(), st.booleans(), FLAGS, st.lists(st.sampled_from(TRIGGERS), max_size=12))
def test_the_table_and_the_machine_make_the_same_moves(made, with_alternate, flags, triggers):
    sequence = Sequence("", made, (item("aside", skip_when=flag("block_skip")),) if with_alternate else ())
    table, machine, state = table_of(sequence), machine_of(sequence), START
    assert sorted(table.states) == sorted(machine.states)
    for trigger in triggers:
        if trigger not in table.triggers:
            continue
        moved = table.fire(trigger, state, flags)
        assert moved == fire(machine, trigger, state, flags)
        state = moved


@settings(max_examples=80, deadline=None)
@given(items(), FLAGS, st.sampled_from([JOIN, DONE]), st.sampled_from(["next", "skip", "fail"]))
def test_what_stands_side_by_side_makes_the_same_moves_in_both_forms(made, flags, behind, trigger):
    table, machine = table_beside("checks", made, behind), machine_beside(made, behind)
    assert sorted({*table.items, behind}) == sorted(machine.states)
    for state in table.items:
        assert table.fire(trigger, state, flags) == fire(machine, trigger, state, flags)


def test_behind_a_branch_and_its_handler_they_are_counted():
    table = table_beside("checks", (item("a", handler=item("a.failed")), item("b")), JOIN)
    assert [table.fire("next", state, {}) for state in ("a", "a.failed", "b")] == [JOIN] * 3
    assert table.fire("fail", "a", {}) == "a.failed"
    assert table.targets == frozenset(), "no branch is gone to"


def test_next_leads_from_start_through_the_items_to_done():
    table = table_of(Sequence("", (item("a"), item("b"))))
    assert [table.fire("next", state, {}) for state in (START, "a", "b", DONE)] == ["a", "b", DONE, DONE]


def test_skip_goes_where_next_goes_but_only_where_the_guard_holds():
    table = table_of(Sequence("", (item("a", skip_when=flag("urgent")), item("b"))))
    assert table.fire("skip", "a", {"urgent": True}) == "b"
    assert table.fire("skip", "a", {"urgent": False}) == "a"
    assert table.fire("skip", "b", {}) == "b"


def test_fail_enters_the_handler_which_goes_on_behind_its_item():
    table = table_of(Sequence("", (item("a", handler=item("a.failed")), item("b"))))
    assert table.fire("fail", "a", {}) == "a.failed"
    assert table.fire("next", "a.failed", {}) == "b"
    assert table.fire("fail", "b", {}) == "b"


def test_an_alternate_is_entered_by_goto_alone_and_leads_to_done():
    table = table_of(Sequence("", (item("a"),), (item("withdrawn"),)))
    assert table.fire("goto:withdrawn", "a", {}) == "withdrawn"
    assert table.fire("next", "withdrawn", {}) == DONE
    assert "withdrawn" not in {table.fire("next", state, {}) for state in table.states}


def test_an_unknown_trigger_is_an_error_of_ours_in_both_forms():
    sequence = Sequence("", (item("a"),))
    with pytest.raises(UnknownTrigger, match=r"no trigger 'goto:b'; did you mean 'goto:a'"):
        table_of(sequence).fire("goto:b", "a", {})
    with pytest.raises(UnknownTrigger, match="no trigger 'nexxt'; did you mean 'next'"):
        fire(machine_of(sequence), "nexxt", "a", {})
    with pytest.raises(UnknownTrigger):
        table_of(sequence).fire("a", "a", {})


def test_a_guard_carries_the_words_of_the_author():
    both = SkipGuard(item("a", when=flag("open"), skip_when=flag("urgent")))
    assert both.name == "urgent or not (open)"
    assert both.because({"urgent": True, "open": True}) == "skip_when holds: urgent"
    assert both.because({"urgent": False, "open": False}) == "when does not hold: open"


def test_the_lifecycle_table_and_its_machine_make_the_same_moves():
    machine = lifecycle_machine()
    for trigger, moves in LIFECYCLE.items():
        for life in ItemLife:
            assert fire(machine, trigger, life.value, {}) == moves.get(life, life)


def test_the_ends_of_the_lifecycle_are_final():
    ends = {ItemLife.COMPLETED, ItemLife.TERMINATED, ItemLife.SKIPPED}
    assert not any(source in ends for moves in LIFECYCLE.values() for source in moves)
