"""Whether the tables and trees that triggers ask read nothing but what their event carries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from casewright.compiler.links import Link
from casewright.compiler.uses import Reads, used
from casewright.expressions import DATETIME, TEXT, Type
from casewright.layers import Layers
from casewright.layers.variants import dimensions_of, variants_of
from casewright.steps.deciding import DECIDERS
from casewright.steps.outline import Outlines
from casewright.steps.scope import listed
from casewright.values import Problem, Related, RuleName, Span

OF_A_SCHEDULE: Mapping[str, Type] = {"at": DATETIME, "trigger": TEXT}
"""What `event` holds for a trigger with a schedule."""


def lacking_in_triggers(
    outlines: Outlines, links: Mapping[tuple[str, str], tuple[Link, ...]], reads: Reads, layers: Layers
) -> Iterator[Problem]:
    """E533 for each path that a rule reads which a trigger asks, and that the trigger's event does not carry.

    A rule also reads what its variants are chosen by.
    """
    deciders = frozenset(DECIDERS.values())
    for trigger in (rule for rule in sorted(links) if rule[0] == "trigger"):
        carried = _carried(trigger, links, outlines)
        for rule in used(trigger, links, deciders):
            by = _place(links[trigger])
            for path, at in reads.get(rule, {}).items():
                if not _carries(carried, path):
                    yield _lack(trigger, rule, path, at, carried, by)
            for dimension in _chosen_by(rule, layers):
                if not all(_carries(carried, path) for path in reads.get(("circumstance", dimension), {})):
                    yield _unchosen(trigger, rule, dimension, by)


def _chosen_by(rule: tuple[str, str], layers: Layers) -> tuple[str, ...]:
    """The dimensions that the variants of a rule hang on."""
    name = RuleName(*rule)
    if name not in layers.names() or not layers.variants(name):
        return ()
    return variants_of(layers, name, dimensions_of(layers)).selector.needs


def _unchosen(trigger: tuple[str, str], rule: tuple[str, str], dimension: str, by: Span) -> Problem:
    message = f"{'/'.join(rule)} has variants by '{dimension}', and {'/'.join(trigger)} has only its event to choose by"
    return Problem(by, "E533", message, (), "let the trigger ask a rule that has none")


def _carried(
    trigger: tuple[str, str], links: Mapping[tuple[str, str], tuple[Link, ...]], outlines: Outlines
) -> Mapping[str, Type] | None:
    """The fields of the event that a trigger listens to; None where they are not known."""
    events = [link.id for link in links[trigger] if link.kind == "event"]
    if not events:
        return OF_A_SCHEDULE
    outline = outlines.find("event", events[0])
    return outline.type.fields if outline else None


def _carries(carried: Mapping[str, Type] | None, path: str) -> bool:
    root, _, rest = path.partition(".")
    if root != "event":
        return False
    return carried is None or not rest or rest.partition(".")[0] in carried


def _place(links: tuple[Link, ...]) -> Span:
    return next(link.at for link in links if link.kind in DECIDERS.values())


def _lack(
    trigger: tuple[str, str], rule: tuple[str, str], path: str, at: Span, carried: Mapping[str, Type] | None, by: Span
) -> Problem:
    name = "/".join(trigger)
    related = (Related(by, f"{name} asks it here"),)
    if path.startswith("event."):
        message = f"{'/'.join(rule)} reads {path}, which the event of {name} does not carry"
        return Problem(at, "E533", message, related, f"it carries {listed(carried or ())}")
    message = f"{'/'.join(rule)} reads {path}, and {name}, which asks it, has only its event"
    return Problem(at, "E533", message, related, "let the trigger ask a rule that reads event.NAME")
