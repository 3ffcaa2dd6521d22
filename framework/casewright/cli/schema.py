"""`casewright schema`: the published JSON Schemas, written or checked."""

from __future__ import annotations

from pathlib import Path

import click

from casewright import paths
from casewright.cli.console import counted, say
from casewright.errors import ShippedFolderMissing
from casewright.rules.editors import texts_of
from casewright.rules.registry import vocabulary
from casewright.simulation.wording import SCHEMA_FILE, schema_text


@click.command("schema", short_help="Write or check the schemas for editors.")
@click.option("--write", "writes", is_flag=True, help="Write the schemas.")
@click.option("--check", "checks", is_flag=True, help="Say which of them are not up to date; exit with 1 then.")
@click.option(
    "--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="The folder.  [default: schemas]"
)
@click.pass_context
def command(ctx: click.Context, writes: bool, checks: bool, folder: Path | None) -> None:
    """Write or check the JSON Schemas of all rule kinds, of layer.yaml and of scenarios (draft-07, for editors).

    For example: casewright schema --write --to schemas
    """
    if writes == checks:
        raise click.UsageError("say what to do, one of both: casewright schema --write, or casewright schema --check")
    folder = folder or _published()
    wanted = schemas()
    if writes:
        _write(folder, wanted)
    elif stale := differing(folder, wanted):
        say(f"not up to date in {folder}: {', '.join(stale)}\nrun: casewright schema --write", "bold red")
        ctx.exit(1)
    else:
        say(f"{counted(len(wanted), 'schema')} in {folder} up to date", "bold green")


def _published() -> Path:
    try:
        return paths.schemas()
    except ShippedFolderMissing:
        return Path("schemas")


def schemas() -> dict[str, str]:
    """The text of every published schema by its file name."""
    words = vocabulary()
    return {**texts_of(words.kinds, words.steps, {"scenario": SCHEMA_FILE}), SCHEMA_FILE: schema_text()}


def differing(folder: Path, wanted: dict[str, str]) -> list[str]:
    """The files that are missing, differ, or are ours and belong to no kind."""
    there = {path.name for path in folder.glob("*.schema.json") if path.name in wanted or _is_ours(path)}
    return sorted(
        name
        for name in there | wanted.keys()
        if name not in wanted or name not in there or (folder / name).read_text(encoding="utf-8") != wanted[name]
    )


def _is_ours(path: Path) -> bool:
    """Whether a schema says that it is one of these; somebody else's are left alone."""
    return '"title": "Casewright ' in path.read_text(encoding="utf-8", errors="replace")[:500]


def _write(folder: Path, wanted: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    changed = differing(folder, wanted)
    for name in changed:
        if name in wanted:
            (folder / name).write_text(wanted[name], encoding="utf-8", newline="\n")
        else:
            (folder / name).unlink()
    say(f"{counted(len(wanted), 'schema')} in {folder}, {counted(len(changed), 'file')} changed", "bold green")
