"""Unary tests: what one cell of a table, or one dimension of a circumstance, says of a value.

    -   "VIP","Private"   express   >= 1000   [18..65)   not(lost, stolen)   null   =customer.limit   ? * 2 > amount

Every other form is put together from four atoms. A test whose operands are all written out has a `region`, the exact
set of values that it matches; one that reads roots is opaque.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from casewright.expressions.atoms import SUBJECT, All, Atom, Compares, Equals, Holds, Negated, Operand
from casewright.expressions.expression import (
    Condition,
    Constant,
    Expression,
    checked_text,
    compile_condition,
    compile_expression,
    expression_of,
)
from casewright.expressions.library.operators import FAULTS
from casewright.expressions.library.standard import STANDARD
from casewright.expressions.literals import read_literal
from casewright.expressions.meaning import Scope
from casewright.expressions.parser import DEPTH_LIMIT
from casewright.expressions.regions import Region, anything, nothing
from casewright.expressions.reviewing.reach import truth_of
from casewright.expressions.slips import range_slip, sum_slip
from casewright.expressions.tables.cell_slips import cell_slip
from casewright.expressions.tables.cells import Piece, pieces_of
from casewright.expressions.tables.commas import comma_slip
from casewright.expressions.tokens import TEXT_LIMIT
from casewright.expressions.types import (
    DECIMAL,
    TEXTS,
    Type,
    comparable,
    described,
    domain_of,
    steps,
)
from casewright.values import Problem, Span, did_you_mean

Read = TypeVar("Read", Expression, Condition)


@dataclass(frozen=True, slots=True)
class UnaryTest:
    """A checked test of values of one type. `region` is the set that it matches, None where it reads roots.

    `extent` is the region too, or for a duration what it matches among those without months and business days, which
    have no fixed order with others. Outside of its `reach` it never matches, whatever the roots are. `roots` and
    `paths` are what it reads beside the value under test.
    """

    source: str
    type: Type
    at: Span
    region: Region | None
    roots: frozenset[str]
    paths: frozenset[str]
    atom: Atom
    extent: Region | None = None
    reach: Region = field(default_factory=anything)

    def stands_at(self, at: Span) -> UnaryTest:
        """The same test at another place."""
        return UnaryTest(
            self.source, self.type, at, self.region, self.roots, self.paths, self.atom, self.extent, self.reach
        )

    def matches(self, value: object, roots: Mapping[str, Any]) -> bool:
        """Whether the value passes; unknown is no match."""
        if self.region is not None:
            return self.region.contains(value)
        return self.atom.verdict(value, roots) is True


def compile_test(text: str, type_: Type, scope: Scope, *, at: Span) -> tuple[UnaryTest | None, tuple[Problem, ...]]:
    """The test that `text` says of values of `type_`, or its problems. `at` is the place of its first character."""
    known = scope.readings.test(text, type_) if scope.readings is not None else None
    if known is not None:
        return known.stands_at(at), ()
    test, problems = _compiled(text, type_, scope, at)
    if test is not None and scope.readings is not None:
        scope.readings.keep_test(text, test)
    return test, problems


def _compiled(text: str, type_: Type, scope: Scope, at: Span) -> tuple[UnaryTest | None, tuple[Problem, ...]]:
    reading = _Reading(type_, scope, text, at)
    atom = reading.cell()
    if reading.problems or atom is None:
        return None, _meant(reading, type_) or tuple(sorted(reading.problems, key=lambda problem: problem.span))
    region = _region(atom, type_)
    if region is not None and region.is_empty():
        return None, (Problem(at, "E407", f"no {type_.name} passes `{text.strip()}`", (), _emptiness(text, type_)),)
    roots, paths = frozenset(reading.roots), frozenset(reading.paths)
    extent = _extent(atom) if type_.kind == "duration" and region is None else region
    reach = extent or atom.bounds(steps(type_))[0].intersect(domain_of(type_))
    return UnaryTest(text.strip(), type_, at, region, roots, paths, atom, extent, reach), ()


def _emptiness(text: str, type_: Type) -> str:
    """What to write instead of a test that nothing passes."""
    if ".." not in text:
        return ""
    if type_.kind == "time":
        return "write the lower bound first; a range over midnight is two: >= 22:00, < 06:00"
    return "write the lower bound first, and square brackets where the ends are meant to pass"


def _meant(reading: _Reading, type_: Type) -> tuple[Problem, ...]:
    """One problem that says what was meant, where it is one of the slips that are known."""
    cell = reading.whole.stripped()
    is_told = any(problem.code == "E407" for problem in reading.problems) and type_.kind not in ("date", "datetime")
    slip = None if is_told else cell_slip(cell.text, type_)
    return (Problem(cell.at, "E407", slip[0], (), slip[1]),) if slip else ()


def _region(atom: Atom, type_: Type) -> Region | None:
    if isinstance(atom, All) and not atom.parts:
        return anything()
    sides = None if type_.kind in ("duration", "dynamic", "list", "record") else atom.sides(steps(type_))
    return None if sides is None else sides[0].intersect(domain_of(type_))


def _extent(atom: Atom) -> Region | None:
    sides = atom.sides(False)
    return None if sides is None else sides[0]


def as_written(text: str, type_: Type) -> str:
    """A cell's text as rules write values of the type: spreadsheets write `TRUE`."""
    return text.lower() if type_.kind == "boolean" and text in ("TRUE", "FALSE") else text


