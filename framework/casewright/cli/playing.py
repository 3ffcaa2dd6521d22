"""What the commands that play scenarios share: reading them, the heading of a story, and how it ended."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from casewright.cli.console import counted, say
from casewright.cli.problems import print_problem
from casewright.cli.stacks import Opened, shown
from casewright.compiler.application import Application
from casewright.compiler.pipeline import Compiled
from casewright.simulation.reading import read_scenario
from casewright.simulation.report import Event, Mismatch, Report
from casewright.simulation.scenario import Scenario
from casewright.simulation.words import instant_words
from casewright.values import Problem, did_you_mean, nearest_first


def application_of(opened: Opened) -> Application:
    """The application, or the first problems and exit code 1."""
    if opened.compiled.application is None:
        errors = opened.compiled.errors
        for problem in errors[:5]:
            print_problem(problem, opened.compiled.layers.source)
            say()
        raise click.ClickException(f"the rules have {counted(len(errors), 'error')}; run casewright validate")
    return opened.compiled.application


def find_scenario(text: str, compiled: Compiled) -> Path:
    """The file of a scenario: a path, or the name of a file among the scenarios of the layers."""
    if Path(text).is_file():
        return Path(text)
    known = {path.stem: path for path in compiled.layers.scenarios}
    if text in known:
        return known[text]
    near = near_names(text, known) or f"; there are: {nearest_first(text, sorted(known)) or 'none'}"
    raise click.UsageError(f"'{text}' is neither a file nor a scenario of these layers{near}")


def near_names(text: str, names: Iterable[str]) -> str:
    """`; did you mean 'x'?`, also where the text is near to one word of a name; empty where nothing is near."""
    by_word = {word: name for name in names for word in (name, *name.split("_"))}
    near = get_close_matches(text.lower(), by_word, n=1, cutoff=0.7)
    return did_you_mean(text, list(by_word.values())) or (f"; did you mean '{by_word[near[0]]}'?" if near else "")


def scenario_in(path: Path) -> Scenario:
    """The scenario in a file; its problems and exit code 1 where it cannot be read."""
    scenario, problems = read_scenario(shown(path))
    if scenario is None:
        print_problems(problems)
        raise click.ClickException(f"{shown(path)} cannot be played: {counted(len(problems), 'problem')}")
    return scenario


def print_problems(problems: Iterable[Problem]) -> None:
    """Prints problems of scenario files, each with its line."""
    for problem in sorted(problems):
        print_problem(problem, _source)
        say()


def _source(path: str) -> str | None:
    file = Path(path)
    return file.read_text(encoding="utf-8", errors="replace") if file.is_file() else None


def print_title(scenario: Scenario, where: str) -> None:
    """The heading of a story."""
    say(scenario.title, "bold underline")
    say(f"{instant_words(scenario.begins)}, {where}", "dim")


def print_end(report: Report) -> None:
    """How a story ended: what was checked, and everything that was not as it should be."""
    for mismatch in report.mismatches:
        print_mismatch(mismatch)
    say()
    if report.holds:
        say(f"✓ {counted(report.checked, 'expectation')} met", "bold green")
    else:
        say(f"✗ not as the scenario says in {counted(len(report.mismatches), 'place')}", "bold red")


def print_mismatch(mismatch: Mismatch) -> None:
    """One thing that is not as expected: the place, what, wanted and found."""
    of = f" of {mismatch.case_id}" if mismatch.case_id else ""
    say(f"✗ {mismatch.at} {mismatch.what}{of}", "bold red")
    say(f"    expected  {mismatch.wanted}")
    say(f"    found     {mismatch.found}")


def report_json(report: Report) -> dict[str, Any]:
    """The report for a machine."""
    return {
        "scenario": report.scenario.title,
        "path": shown(report.scenario.path).as_posix(),
        "holds": report.holds,
        "checked": report.checked,
        "resumed": report.resumed,
        "cases": list(report.cases),
        "mismatches": [_mismatch_json(each) for each in report.mismatches],
        "events": [_event_json(each) for each in report.events],
    }


def _mismatch_json(mismatch: Mismatch) -> dict[str, Any]:
    at = mismatch.at
    place = {"path": at.path, "line": at.line, "column": at.column}
    said = {"what": mismatch.what, "case": mismatch.case_id, "expected": mismatch.wanted, "found": mismatch.found}
    return {**place, **said}


def _event_json(event: Event) -> dict[str, Any]:
    return {
        "at": event.at,
        "told": str(event.told),
        "text": event.text,
        "case": event.case_id,
        "path": event.path,
        "actor": event.actor,
        "because": event.because,
        "lanes": list(event.lanes),
        "detail": dict(event.detail),
    }
