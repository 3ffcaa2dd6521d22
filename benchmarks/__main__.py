"""Runs the benchmarks named on the command line, or all; prints the table and writes bench.json."""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import sys
from pathlib import Path

from rich.console import Console

import benchmarks
from benchmarks.harness import Row, table_of

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "framework")]


def questions() -> list[str]:
    """The names of the modules that each answer one question, by giving rows."""
    there = (info for info in pkgutil.iter_modules(benchmarks.__path__) if not info.ispkg)
    return sorted(info.name for info in there if info.name not in ("__main__", "harness"))


def main(arguments: list[str]) -> int:
    """Run, print, write; 1 under `--strict` where a bar is missed."""
    asked = questions()
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=benchmarks.__doc__)
    parser.add_argument("name", nargs="*", help=f"what to run (default: all): {', '.join(asked)}")
    parser.add_argument("--strict", action="store_true", help="exit 1 where a bar is missed")
    parser.add_argument("--out", type=Path, default=ROOT / "bench.json", help="where the rows are written")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.name if name not in asked]
    if unknown:
        parser.error(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(asked)}")
    rows = run(options.name or asked)
    options.out.write_text(json.dumps([row.as_json() for row in rows], indent=1) + "\n", encoding="utf-8")
    Console(width=None if sys.stdout.isatty() else 160).print(table_of(rows))
    return 1 if options.strict and any(row.holds is False for row in rows) else 0


def run(names: list[str]) -> list[Row]:
    """The rows of the modules, each announced, since some take a minute."""
    found: list[Row] = []
    for name in names:
        module = importlib.import_module(f"benchmarks.{name}")
        print(f"{name}: {(module.__doc__ or '').splitlines()[0]}", file=sys.stderr, flush=True)
        found += module.rows()
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
