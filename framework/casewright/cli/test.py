"""`casewright test`: all scenarios of all layers of a stack."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import click

from casewright.cli.console import counted, print_json, say
from casewright.cli.options import FOLDER, json_option, search_option
from casewright.cli.playing import application_of, print_mismatch, print_problems, report_json
from casewright.cli.stacks import open_stack_or_refuse, shown
from casewright.compiler.application import Application
from casewright.layers import Layers
from casewright.simulation.playing import play
from casewright.simulation.reading import read_scenario
from casewright.simulation.report import Report
from casewright.source import to_json
from casewright.values import Problem


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one scenario file went: a report, or the problems for which it could not be played."""

    path: Path
    report: Report | None
    problems: tuple[Problem, ...]
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether everything is as the scenario says."""
        return self.report is not None and self.report.holds


@click.command("test")
@click.argument("layer", type=FOLDER)
@search_option
@click.option("-k", "part", default="", metavar="TEXT", help="Only scenarios with this in their title or path.")
@json_option
@click.pass_context
def command(ctx: click.Context, layer: Path, search: tuple[Path, ...], part: str, as_json: bool) -> None:
    """Play all scenarios of LAYER and of the layers that it is built on, and say which do not hold.

    Those of lower layers are played on the rules of LAYER: what the base promises must hold under the extension too.
    """
    opened = open_stack_or_refuse(layer, search)
    application = application_of(opened)
    files = [path for path in opened.compiled.layers.scenarios if _is_chosen(path, part)]
    outcomes = []
    for path in files:
        outcome = _played(path, application, opened.compiled.layers)
        outcomes.append(outcome)
        if not as_json:
            _print(outcome)
    if as_json:
        print_json([_as_json(outcome) for outcome in outcomes])
    else:
        _print_summary(outcomes, part)
    ctx.exit(0 if all(outcome.holds for outcome in outcomes) else 1)


def _is_chosen(path: Path, part: str) -> bool:
    if not part or part.lower() in path.as_posix().lower():
        return True
    scenario, _ = read_scenario(path)
    return scenario is not None and part.lower() in scenario.title.lower()


def _played(path: Path, application: Application, layers: Layers) -> Outcome:
    start = time.perf_counter()
    layer = next((each.label for each in reversed(layers.stack) if each.path in path.parents), "")
    scenario, problems = read_scenario(path, layer)
    report = play(scenario, application, durability="normal") if scenario is not None else None
    return Outcome(path, report, problems, time.perf_counter() - start)


def _print(outcome: Outcome) -> None:
    title = outcome.report.scenario.title if outcome.report else "cannot be read"
    mark, style = ("✓", "green") if outcome.holds else ("✗", "bold red")
    say(f"{mark} {title}  ({shown(outcome.path)}, {outcome.seconds:.2f} s)", style)
    print_problems(outcome.problems)
    for mismatch in outcome.report.mismatches if outcome.report else ():
        print_mismatch(mismatch)


def _print_summary(outcomes: list[Outcome], part: str) -> None:
    if not outcomes:
        chosen = f" with '{part}' in their title or path" if part else ""
        say(f"no scenarios{chosen}; a scenario is a file of a layer that begins with `scenario:`", "yellow")
        return
    failed = sum(not outcome.holds for outcome in outcomes)
    checked = sum(outcome.report.checked for outcome in outcomes if outcome.report)
    seconds = sum(outcome.seconds for outcome in outcomes)
    verdict = f"{failed} failed" if failed else "all hold"
    size = f"{counted(len(outcomes), 'scenario')}, {counted(checked, 'expectation')}"
    say(f"{size}: {verdict} ({seconds:.2f} s)", "bold red" if failed else "bold green")


def _as_json(outcome: Outcome) -> dict[str, object]:
    found = report_json(outcome.report) if outcome.report else {"path": shown(outcome.path).as_posix(), "holds": False}
    return {
        **found,
        "seconds": round(outcome.seconds, 3),
        "problems": [to_json(problem) for problem in outcome.problems],
    }
