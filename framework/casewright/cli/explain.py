"""`casewright explain`: what a problem code means, what to write instead, and an example."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby

import click

from casewright.cli.console import print_json, say
from casewright.cli.options import json_option
from casewright.codes import ProblemCode, ProblemExample, problem_codes, problem_examples
from casewright.values import MOST_LISTED


@click.command("explain", short_help="Say what a problem code means.")
@click.argument("code", default="")
@json_option
def command(code: str, as_json: bool) -> None:
    """Say what the problem CODE means, what to write instead, and show it. Without CODE, list all of them.

    For example: casewright explain E105
    """
    codes = problem_codes()
    if not code:
        print_json([asdict(each) for each in codes]) if as_json else _list(codes)
        return
    found = _found(code, codes)
    example = problem_examples().get(found.code)
    if as_json:
        print_json({**asdict(found), "example": asdict(example) if example else None})
    else:
        _show(found, example)


def _found(code: str, codes: Sequence[ProblemCode]) -> ProblemCode:
    wanted = code.strip().upper()
    for each in codes:
        if each.code == wanted:
            return each
    near = _near(wanted, [each.code for each in codes])
    said = f"; near it are {', '.join(near[:MOST_LISTED])}" if near else "; `casewright explain` lists all codes"
    raise click.UsageError(f"there is no code '{code}'{said}")


def _near(wanted: str, codes: Sequence[str]) -> list[str]:
    """The codes that begin as the wanted one does for longest: neighbours are about the same."""
    for length in (3, 2):
        if found := [code for code in codes if len(wanted) >= length and code.startswith(wanted[:length])]:
            return found
    return []


def _list(codes: Sequence[ProblemCode]) -> None:
    for group, members in groupby(codes, key=lambda each: each.group):
        say(group, "bold")
        for each in members:
            say(f"  {each.code}  {each.title}")
        say()
    say("`casewright explain CODE` tells more of one", "dim")


def _show(code: ProblemCode, example: ProblemExample | None) -> None:
    say(f"{code.code}  {code.title}", "bold red" if code.code.startswith("E") else "bold yellow")
    say(f"\n{code.explanation}\n")
    say(f"Instead: {code.mend}", "cyan")
    if example is None:
        return
    say("\nFor example:", "bold")
    for piece in (example.written, example.said):
        if piece:
            say()
            say("\n".join(f"    {line}".rstrip() for line in piece.splitlines()))
