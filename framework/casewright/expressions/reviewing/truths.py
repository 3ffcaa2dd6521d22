"""When a condition can be true, false or neither: for each value that it looks at, the region where it is.

A condition looks at *subjects*: a reference, a call, or two values against each other. For each of four outcomes
(true, false, not true, not false) there is a *side*: what every subject must be for that outcome, or None where the
outcome cannot be. The third value of the logic is what is neither true nor false, so `not true` is more than `false`.
Everything is reckoned on the safe side: an outcome that is said to be impossible is impossible, for any roots that
hold values of their declared types or null.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casewright.expressions.interpreter import Interpreter
from casewright.expressions.meaning import Checked
from casewright.expressions.regions import Region, interval, nothing, values
from casewright.expressions.reviewing.sameness import path_of, written
from casewright.expressions.syntax import (
    And,
    Call,
    Equality,
    Has,
    If,
    Macro,
    Name,
    Not,
    Or,
    Select,
    Syntax,
    Within,
    walk,
)
from casewright.expressions.types import domain_of, kind_of, steps

ORDERED = frozenset({"integer", "decimal", "money", "text", "choice", "boolean", "date", "time", "datetime"})
"""The kinds whose values lie on the line of regions."""

NULL = values(None)
TRUE, FALSE = values(True), values(False)

BELOW, SAME, ABOVE, ONE_EMPTY, BOTH_EMPTY = -1, 0, 1, 2, 3
"""How two values may stand to each other: the values of a subject that is a pair."""

_PAIR = {
    "<": (values(BELOW), values(SAME, ABOVE)),
    "<=": (values(BELOW, SAME), values(ABOVE)),
    ">": (values(ABOVE), values(BELOW, SAME)),
    ">=": (values(ABOVE, SAME), values(BELOW)),
    "==": (values(SAME, BOTH_EMPTY), values(BELOW, ABOVE, ONE_EMPTY)),
}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Side:
    """What each subject must be for an outcome. `exact`: wherever all of them are that, the outcome is this one."""

    needs: Mapping[str, Region]
    exact: bool

    def implies(self, other: Side | None) -> bool:
        """Whether whatever is on this side is on the other one too."""
        if other is None or not other.exact:
            return False
        return all(subject in self.needs and self.needs[subject].is_inside(r) for subject, r in other.needs.items())


@dataclass(frozen=True, slots=True)
class Truth:
    """The four sides of a condition; None is an outcome that it cannot have."""

    true: Side | None
    false: Side | None
    untrue: Side | None
    unfalse: Side | None

    def negated(self) -> Truth:
        """The sides of `not` the condition."""
        return Truth(self.false, self.true, self.unfalse, self.untrue)


ALWAYS = Side({}, True)
"""The side of what holds whatever the subjects are."""

SOMETIMES = Side({}, False)
"""The side of what nothing is known of."""


OPEN = Truth(SOMETIMES, SOMETIMES, SOMETIMES, SOMETIMES)
"""The truth of a condition of which nothing is known."""


def meet(sides: Iterable[Side | None]) -> Side | None:
    """Where all of the outcomes are; None where they exclude each other."""
    found: dict[str, list[Region]] = {}
    exact = True
    for side in sides:
        if side is None:
            return None
        exact = exact and side.exact
        for subject, region in side.needs.items():
            found.setdefault(subject, []).append(region)
    needs = {subject: _combined(regions, Region.intersect) for subject, regions in found.items()}
    return None if any(region.is_empty() for region in needs.values()) else Side(needs, exact)


def join(sides: Iterable[Side | None]) -> Side | None:
    """Where any of the outcomes is; None where none can be."""
    there = [side for side in sides if side is not None]
    if len(there) < 2:
        return there[0] if there else None
    subjects = set(there[0].needs).intersection(*(side.needs for side in there[1:]))
    needs = {subject: _united(side.needs[subject] for side in there) for subject in sorted(subjects)}
    alone = len(subjects) == 1 and all(len(side.needs) == 1 for side in there)
    always = any(side.exact and not side.needs for side in there)
    return Side(needs, always or (alone and all(side.exact for side in there)))


def _united(regions: Iterable[Region]) -> Region:
    return _combined(list(regions), Region.union)


def _combined(regions: Sequence[Region], combine: Callable[[Region, Region], Region]) -> Region:
    """Many regions as one, by halves: of a thousand, each is gone through ten times and not a thousand times."""
    if len(regions) < 2:
        return regions[0] if regions else nothing()
    half = len(regions) // 2
    return combine(_combined(regions[:half], combine), _combined(regions[half:], combine))


@dataclass(frozen=True, slots=True)
class Truths:
    """Works out the truth of the pieces of one expression, each once.

    With `repeated`, an atom that reads none of these references is left open, unless it is constant by itself.
    """

    checked: Checked
    known: dict[Syntax, Truth]
    repeated: frozenset[str] | None = None

    def of(self, node: Syntax) -> Truth:
        """The sides of a piece that is a condition."""
        found = self.known.get(node)
        if found is None:
            found = self.known[node] = self._worked_out(node)
        return found

    def _worked_out(self, node: Syntax) -> Truth:
        if isinstance(node, Not):
            return self.of(node.operand).negated()
        if isinstance(node, And):
            return _conjunction([self.of(term) for term in node.terms])
        if isinstance(node, Or):
            return _conjunction([self.of(term).negated() for term in node.terms]).negated()
        if isinstance(node, If):
            return _choice(self.of(node.condition), self.of(node.then), self.of(node.otherwise))
        if self._is_fixed(node):
            return self._folded(node)
        return self._atom(node) if self._is_looked_at(node) else OPEN

    def _is_looked_at(self, node: Syntax) -> bool:
        if self.repeated is None or isinstance(node, Within):
            return True
        return any(path_of(each) in self.repeated or _is_size(each) for each in walk(node))

    def _is_fixed(self, node: Syntax) -> bool:
        """Whether the piece reads nothing, so that its value can be worked out here."""
        if node in self.checked.constants:
            return True
        return not any(isinstance(each, (Name, Macro)) or self._reads_clock(each) for each in walk(node))

    def _reads_clock(self, node: Syntax) -> bool:
        overload = self.checked.overloads.get(node)
        return overload is not None and overload.clock

    def _folded(self, node: Syntax) -> Truth:
        value = Interpreter(self.checked, {}).value(node)
        true, false = value is True, value is False
        return Truth(*(ALWAYS if each else None for each in (true, false, not true, not false)))

    def _atom(self, node: Syntax) -> Truth:
        if isinstance(node, Equality):
            truth = self._compared(node.left, "==", node.right)
            return truth.negated() if node.negated else truth
        if isinstance(node, Call) and node.name in _TURNED and len(node.arguments) == 2:
            return self._compared(node.arguments[0], node.name, node.arguments[1])
        if isinstance(node, Within):
            return self._within(node)
        if isinstance(node, Has) and self._is_sure(node.selection):
            return self._held(node.selection, NULL.complement(), NULL, self._domain(node.selection))
        return self._held(node, TRUE, FALSE, values(True, False, None))

    # Atoms

    def _compared(self, left: Syntax, mark: str, right: Syntax) -> Truth:
        constants = self.checked.constants
        if left in constants and right not in constants:
            left, right, mark = right, left, _TURNED.get(mark, mark)
        if right not in constants:
            return self._pair(left, mark, right)
        value = constants[right]
        if value is None:
            return self._held(left, NULL, NULL.complement(), self._domain(left).union(NULL))
        if not self._lies_on_the_line(left) or self.checked.types[right].kind not in ORDERED:
            return self._opaque(left, mark, right)
        true = self._region(left, mark, value)
        outside = true if mark == "==" else true.union(NULL)
        return self._held(left, true, outside.complement(), self._domain(left))

    def _region(self, node: Syntax, mark: str, value: Any) -> Region:
        whole = steps(self.checked.types[node])
        if mark == "==":
            return values(value, whole=whole)
        closed = mark.endswith("=")
        low, high = (value, None) if mark.startswith(">") else (None, value)
        return interval(low, high, closed, closed, whole=whole)

    def _within(self, node: Within) -> Truth:
        listed = self.checked.constants.get(node.collection)
        if not isinstance(listed, tuple) or not self._lies_on_the_line(node.item) or not _are_plain(listed):
            return self._held(node, TRUE, FALSE, values(True, False, None))
        true = values(*listed, whole=steps(self.checked.types[node.item]))
        return self._held(node.item, true, true.complement(), self._domain(node.item))

    def _pair(self, left: Syntax, mark: str, right: Syntax) -> Truth:
        one, other = written(left), written(right)
        domain = values(BELOW, SAME, ABOVE, ONE_EMPTY, BOTH_EMPTY) if one != other else values(SAME, BOTH_EMPTY)
        if other < one:
            one, other, mark = other, one, _TURNED.get(mark, mark)
        true, false = (side.intersect(domain) for side in _PAIR[mark])
        sure = self._is_sure(left) and self._is_sure(right)
        return _sides(f"{one} against {other}", true, false, domain, sure)

    def _opaque(self, left: Syntax, mark: str, right: Syntax) -> Truth:
        subject = f"({written(left)} {mark} {written(right)})"
        return _sides(subject, TRUE, FALSE, values(True, False, None), False)

    def _held(self, node: Syntax, true: Region, false: Region, domain: Region) -> Truth:
        """The truth of a condition on one subject that is true, and false, in these regions, else unknown."""
        return _sides(written(node), true.intersect(domain), false.intersect(domain), domain, self._is_sure(node))

    def _lies_on_the_line(self, node: Syntax) -> bool:
        return self.checked.types[node].kind in ORDERED

    def _domain(self, node: Syntax) -> Region:
        if _is_size(node):
            return interval(0, None, whole=True)
        return domain_of(self.checked.types[node])

    def _is_sure(self, node: Syntax) -> bool:
        """Whether the piece always has a value or null: a reference below records."""
        if isinstance(node, Select):
            return self.checked.types[node.operand].kind == "record" and self._is_sure(node.operand)
        return isinstance(node, Name)


def _sides(subject: str, true: Region, false: Region, domain: Region, sure: bool) -> Truth:
    """The truth of an atom; where its subject may have no value at all, it is neither true nor false anywhere."""

    def side(region: Region) -> Side | None:
        return None if region.is_empty() else Side({subject: region}, True)

    def rest(region: Region) -> Side | None:
        return side(domain.minus(region)) if sure else SOMETIMES

    return Truth(side(true), side(false), rest(true), rest(false))


def _conjunction(terms: list[Truth]) -> Truth:
    return Truth(
        meet(term.true for term in terms),
        join(term.false for term in terms),
        join(term.untrue for term in terms),
        meet(term.unfalse for term in terms),
    )


def _choice(condition: Truth, then: Truth, otherwise: Truth) -> Truth:
    """The truth of `condition ? then : otherwise`, which is neither true nor false where the condition is."""
    unknown = meet((condition.untrue, condition.unfalse))

    def side(outcome: Callable[[Truth], Side | None], *more: Side | None) -> Side | None:
        taken = meet((condition.true, outcome(then)))
        return join((taken, meet((condition.false, outcome(otherwise))), *more))

    return Truth(
        side(lambda truth: truth.true),
        side(lambda truth: truth.false),
        side(lambda truth: truth.untrue, unknown),
        side(lambda truth: truth.unfalse, unknown),
    )


def _is_size(node: Syntax) -> bool:
    return isinstance(node, Call) and node.name == "size"


def _are_plain(listed: tuple[object, ...]) -> bool:
    return all(item is None or kind_of(item) in ORDERED for item in listed)
