"""A plan as a picture: the text that mermaid or graphviz draws. Stages are boxes with their steps in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from casewright.machine.charts import DONE, START, Table
from casewright.machine.effects import Move, Resolve
from casewright.machine.plan import Constant, Item, Plan


@dataclass(frozen=True, slots=True)
class _Edge:
    source: str
    target: str
    label: str = ""
    is_dashed: bool = False


def mermaid(plan: Plan) -> str:
    """The flowchart of a plan in mermaid's language."""
    lines = ["flowchart TD"]
    lines += _mermaid_nodes(plan, "", "  ")
    lines += [_mermaid_edge(edge) for edge in _edges(plan)]
    return "\n".join(lines) + "\n"


def _mermaid_nodes(plan: Plan, owner: str, indent: str) -> Iterator[str]:
    if not owner:
        yield f"{indent}{_key(START)}([start])"
        yield f"{indent}{_key(DONE)}([done])"
    for item in plan.tables[owner].items.values():
        if item.body is None or not item.body.items:
            yield f'{indent}{_key(item.path)}["{_escape(_words(item))}"]'
            continue
        yield f'{indent}subgraph {_key(item.path)}["{_escape(_words(item))}"]'
        yield from _mermaid_nodes(plan, item.path, indent + "  ")
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
    lines += _dot_nodes(plan, "", "  ")
    lines += [_dot_edge(plan, edge) for edge in _edges(plan)]
    return "\n".join([*lines, "}"]) + "\n"


def _dot_nodes(plan: Plan, owner: str, indent: str) -> Iterator[str]:
    if not owner:
        yield f"{indent}{_quoted(START)} [shape=oval];"
        yield f"{indent}{_quoted(DONE)} [shape=oval];"
    for item in plan.tables[owner].items.values():
        if item.body is None or not item.body.items:
            yield f"{indent}{_quoted(item.path)} [label={_quoted(_words(item))}];"
            continue
        yield f"{indent}subgraph {_quoted(f'cluster_{item.path}')} {{"
        yield f"{indent}  label={_quoted(_words(item))};"
        yield from _dot_nodes(plan, item.path, indent + "  ")
        yield f"{indent}}}"


def _dot_edge(plan: Plan, edge: _Edge) -> str:
    """An edge; graphviz joins boxes only through a node inside them, clipped at the box."""
    attributes = [f"label={_quoted(edge.label)}"] if edge.label else []
    attributes += ["style=dashed"] if edge.is_dashed else []
    attributes += [f"ltail={_quoted(f'cluster_{edge.source}')}"] if _is_box(plan, edge.source) else []
    attributes += [f"lhead={_quoted(f'cluster_{edge.target}')}"] if _is_box(plan, edge.target) else []
    shown = f" [{', '.join(attributes)}]" if attributes else ""
    return f"  {_quoted(_inner(plan, edge.source, -1))} -> {_quoted(_inner(plan, edge.target, 0))}{shown};"


def _is_box(plan: Plan, path: str) -> bool:
    place = plan.places.get(path)
    return place is not None and place.item.body is not None and bool(place.item.body.items)


def _inner(plan: Plan, path: str, which: int) -> str:
    while _is_box(plan, path):
        body = plan.places[path].item.body
        assert body is not None
        path = body.items[which].path
    return path


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


# -- what both draw ----------------------------------------------------------------------------------------------------


def _edges(plan: Plan) -> Iterator[_Edge]:
    for owner, table in plan.tables.items():
        for state in (START, *table.items):
            if owner and state == START:
                continue
            yield from _from_state(plan, owner, table, state)


def _from_state(plan: Plan, owner: str, table: Table, state: str) -> Iterator[_Edge]:
    source = table.items[state].path if state in table.items else state
    target = table.next[state]
    if not _leaves(table, state):
        if target in table.items:
            yield _Edge(source, table.items[target].path)
        elif not owner:
            yield _Edge(source, DONE)
    if state in table.fail:
        yield _Edge(source, table.items[table.fail[state]].path, "fails", is_dashed=True)
    if state in table.items:
        yield from _jumps(plan, table.items[state], table)


def _leaves(table: Table, state: str) -> bool:
    """Whether the step itself says where the case goes, so that the order does not."""
    item = table.items.get(state)
    activity = item.activity if item else None
    return activity is not None and any(each.effect in (Move, Resolve) for each in activity.emissions)


def _jumps(plan: Plan, item: Item, table: Table) -> Iterator[_Edge]:
    for emission in item.activity.emissions if item.activity else ():
        if emission.effect is Resolve:
            status = emission.arguments.get("status")
            yield _Edge(item.path, DONE, str(status.value) if isinstance(status, Constant) else "resolves")
        elif emission.effect is Move:
            target = emission.arguments.get("target")
            name = target.value if isinstance(target, Constant) else None
            found = table.items.get(str(name)) or plan.tables[""].items.get(str(name))
            if found is not None:
                yield _Edge(item.path, found.path, "moves", is_dashed=True)


def _words(item: Item) -> str:
    """What stands in the box: the label, what the step does, and under which conditions it is entered."""
    words = item.label or item.id
    words += f" ({item.kind})" if item.body is None else ""
    words += f"\nwhen {item.when.name}" if item.when else ""
    words += f"\nskipped when {item.skip_when.name}" if item.skip_when else ""
    return words


def _key(path: str) -> str:
    """A name that mermaid takes: no dots, none of its own words, and none that an item and an end share."""
    if path in (START, DONE):
        return path.strip("()")
    return "n_" + path.replace("_", "__").replace(".", "_o_")
