"""`casewright validate`: every problem of a layer and of all that it is built on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from casewright.cli.console import counted, print_json, say
from casewright.cli.options import FOLDER, json_option, layer_at_hand, search_option
from casewright.cli.problems import print_problem
from casewright.cli.stacks import Opened, open_stack
from casewright.simulation.reading import read_scenario
from casewright.source import to_json
from casewright.values import Problem

MISSING_TEXTS = "W340"
"""Told in one line, since a layer that translates a few rules lacks the texts of all others."""


@click.command("validate", short_help="Find everything that is wrong in a layer.")
@click.argument("layers", nargs=-1, type=FOLDER, metavar="[LAYER]...")
@search_option
@json_option
@click.option(
    "--max", "limit", default=50, show_default=True, type=click.IntRange(min=1), help="Print so many at most."
)
@click.option("--strict", is_flag=True, help="Take warnings for errors.")
@click.option("--texts", is_flag=True, help="List every rule that lacks texts of another language.")
@click.pass_context
def command(
    ctx: click.Context,
    layers: tuple[Path, ...],
    search: tuple[Path, ...],
    as_json: bool,
    limit: int,
    strict: bool,
    texts: bool,
) -> None:
    """Check each LAYER with all that it is built on, and report every problem with its place and its mend.

    Without a LAYER the folder at hand is checked, or the nearest above it that is a layer. Exits with 0 where the
    rules are sound, 1 where they are not, 2 on wrong usage.

    For example: casewright validate extensions/acme_bank
    """
    opened = [_with_scenarios(open_stack(layer, search)) for layer in layers or (layer_at_hand(Path.cwd()),)]
    if as_json:
        print_json([_as_json(each) for each in opened])
    else:
        for each in opened:
            _print(each, limit, texts or strict)
    ctx.exit(1 if any(_fails(each, strict) for each in opened) else 0)


def _with_scenarios(opened: Opened) -> Opened:
    """The stack with what is wrong with its scenario files among its problems."""
    layers = opened.compiled.layers
    labels = {path: each.label for each in layers.stack for path in layers.scenarios if each.path in path.parents}
    found = [problem for path in layers.scenarios for problem in read_scenario(path, labels[path])[1]]
    problems = tuple(sorted({*opened.problems, *found}))
    return replace(opened, compiled=replace(opened.compiled, problems=problems))


def _fails(opened: Opened, strict: bool) -> bool:
    return any(strict or problem.is_error for problem in opened.problems)


def _print(opened: Opened, limit: int, with_texts: bool) -> None:
    shown = [each for each in opened.problems if with_texts or each.code != MISSING_TEXTS]
    for problem in shown[:limit]:
        print_problem(problem, opened.compiled.layers.source)
        say()
    if len(shown) > limit:
        say(f"... and {len(shown) - limit} more; --max {len(shown)} prints them all\n")
    if left := len(opened.problems) - len(shown):
        say(f"{counted(left, 'rule lacks', 'rules lack')} texts of another language; --texts lists them", "dim")
    if shown:
        say(f"`casewright explain {shown[0].code}` tells more, as of every code", "dim")
    errors, warnings = _counts(shown)
    say(summary(opened, errors, warnings), "bold red" if errors else "yellow" if warnings else "bold green")


def _counts(problems: Sequence[Problem]) -> tuple[int, int]:
    errors = sum(problem.is_error for problem in problems)
    return errors, len(problems) - errors


def summary(opened: Opened, errors: int, warnings: int) -> str:
    """One line: the layer, how many rules in how many layers, what was found, and how long it took."""
    stack = opened.compiled.layers.stack
    found = [counted(errors, "error")] if errors else []
    found += [counted(warnings, "warning")] if warnings else []
    verdict = ", ".join(found) or "sound"
    size = f"{counted(opened.rules, 'rule')} in {counted(len(stack), 'layer')}"
    return f"{opened.label or 'no layer'}: {size}, {verdict} ({opened.seconds:.2f} s)"


def _as_json(opened: Opened) -> dict[str, Any]:
    errors, warnings = _counts(opened.problems)
    return {
        "layer": opened.label,
        "layers": [layer.label for layer in opened.compiled.layers.stack],
        "rules": opened.rules,
        "seconds": round(opened.seconds, 3),
        "errors": errors,
        "warnings": warnings,
        "problems": [to_json(problem) for problem in opened.problems],
        "untyped_operators": _untyped_operators(opened),
    }


def _untyped_operators(opened: Opened) -> dict[str, int]:
    """By rule: how many operators of its expressions take a value of which no type is declared, where there are any."""
    lowered = opened.compiled.lowered.items()
    return {str(name): each.loose for (name, language), each in lowered if each.loose and not language}
