"""The group of all commands: loads a command's module when the command is asked for, and says errors in one voice."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from casewright.errors import CasewrightError, MissingLibrary, RulesRejected, UnknownRule
from casewright.values import did_you_mean


class Refused(click.ClickException):
    """Something could not be done: exit code 1."""

    exit_code = 1


class Commands(click.Group):
    """Commands by name, each the `command` of a module that is imported only when it is needed."""

    def __init__(self, *args: Any, modules: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order in which a newcomer needs them."""
        return list(self._modules)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name; None where there is none."""
        if name not in self._modules:
            return None
        try:
            command: click.Command = import_module(self._modules[name]).command
        except ModuleNotFoundError as error:
            raise _lacking(error) from None
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments name; a wrong name is told what it is near to."""
        name = args[0]
        if name not in self._modules and not name.startswith("-"):
            near = did_you_mean(name, self._modules) or f"; there are {', '.join(self._modules)}"
            raise click.UsageError(f"there is no command '{name}'{near}", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; what an operator can act on is said in a line, not in a traceback."""
        try:
            return super().invoke(ctx)
        except ModuleNotFoundError as error:
            raise _lacking(error) from None
        except UnknownRule as error:
            raise click.UsageError(str(error)) from None
        except RulesRejected as error:
            raise Refused(f"{error}\nRun `casewright validate` on the layer to see all of them.") from None
        except CasewrightError as error:
            raise Refused(str(error)) from None


def _lacking(error: ModuleNotFoundError) -> Exception:
    """One line for a library that is not installed; a module of our own that is missing is a fault, and stays one."""
    library = (error.name or "").partition(".")[0]
    if library in ("", "casewright"):
        return error
    return Refused(str(MissingLibrary(library, "by casewright", f"{sys.executable} -m pip install {library}")))
