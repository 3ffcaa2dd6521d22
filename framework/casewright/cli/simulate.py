"""`casewright simulate`: a scenario played in memory, narrated."""

from __future__ import annotations

from pathlib import Path

import click

from casewright.cli.console import print_json, say
from casewright.cli.narration import Narrator
from casewright.cli.options import FOLDER, json_option, search_option
from casewright.cli.playing import application_of, find_scenario, print_end, print_title, report_json, scenario_in
from casewright.cli.stacks import open_stack_or_refuse
from casewright.simulation.playing import play


@click.command("simulate", short_help="Play a scenario in memory and tell it.")
@click.argument("layer", type=FOLDER)
@click.argument("scenario")
@search_option
@json_option
@click.pass_context
def command(ctx: click.Context, layer: Path, scenario: str, search: tuple[Path, ...], as_json: bool) -> None:
    """Play SCENARIO on the rules of LAYER, in memory, and tell what happens.

    SCENARIO is a file, or the name of one among the scenarios of the layers. Exits with 1 where something is not as
    the scenario expects.

    For example: casewright simulate extensions/acme_bank lost_card_vip
    """
    opened = open_stack_or_refuse(layer, search)
    application = application_of(opened)
    story = scenario_in(find_scenario(scenario, opened.compiled))
    if as_json:
        report = play(story, application)
        print_json(report_json(report))
    else:
        print_title(story, f"on {opened.label}, in memory")
        say()
        report = play(story, application, hear=Narrator())
        print_end(report)
    ctx.exit(0 if report.holds else 1)
