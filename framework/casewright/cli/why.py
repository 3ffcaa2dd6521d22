"""`casewright why`: where a rule, or one value in it, comes from, and why everything else lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import click
from rich.text import Text

from casewright.cli.console import console, print_json
from casewright.cli.given import given
from casewright.cli.names import named, refuse_unknown_language
from casewright.cli.options import (
    as_of_option,
    class_option,
    facts_option,
    json_option,
    layer_option,
    search_option,
)
from casewright.cli.stacks import open_stack_or_refuse
from casewright.layers.scalars import json_form, shown
from casewright.layers.why import why, winning_facts
from casewright.layers.why_text import why_text, why_to_json
from casewright.values import RuleName


@click.command("why", short_help="Say who wins, and who wrote a value.")
@click.argument("rule", metavar="RULE[.PATH]")
@layer_option
@search_option
@facts_option
@as_of_option
@class_option
@click.option("--language", default="", metavar="CODE", help="Explain the text at PATH in this language, as de.")
@click.option("--invert", is_flag=True, help="Say for which facts the form of RULE that is named wins.")
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
    invert: bool,
    as_json: bool,
) -> None:
    """Say which form of RULE wins, the first reason why each other one lost, and where the value at PATH comes from.

    For example: casewright why dialog/verify_identity.steps.greet.text --facts segment=VIP
    """
    opened = open_stack_or_refuse(layer, search)
    asked = named(rule, for_class, opened.compiled.layers)
    known = given(opened.compiled, (*facts, *more_facts), as_of)
    layers, path = opened.compiled.layers, asked.path or None
    refuse_unknown_language(layers, language)
    if invert:
        show_facts(asked.name, winning_facts(layers, asked.name, known.dimensions), as_json)
        return
    answer = why(layers, asked.name, path, known.facts, as_of, known.dimensions, language)
    if as_json:
        print_json(why_to_json(answer))
    else:
        console().print(styled(why_text(answer)))


def show_facts(name: RuleName, facts: Mapping[str, object] | None, as_json: bool) -> None:
    """Facts for which a form of a rule wins, or that there are none."""
    found = None if facts is None else {key: json_form(value) for key, value in facts.items()}
    if as_json:
        print_json({"rule": str(name), "facts": found})
    elif found is None:
        console().print(Text(f"{name} never wins: for all facts that it matches another form does", "bold red"))
    else:
        said = shown(found) if found else "any facts"
        console().print(Text(f"{name} wins for {said}", "bold green"))


def styled(answer: str) -> Text:
    """The answer in colour: what wins in green, what lost and what is shadowed quiet."""
    text = Text(answer)
    text.highlight_regex(r"(?m)^\S.* wins for .*$", "bold green")
    text.highlight_regex(r"(?m)^no form of .*$", "bold red")
    text.highlight_regex(r"(?m)^  \S+: wins: .*$", "green")
    text.highlight_regex(r"(?m)^  \S+: (?!wins: ).*$", "dim")
    text.highlight_regex(r"(?m)^  shadows .*$", "dim")
    text.highlight_regex(r"(?m)^  locked: .*$", "yellow")
    text.highlight_regex(r"(?ms)^to override it, .*", "cyan")
    return text
