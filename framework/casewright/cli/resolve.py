"""`casewright resolve`: a rule as it comes out of all layers, each line with where it was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from casewright.cli.blame import Line, lines_of, print_lines
from casewright.cli.console import print_json
from casewright.cli.given import given
from casewright.cli.names import Named, named, refuse_unknown_language
from casewright.cli.options import (
    as_of_option,
    class_option,
    facts_option,
    json_option,
    layer_option,
    search_option,
)
from casewright.cli.stacks import open_stack_or_refuse
from casewright.compiler.pipeline import Compiled
from casewright.layers import Resolved
from casewright.layers.texts import text_leaves, texts_of, translated
from casewright.layers.variants import variants_of
from casewright.values import RuleName


@click.command("resolve", short_help="Show a rule as it comes out of all layers.")
@click.argument("rule", metavar="RULE")
@layer_option
@search_option
@facts_option
@as_of_option
@class_option
@click.option("--language", default="", metavar="CODE", help="Show the texts in this language, as de.")
@json_option
def command(
    rule: str,
    layer: Path,
    search: tuple[Path, ...],
    facts: tuple[str, ...],
    more_facts: tuple[str, ...],
    as_of: datetime,
    for_class: str,
    language: str,
    as_json: bool,
) -> None:
    """Show RULE as it comes out of all layers, and beside each line the layer, file and line that wrote it.

    With facts the variant that holds for them is shown; RULE@VARIANT shows a variant whatever the facts.

    For example: casewright resolve dialog/verify_identity --facts segment=VIP
    """
    compiled = open_stack_or_refuse(layer, search).compiled
    asked = named(rule, for_class, compiled.layers)
    if asked.path:
        raise click.UsageError(f"resolve shows a whole rule; for one value: casewright why {rule}")
    name = _chosen(compiled, asked, (*facts, *more_facts), as_of)
    lines = _lines(compiled, name, language)
    if as_json:
        print_json({"rule": str(name), "lines": [line.as_json() for line in lines]})
    else:
        print_lines(lines)


def _chosen(compiled: Compiled, asked: Named, facts: tuple[str, ...], as_of: datetime) -> RuleName:
    """The variant that holds for the facts; without facts, or with a variant asked for, what was asked for."""
    if asked.name.variant or not facts:
        return asked.name
    known = given(compiled, facts, as_of)
    selector = variants_of(compiled.layers, asked.name, known.dimensions).selector
    return replace(asked.name, variant=selector.choose(known.facts, as_of))


def _lines(compiled: Compiled, name: RuleName, language: str) -> tuple[Line, ...]:
    layers = compiled.layers
    resolved = layers.resolve(name)
    if not language:
        return lines_of(resolved, resolved.body)
    refuse_unknown_language(layers, language)
    texts, _ = texts_of(layers, language)
    body = translated(layers, name, texts, language)
    leaves = dict(text_leaves(body, resolved.shape))
    said = {path: leaf.value for path, leaf in leaves.items() if leaf.value != _value_at(resolved, path)}
    places = {path: text.span for (_, path), text in texts.items() if said.get(path) == text.text}
    return lines_of(resolved, body, places)


def _value_at(resolved: Resolved, path: str) -> object:
    node = resolved.at(path)
    return node.value if node is not None else None
