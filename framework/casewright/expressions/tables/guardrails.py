"""What an analysis of a table finds, as an author reads it: errors where the hit policy is broken, else warnings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from casewright.expressions.tables.analysis import Analysis, Gap, Hidden, Overlap, Repeat, analyse, in_words
from casewright.expressions.tables.decisions import TableRow, numbered
from casewright.expressions.tables.table import Table
from casewright.values import Problem, Related, Span

_SHOWN = 5
"""How many missing rows a warning shows."""


def guardrails(table: Table, at: Span, hit: Span) -> Iterator[Problem]:
    """The problems of a table, whose rows and hit policy stand there.

    A gap is none where `otherwise` is written, or where each row that matches counts.
    """
    found = analyse(table, gaps=table.policy.needs_one and not table.otherwise)
    for overlap in found.overlaps:
        if table.hit == "unique":
            yield _beside(hit, table, _not_unique(overlap, table))
        elif overlap.is_sure:
            yield _beside(hit, table, _not_agreed(overlap, table))
    for hidden in found.hidden:
        yield _never(hidden, found.repeats, table)
    if table.policy.repeats:
        yield from (_repeated(repeat, table) for repeat in found.repeats if repeat.agrees)
    gaps = [gap for gap in found.gaps if not gap.unless]
    if gaps:
        yield _gap(gaps, found, table, at)
    elif not found.is_complete:
        yield _unproved(found, at)


def _beside(hit: Span, table: Table, problem: Problem) -> Problem:
    """The problem with the place of the hit policy, where another file than that of the rows sets it."""
    if (hit.path, hit.layer) == (problem.span.path, problem.span.layer) or problem.span.path.endswith(".csv"):
        return problem
    return replace(problem, related=(*problem.related, Related(hit, f"`hit: {table.hit}` stands here")))


def _not_unique(overlap: Overlap, table: Table) -> Problem:
    one, other, case = overlap.one, overlap.other, in_words(table.columns, overlap)
    if overlap.is_sure:
        message = f"rows {one.number} and {other.number} both match `{overlap}`, as {case}, and `hit: unique` lets one"
        help = "narrow one of the rows, or write `hit: first`"
    else:
        message = (
            f"rows {one.number} and {other.number} may both match `{overlap}`, as {case}, and `hit: unique` lets one: "
            "which of them does shows only at work"
        )
        help = "tell the rows apart by another column, or write `hit: first`"
    if overlap.cells == tuple(test.source for test in one.tests) and overlap.agrees:
        help = f"row {other.number} says the same as row {one.number}: remove one of them"
    return Problem(other.at, "E409", message, (Related(one.at, f"row {one.number}"),), help)


def _not_agreed(overlap: Overlap, table: Table) -> Problem:
    one, other, case = overlap.one, overlap.other, in_words(table.columns, overlap)
    message = (
        f"rows {one.number} and {other.number} both match `{overlap}`, as {case}, and give different outputs, which "
        "`hit: any` does not allow"
    )
    help = "let both give the same, narrow one of them, or write `hit: first`"
    return Problem(other.at, "E421", message, (Related(one.at, f"row {one.number}"),), help)


def _never(hidden: Hidden, repeats: Sequence[Repeat], table: Table) -> Problem:
    row, by = hidden.row, hidden.by
    where = "above it" if table.hit == "first" else "ranked before it or above it"
    message = f"row {row.number} can never win: {where} {_list(by)} {_takes(by)} everything that it matches"
    repeat = next((each for each in repeats if each.other is row and each.one in by), None)
    if repeat is not None:
        says = "the same" if repeat.agrees else "otherwise"
        message = f"row {row.number} can never win: {numbered(by)} asks for the same and gives {says}"
    related = tuple(Related(other.at, f"row {other.number}") for other in by[:3])
    return Problem(row.at, "W409", message, related, _mend(table, repeat))


def _mend(table: Table, repeat: Repeat | None) -> str:
    if repeat is not None:
        return "remove one of them"
    move = "move it up, narrow the rows above it" if table.hit == "first" else "narrow the rows that rank before it"
    return f"{move}, or remove it"


def _list(rows: Sequence[TableRow]) -> str:
    numbers = ", ".join(str(row.number) for row in rows[:6])
    return f"row {numbers}" if len(rows) == 1 else f"rows {numbers}"


def _takes(rows: Sequence[TableRow]) -> str:
    return "takes" if len(rows) == 1 else "take"


def _repeated(repeat: Repeat, table: Table) -> Problem:
    one, other = repeat.one, repeat.other
    message = f"row {other.number} repeats row {one.number}, so under `hit: {table.hit}` what they give counts twice"
    return Problem(other.at, "W421", message, (Related(one.at, f"row {one.number}"),), "remove one of them")


def _gap(gaps: Sequence[Gap], found: Analysis, table: Table, at: Span) -> Problem:
    first = gaps[0]
    many = f", and {len(gaps) - 1} more{' at least' if found.is_cut else ''}" if len(gaps) > 1 else ""
    message = f"no row matches `{first}`, as {in_words(table.columns, first)}{many}"
    if len(first.cells) == 1:
        message = f"no row matches {table.columns[0]} `{first}`{many}"
    if not table.rows:
        message = "the table has no rows, so every output is empty whatever the facts are"
    outputs = " | ".join("..." for _ in table.outputs)
    rows = [f"{gap} || {outputs}" for gap in gaps[:_SHOWN]]
    more = [] if found.is_complete else [f"not proved complete: the search stopped after {found.steps:,} steps"]
    otherwise = ", ".join(f"{name}: ..." for name in table.names)
    help = "\n".join([f"write otherwise: {{{otherwise}}}, or add what is missing:", *rows, *more])
    return Problem(at, "W420", message, (), help)


def _unproved(found: Analysis, at: Span) -> Problem:
    message = f"not proved complete: the analysis of the table stopped after {found.steps:,} steps"
    help = "split the table, or write `otherwise`; what was found before that is told"
    return Problem(at, "W422", message, (), help)
