"""Who names whom: the references in a body, found by its shape, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from casewright.layers.shapes import Shape
from casewright.source.node import Formula, Node
from casewright.values import Problem, Related, RuleName, Span, did_you_mean


@dataclass(frozen=True, slots=True)
class Link:
    """One reference: the rule that names, the rule named, the dotted path and the place."""

    source: RuleName
    kind: str
    id: str
    path: str
    at: Span


def links_of(name: RuleName, body: Node, shape: Shape) -> tuple[Link, ...]:
    """The references in a body to other rules."""
    return tuple(
        Link(name, own.annotations["x-reference"], _id(node, own), path, node.span)
        for node, own, path in named_things(body, shape, "x-reference")
    )


def named_things(node: Node, shape: Shape, annotation: str, path: str = "") -> Iterator[tuple[Node, Shape, str]]:
    """The scalars that name something, as their shape's annotation says: each with its shape and dotted path."""
    own = shape.of(node)
    value = node.value
    if isinstance(value, dict):
        for name, inner in value.items():
            child = own.child(name)
            if child is not None:
                yield from named_things(inner, child, annotation, f"{path}.{name}" if path else name)
    elif isinstance(value, tuple):
        for item in value if own.item is not None else ():
            key = item.get(own.key) if own.key else None
            yield from named_things(item, own.item or shape, annotation, f"{path}.{key.value}" if key else path)
    elif annotation in own.annotations and isinstance(value, str) and not isinstance(value, Formula):
        yield node, own, path


def _id(node: Node, shape: Shape) -> str:
    """The id of the rule that is named; a connector's operation is named behind a dot."""
    name = str(node.value)
    return name.partition(".")[0] if "x-part" in shape.annotations else name


@dataclass(frozen=True, slots=True)
class Known:
    """The rules that there are, those that a layer blocks, and those that are off with their module."""

    ids: Mapping[str, frozenset[str]]
    blocked: Mapping[tuple[str, str], Span]
    off: Mapping[tuple[str, str], str]


def broken(links: tuple[Link, ...], known: Known) -> Iterator[Problem]:
    """A problem for each reference to a rule that is not there, is blocked, or is switched off."""
    for link in links:
        named = f"{link.kind}/{link.id}"
        if (link.kind, link.id) in known.blocked:
            place = known.blocked[link.kind, link.id]
            yield Problem(
                link.at,
                "E501",
                f"{link.path} -> {named} is blocked by [{place.layer}]",
                (Related(place, "blocked here"),),
                f"name another {link.kind}, or remove the block",
            )
        elif link.id not in known.ids.get(link.kind, frozenset()):
            yield Problem(link.at, "E502", _missing(link, named, known), help=_mend(link, known))


def _missing(link: Link, named: str, known: Known) -> str:
    module = known.off.get((link.kind, link.id))
    if module:
        return f"{link.path} -> {named} belongs to the module '{module}', which is off"
    near = did_you_mean(link.id, known.ids.get(link.kind, frozenset()))
    return f"{link.path} -> there is no {named}{near}"


def _mend(link: Link, known: Known) -> str:
    module = known.off.get((link.kind, link.id))
    if module:
        return f"switch it on in layer.yaml: modules: {{{module}: true}}"
    return f"define it in a file of its own: `define: {link.kind}/{link.id}`"
