"""What lets an item begin, end early, or begin again, as authors write it beside the item."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from casewright.expressions import DYNAMIC
from casewright.machine.plan import Value
from casewright.machine.side_by_side import On, OnEvent, OnField, OnItem, Repeat, Sentry
from casewright.machine.snapshot import ItemLife
from casewright.source.node import Node
from casewright.steps.outline import Outline
from casewright.steps.scope import Scope, listed
from casewright.steps.written import WrittenItem
from casewright.values import Related, did_you_mean, nearest

STATES = {
    "done": ItemLife.COMPLETED,
    "started": ItemLife.ACTIVE,
    "failed": ItemLife.FAILED,
    "skipped": ItemLife.SKIPPED,
    "ended": ItemLife.TERMINATED,
}
"""The words for what happens to an item, and the state that it is in then."""

MOST_LISTED = 12
"""How many names a message lists."""

MOST_REPEATS = 100


@dataclass(frozen=True, slots=True)
class Bounds:
    """When an item begins and ends, beside its place in the order: the fields of an `Item` of these names."""

    entry: tuple[Sentry, ...] = ()
    exit: tuple[Sentry, ...] = ()
    manual: bool = False
    started_by: frozenset[str] = frozenset()
    repeat: Repeat | None = None


ALWAYS = Bounds()


_BOUNDS = frozenset({"enter_on", "exit_on", "start", "by", "repeat"})


def bounds_of(node: Node, path: str, scope: Scope) -> Bounds:
    """What the item at `path` says of its beginning and end."""
    written = node.value
    if _BOUNDS.isdisjoint(written):
        return ALWAYS
    by, manual = node.get("by"), node.word("start") == "manual"
    if by is not None and not manual:
        message = f"by: says who may start '{path}' by hand, but it begins by itself"
        scope.report("E551", by.key, message, help="add start: manual, or leave by: out")
    _check_skipped(node, path, scope)
    return Bounds(
        entry=tuple(_sentry(each, path, scope, begins=True) for each in node.items("enter_on")),
        exit=tuple(_sentry(each, path, scope, begins=False) for each in node.items("exit_on")),
        manual=manual,
        started_by=frozenset(node.words("by")),
        repeat=_repeat(node.get("repeat"), scope),
    )


def _check_skipped(node: Node, path: str, scope: Scope) -> None:
    """A warning where each way to begin needs an item to be completed that may be passed over instead."""
    ways = node.items("enter_on")
    is_free = any(name in node.value for name in ("when", "skip_when", "exit_on")) or "required" in node.value
    needed = [] if is_free else [_may_be_skipped(way, path, scope) for way in ways]
    if needed and needed[0] is not None and None not in needed:
        at, named = needed[0]
        scope.report(
            "W726",
            at.span,
            f"'{named.path}' may be passed over, and is not done then: '{path}' would wait for ever",
            related=(Related(named.node.span, f"'{named.path}' stands here"),),
            help=f"add a way to begin: - {{skipped: {at.value}}}; or give '{path}' a when: of its own",
        )


def _may_be_skipped(way: Node, path: str, scope: Scope) -> tuple[Node, WrittenItem] | None:
    """An item that a way needs completed, and that a condition of its own may pass over."""
    for each in _one_or_more(way.get("done")):
        found = scope.items.find(str(each.value), path)
        if found is not None and any(name in found.node.value for name in ("when", "skip_when")):
            return each, found
    return None


def _repeat(node: Node | None, scope: Scope) -> Repeat | None:
    when = scope.condition(node.get("when")) if node is not None else None
    return Repeat(when, node.number("most", MOST_REPEATS)) if node is not None and when is not None else None


def _sentry(node: Node, path: str, scope: Scope, *, begins: bool) -> Sentry:
    """One way for the item at `path` to begin, or to end."""
    event = node.get("event")
    outline = scope.outline("event", event) if event is not None else None
    on: list[On] = [each for word in STATES for each in _items(node.get(word), word, path, scope, begins=begins)]
    if event is not None:
        on.append(OnEvent(str(event.value), matching(node, outline, scope)))
    on += _fields(node.get("changed"), scope)
    when = node.get("when")
    if all(name == "match" or each.value == () for name, each in node.value.items()):
        words = listed((*STATES, "event", "changed", "when"))
        scope.report("E555", node.span, "this names nothing that could happen", help=f"write one or more of {words}")
    elif event is None and "match" in node.value:
        message = "match: chooses among events, and this waits for none"
        scope.report("E555", node.value["match"].key, message, help="add event: NAME")
    inner = scope.with_roots(event=outline.type if outline is not None else DYNAMIC) if event is not None else scope
    return Sentry(tuple(on), inner.condition(when))


def matching(node: Node, outline: Outline | None, scope: Scope) -> dict[str, Value]:
    """The values that fields of an event's payload must have: each field is one that the event tells."""
    entries = node.entries("match")
    if outline is None:
        return scope.values(entries)
    for name, each in entries.items():
        if name not in outline.fields:
            message = f"{node.word('event')} tells no '{name}'{did_you_mean(name, outline.fields)}"
            told = Related(outline.span, f"it tells {listed(outline.fields)}")
            scope.report("E552", each.key, message, related=(told,))
    return scope.values(entries, outline.types)


def _fields(node: Node | None, scope: Scope) -> Iterator[OnField]:
    for each in _one_or_more(node):
        field = scope.field(each)
        if field is not None:
            yield OnField(field.name)


def _one_or_more(node: Node | None) -> tuple[Node, ...]:
    if node is None:
        return ()
    return node.value if node.is_list else (node,)


# -- items -------------------------------------------------------------------------------------------------------------


def _items(node: Node | None, word: str, path: str, scope: Scope, *, begins: bool) -> Iterator[OnItem]:
    for each in _one_or_more(node):
        found = item_named(each, path, scope)
        if found is not None:
            _check_order(each, found, path, scope, begins=begins)
            yield OnItem(found.path, STATES[word])


def item_named(node: Node, path: str, scope: Scope) -> WrittenItem | None:
    """The item that a node at the item `path` names; a problem where there is none."""
    name, items = str(node.value), scope.items
    found = items.find(name, path)
    if found is None:
        known = items.names(path)
        around = items.pass_around(name) or items.pass_around(f"{path.rpartition('.')[0]}.{name}")
        near = nearest(name, known)
        help_ = f"write '{near}'" if near else f"here may stand {listed(known[:MOST_LISTED])}"
        help_ = help_ if known else "nothing else here could come before it"
        message = f"no item is called '{name}' here{did_you_mean(name, known)}"
        if around is not None:
            message = f"'{name}' is inside '{around.path}', of which each pass has its own"
            help_ = f"name '{around.path}' itself, or write this inside it"
        scope.report("E553", node.span, message, help=help_)
    return found


def _check_order(node: Node, named: WrittenItem, path: str, scope: Scope, *, begins: bool) -> None:
    """A problem where the item named can only begin after what waits for it."""
    is_inside = named.path.startswith(f"{path}.")
    if not scope.items.waits_for(named, path) or (is_inside and not begins):
        return
    what = "itself" if named.path == path else f"'{named.path}', which {'is inside it' if is_inside else 'follows it'}"
    waits = "begin" if begins else "end"
    scope.report(
        "E554",
        node.span,
        f"'{path}' waits for {what}, to {waits}: that never happens",
        related=() if named.path == path else (Related(named.node.span, f"'{named.path}' stands here"),),
        help="name an item before it, or one that stands beside it in another branch",
    )