def _depth(text: str) -> int:
    """How deep brackets nest."""
    deepest = depth = 0
    for mark in text if "(" in text or "[" in text else "":
        depth += (mark in "([{") - (mark in ")]}")
        deepest = max(deepest, depth)
    return deepest


_BARE = re.compile(r"\w[\w\-]*(?: [\w\-]+)*")
_MARK = re.compile(r"(<=|>=|<>|<|>|==|!=|=)\s*")
_NOT = re.compile(r"not\s*\(")


class _Reading:
    """One reading of a test's text: what it refers to, and what is wrong with it."""

    def __init__(self, type_: Type, scope: Scope, text: str, at: Span) -> None:
        self.type = type_
        self.scope = scope
        self.whole = Piece(text, 0, text, at)
        self.problems: list[Problem] = []
        self.roots: set[str] = set()
        self.paths: set[str] = set()

    def problem(self, piece: Piece, message: str, help: str = "", code: str = "E407") -> None:
        self.problems.append(Problem(piece.at, code, message, (), help))

    def cell(self) -> Atom | None:
        cell = self.whole.stripped()
        if cell.text in ("", "-"):
            return All(())
        if len(cell.text) > TEXT_LIMIT or _depth(cell.unquoted()) > DEPTH_LIMIT:
            message = f"a test has at most {TEXT_LIMIT:,} characters, and nests at most {DEPTH_LIMIT} deep"
            self.problem(cell, message, "split the rule, or write a condition", "E406")
            return None
        if cell.text.startswith("=") and not cell.text.startswith("=="):
            return self.escape(cell.after(1).stripped())
        if SUBJECT in cell.unquoted():
            return self.condition(cell)
        slip = comma_slip(cell.unquoted(), self.type)
        if slip:
            self.problem(cell, *slip)
            return None
        return self.alternatives(cell)

    def escape(self, piece: Piece) -> Atom | None:
        scope = self.scope.with_roots(**{SUBJECT: self.type}) if SUBJECT in piece.unquoted() else self.scope
        found, problems = compile_expression(piece.text, scope, at=piece.at)
        if found is not None and SUBJECT in found.roots:
            return self.condition(piece)
        if found is not None and found.type.kind == "boolean" and self.type.kind not in ("boolean", "dynamic"):
            return self.condition(piece)
        self.problems.extend(problems)
        return None if found is None else self.equality(self.noted(found), piece)

    def condition(self, piece: Piece) -> Atom | None:
        scope = self.scope.with_roots(**{SUBJECT: self.type})
        found, problems = compile_condition(piece.text, scope, at=piece.at)
        self.problems.extend(problems)
        return None if found is None else self.holding(self.noted(found))

    def holding(self, condition: Condition) -> Holds:
        """The condition, and for which values it can hold; that it never does is said of the condition itself."""
        side = truth_of(condition).true
        if side is None:
            return Holds(condition, nothing(), False)
        within = side.needs.get(SUBJECT, anything())
        return Holds(condition, within, side.exact and set(side.needs) <= {SUBJECT})

    def noted(self, found: Read) -> Read:
        self.roots |= found.roots - {SUBJECT}
        self.paths |= {path for path in found.paths if not path.startswith(SUBJECT)}
        return found

    def alternatives(self, piece: Piece) -> Atom | None:
        pieces = pieces_of(piece)
        if pieces is None:
            self.problem(piece, f"`{piece.text}` has a quote or bracket that is not closed")
            return None
        atoms = [self.alternative(part.stripped()) for part in pieces]
        found = tuple(atom for atom in atoms if atom is not None)
        return found[0] if len(found) == 1 else Negated((Negated(found),))

    def alternative(self, piece: Piece) -> Atom | None:
        negation = _NOT.match(piece.text)
        if negation and piece.text.endswith(")"):
            inner = self.alternatives(piece.between(negation.end(), len(piece.text) - 1).stripped())
            return None if inner is None else Negated((inner,))
        mark = _MARK.match(piece.text)
        if mark:
            return self.comparison(mark.group(1), piece.after(mark.end()).stripped())
        if piece.text[:1] in ("[", "(") and ".." in piece.unquoted():
            return self.interval(piece)
        if not piece.text:
            self.problem(piece, "there is nothing between the commas", "write `-` for any value")
            return None
        operand = self.literal(piece) or self.alone(piece)
        return None if operand is None else self.equality(operand, piece)

    def alone(self, piece: Piece) -> Operand | None:
        """An expression that stands alone, unless something else was meant by it."""
        slip = range_slip(piece.text, piece.unquoted(), self.type)
        operand = None if slip else self.computed(piece)
        if isinstance(operand, Expression):
            slip = sum_slip(operand.checked)
        if slip:
            self.problem(piece, *slip)
        return None if slip else operand

    def comparison(self, mark: str, piece: Piece) -> Atom | None:
        if mark in ("==", "=", "!=", "<>"):
            help = f"write not({piece.text})" if mark in ("!=", "<>") else f"write {piece.text} alone"
            self.problem(piece, f"`{mark}` is not used in a test", help)
            return None
        operand = self.operand(piece)
        return None if operand is None else self.ordering(mark, operand, piece)

    def ordering(self, mark: str, operand: Operand, piece: Piece) -> Atom | None:
        if isinstance(operand, Constant) and operand.value is None:
            self.problem(piece, f"`{mark} null` is always unknown", "write null alone, or not(null)")
            return None
        wanted = DECIMAL if self.type.kind == "dynamic" and operand.type.kind == "dynamic" else self.type
        if STANDARD[mark].chosen((wanted, operand.type)) is None:
            message = f"{described(self.type)} has no order with {described(operand.type)}, so `{mark}` cannot test it"
            self.problem(piece, message, code="E404")
            return None
        return Compares(mark, operand)

    def equality(self, operand: Operand, piece: Piece) -> Atom | None:
        if not comparable(self.type, operand.type):
            message = f"this is {described(operand.type)}; the value tested is {described(self.type)}"
            bracketed = "write [low..high] for a range, and alternatives without brackets"
            self.problem(piece, message, bracketed if piece.text.startswith("[") else "", "E404")
            return None
        value = operand.value if isinstance(operand, Constant) else None
        if value is not None and self.type.kind == "choice" and self.type.options and value not in self.type.options:
            message = f'"{value}" is not an option{did_you_mean(str(value), self.type.options)}'
            self.problem(piece, message, f"the options are {', '.join(self.type.options)}", "E404")
            return None
        return Equals(operand)

    def interval(self, piece: Piece) -> Atom | None:
        cut = piece.unquoted().find("..")
        if piece.text[-1] not in ")]":
            self.problem(piece, f"`{piece.text}` is not closed", "write [1..10], (1..10), [1..10) or (1..10]")
            return None
        low = self.operand(piece.between(1, cut).stripped())
        high = self.operand(piece.between(cut + 2, len(piece.text) - 1).stripped())
        if low is None or high is None:
            return None
        above = self.ordering(">=" if piece.text[0] == "[" else ">", low, piece)
        below = self.ordering("<=" if piece.text[-1] == "]" else "<", high, piece)
        return None if above is None or below is None else All((above, below))

    def operand(self, piece: Piece) -> Operand | None:
        """What is written after a mark, between brackets or alone: a literal of the type, else an expression."""
        if not piece.text:
            self.problem(piece, "a value is missing here")
            return None
        return self.literal(piece) or self.computed(piece)

    def computed(self, piece: Piece) -> Operand | None:
        checked, problems = checked_text(piece.text, self.scope, piece.at)
        self.problems.extend(problems)
        if checked is None:
            return None
        if checked.syntax in checked.constants:
            return Constant(checked.constants[checked.syntax], checked.type, piece.at)
        return self.noted(expression_of(checked, piece.at))

    def literal(self, piece: Piece) -> Constant | None:
        if piece.text == "null":
            return Constant(None, self.type, piece.at)
        if self.type.kind in TEXTS:
            return self.bare(piece)
        try:
            return Constant(read_literal(as_written(piece.text, self.type), self.type), self.type, piece.at)
        except FAULTS:
            return None

    def bare(self, piece: Piece) -> Constant | None:
        if not _BARE.fullmatch(piece.text):
            return None
        if re.search(r" (or|and) ", piece.text):
            self.problem(
                piece, f"`{piece.text}` reads as one text", "separate alternatives by commas, or quote the text"
            )
        return Constant(piece.text, self.type, piece.at)
