"""Examples of what a table or tree shall give, a line each in comma-separated values, and how they came out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from casewright.cli.deciders import Desk
from casewright.expressions import Type, as_type, plain
from casewright.expressions.explainer import shown
from casewright.expressions.library.operators import equal
from casewright.expressions.tables.separated import read_lines
from casewright.values import Span, did_you_mean

RESULT = "result."
"""What the name of a column begins with that is an output, where an input has the same name."""

NOT_LOOKED_AT = "-"

_REMARKS = re.compile(r"(?:[ \t]*(?:#.*)?\r?\n)*")
"""The lines of remarks above the heading, which says what parts the cells."""


@dataclass(frozen=True, slots=True)
class Trial:
    """How one example came out: its line in the file, what was given, and each output that is not as expected."""

    line: int
    facts: tuple[str, ...]
    rule: str
    outputs: Any
    because: str
    wrong: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether everything is as the example says."""
        return not self.wrong


@dataclass(frozen=True, slots=True)
class _Columns:
    """What the columns of a file mean: by number, the path that is given, or the output that is expected."""

    given: Mapping[int, str]
    expected: Mapping[int, str]


def trials(path: Path, desk: Desk, facts: Sequence[str]) -> Iterator[Trial]:
    """The examples of a file, each tried on the rule with `facts` beside its own; wrong usage where one is wrong."""
    lines = _lines(path)
    if not lines:
        raise click.UsageError(
            f"{path} has no lines; begin with {','.join((*desk.layout.inputs, *desk.layout.outputs))}"
        )
    (_, named), *rest = lines
    header = _without_blanks(named, 0)
    columns = _columns(header, desk, path)
    if not rest:
        raise click.UsageError(f"{path} has a heading and no examples; write one a line")
    for number, written in rest:
        cells = _without_blanks(written, len(header))
        if len(cells) != len(header):
            raise click.UsageError(f"{path}:{number}: this line has {len(cells)} cells; the header has {len(header)}")
        try:
            yield _tried(number, cells, columns, desk, facts)
        except click.UsageError as wrong:
            raise click.UsageError(f"{path}:{number}: {wrong.message}") from None


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """The lines that say something, each with its number; a line that begins with `#` is a remark."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise click.UsageError(f"{path} is not UTF-8 text; save it as CSV in UTF-8") from None
    remarks = _REMARKS.match(text)
    above = remarks.group() if remarks else ""
    lines, problems = read_lines(text[len(above) :], Span(str(path), 1 + above.count("\n")))
    if problems:
        raise click.UsageError(f"{problems[0].span}: {problems[0].message}; {problems[0].help}")
    found = [(line.at.line, [cell.text for cell in line.cells]) for line in lines]
    return [(number, cells) for number, cells in found if not cells[0].startswith("#")]


def _without_blanks(cells: Sequence[str], least: int) -> list[str]:
    """The cells without the empty ones at the end, as far as there are more than `least`: spreadsheets write them."""
    kept = list(cells)
    while len(kept) > least and not kept[-1]:
        kept.pop()
    return kept


def _columns(header: Sequence[str], desk: Desk, path: Path) -> _Columns:
    given: dict[int, str] = {}
    expected: dict[int, str] = {}
    for place, name in enumerate(header):
        if name in header[:place]:
            raise click.UsageError(f"{path}: the column '{name}' stands twice in the heading")
        output = name.removeprefix(RESULT)
        if output in desk.layout.outputs and (name != output or name not in desk.layout.inputs):
            expected[place] = output
        elif name in desk.sources or "." in name:
            given[place] = desk.sources.get(name, name)
        elif not name.startswith("#"):
            raise click.UsageError(f"{path}: {_unknown(name, desk)}")
    if not expected:
        outputs = ", ".join(desk.layout.outputs)
        raise click.UsageError(f"{path} says nowhere what is expected; add a column for an output: {outputs}")
    return _Columns(given, expected)


def _unknown(name: str, desk: Desk) -> str:
    if name in desk.layout.computed:
        return f"'{name}' is computed: {desk.layout.computed[name]}; name a column for what that reads, as case.NAME"
    known = (*desk.sources, *desk.layout.outputs)
    near = did_you_mean(name, known) or f"; there are {', '.join(known)}"
    return f"no input or output is called '{name}'{near}"


def _tried(number: int, cells: Sequence[str], columns: _Columns, desk: Desk, facts: Sequence[str]) -> Trial:
    own = tuple(f"{path}={cells[place]}" for place, path in columns.given.items() if cells[place] not in ("", "-"))
    expected = {
        name: _expected(name, cells[place], desk)
        for place, name in columns.expected.items()
        if cells[place] != NOT_LOOKED_AT
    }
    asked = desk.ask((*facts, *own))
    wrong = tuple(_differences(asked.given.outputs, expected))
    return Trial(number, own, asked.rule, asked.given.outputs, asked.given.because, wrong)


def _expected(name: str, cell: str, desk: Desk) -> Any:
    """The value that a cell says; a list of values, divided by `;`, where the table gives a list."""
    type_ = desk.layout.outputs[name]
    if desk.layout.is_list:
        return [_value(name, part.strip(), type_) for part in cell.split(";")] if cell else []
    return _value(name, cell, type_)


def _value(name: str, text: str, type_: Type) -> Any:
    if text in ("", "null"):
        return None
    said = text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text
    value, problem = as_type(said, type_, Span(name))
    if problem is not None:
        raise click.UsageError(f"{name}: {problem.message}{f'; {problem.help}' if problem.help else ''}")
    return value


def _differences(outputs: Any, expected: Mapping[str, Any]) -> Iterator[str]:
    for name, wanted in expected.items():
        found = outputs.get(name) if isinstance(outputs, Mapping) else [each.get(name) for each in outputs]
        if equal(found, wanted) is not True:
            yield f"{name} is {_shown(found)}, not {_shown(wanted)}"


def _shown(value: Any) -> str:
    return shown(value) if not isinstance(value, list) else f"[{plain(value)}]"
