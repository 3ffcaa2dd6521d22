"""The options that several commands share, and what their values become."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, TypeVar

import click

LAYER_FILE = "layer.yaml"

F = TypeVar("F", bound=Callable[..., Any])


def instant(text: str) -> datetime:
    """The aware instant that a text says, in UTC where it names no zone. Wrong usage where it says none."""
    try:
        if len(text) == len("2026-01-31"):
            return datetime.combine(date.fromisoformat(text), time(), UTC)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"'{text}' is no date; write 2026-01-31 or 2026-01-31T14:30:00Z") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


class Folder(click.Path):
    """A folder that is there. Of a file in a layer it says which folder was meant."""

    def __init__(self) -> None:
        super().__init__(exists=True, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The folder's path; wrong usage where it is none."""
        found = Path(os.fsdecode(super().convert(value, param, ctx)))
        if found.is_dir():
            return found
        layer = next((folder for folder in found.parents if (folder / LAYER_FILE).is_file()), None)
        instead = f"name its layer: {layer}" if layer else f"name a folder with a {LAYER_FILE}"
        return self.fail(f"'{found}' is a file; {instead}", param, ctx)


FOLDER = Folder()
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def json_option(command: F) -> F:
    """`--json`: print the answer for a machine."""
    return click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")(command)


def search_option(command: F) -> F:
    """`--layers DIR`, any number: where else the layers of `built_on` are looked for."""
    help_ = "A folder that holds layers; they are looked for beside the layer, then here, then among the shipped ones."
    return click.option("--layers", "search", multiple=True, type=FOLDER, metavar="DIR", help=help_)(command)


def layer_option(command: F) -> F:
    """`--layer PATH`: the layer to look at, by default the nearest folder upward that is one."""
    help_ = "The layer to look at.  [default: the folder at hand, or the nearest above it that is a layer]"
    option = click.option(
        "--layer", "layer", type=FOLDER, metavar="PATH", callback=_layer_or_at_hand, default=None, help=help_
    )
    return option(command)


def _layer_or_at_hand(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path:
    return value or layer_at_hand(Path.cwd(), param)


def layer_at_hand(start: Path, param: click.Parameter | None = None) -> Path:
    """The nearest folder from `start` upward that holds a `layer.yaml`; wrong usage where there is none."""
    for folder in (start, *start.parents):
        if (folder / LAYER_FILE).is_file():
            return Path(".") if folder == start else folder
    message = f"there is no {LAYER_FILE} here or in a folder above; name a layer, as --layer extensions/acme_bank"
    raise click.UsageError(message)


def facts_option(command: F) -> F:
    """`--facts`: what is known of the case, as dimensions, roots, or a YAML file; further ones may just follow."""
    help_ = (
        "What is known: a dimension (segment=VIP), a value that dimensions read (customer.segment=VIP), or a YAML "
        "file of both. Several may follow."
    )
    option = click.option("--facts", "facts", multiple=True, metavar="NAME=VALUE|FILE", help=help_)
    return option(click.argument("more_facts", nargs=-1, metavar="[FACT]...")(command))


def as_of_option(command: F) -> F:
    """`--as-of DATE`: the instant to look at, by default now."""
    help_ = "The date or instant to look at.  [default: now]"
    return click.option("--as-of", "as_of", callback=_instant_or_now, metavar="DATE", help=help_)(command)


def _instant_or_now(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) if value is None else instant(value)


def class_option(command: F) -> F:
    """`--for CLASS`: the class of the tree that the rule is looked at for."""
    help_ = "The case type, interaction type or data type that the rule is looked at for."
    return click.option("--for", "for_class", default="", metavar="CLASS", help=help_)(command)


class DatabaseFile(click.Path):
    """A SQLite file: its path, or the URL that the Python API takes, as `sqlite:///service.db`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; wrong usage for the URL of memory, which nothing is left of, and of another database."""
        text = str(value)
        scheme, found, rest = text.partition("://")
        if not found:
            return super().convert(value, param, ctx)
        if scheme != "sqlite" or not rest.startswith("/") or len(rest) == 1:
            self.fail(f"'{text}' names no file; write PATH or sqlite:///PATH", param, ctx)
        return super().convert(rest[1:], param, ctx)


def database_option(*, must_exist: bool) -> Callable[[F], F]:
    """`--database FILE`: the SQLite file, by its path or its URL."""
    kind = DatabaseFile(exists=must_exist, dir_okay=False, path_type=Path)
    help_ = "The SQLite file, or its URL" + ("." if must_exist else "; it is made where there is none.")
    return click.option("--database", required=True, type=kind, metavar="FILE", callback=_sqlite_file, help=help_)


def _sqlite_file(ctx: click.Context, param: click.Parameter, value: Path) -> Path:
    if not value.parent.is_dir():
        raise click.BadParameter(f"there is no folder '{value.parent}' to keep it in")
    if value.is_file():
        with value.open("rb") as file:
            head = file.read(len(_SQLITE))
        if head not in (b"", _SQLITE):
            raise click.BadParameter(f"'{value}' is no SQLite database; name another file")
    return value


_SQLITE = b"SQLite format 3\x00"
"""What every SQLite file begins with."""
