"""`casewright table`: a decision table or tree on paper, what its analysis shows, what it gives, and its examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from casewright.cli.console import counted, print_json, say
from casewright.cli.deciders import Asked, Desk, desk_for
from casewright.cli.names import named
from casewright.cli.options import (
    FILE,
    as_of_option,
    class_option,
    facts_option,
    json_option,
    layer_option,
    search_option,
)
from casewright.cli.stacks import open_stack_or_refuse
from casewright.cli.trials import Trial, trials
from casewright.expressions.explainer import shown
from casewright.expressions.types import type_name
from casewright.layers.scalars import json_form
from casewright.steps.showing import Fared, Layout, Looked

MARKS: Mapping[bool | None, str] = {True: "+", False: "-", None: " "}
"""What stands before a line that holds, that does not, and that nobody came to; one that counts has `>`."""


@click.command("table", short_help="Show, analyse and try a table or a tree.")
@click.argument("rule", metavar="RULE")
@layer_option
@search_option
@facts_option
@as_of_option
@class_option
@click.option("--test", "examples", type=FILE, metavar="FILE.csv", help="Try the examples in FILE, a line each.")
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    rule: str,
    layer: Path,
    search: tuple[Path, ...],
    facts: tuple[str, ...],
    more_facts: tuple[str, ...],
    as_of: datetime,
    for_class: str,
    examples: Path | None,
    as_json: bool,
) -> None:
    """Show the decision table or decision tree RULE, and what is missing, doubled or can never count in it.

    With facts, show what it gives for them, which row or branch decided, and why each other one did not. Facts may be
    named as the inputs are: shipping=express.

    With --test, try examples: a header names inputs (or paths, as case.shipping) and outputs, and each line is a case
    and what is expected. An empty cell is null, `-` leaves an output unlooked at, a column whose name begins with # is
    a remark. Exits with 1 where an example does not hold.

    For example: casewright table decision_table/replacement_fee --facts segment=VIP shipping=express
    """
    compiled = open_stack_or_refuse(layer, search).compiled
    desk = desk_for(compiled, named(rule, for_class, compiled.layers), as_of)
    told = (*facts, *more_facts)
    if examples is not None:
        ctx.exit(0 if _show_trials([*trials(examples, desk, told)], as_json) else 1)
    asked = desk.ask(told) if told else None
    if as_json:
        print_json(_as_json(desk, asked))
    else:
        _show(desk, asked)


# -- on paper ----------------------------------------------------------------------------------------------------------


def _show(desk: Desk, asked: Asked | None) -> None:
    layout = asked.shown.layout() if asked else desk.layout
    say(f"{asked.rule if asked else desk.name}: {layout.how}", "bold")
    for line in _header(layout):
        say(line, "dim")
    say()
    _show_lines(layout, asked.shown.fared(asked.roots) if asked else ())
    say()
    if asked is None:
        _show_looked(desk.shown.looked())
    else:
        _show_given(asked)


def _header(layout: Layout) -> list[str]:
    inputs = {**layout.inputs, **layout.computed}
    tests = ", ".join(path if name == path else f"{name} = {path}" for name, path in inputs.items())
    outputs = ", ".join(f"{name} ({type_name(type_)})" for name, type_ in layout.outputs.items())
    return [f"looks at {tests or 'nothing'}", f"gives {'a list of ' if layout.is_list else ''}{outputs}"]


def _show_lines(layout: Layout, fared: Sequence[Fared]) -> None:
    """The lines, and on facts beside each how it fared."""
    how = {each.name: each for each in fared}
    numbered = bool(layout.head)
    names = max((len(line.name) for line in layout.lines), default=1) if numbered else 0
    width = max((len(line.text) for line in layout.lines), default=0)
    if layout.head:
        say(f"{' ' * (names + 4)}{layout.head}", "bold")
    for line in layout.lines:
        name = f"{line.name.rjust(names)}  " if numbered else ""
        each = how.get(line.name)
        text = f"{_mark(each)} {name}{line.text.ljust(width) if each else line.text}"
        say(f"{text}  {each.reason}" if each else text, _style(each))
    if layout.otherwise:
        say(f"  otherwise {layout.otherwise}")


def _mark(fared: Fared | None) -> str:
    return " " if fared is None else ">" if fared.counts else MARKS[fared.holds]


def _style(fared: Fared | None) -> str:
    return "" if fared is None else "bold green" if fared.counts else "" if fared.holds else "dim"


def _show_looked(looked: Looked) -> None:
    for sentence, at in looked.said:
        say(f"{sentence}{f'  ({at})' if at is not None else ''}", "yellow")
    if not looked.is_whole:
        say("not proved complete: the analysis ended early, so there may be more than this", "bold yellow")
    elif not looked.said:
        say("nothing is missing, doubled or out of reach", "green")


def _show_given(asked: Asked) -> None:
    for what, because in asked.notes:
        say(f"{what}: {because}", "dim")
    say(asked.given.because)
    for each in asked.given.outputs if isinstance(asked.given.outputs, list) else [asked.given.outputs]:
        say("gives " + ", ".join(f"{name} {shown(value)}" for name, value in each.items()), "bold green")
    if asked.given.outputs == []:
        say("gives an empty list", "bold green")


def _as_json(desk: Desk, asked: Asked | None) -> dict[str, Any]:
    layout = asked.shown.layout() if asked else desk.layout
    fared = {each.name: each for each in asked.shown.fared(asked.roots)} if asked else {}
    found: dict[str, Any] = {
        "rule": asked.rule if asked else str(desk.name),
        "how": layout.how,
        "inputs": {**layout.inputs, **layout.computed},
        "outputs": {name: type_name(type_) for name, type_ in layout.outputs.items()},
        "head": layout.head,
        "lines": [
            {"name": line.name, "text": line.text.strip(), "at": str(line.at), **_fared_json(fared.get(line.name))}
            for line in layout.lines
        ],
        "otherwise": layout.otherwise,
    }
    if asked is not None:
        given = {"outputs": json_form(asked.given.outputs), "because": asked.given.because}
        notes = [{"rule": what, "because": because} for what, because in asked.notes]
        return {**found, "given": given, "decided": asked.given.is_decided, "notes": notes}
    looked = desk.shown.looked()
    said = [{"message": sentence, "at": None if at is None else str(at)} for sentence, at in looked.said]
    return {**found, "findings": said, "complete": looked.is_whole}


def _fared_json(fared: Fared | None) -> dict[str, Any]:
    return {} if fared is None else {"counts": fared.counts, "holds": fared.holds, "reason": fared.reason}


# -- examples ----------------------------------------------------------------------------------------------------------


def _show_trials(found: Sequence[Trial], as_json: bool) -> bool:
    """Whether all examples hold; each is shown, those that do not with the reason of what came instead."""
    wrong = sum(not trial.holds for trial in found)
    if as_json:
        print_json([_trial_json(trial) for trial in found])
        return not wrong
    for trial in found:
        facts = ", ".join(trial.facts) or "nothing given"
        say(f"{'ok   ' if trial.holds else 'wrong'} line {trial.line}: {facts}", "green" if trial.holds else "bold red")
        for said in trial.wrong:
            say(f"      {said}", "red")
        if trial.wrong:
            say(f"      {trial.rule}: {trial.because}", "dim")
    say(f"{counted(len(found), 'example')}, {wrong or 'none'} wrong", "bold red" if wrong else "bold green")
    return not wrong


def _trial_json(trial: Trial) -> dict[str, Any]:
    return {
        "line": trial.line,
        "facts": list(trial.facts),
        "holds": trial.holds,
        "wrong": list(trial.wrong),
        "rule": trial.rule,
        "outputs": json_form(trial.outputs),
        "because": trial.because,
    }
