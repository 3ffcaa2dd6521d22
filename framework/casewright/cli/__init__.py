"""The command line: one module a command, each loaded when it is asked for."""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping
from types import MappingProxyType

import click

from casewright import __version__
from casewright.cli.group import Commands

_MODULES: Mapping[str, str] = MappingProxyType(
    {
        "validate": "casewright.cli.validate",
        "explain": "casewright.cli.explain",
        "layers": "casewright.cli.layers",
        "resolve": "casewright.cli.resolve",
        "why": "casewright.cli.why",
        "table": "casewright.cli.table",
        "eval": "casewright.cli.eval",
        "graph": "casewright.cli.graph",
        "simulate": "casewright.cli.simulate",
        "test": "casewright.cli.test",
        "run": "casewright.cli.run",
        "history": "casewright.cli.history",
        "schema": "casewright.cli.schema",
    }
)


@click.group(
    cls=Commands,
    modules=_MODULES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="casewright", message="%(prog)s %(version)s")
def commands() -> None:
    """Casewright: customer service as layered YAML rules, and a durable engine that runs them.

    Begin with `casewright validate LAYER`, then `casewright test LAYER`. Every command says more with --help, and
    gives an example. Exit codes: 0 all is well, 1 problems or unmet expectations, 2 wrong usage.
    """


def main() -> None:
    """Runs the command line on the arguments of this process."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a character shows another, and no traceback
    commands(prog_name="casewright")
