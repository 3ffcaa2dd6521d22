"""A plan as a picture: the text that mermaid or graphviz draws. Stages are boxes with their steps in order,
splits with what stands side by side in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from casewright.machine.charts import DONE, START, Table
from casewright.machine.effects import Move, Resolve
from casewright.machine.places import ACTIONS, ANY_PASS, under
from casewright.machine.plan import Constant, Item, Plan
from casewright.machine.side_by_side import OnItem, Split
from casewright.machine.watching import in_words


@dataclass(frozen=True, slots=True)
class _Edge:
    source: str
    target: str
    label: str = ""
    is_dashed: bool = False


@dataclass(frozen=True, slots=True)
class _Box:
    """An item as it is drawn: a box with its words, and the boxes inside it."""

    path: str
    words: str
    inside: tuple[_Box, ...] = ()


def mermaid(plan: Plan) -> str:
    """The flowchart of a plan in mermaid's language."""
    lines = ["flowchart TD", f"  {_key(START)}([start])", f"  {_key(DONE)}([done])"]
    for box in _boxes(plan):
        lines += _mermaid_box(box, "  ")
    lines += [_mermaid_edge(edge) for edge in _edges(plan)]
    return "\n".join(lines) + "\n"


def _mermaid_box(box: _Box, indent: str) -> Iterator[str]:
    if not box.inside:
        yield f'{indent}{_key(box.path)}["{_escape(box.words)}"]'
        return
    yield f'{indent}subgraph {_key(box.path)}["{_escape(box.words)}"]'
    for each in box.inside:
        yield from _mermaid_box(each, indent + "  ")
    yield f"{indent}end"


def _mermaid_edge(edge: _Edge) -> str:
    arrow = "-.->" if edge.is_dashed else "-->"
    label = f'|"{_escape(edge.label)}"|' if edge.label else ""
    return f"  {_key(edge.source)} {arrow}{label} {_key(edge.target)}"


def _escape(text: str) -> str:
    return (
        text.replace("&", "&amp;")
        .replace('"', "&quot;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\n", "<br/>")
    )


def dot(plan: Plan) -> str:
    """The graph of a plan in the language of graphviz."""
    lines = ["digraph plan {", "  rankdir=TB; compound=true; node [shape=box];"]
    lines += [f"  {_quoted(end)} [shape=oval];" for end in (START, DONE)]
    boxes = _boxes(plan)
    for box in boxes:
        lines += _dot_box(box, "  ")
    by_path = {each.path: each for box in boxes for each in _with_inside(box)}
    lines += [_dot_edge(by_path, edge) for edge in _edges(plan)]
    return "\n".join([*lines, "}"]) + "\n"


def _dot_box(box: _Box, indent: str) -> Iterator[str]:
    if not box.inside:
        yield f"{indent}{_quoted(box.path)} [label={_quoted(box.words)}];"
        return
    yield f"{indent}subgraph {_quoted(f'cluster_{box.path}')} {{"
    yield f"{indent}  label={_quoted(box.words)};"
    for each in box.inside:
        yield from _dot_box(each, indent + "  ")
    yield f"{indent}}}"


def _with_inside(box: _Box) -> Iterator[_Box]:
    yield box
    for each in box.inside:
        yield from _with_inside(each)


def _dot_edge(boxes: Mapping[str, _Box], edge: _Edge) -> str:
    """An edge; graphviz joins boxes only through a node inside them, clipped at the box."""
    attributes = [f"label={_quoted(edge.label)}"] if edge.label else []
    attributes += ["style=dashed"] if edge.is_dashed else []
    attributes += [f"ltail={_quoted(f'cluster_{edge.source}')}"] if _is_box(boxes, edge.source) else []
    attributes += [f"lhead={_quoted(f'cluster_{edge.target}')}"] if _is_box(boxes, edge.target) else []
    shown = f" [{', '.join(attributes)}]" if attributes else ""
    return f"  {_quoted(_inner(boxes, edge.source, -1))} -> {_quoted(_inner(boxes, edge.target, 0))}{shown};"


def _is_box(boxes: Mapping[str, _Box], path: str) -> bool:
    return path in boxes and bool(boxes[path].inside)


def _inner(boxes: Mapping[str, _Box], path: str, which: int) -> str:
    while _is_box(boxes, path):
        path = boxes[path].inside[which].path
    return path


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


# -- what both draw: boxes ---------------------------------------------------------------------------------------------


def _boxes(plan: Plan, prefix: str = "") -> tuple[_Box, ...]:
    found = [_box(plan, prefix, item) for item in plan.tables[""].items.values()]
    return (*found, *_actions(plan, prefix, ACTIONS))


