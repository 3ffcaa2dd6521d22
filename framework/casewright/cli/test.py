"""`casewright test`: all scenarios of all layers of a stack."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from casewright.cli.console import counted, print_json, say
from casewright.cli.options import FOLDER, json_option, search_option
from casewright.cli.playing import application_of, near_names, print_mismatch, print_problems, report_json
from casewright.cli.stacks import Opened, open_stack, open_stack_or_refuse, shown
from casewright.compiler.application import Application
from casewright.layers import Layer
from casewright.simulation.playing import play
from casewright.simulation.reading import read_scenario
from casewright.simulation.report import Report
from casewright.source import to_json
from casewright.values import Problem, nearest_first


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


@click.command("test", short_help="Play all scenarios and say which fail.")
@click.argument("layer", type=FOLDER)
@search_option
@click.option("-k", "part", default="", metavar="TEXT", help="Only scenarios with this in their title or path.")
@click.option("--extended", is_flag=True, help="Play the scenarios of lower layers on the rules of LAYER too.")
@json_option
@click.pass_context
def command(
    ctx: click.Context, layer: Path, search: tuple[Path, ...], part: str, extended: bool, as_json: bool
) -> None:
    """Play all scenarios of LAYER and of the layers that it is built on, and say which do not hold.

    Each is played on the rules of the layer that it lies in; with --extended all of them are played on those of LAYER,
    which shows what an extension changes for the stories of its base.

    For example: casewright test extensions/acme_bank -k lost_card
    """
    opened = open_stack_or_refuse(layer, search)
    chosen = _chosen(opened, part)
    grounds = _Grounds(opened, search, extended)
    outcomes = []
    for path in chosen:
        outcomes.append(_played(path, grounds))
        if not as_json:
            _print(outcomes[-1])
    if as_json:
        print_json([_as_json(outcome) for outcome in outcomes])
    else:
        _print_summary(outcomes)
    ctx.exit(0 if all(outcome.holds for outcome in outcomes) else 1)


class _Grounds:
    """The application that each scenario is played on, each compiled once."""

    def __init__(self, opened: Opened, search: Sequence[Path], extended: bool) -> None:
        top = opened.compiled.layers.stack[-1]
        self._stack, self._search, self._extended = opened.compiled.layers.stack, search, extended
        self._known = {top.name: application_of(opened)}

    def of(self, path: Path) -> tuple[Layer, Application]:
        """The layer that a scenario lies in, and the application to play it on."""
        layer = next(each for each in reversed(self._stack) if each.path in path.parents)
        ground = self._stack[-1] if self._extended else layer
        if ground.name not in self._known:
            self._known[ground.name] = application_of(open_stack(ground.path, self._search))
        return layer, self._known[ground.name]


def _chosen(opened: Opened, part: str) -> list[Path]:
    """The scenario files to play; wrong usage where a text is given that stands in none of them."""
    there = opened.compiled.layers.scenarios
    found = [path for path in there if _is_chosen(path, part)]
    if part and not found:
        names = sorted(path.stem for path in there)
        near = near_names(part, names) or f"; there are: {nearest_first(part, names) or 'none'}"
        raise click.UsageError(f"no scenario has '{part}' in its title or path{near}")
    return found


def _is_chosen(path: Path, part: str) -> bool:
    """Whether the text stands in the path or in the title, also of a file that cannot be read as a scenario."""
    if part.lower() in path.as_posix().lower():
        return True
    title = re.search(r"(?m)^scenario:(.*)$", path.read_text(encoding="utf-8", errors="replace"))
    return title is not None and part.lower() in title[1].lower()


def _played(path: Path, grounds: _Grounds) -> Outcome:
    layer, application = grounds.of(path)
    start = time.perf_counter()
    scenario, problems = read_scenario(path, layer.label)
    report = play(scenario, application, durability="normal") if scenario is not None else None
    return Outcome(path, report, problems, time.perf_counter() - start)


def _print(outcome: Outcome) -> None:
    title = outcome.report.scenario.title if outcome.report else "cannot be read"
    mark, style = ("✓", "green") if outcome.holds else ("✗", "bold red")
    say(f"{mark} {title}  ({shown(outcome.path)}, {outcome.seconds:.2f} s)", style)
    print_problems(outcome.problems)
    for mismatch in outcome.report.mismatches if outcome.report else ():
        print_mismatch(mismatch)


def _print_summary(outcomes: list[Outcome]) -> None:
    if not outcomes:
        say("no scenarios; a scenario is a file of a layer that begins with `scenario:`", "yellow")
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
