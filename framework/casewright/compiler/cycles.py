"""Sequences that would run inside themselves without end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from casewright.compiler.links import Link
from casewright.values import Problem, Related

Rule = tuple[str, str]
"""A kind and an id."""


def nested_without_end(links: Mapping[Rule, tuple[Link, ...]]) -> Iterator[Problem]:
    """E537, once for each circle, at the step that closes it for the rule that comes first by name."""
    told: set[frozenset[Rule]] = set()
    for rule in sorted(links):
        circle = _circle(rule, links)
        if circle and frozenset(_rule(link) for link in circle) not in told:
            told.add(frozenset(_rule(link) for link in circle))
            path = " -> ".join("/".join(each) for each in (rule, *(_rule(link) for link in circle)))
            related = tuple(Related(link.at, f"{link.path} leads on") for link in circle[1:])
            help_ = "take one of these out, or move what they share to a rule of its own"
            yield Problem(circle[0].at, "E537", f"it would run inside itself without end: {path}", related, help_)


def _circle(start: Rule, links: Mapping[Rule, tuple[Link, ...]]) -> tuple[Link, ...]:
    """The nested references that lead from a rule back to itself; empty where none do."""
    waiting: list[tuple[Link, ...]] = [(link,) for link in links.get(start, ()) if link.nests]
    seen: set[Rule] = set()
    while waiting:
        path = waiting.pop(0)
        here = _rule(path[-1])
        if here == start:
            return path
        if here not in seen:
            seen.add(here)
            waiting += [(*path, link) for link in links.get(here, ()) if link.nests]
    return ()


def _rule(link: Link) -> Rule:
    return link.kind, link.id