def _box(plan: Plan, prefix: str, item: Item) -> _Box:
    """An item with its steps, its branches, or one pass for all, and its optional actions."""
    inside: list[_Box] = []
    if item.path in plan.tables:
        inside += [_box(plan, prefix, each) for each in plan.tables[item.path].items.values()]
    if item.split is not None and item.split.passes is not None:
        path = f"{item.path}.{ANY_PASS}"
        inside.append(_Box(under(prefix, path), "each pass", _boxes(item.split.passes, under(prefix, path))))
    inside += _actions(plan, prefix, f"{item.path}.{ACTIONS}")
    return _Box(under(prefix, item.path), _words(item), tuple(inside))


def _actions(plan: Plan, prefix: str, owner: str) -> tuple[_Box, ...]:
    if owner not in plan.tables:
        return ()
    inside = tuple(_box(plan, prefix, each) for each in plan.tables[owner].items.values())
    return (_Box(under(prefix, owner), "optional actions", inside),)


def _words(item: Item) -> str:
    """What stands in the box: the label, what the item does, and what lets it begin, end and be repeated."""
    is_plain = item.body is None or item.kind not in ("stage", "branch", "action")
    words = [f"{item.label or item.id} ({item.kind})" if is_plain else item.label or item.id]
    words += [f"when {item.when.name}"] if item.when else []
    words += [f"skipped when {item.skip_when.name}"] if item.skip_when else []
    words += [f"begins on {in_words(each)}" for each in item.entry]
    words += [_by_hand(item)] if item.manual or item.kind == "action" else []
    words += [f"ends on {in_words(each)}" for each in item.exit]
    words += [f"repeated while {item.repeat.when.name}"] if item.repeat else []
    words += _of_split(item.split) if item.split is not None else []
    return "\n".join(words)


def _by_hand(item: Item) -> str:
    by = f" by {', '.join(sorted(item.started_by))}" if item.started_by else ""
    return f"started by hand{by}{', once' if item.once else ''}"


def _of_split(split: Split) -> list[str]:
    rest = ", which ends the rest" if split.cancel_rest else ""
    words = [f"waits for {split.join or 'all'}{rest}"]
    words += [f"at most {split.at_once} at once"] if split.at_once else []
    return [*words, *([f"done when {split.done_when.name}"] if split.done_when is not None else [])]


# -- and edges ---------------------------------------------------------------------------------------------------------


def _edges(plan: Plan, prefix: str = "") -> Iterator[_Edge]:
    for owner, table in plan.tables.items():
        for state in (START, *table.items):
            if state != START or not (owner or prefix):
                yield from _from_state(plan, under(prefix, owner), prefix, table, state)
    for path, place in plan.places.items():
        yield from _lets(plan, prefix, place.item)
        if place.item.split is not None and place.item.split.passes is not None:
            yield from _edges(place.item.split.passes, under(prefix, f"{path}.{ANY_PASS}"))


def _from_state(plan: Plan, owner: str, prefix: str, table: Table, state: str) -> Iterator[_Edge]:
    source = under(prefix, table.items[state].path) if state in table.items else state
    target = table.next.get(state)
    if target is not None and not _leaves(table, state):
        if target in table.items:
            yield _Edge(source, under(prefix, table.items[target].path))
        elif not owner:
            yield _Edge(source, DONE)
    if state in table.fail:
        yield _Edge(source, under(prefix, table.items[table.fail[state]].path), "fails", is_dashed=True)
    if state in table.items:
        yield from _jumps(plan, prefix, table.items[state], table)


def _leaves(table: Table, state: str) -> bool:
    """Whether the step itself says where the case goes, so that the order does not."""
    item = table.items.get(state)
    activity = item.activity if item else None
    return activity is not None and any(each.effect in (Move, Resolve) for each in activity.emissions)


def _jumps(plan: Plan, prefix: str, item: Item, table: Table) -> Iterator[_Edge]:
    source = under(prefix, item.path)
    for emission in item.activity.emissions if item.activity else ():
        if emission.effect is Resolve:
            status = emission.arguments.get("status")
            yield _Edge(source, DONE, str(status.value) if isinstance(status, Constant) else "resolves")
        elif emission.effect is Move:
            target = emission.arguments.get("target")
            name = target.value if isinstance(target, Constant) else None
            found = table.items.get(str(name)) or plan.tables[""].items.get(str(name))
            if found is not None:
                yield _Edge(source, under(prefix, found.path), "moves", is_dashed=True)


def _lets(plan: Plan, prefix: str, item: Item) -> Iterator[_Edge]:
    """From what an item listens for to the item."""
    for sentries, what in ((item.entry, "lets begin"), (item.exit, "ends")):
        for on in (each for sentry in sentries for each in sentry.on):
            if isinstance(on, OnItem) and on.path in plan.places:
                label = f"{on.state} {what}"
                yield _Edge(under(prefix, on.path), under(prefix, item.path), label, is_dashed=True)


def _key(path: str) -> str:
    """A name that mermaid takes: no dots, none of its own words, and none that an item and an end share."""
    if path in (START, DONE):
        return path.strip("()")
    return "n_" + path.replace("_", "__").replace(".", "_o_").replace(ANY_PASS, "_x_")
