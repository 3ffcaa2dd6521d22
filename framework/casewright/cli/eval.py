"""`casewright eval`: an expression tried on facts, with the reason of its value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from casewright import expressions
from casewright.cli.console import counted, print_json, say
from casewright.cli.options import (
    FOLDER,
    as_of_option,
    facts_option,
    json_option,
    layer_at_hand,
    search_option,
)
from casewright.cli.problems import print_problem
from casewright.cli.roots import roots_of, tree_of, types_like
from casewright.cli.stacks import open_stack_or_refuse
from casewright.cli.trees import answer_json, tree_lines
from casewright.cli.trying import AT, FORMS, OF, Answer, answered
from casewright.compiler.asking import scope_of
from casewright.expressions.reviewing.cost import LIMIT
from casewright.layers.variants import dimensions_of
from casewright.source import to_json
from casewright.steps.registry import known_functions
from casewright.values import Problem


@click.command("eval", short_help="Try an expression on facts.")
@click.argument("text", metavar="EXPR")
@click.option("--layer", type=FOLDER, metavar="PATH", help="Check EXPR as a rule of this layer would be.")
@search_option
@click.option("--case-type", default="", metavar="ID", help="The case type whose names EXPR may read.")
@facts_option
@as_of_option
@click.option(
    "--as",
    "form",
    type=click.Choice(FORMS),
    default="value",
    show_default=True,
    help="How EXPR is meant: whole, as a condition, as a text with {{ }}, or as the test in a cell of a table.",
)
@click.option("--of", "subject", default="", metavar="EXPR", help="The value that a test is tried on.")
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    text: str,
    layer: Path | None,
    search: tuple[Path, ...],
    case_type: str,
    facts: tuple[str, ...],
    more_facts: tuple[str, ...],
    as_of: datetime,
    form: str,
    subject: str,
    as_json: bool,
) -> None:
    """Try EXPR on facts: its value and type, what it reads, and why it comes out so.

    Without a layer the facts say which names there are and of what type. With --layer, and --case-type, EXPR is
    checked as a rule there would be. Exits with 1 where EXPR is wrong.

    For example: casewright eval 'amount > 100 and vip' --facts amount=80 vip=true
    """
    if (form == "test") != bool(subject):
        raise click.UsageError("a test is tried on a value: --as test --of case.amount")
    ground = _ground(layer, search, case_type, (*facts, *more_facts), as_of)
    answer, problems = answered(form, text, subject, ground.scope, ground.roots)
    if as_json:
        print_json({"problems": [to_json(each) for each in problems]} if answer is None else answer_json(answer))
    elif answer is None:
        _print(problems, text, subject)
    else:
        _show(answer, ground)
        if answer.read.remarks:
            say()
            _print(answer.read.remarks, text, subject)
    ctx.exit(1 if answer is None else 0)


@dataclass(frozen=True, slots=True)
class _Ground:
    """What an expression is tried on."""

    scope: expressions.Scope
    roots: Mapping[str, Any]


def _ground(
    layer: Path | None, search: tuple[Path, ...], case_type: str, facts: tuple[str, ...], as_of: datetime
) -> _Ground:
    """The names of a layer and the facts as values of their types, or both as the facts look."""
    if layer is None and not case_type:
        tree = tree_of(facts, {})
        types = types_like(tree)
        return _Ground(expressions.Scope(types, known_functions()), roots_of(tree, types, as_of))
    compiled = open_stack_or_refuse(layer or layer_at_hand(Path.cwd()), search).compiled
    scope = scope_of(compiled, case_type).names
    sources = {each.id: each.source for each in dimensions_of(compiled.layers).by_id.values()}
    return _Ground(scope, roots_of(tree_of(facts, sources), scope.roots, as_of))


def _print(problems: tuple[Problem, ...], text: str, subject: str) -> None:
    for place, problem in enumerate(problems):
        if place:
            say()
        print_problem(problem, {AT.path: text, OF.path: subject}.get)


def _show(answer: Answer, ground: _Ground) -> None:
    say(f"{answer.shown}  ({answer.type})", "bold yellow" if answer.is_unknown else "bold green")
    if answer.why:
        say(answer.why, "dim")
    for each in answer.explanations:
        say()
        for line in tree_lines(each):
            say(line)
    say()
    for name, said in _facts(answer, ground):
        say(f"{name:<9} {said}", "dim")


def _facts(answer: Answer, ground: _Ground) -> list[tuple[str, str]]:
    """What is read and what it costs, in words."""
    told = [("reads", ", ".join(sorted(answer.read.paths)) or "nothing")]
    if answer.read.clock:
        told.append(("clock", ground.roots[expressions.CLOCK].isoformat()))
    absent = sorted(root for root in answer.read.roots if root not in ground.roots)
    if absent:
        told.append(("not given", f"{', '.join(absent)}; read as empty"))
    return [*told, ("cost", f"{counted(answer.read.cost, 'unit')} of {LIMIT:,} at most")]
