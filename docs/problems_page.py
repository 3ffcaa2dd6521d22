"""The page of problem codes, and the examples of them that the tests carry out, which go into the package too."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from merging_page import fenced

from casewright.codes import ProblemCode, ProblemExample, problem_codes
from casewright.compiler.pipeline import compile_layer

ROOT = Path(__file__).resolve().parents[1]
PLACED = re.compile(r"(?P<file>[^:]+):\d+:\d+ (?:\[[^]]*\] )?(?P<code>[EW]\d{3}) ")


def problems_page() -> str:
    """Every problem code: what it means and what to write instead."""
    text = "# Problems\n\nA code that begins with `E` means that the rule cannot be used; one with `W`, that it can, "
    text += "and should be looked at.\n`casewright explain CODE` prints what stands here of a code.\n\n"
    shown = examples()
    for group, codes in groupby(problem_codes(), key=lambda code: code.group):
        text += f"## {group}\n\n" + "".join(problem_entry(code, shown.get(code.code)) for code in codes)
    return text


def problem_entry(code: ProblemCode, example: ProblemExample | None) -> str:
    text = f"### {code.code}\n\n**{code.title}.** {code.explanation}\n\nInstead: {code.mend}\n\n"
    pieces = (example.written, example.said) if example else ()
    return text + "".join(fenced("text", piece) for piece in pieces if piece)


@dataclass(frozen=True, slots=True)
class Shown:
    """One problem of an executable example: its number among all that the example has, and its words."""

    spec: Mapping[str, Any]
    number: int
    file: str
    said: str


@cache  # two pages need them, and each rule of an example is compiled
def examples() -> dict[str, ProblemExample]:
    """For each code that an executable example shows: the file with the mistake, and what is said of it."""
    return {code: example_of(shown) for code, shown in chosen().items()}


def chosen() -> dict[str, Shown]:
    """The problem that shows each code best.

    An example that is about the code, since it names the code first, is better than one that has it among others.
    """
    found: dict[str, Shown] = {}
    beside: dict[str, Shown] = {}
    for file in (*sorted(ROOT.glob("tests/spec/*/*.yaml")), *sorted(ROOT.glob("framework/casewright/*/*/spec/*.yaml"))):
        spec = yaml.safe_load(file.read_text(encoding="utf-8"))
        for number, said in enumerate(spec.get("problems") or ()):
            if placed := PLACED.match(said):
                (beside if number else found).setdefault(placed["code"], Shown(spec, number, placed["file"], said))
    return {**beside, **found}


def example_of(shown: Shown) -> ProblemExample:
    """A short file as it was written, and the message with its help."""
    layer, _, path = shown.file.partition("/")
    written = shown.spec.get("layers", {}).get(layer, {}).get(path, "")
    if shown.file.startswith("rule_"):
        written = shown.spec["rules"][int(shown.file.removeprefix("rule_").removesuffix(".yaml")) - 1]
    is_short = isinstance(written, str) and 0 < len(written) < 1000 and written.replace("\n", "").isprintable()
    help_ = help_of(shown)
    said = f"{shown.said.rstrip()}\nhelp: {help_}" if help_ else shown.said.rstrip()
    return ProblemExample(written.rstrip() if is_short else "", said.rstrip())


def help_of(shown: Shown) -> str:
    """What the problem says that is to be written instead; an example of rules alone is compiled to learn it."""
    helps = shown.spec.get("help") or ()
    if shown.number < len(helps) or "rules" not in shown.spec:
        return str(helps[shown.number]) if shown.number < len(helps) else ""
    with TemporaryDirectory() as folder:
        path = Path(folder)
        base = shown.spec.get("base", ())
        if base:
            write_layer(path / "base", "base", base)
        own = write_layer(path / "own", "rule", shown.spec["rules"], "built_on: [base]\n" if base else "")
        helps = (each.help for each in compile_layer(own).problems if f" {each.code} {each.message}" in shown.said)
        return next(helps, "").replace(f"{path.as_posix()}/", "")


def write_layer(folder: Path, word: str, rules: Sequence[str], below: str = "") -> Path:
    """A layer of these rules, in files `WORD_1.yaml` and so on."""
    folder.mkdir()
    (folder / "layer.yaml").write_text(f"layer: {folder.name}\nversion: 1.0.0\n{below}", encoding="utf-8")
    for number, text in enumerate(rules, 1):
        (folder / f"{word}_{number}.yaml").write_text(text, encoding="utf-8")
    return folder


def examples_text() -> str:
    """The file beside the table of codes that carries the examples into the package."""
    shown = sorted(examples().items())
    table = {code: {"written": each.written, "said": each.said} for code, each in shown}
    return json.dumps(table, indent=1, ensure_ascii=False) + "\n"
