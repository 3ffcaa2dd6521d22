"""Decision tables at work: decisions that say why, and a trace of how each row fared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from casewright.expressions.explainer import shown
from casewright.expressions.expression import Expression
from casewright.expressions.library.operators import Fault, equal
from casewright.expressions.tables.decisions import Decision, Record, TableRow, Verdict, numbered
from casewright.expressions.tables.hits import POLICIES, Combine, HitPolicy, Ranks, rank, result_type
from casewright.expressions.tables.lookup import Find
from casewright.expressions.types import Type


class Evaluated(Protocol):
    """What is worked out when it is needed: an expression, a constant, a map of them."""

    def evaluate(self, roots: Mapping[str, Any], /) -> Any:
        """Its value on these roots."""


@dataclass(frozen=True, slots=True)
class Table:
    """A checked decision table. `decide(roots)` gives the decision; `trace(roots)` says how each row fared.

    `rows` stand as they are written. `ranked` are the same rows in the order in which they count, which is that of the
    index too: as written, or under `priority` and `output_order` by the options of the outputs, as far as these are
    constants; `ranks` says how to order rows whose ranking outputs are expressions. `takes_first` says that the first
    of `ranked` that matches is all that counts; `ready` are the outputs of those that neither their cells nor their
    outputs need roots for.
    """

    inputs: tuple[tuple[str, Expression], ...]
    outputs: tuple[tuple[str, Type], ...]
    rows: tuple[TableRow, ...]
    hit: str
    otherwise: Mapping[str, Evaluated]
    roots: frozenset[str]
    paths: frozenset[str]
    ranked: tuple[TableRow, ...] = field(compare=False, repr=False)
    ranks: Ranks = field(compare=False, repr=False)
    ready: tuple[dict[str, Any] | None, ...] = field(compare=False, repr=False)
    find: Find = field(compare=False, repr=False)
    takes_first: bool = field(compare=False, repr=False)
    checks: tuple[tuple[int, ...], ...] = field(compare=False, repr=False)
    combiners: tuple[Combine, ...] = field(compare=False, repr=False)
    names: tuple[str, ...] = field(compare=False, repr=False)
    columns: tuple[str, ...] = field(compare=False, repr=False)

    @property
    def policy(self) -> HitPolicy:
        return POLICIES[self.hit]

    def type_named(self, name: str) -> Type:
        """The type of what the table gives: a record of that name, or a list of such records."""
        return result_type(name, self.hit, self.outputs)

    def decide(self, roots: Mapping[str, Any]) -> Decision:
        """The decision on `roots`; where no row matches, `otherwise` counts as a row, or nulls.

        Raises Fault where rows that must agree do not, or values cannot be combined.
        """
        mask, values = self.find(roots)
        rows = self._counting(mask, values, roots)
        return Decision(rows, self._given(rows, roots), self.columns, values)

    def outputs_for(self, roots: Mapping[str, Any]) -> Record | list[Record]:
        """The outputs alone."""
        mask, values = self.find(roots)
        if mask and self.takes_first:
            ready = self.ready[(mask & -mask).bit_length() - 1]
            if ready is not None:
                return ready.copy()
        return self._given(self._counting(mask, values, roots), roots)

    def trace(self, roots: Mapping[str, Any]) -> tuple[Verdict, ...]:
        """How each row fared, in the order in which they are written."""
        mask, values = self.find(roots)
        found = self._ordered(self._matching(mask, values, roots), roots)
        counting = found if self.policy.gives != "row" or self.hit == "any" else found[:1]
        words = {row.number: self._words(row, counting) for row in found}
        return tuple(self._verdict(row, values, roots, words.get(row.number)) for row in self.rows)

    def _counting(self, mask: int, values: Sequence[Any], roots: Mapping[str, Any]) -> tuple[TableRow, ...]:
        """The rows that match and count, in their order."""
        if self.takes_first:
            return self._first(mask, values, roots)
        found = self._ordered(self._matching(mask, values, roots), roots)
        if self.hit == "any":
            self._agree(found, values, roots)
        return found[:1] if self.hit == "priority" else found

    def _first(self, mask: int, values: Sequence[Any], roots: Mapping[str, Any]) -> tuple[TableRow, ...]:
        while mask:
            place = (mask & -mask).bit_length() - 1
            row = self.ranked[place]
            checks = self.checks[place]
            if not checks or all(row.tests[column].matches(values[column], roots) for column in checks):
                return (row,)
            mask &= mask - 1
        return ()

    def _matching(self, mask: int, values: Sequence[Any], roots: Mapping[str, Any]) -> tuple[TableRow, ...]:
        found = []
        while mask:
            place = (mask & -mask).bit_length() - 1
            row = self.ranked[place]
            if all(row.tests[column].matches(values[column], roots) for column in self.checks[place]):
                found.append(row)
            mask &= mask - 1
        return tuple(found)

    def _ordered(self, rows: tuple[TableRow, ...], roots: Mapping[str, Any]) -> tuple[TableRow, ...]:
        """The rows in the order in which they count, where some rank only by what their expressions give."""
        if not self.ranks:
            return rows
        return tuple(
            sorted(rows, key=lambda row: (rank([v.evaluate(roots) for v in row.values], self.ranks), row.number))
        )

    def _agree(self, rows: tuple[TableRow, ...], values: Sequence[Any], roots: Mapping[str, Any]) -> None:
        """Raises Fault where two of the rows give different outputs."""
        given = [row.gives(self.names, roots) for row in rows]
        for row, outputs in zip(rows[1:], given[1:], strict=True):
            for name, value in outputs.items():
                if not equal(value, given[0][name]):
                    case = ", ".join(f"{each} {shown(v)}" for each, v in zip(self.columns, values, strict=True))
                    raise Fault(
                        f"{numbered((rows[0], row))} both match {case} and give different outputs, "
                        f"{name} {shown(given[0][name])} and {shown(value)}; under `hit: any` they must agree"
                    )

    def _given(self, rows: tuple[TableRow, ...], roots: Mapping[str, Any]) -> Record | list[Record]:
        if not rows:
            return self._otherwise(roots)
        if self.takes_first or self.policy.gives == "row":
            return rows[0].gives(self.names, roots)
        records: list[Record] = [row.gives(self.names, roots) for row in rows]
        if self.policy.gives == "rows":
            return records
        pairs = zip(self.names, self.combiners, strict=True)
        return {name: combine([record[name] for record in records]) for name, combine in pairs}

    def _otherwise(self, roots: Mapping[str, Any]) -> Record | list[Record]:
        """The outputs where no row matches."""
        given = {name: value.evaluate(roots) for name, value in self.otherwise.items()}
        if self.policy.gives == "rows":
            return [{name: given.get(name) for name in self.names}] if given else []
        nothing = 0 if self.hit == "collect_count" and not given else None
        return {name: given.get(name, nothing) for name in self.names}

    def _words(self, row: TableRow, counting: tuple[TableRow, ...]) -> str:
        if row in counting:
            return "matches"
        winner = counting[0].number
        way = "ranks before it" if self.policy.is_ranked else "stands above it"
        return f"matches, but row {winner} {way}"

    def _verdict(self, row: TableRow, values: Sequence[Any], roots: Mapping[str, Any], matches: str | None) -> Verdict:
        if matches is not None:
            return Verdict(row.number, row.at, True, None, matches)
        for name, value, test in zip(self.columns, values, row.tests, strict=True):
            if not test.matches(value, roots):
                return Verdict(row.number, row.at, False, name, f"{name} {shown(value)} is not {test.source}")
        raise AssertionError("a row that does not match has a test that fails")
