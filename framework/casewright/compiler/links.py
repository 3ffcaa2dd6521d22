"""Who names whom: the references in a body, found by its shape, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from casewright.compiler.unsound import Unsound
from casewright.layers.shapes import Shape
from casewright.source.node import Formula, Node
from casewright.steps.deciding import DECIDERS
from casewright.values import Problem, Related, RuleName, Span, did_you_mean, nearest


@dataclass(frozen=True, slots=True)
class Link:
    """One reference: the rule that names, the rule named, the dotted path and the place.

    `nests`: the steps of the rule named run inside those of the rule that names.
    """

    source: RuleName
    kind: str
    id: str
    path: str
    at: Span
    nests: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A scalar that names something, as its shape's annotations say; its dotted path."""

    node: Node
    shape: Shape
    path: str


class Naming:
    """Finds what names something in bodies: the scalars whose shape has one of the annotations.

    Keeps which shapes lead to no such scalar, so that most of a body is passed over.
    """

    def __init__(self, *annotations: str) -> None:
        self._annotations = annotations
        self._known: set[Shape] = set()
        self._silent: set[Shape] = set()

    def named(self, body: Node, shape: Shape) -> tuple[Named, ...]:
        """What names something in a body, in its order."""
        if shape not in self._known:
            self._learn(shape)
        found: list[Named] = []
        self._walk(body, shape, "", found)
        return tuple(found)

    def _walk(self, node: Node, shape: Shape, path: str, found: list[Named]) -> None:
        own = shape.of(node) if shape.discriminator or shape.forms else shape
        value = node.value
        if isinstance(value, dict):
            properties, others, silent = own.properties, own.others, self._silent
            for name, inner in value.items():
                child = properties.get(name, others)
                if child is not None and child not in silent:
                    self._walk(inner, child, f"{path}.{name}" if path else name, found)
        elif isinstance(value, tuple):
            item = own.item
            for inner in value if item is not None and item not in self._silent else ():
                key = inner.get(own.key) if own.key else None
                self._walk(inner, item or shape, f"{path}.{key.value}" if key else path, found)
        elif isinstance(value, str) and not isinstance(value, Formula) and self._speaks(own):
            found.append(Named(node, own, path))

    def _speaks(self, shape: Shape) -> bool:
        return any(annotation in shape.annotations for annotation in self._annotations)

    def _learn(self, root: Shape) -> None:
        """Mark the shapes at and below `root` from which no naming scalar can be reached."""
        above: dict[Shape, list[Shape]] = {root: []}
        waiting = [root]
        while waiting:
            shape = waiting.pop()
            for inner in shape.below():
                if inner not in above:
                    above[inner] = []
                    waiting.append(inner)
                above[inner].append(shape)
        leading = [shape for shape in above if self._speaks(shape)]
        loud = set(leading)
        while leading:
            fresh = [shape for shape in above[leading.pop()] if shape not in loud]
            loud.update(fresh)
            leading += fresh
        self._known |= above.keys()
        self._silent |= above.keys() - loud


def links_of(name: RuleName, named: Iterable[Named]) -> tuple[Link, ...]:
    """The references to other rules among what a rule names."""
    return tuple(_link(name, each) for each in named if "x-reference" in each.shape.annotations)


def _link(name: RuleName, named: Named) -> Link:
    words, node = named.shape.annotations, named.node
    return Link(name, words["x-reference"], _id(node, named.shape), named.path, node.span, "x-nests" in words)


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

    def of(self, kind: str) -> frozenset[str]:
        """The ids of one kind."""
        return self.ids.get(kind, frozenset())


def broken(links: tuple[Link, ...], known: Known, held: Unsound) -> Iterator[Problem]:
    """A problem for each reference to a rule that is not there, is blocked, or is off; an unsound one is there."""
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
        elif not held.holds(link.kind, link.id) and link.id not in known.of(link.kind):
            yield Problem(link.at, "E502", _missing(link, named, known), help=_mend(link, known))


def _missing(link: Link, named: str, known: Known) -> str:
    module = known.off.get((link.kind, link.id))
    if module:
        return f"{link.path} -> {named} belongs to the module '{module}', which is off"
    return f"{link.path} -> there is no {named}{did_you_mean(link.id, known.of(link.kind))}"


def _mend(link: Link, known: Known) -> str:
    module = known.off.get((link.kind, link.id))
    if module:
        return f"switch it on in layer.yaml: modules: {{{module}: true}}"
    own = f"define {link.kind}/{link.id} in a file of its own"
    other = next((word for word, kind in DECIDERS.items() if kind != link.kind and link.id in known.of(kind)), None)
    if other is not None and link.kind in DECIDERS.values():
        return f"there is {DECIDERS[other]}/{link.id}: write {other}: {link.id}"
    near = nearest(link.id, known.of(link.kind))
    return f"write {near}; or {own}" if near else f"{own}: `define: {link.kind}/{link.id}`"
