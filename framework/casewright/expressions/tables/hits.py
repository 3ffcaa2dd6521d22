"""Hit policies: which of the rows that match count, in which order, and what they give together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from types import MappingProxyType
from typing import Any, Literal

from casewright.expressions.library import operators as op
from casewright.expressions.types import INTEGER, Declared, Type, declared_as, described, list_of, record

Outputs = Sequence[tuple[str, Type]]
Combine = Callable[[Sequence[Any]], Any]


@dataclass(frozen=True, slots=True)
class HitPolicy:
    """One policy: whether one row counts or all, whether the outputs' options rank the rows, and what is given.

    `gives` says whether the outputs are those of one row, a list of those of each row, or one record in which the
    values of all rows are combined.
    """

    name: str
    gives: Literal["row", "rows", "combined"]
    is_ranked: bool = False

    @property
    def needs_one(self) -> bool:
        """Whether a table may leave nothing undecided, so that values which no row takes are a gap."""
        return self.gives == "row"

    @property
    def hides(self) -> bool:
        """Whether a row that matches keeps those after it from counting."""
        return self.name in ("first", "priority")

    @property
    def repeats(self) -> bool:
        """Whether a row that says the same as another counts a second time."""
        return self.gives != "row" and self.name not in ("collect_min", "collect_max")


_POLICIES = (
    HitPolicy("unique", "row"),
    HitPolicy("any", "row"),
    HitPolicy("first", "row"),
    HitPolicy("priority", "row", is_ranked=True),
    HitPolicy("rule_order", "rows"),
    HitPolicy("output_order", "rows", is_ranked=True),
    HitPolicy("collect", "rows"),
    HitPolicy("collect_sum", "combined"),
    HitPolicy("collect_min", "combined"),
    HitPolicy("collect_max", "combined"),
    HitPolicy("collect_count", "combined"),
)
POLICIES: Mapping[str, HitPolicy] = MappingProxyType({policy.name: policy for policy in _POLICIES})

HIT_POLICIES = tuple(POLICIES)
"""The names of the hit policies."""


def given_types(hit: str, outputs: Outputs) -> dict[str, Type]:
    """The type of each output as it is given: a count is an integer, anything else what the column says."""
    count = declared_as(INTEGER, Declared(certain=True))
    return {name: count if hit == "collect_count" else type_ for name, type_ in outputs}


def result_type(name: str, hit: str, outputs: Outputs) -> Type:
    """The type of what a table gives under this policy: a record of that name, or a list of such records."""
    one = record(name, given_types(hit, outputs))
    return list_of(one) if POLICIES[hit].gives == "rows" else one


@dataclass(frozen=True, slots=True)
class Misfit:
    """An output that a policy cannot use: why, and what to write instead. No output is meant where there is no name."""

    output: str
    message: str
    help: str


_SUMS: Mapping[str, Callable[[Any, Any], Any]] = {
    "integer": op.add_integers,
    "decimal": op.add_decimals,
    "money": op.add_decimals,
    "duration": op.add_durations,
}
_ORDERED = frozenset({"integer", "decimal", "money", "date", "time", "datetime", "duration", "text"})


def misfits(hit: str, outputs: Outputs) -> Iterator[Misfit]:
    """The outputs that the policy cannot use."""
    if POLICIES[hit].is_ranked and not ranks_of(outputs):
        message = f"`hit: {hit}` ranks rows by the options of an output, and no output is a choice with options"
        yield Misfit(
            "",
            message,
            f"write {outputs[0][0] if outputs else 'NAME'}: {{type: choice, options: [...]}}, "
            "the highest first; or say `hit: first`",
        )
    if hit in ("collect_sum", "collect_min", "collect_max"):
        yield from _not_combined(hit, outputs)


def _not_combined(hit: str, outputs: Outputs) -> Iterator[Misfit]:
    allowed = _SUMS.keys() if hit == "collect_sum" else _ORDERED
    what = "numbers, money and durations" if hit == "collect_sum" else "what has an order: numbers, dates, texts"
    for name, type_ in outputs:
        if type_.kind not in allowed:
            message = f"`hit: {hit}` takes {what}; '{name}' is {described(type_)}"
            yield Misfit(name, message, "leave the output out, or say `hit: collect` and combine the rows afterwards")


def combiner(hit: str, type_: Type) -> Combine:
    """What combines the values of one output under the policy; nulls are left out, and none of them gives null."""
    if hit == "collect_count":
        return lambda values: sum(value is not None for value in values)
    if hit == "collect_sum":
        return _reducing(_SUMS[type_.kind])
    return _reducing(_lesser(type_) if hit == "collect_min" else _greater(type_))


def _reducing(both: Callable[[Any, Any], Any]) -> Combine:
    def combine(values: Sequence[Any]) -> Any:
        given = [value for value in values if value is not None]
        return reduce(both, given) if given else None

    return combine


def _lesser(type_: Type) -> Callable[[Any, Any], Any]:
    if type_.kind == "duration":
        return lambda one, other: other if op.compare_durations(other, one) < 0 else one
    return lambda one, other: other if other < one else one


def _greater(type_: Type) -> Callable[[Any, Any], Any]:
    if type_.kind == "duration":
        return lambda one, other: other if op.compare_durations(other, one) > 0 else one
    return lambda one, other: other if other > one else one


Ranks = tuple[tuple[int, Mapping[str, int]], ...]
"""For each output that ranks, in order: its column, and the rank of each of its options."""


def ranks_of(outputs: Outputs) -> Ranks:
    """What ranks rows: the outputs that are choices with options, from left to right, the first option highest."""
    return tuple(
        (column, {option: rank for rank, option in enumerate(type_.options)})
        for column, (_, type_) in enumerate(outputs)
        if type_.kind == "choice" and type_.options
    )


def rank(values: Sequence[Any], ranks: Ranks) -> tuple[int, ...]:
    """The rank of a row with these values, lowest first; null and what is no option rank last."""
    return tuple(options.get(values[column], len(options)) for column, options in ranks)
