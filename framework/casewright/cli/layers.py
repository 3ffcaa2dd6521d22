"""`casewright layers`: the stack from top to bottom, and what each layer adds to it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import click

from casewright.cli.console import counted, print_json, say
from casewright.cli.options import json_option, layer_option, search_option
from casewright.cli.stacks import open_stack_or_refuse, shown
from casewright.layers import Layer, Layers, RuleFile, Skipped
from casewright.layers.lockfile import LOCK_NAME, write_lock

_SAID = {
    "define": "defines",
    "extend": "extends",
    "variant": "varies",
    "replace": "replaces",
    "withdraw": "withdraws",
    "block": "blocks",
}
_LISTED = 12


@click.command("layers", short_help="List a stack of layers and what each does.")
@layer_option
@search_option
@json_option
@click.option("--write-lock", is_flag=True, help=f"Write {LOCK_NAME} for the layer, to ship it.")
def command(layer: Path, search: tuple[Path, ...], as_json: bool, write_lock: bool) -> None:
    """List the layers that a layer is built on, top to bottom, with what each one does to which rules.

    For example: casewright layers --layer extensions/acme_bank
    """
    if write_lock:
        _write(layer)
        return
    layers = open_stack_or_refuse(layer, search).compiled.layers
    if as_json:
        print_json([_as_json(each, layers) for each in reversed(layers.stack)])
        return
    for each in reversed(layers.stack):
        _print(each, layers)


def _write(layer: Path) -> None:
    lock = write_lock(layer)
    files = sum(1 for line in lock.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    say(f"{shown(lock)}: {counted(files, 'file')} locked", "bold green")


def _files(layer: Layer, layers: Layers) -> list[RuleFile]:
    return [file for file in layers.files if file.layer is layer]


def _skipped(layer: Layer, layers: Layers) -> list[Skipped]:
    return [each for each in layers.skipped if each.file.layer is layer]


def _print(layer: Layer, layers: Layers) -> None:
    files = _files(layer, layers)
    say(f"{layer.label}  {layer.path.as_posix()}", "bold")
    below = [each.label for each in reversed(layers.stack) if each.name in layer.below]
    if below:
        say(f"  built on    {', '.join(below)}", "dim")
    off = [name for name, is_on in layer.modules.items() if not is_on]
    on = [name for name, is_on in layer.modules.items() if is_on]
    for word, names in (("modules on", on), ("modules off", off)):
        if names:
            say(f"  {word:<12}{', '.join(names)}", "dim")
    say(f"  {'rules':<12}{_counted_kinds(files)}")
    for word, said in _SAID.items():
        names = [str(file.name) for file in files if file.word == word]
        if names:
            say(f"  {said:<12}{_listing(names)}")
    for each in _skipped(layer, layers):
        say(f"  {'skipped':<12}{each.file.name} ({each.reason})  {each.file.span.path}", "yellow")
    say()


def _counted_kinds(files: list[RuleFile]) -> str:
    kinds = Counter(file.name.kind for file in files)
    listed = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items(), key=lambda each: (-each[1], each[0])))
    return f"{len(files)}: {listed}" if files else "none"


def _listing(names: list[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"{len(names)}: {', '.join(sorted(names)[:_LISTED])}{more}"


def _as_json(layer: Layer, layers: Layers) -> dict[str, Any]:
    return {
        "layer": layer.name,
        "version": layer.version,
        "folder": layer.path.as_posix(),
        "language": layer.language,
        "built_on": sorted(layer.below),
        "modules": dict(layer.modules),
        "rules": [
            {"word": file.word, "rule": str(file.name), "path": file.span.path, "line": file.span.line}
            for file in _files(layer, layers)
        ],
        "skipped": [
            {"rule": str(each.file.name), "reason": each.reason, "path": each.file.span.path}
            for each in _skipped(layer, layers)
        ],
    }
