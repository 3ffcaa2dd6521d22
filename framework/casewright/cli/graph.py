"""`casewright graph`: the stages and steps of a rule as a diagram."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import click

from casewright.cli.names import named
from casewright.cli.options import class_option, layer_option, search_option
from casewright.cli.stacks import open_stack_or_refuse
from casewright.compiler.pipeline import Compiled
from casewright.machine.graphs import dot, mermaid
from casewright.machine.plan import Plan
from casewright.values import RuleName

_FORMATS: Mapping[str, Callable[[Plan], str]] = MappingProxyType({"mermaid": mermaid, "dot": dot})


@click.command("graph", short_help="Draw the stages and steps of a rule.")
@click.argument("rule", metavar="RULE")
@layer_option
@search_option
@class_option
@click.option(
    "--format",
    "form",
    type=click.Choice(sorted(_FORMATS)),
    default="mermaid",
    show_default=True,
    help="How it is drawn: for Mermaid, or for Graphviz.",
)
def command(rule: str, layer: Path, search: tuple[Path, ...], for_class: str, form: str) -> None:
    """Draw the stages and steps of RULE: a case type, a process or a dialog.

    For example: casewright graph case_type/report_lost_card --format dot
    """
    compiled = open_stack_or_refuse(layer, search).compiled
    asked = named(rule, for_class, compiled.layers)
    plan = _plan(compiled, asked.name)
    if plan is None:
        raise click.UsageError(f"{asked.name} cannot be drawn: it {_why_not(compiled, asked.name)}")
    click.echo(_FORMATS[form](plan))


def _plan(compiled: Compiled, name: RuleName) -> Plan | None:
    lowered = compiled.lowered.get((name, ""))
    return lowered.value if lowered is not None and isinstance(lowered.value, Plan) else None


def _why_not(compiled: Compiled, name: RuleName) -> str:
    lowered = compiled.lowered.get((name, ""))
    if lowered is None or any(problem.is_error for problem in lowered.problems):
        return "has errors; run casewright validate"
    drawn = sorted({each.kind for each, _ in compiled.rules if _plan(compiled, each) is not None})
    return f"has no steps; rules of these kinds have: {', '.join(drawn)}"
