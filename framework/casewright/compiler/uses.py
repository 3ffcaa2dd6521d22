"""Whether each case type offers what the dialogs, tables and texts that it uses read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from casewright.compiler.links import Link
from casewright.compiler.scopes import EVERYWHERE
from casewright.steps.deciding import DECIDERS
from casewright.steps.outline import Outline, Outlines
from casewright.steps.scope import CASE_TYPES
from casewright.values import Problem, Related, Span

Reads = Mapping[tuple[str, str], Mapping[str, Span]]
"""By kind and id: the dotted paths that a rule and its variants read, each with a place."""

OF_THE_PLACE = frozenset({"item", "result", "event", "arguments"})
"""Roots that belong to the place where a rule is used, not to the case."""


def lacking(
    outlines: Outlines, links: Mapping[tuple[str, str], tuple[Link, ...]], reads: Reads, sharing: frozenset[str]
) -> Iterator[Problem]:
    """A problem for each path that a used rule reads and a case type that uses it does not offer.

    `sharing` are the kinds whose rules read what the case that uses them offers.
    """
    for case_type in outlines.ids("case_type"):
        outline = outlines.find("case_type", case_type)
        if outline is None or outline.is_abstract:
            continue
        rules = used(("case_type", case_type), links, sharing)
        own = _own_of(outlines, ("case_type", case_type), *rules)
        for rule in rules:
            for path, at in reads.get(rule, {}).items():
                if not _offers(outline, own, path, rule[0]) and not _is_declared(outlines, rule, path):
                    yield _lack(case_type, outline, rule, path, at)


def used(
    start: tuple[str, str], links: Mapping[tuple[str, str], tuple[Link, ...]], sharing: frozenset[str]
) -> list[tuple[str, str]]:
    """The shared rules that a rule reaches, itself or through one another."""
    found: dict[tuple[str, str], None] = {}
    waiting = [start]
    while waiting:
        for link in links.get(waiting.pop(), ()):
            rule = (link.kind, link.id)
            if rule not in found and link.kind in sharing:
                found[rule] = None
                waiting.append(rule)
    return list(found)


def _own_of(outlines: Outlines, *rules: tuple[str, str]) -> frozenset[str]:
    """The fields that passes inside these rules have of their own: what is used in a pass may read them."""
    found = (outlines.find(*rule) for rule in rules)
    return frozenset(name for each in found if each is not None for name in each.own)


def _offers(outline: Outline, own: frozenset[str], path: str, kind: str) -> bool:
    root, _, rest = path.partition(".")
    if root == "event" and kind in DECIDERS.values():
        return False  # only triggers ask about events
    if root == "case":
        name = rest.partition(".")[0]
        return not name or name in outline.fields or name in own or name in CASE_TYPES
    return root in outline.roots or root in EVERYWHERE or root in OF_THE_PLACE


def _is_declared(outlines: Outlines, rule: tuple[str, str], path: str) -> bool:
    """Whether the rule itself declares the field: whoever uses it is checked for that where it is used."""
    own = outlines.find(*rule)
    root, _, rest = path.partition(".")
    return root == "case" and own is not None and rest.partition(".")[0] in own.fields


def _lack(case_type: str, outline: Outline, rule: tuple[str, str], path: str, at: Span) -> Problem:
    root, _, rest = path.partition(".")
    name = rest.partition(".")[0]
    what, mend = root, f"name it there under context: {root}: {{page: D_...}}"
    if root == "case":
        what, mend = f"case.{name}", f"declare it there under data: {name}: {{type: text}}"
    elif root == "event":
        mend = "events belong to triggers; save what one carries into a field of the case, and read that"
    return Problem(
        at,
        "E533",
        f"{'/'.join(rule)} reads {what}, which is missing in case_type/{case_type}, where it is used",
        (Related(outline.span, f"case_type/{case_type} stands here"),),
        mend,
    )
