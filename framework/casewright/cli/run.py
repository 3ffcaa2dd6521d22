"""`casewright run`: a scenario played through the durable engine on a database file."""

from __future__ import annotations

from pathlib import Path

import click

from casewright.cli.console import print_json, say
from casewright.cli.narration import Narrator
from casewright.cli.options import FOLDER, database_option, json_option, search_option
from casewright.cli.playing import application_of, find_scenario, print_end, print_title, report_json, scenario_in
from casewright.cli.stacks import open_stack_or_refuse
from casewright.simulation.playing import play


@click.command("run", short_help="Play a scenario on a database file.")
@click.argument("layer", type=FOLDER)
@click.argument("scenario")
@database_option(must_exist=False)
@search_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, layer: Path, scenario: str, database: Path, search: tuple[Path, ...], as_json: bool
) -> None:
    """Play SCENARIO on the rules of LAYER through the durable engine, on a database file.

    Run it again after the process was killed: what was acknowledged is not done again, and it carries on from there.

    For example: casewright run extensions/acme_bank lost_card_vip --database cases.db
    """
    opened = open_stack_or_refuse(layer, search)
    application = application_of(opened)
    story = scenario_in(find_scenario(scenario, opened.compiled))
    url = f"sqlite:///{database}"
    if as_json:
        report = play(story, application, database=url)
        print_json(report_json(report))
    else:
        print_title(story, f"on {opened.label}, in {database}")
        say()
        report = play(story, application, database=url, hear=Narrator())
        print_end(report)
        if report.cases:
            say(f"casewright history {report.cases[0]} --database {database}", "dim")
    ctx.exit(0 if report.holds else 1)
