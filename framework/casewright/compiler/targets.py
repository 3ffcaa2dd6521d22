"""Moves that lead nowhere: the stage was never there, or a layer took it away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from casewright.compiler.links import Named
from casewright.layers import Resolved
from casewright.source.node import Node
from casewright.steps.scope import listed
from casewright.values import Problem, Related, Span, did_you_mean


def dead_ends(resolved: Resolved, named: Iterable[Named]) -> Iterator[Problem]:
    """E510 for each name of a stage that the resolved rule does not have, with the layer that removed it."""
    for each in named:
        node, path = each.node, each.path
        targets = each.shape.annotations.get("x-target", ())
        lists = tuple(name for name in targets if resolved.body.get(name) is not None)
        ids = [item.word("id") for name in lists for item in resolved.body.items(name)]
        if lists and str(node.value) not in ids:
            is_inside = any(str(node.value) in _ids_inside(resolved.body.get(name)) for name in lists)
            yield _dead_end(node, path, ids, _removal(resolved, lists, str(node.value)), is_inside=is_inside)


def _ids_inside(node: Node | None) -> Iterator[str]:
    """The ids of the steps and branches in a list of stages."""
    inner = node.value if node is not None and node.is_list else ()
    for each in inner:
        for key in ("steps", "branches"):
            yield from (step.word("id") for step in each.items(key))
            yield from _ids_inside(each.get(key))


def _dead_end(node: Node, path: str, ids: list[str], removed: Span | None, *, is_inside: bool) -> Problem:
    step = path.rpartition(".")[0]
    if is_inside and removed is None:
        message = f"{step} moves to '{node.value}', which lies inside a stage; a move leads to a stage"
        help_ = f"to do steps again put them into a do: group with repeat:; stages: {listed(ids)}"
        return Problem(node.span, "E510", message, help=help_)
    if removed is None:
        message = f"{step} moves to '{node.value}', which is no stage{did_you_mean(str(node.value), ids)}"
        return Problem(node.span, "E510", message, help=f"stages: {listed(ids)}")
    message = f"after merging, {step} moves to '{node.value}', which [{removed.layer}] removed at {removed}"
    related = (Related(removed, "removed here"),)
    return Problem(node.span, "E510", message, related, f"keep the stage, or move to one of {listed(ids)}")


def _removal(resolved: Resolved, lists: tuple[str, ...], stage: str) -> Span | None:
    """Where the stage was removed; None where there never was one."""
    for name in lists:
        history = resolved.history.get(f"{name}.{stage}", ())
        if history and history[-1].operation == "removed":
            return history[-1].span
    return None
