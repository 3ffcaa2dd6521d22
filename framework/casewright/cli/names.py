"""Names of rules as they are typed: `KIND/ID@VARIANT.path.in.it`, found among the rules that there are."""

from __future__ import annotations

import re
from dataclasses import dataclass

import click

from casewright.layers import Layers
from casewright.layers.texts import languages_of
from casewright.values import RuleName, did_you_mean

_DOTTED = re.compile(
    r"(?P<kind>[a-z][a-z0-9_]*)/(?P<id>[A-Za-z][A-Za-z0-9_]*)(?P<second>\.[a-z][a-z0-9_]*)?(?:@(?P<variant>[a-z][a-z0-9_]*))?"
)

_FORM = re.compile(r"(?P<kind>[a-z][a-z0-9_]*)/(?P<id>[A-Za-z][A-Za-z0-9_]*)(?:@(?P<variant>[a-z][a-z0-9_]*))?")
"""The same without the second part that only the ids of some kinds have."""


@dataclass(frozen=True, slots=True)
class Named:
    """A rule that was asked for, and the path in it (`""`: the whole)."""

    name: RuleName
    path: str


def named(text: str, for_class: str, layers: Layers) -> Named:
    """The rule that the text names, seen from a class where one is given; wrong usage where there is none."""
    match = _matched(text, layers)
    rest = text[match.end() :] if match else ""
    if match is None or (rest and not rest.startswith(".")):
        raise click.UsageError(f"'{text}' names no rule{_kind_missing(text, layers)}")
    rule_id = match["id"] + (match.groupdict().get("second") or "")
    name = RuleName(match["kind"], rule_id, for_class, match["variant"] or "")
    return Named(_found(name, layers), rest.removeprefix("."))


def _matched(text: str, layers: Layers) -> re.Match[str] | None:
    """The kind, id and variant at the front of the text: the longest id that there is."""
    dotted = _DOTTED.match(text)
    if dotted and dotted["second"]:
        known = {(name.kind, name.id) for name in layers.names()}
        if (dotted["kind"], f"{dotted['id']}{dotted['second']}") in known:
            return dotted
    return _FORM.match(text)


def _kind_missing(text: str, layers: Layers) -> str:
    word = text.partition(".")[0].partition("@")[0]
    same = [name for name in layers.names() if name.id == word and not name.variant]
    if same:
        return f"; did you mean '{same[0]}'?"
    return "; write KIND/ID, as case_type/report_lost_card, or KIND/ID.path.to.a.value"


def _found(name: RuleName, layers: Layers) -> RuleName:
    known = layers.names()
    if name in known:
        return name
    bound = layers.bound(name.kind, name.id, name.for_class)
    if bound is not None:
        seen = RuleName(bound.kind, bound.id, bound.for_class, name.variant)
        if seen in known:
            return seen
        variants = layers.variants(bound)
        near = did_you_mean(name.variant, variants) or f"; it has {', '.join(sorted(variants)) or 'no variants'}"
        raise click.UsageError(f"{bound} has no variant '{name.variant}'{near}")
    raise click.UsageError(_no_rule(name, known))


def _no_rule(name: RuleName, known: tuple[RuleName, ...]) -> str:
    kinds = {each.kind for each in known}
    if name.kind not in kinds:
        return f"there is no rule of kind '{name.kind}' here{did_you_mean(name.kind, kinds)}"
    near = did_you_mean(str(name.base), known) or "; `casewright layers` lists what there is"
    return f"there is no {name}{near}"


def refuse_unknown_language(layers: Layers, language: str) -> None:
    """Refuse a language that no layer is written in or has texts in, as wrong usage."""
    known = languages_of(layers)
    if language and language not in (*known, *(layer.language for layer in layers.stack)):
        near = did_you_mean(language, known) or f"; there are texts in {', '.join(known) or 'no other language'}"
        raise click.UsageError(f"no layer has texts in '{language}'{near}")
