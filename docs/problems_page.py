"""The page of problem codes, and the examples of them that the tests carry out, which go into the package too."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import groupby, zip_longest
from pathlib import Path
from typing import Any

import yaml
from merging_page import fenced

from casewright.codes import ProblemCode, ProblemExample, problem_codes

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


def examples() -> dict[str, ProblemExample]:
    """For each code that an executable example shows: the file with the mistake, and what is said of it.

    An example that is about the code, since it names the code first, is better than one that has it among others.
    """
    found: dict[str, ProblemExample] = {}
    beside: dict[str, ProblemExample] = {}
    for file in (*sorted(ROOT.glob("tests/spec/*/*.yaml")), *sorted(ROOT.glob("framework/casewright/*/*/spec/*.yaml"))):
        spec = yaml.safe_load(file.read_text(encoding="utf-8"))
        for number, (place, code, said) in enumerate(problems_of(spec)):
            (beside if number else found).setdefault(code, example_of(spec, place, said))
    return {**beside, **found}


def problems_of(spec: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The file, the code and the words of each problem that an example has."""
    problems = spec.get("problems") or ()
    for problem, help_ in zip_longest(problems, (spec.get("help") or ())[: len(problems)], fillvalue=""):
        if placed := PLACED.match(problem):
            yield placed["file"], placed["code"], f"{problem}\nhelp: {help_}" if help_ else problem


def example_of(spec: Mapping[str, Any], place: str, said: str) -> ProblemExample:
    """A short file as it was written, and the message."""
    layer, _, path = place.partition("/")
    written = spec.get("layers", {}).get(layer, {}).get(path, "")
    if place.startswith("rule_"):
        written = spec["rules"][int(place.removeprefix("rule_").removesuffix(".yaml")) - 1]
    is_short = isinstance(written, str) and 0 < len(written) < 1000 and written.replace("\n", "").isprintable()
    return ProblemExample(written.rstrip() if is_short else "", said.rstrip())


def examples_text() -> str:
    """The file beside the table of codes that carries the examples into the package."""
    shown = sorted(examples().items())
    table = {code: {"written": each.written, "said": each.said} for code, each in shown}
    return json.dumps(table, indent=1, ensure_ascii=False) + "\n"
