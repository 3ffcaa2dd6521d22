"""Names, fields, types and functions: what an expression means in its scope, or every mistake in it with its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from casewright.expressions import functions
from casewright.expressions.calling import foreign_function, taken
from casewright.expressions.hints import conversion_hint, foreign_options, truth_hint
from casewright.expressions.operators import FAULTS, Fault
from casewright.expressions.readings import Readings
from casewright.expressions.standard import STANDARD, Function, Overload
from casewright.expressions.syntax import (
    And,
    Call,
    Coalesce,
    Equality,
    Has,
    If,
    ListOf,
    Literal,
    Macro,
    MapOf,
    Name,
    Not,
    Or,
    Select,
    Syntax,
    Within,
)
from casewright.expressions.types import (
    BOOLEAN,
    DYNAMIC,
    TEXT,
    TEXTS,
    Type,
    comparable,
    described,
    list_of,
    map_of,
    type_of,
    united,
)
from casewright.values import Problem, Span, did_you_mean, nearest_first

_ELSEWHERE = {"None": "null", "nil": "null", "NULL": "null", "True": "true", "False": "false"}
"""Constants as other languages write them."""

CLOCK = "$now"
"""The root that holds the case's clock: an aware datetime."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may name: the roots with their types, and the functions.

    Scopes that hold the same `readings` do not parse and check again what they have seen before.
    """

    roots: Mapping[str, Type]
    functions: Mapping[str, Function] = field(default_factory=lambda: STANDARD, repr=False)
    readings: Readings | None = field(default=None, compare=False, repr=False)

    def with_roots(self, **more: Type) -> Scope:
        """The same scope with more roots, or with others of the same names."""
        return replace(self, roots={**self.roots, **more})


@dataclass(frozen=True, slots=True)
class Checked:
    """An expression that means something: its syntax, and for each node its type, overload or constant value.

    `roots` and `paths` are what it can read: the roots, and the longest dotted references. `ground` is what its
    meaning rests on: each reference whose value it takes, with the type that it had. `made` keeps the functions that
    it was compiled to, by whether it is a condition.
    """

    text: str
    syntax: Syntax
    types: Mapping[Syntax, Type]
    overloads: Mapping[Syntax, Overload]
    constants: Mapping[Syntax, object]
    roots: frozenset[str]
    paths: frozenset[str]
    reads_clock: bool
    ground: tuple[tuple[str, Type], ...]
    made: dict[bool, Callable[[Any], Any]] = field(init=False, default_factory=dict, compare=False, repr=False)

    @property
    def type(self) -> Type:
        return self.types[self.syntax]


def check(text: str, syntax: Syntax, scope: Scope, at: Span) -> tuple[Checked, tuple[Problem, ...]]:
    """The meaning of `syntax`, and all mistakes in it by place; with a mistake the meaning is not to be used."""
    walk = _Checker(text, scope, at)
    walk.typed(syntax)
    checked = Checked(
        text,
        syntax,
        walk.types,
        walk.overloads,
        walk.constants,
        frozenset(walk.roots),
        frozenset(walk.paths - walk.shorter),
        walk.reads_clock,
        tuple({path: walk.types[node] for node, path in walk.references.items() if node not in walk.owners}.items()),
    )
    return checked, tuple(sorted(walk.problems, key=lambda problem: problem.span))


def place_in(text: str, offset: int, at: Span) -> Span:
    """The place of the character at `offset`, where the text begins at `at`."""
    return at.within(text, offset)


class _Checker:
    def __init__(self, text: str, scope: Scope, at: Span) -> None:
        self.text = text
        self.scope = scope
        self.at = at
        self.types: dict[Syntax, Type] = {}
        self.overloads: dict[Syntax, Overload] = {}
        self.constants: dict[Syntax, object] = {}
        self.references: dict[Syntax, str] = {}
        self.owners: set[Syntax] = set()
        self.variables: dict[str, Type] = {}
        self.roots: set[str] = set()
        self.paths: set[str] = set()
        self.shorter: set[str] = set()
        self.reads_clock = False
        self.problems: list[Problem] = []

    def problem(self, node: Syntax, code: str, message: str, help: str = "", *, offset: int | None = None) -> Type:
        place = place_in(self.text, node.start if offset is None else offset, self.at)
        self.problems.append(Problem(place, code, message, (), help))
        return DYNAMIC

    def typed(self, node: Syntax) -> Type:
        rule: Callable[[_Checker, Any], Type] = _RULES[type(node)]
        self.types[node] = rule(self, node)
        return self.types[node]

    def source(self, node: Syntax) -> str:
        return self.text[node.start : node.end]

    # Values and references

    def literal(self, node: Literal) -> Type:
        self.constants[node] = node.value
        return type_of(node.value)

    def name(self, node: Name) -> Type:
        if node.name in self.variables:
            return self.variables[node.name]
        if node.name in self.scope.roots and node.name != CLOCK:
            self.roots.add(node.name)
            self.paths.add(node.name)
            self.references[node] = node.name
            return self.scope.roots[node.name]
        return self.unknown_name(node)

    def unknown_name(self, node: Name) -> Type:
        names = [*self.variables, *(name for name in self.scope.roots if name[0].isalpha())]
        near = did_you_mean(node.name, names)
        if node.name == "?":
            return self.problem(node, "E402", "`?` stands for the value under test, and nothing is tested here")
        found = [f"{root}.{node.name}" for root, type_ in self.scope.roots.items() if node.name in type_.fields]
        help = (
            f"write {found[0]}"
            if found
            else f"the names here are {nearest_first(node.name, names)}"
            if names
            else "no names are known here"
        )
        if node.name in _ELSEWHERE:
            help = f"write {_ELSEWHERE[node.name]}"
        elif node.name in self.scope.functions:
            help = f"'{node.name}' is a function: write {node.name}(...)"
        elif not found and not near:
            help = f'{help}; a text is written "{node.name}"'
        return self.problem(node, "E402", f"unknown name '{node.name}'{'' if found else near}", help)

    def select(self, node: Select) -> Type:
        owner = self.typed(node.operand)
        reference = self.references.get(node.operand)
        if reference and owner.kind in ("record", "dynamic", "map"):
            self.references[node] = f"{reference}.{node.field}"
            self.shorter.add(reference)
            self.owners.add(node.operand)
            self.paths.add(self.references[node])
        if owner.kind == "record" and node.field in owner.fields:
            return owner.fields[node.field]
        return self.no_field(node, owner)

    def no_field(self, node: Select, owner: Type) -> Type:
        if owner.kind == "dynamic":
            return DYNAMIC
        if owner.kind == "map":
            return owner.element or DYNAMIC
        offset = node.end - len(node.field)
        if owner.kind != "record":
            message = f"{self.source(node.operand)} is {described(owner)}, which has no fields"
            return self.problem(node, "E403", message, self.receiver_hint(node), offset=offset)
        near = did_you_mean(node.field, owner.fields)
        known = nearest_first(node.field, sorted(owner.fields)) or "none"
        message = f"'{owner.name}' has no field '{node.field}'{near}"
        return self.problem(node, "E403", message, f"the fields are {known}", offset=offset)

    def receiver_hint(self, node: Select) -> str:
        if node.field in self.scope.functions:
            return f"call it: {self.source(node.operand)}.{node.field}()"
        if self.types[node.operand].kind == "duration":
            return self.days_hint(node.operand)
        return "lists have all, exists, map and filter" if self.types[node.operand].kind == "list" else ""

    def listed(self, node: ListOf) -> Type:
        type_ = list_of(united(self.typed(item) for item in node.items) if node.items else DYNAMIC)
        if all(item in self.constants for item in node.items):
            self.constants[node] = tuple(self.constants[item] for item in node.items)
        return type_

    def mapped(self, node: MapOf) -> Type:
        for key in node.keys:
            if self.typed(key).kind not in ("text", "choice", "dynamic"):
                self.problem(key, "E404", f"the key of a map is a text; this is {described(self.types[key])}")
        items = [self.typed(item) for item in node.items]
        return map_of(united(items) if items else DYNAMIC)

    # Truth

    def condition(self, node: Syntax, what: str) -> None:
        type_ = self.typed(node)
        if type_.kind in ("boolean", "dynamic"):
            return
        help = truth_hint(self.source(node), type_)
        self.problem(node, "E404", f"{what} takes true or false; {self.source(node)} is {described(type_)}", help)

    def negation(self, node: Not) -> Type:
        self.condition(node.operand, "`not`")
        return BOOLEAN

    def conjunction(self, node: And | Or) -> Type:
        mark = "`and`" if isinstance(node, And) else "`or`"
        for term in node.terms:
            self.condition(term, mark)
        return BOOLEAN

    def choice(self, node: If) -> Type:
        self.condition(node.condition, "the question before `?`")
        return united((self.typed(node.then), self.typed(node.otherwise)))

    def coalesce(self, node: Coalesce) -> Type:
        return united([self.typed(term) for term in node.terms])

    def has(self, node: Has) -> Type:
        self.typed(node.selection)
        return BOOLEAN

    def equality(self, node: Equality) -> Type:
        left, right = self.typed(node.left), self.typed(node.right)
        mark = "!=" if node.negated else "=="
        self.matched(node, left, right, mark)
        self.options(node.left, right)
        self.options(node.right, left)
        return BOOLEAN

    def matched(self, node: Syntax, left: Type, right: Type, mark: str) -> None:
        if not comparable(left, right):
            message = f"`{mark}` compares {described(left)} with {described(right)}; they are never equal"
            self.problem(node, "E404", message, conversion_hint(left, right))

    def options(self, node: Syntax, wanted: Type) -> None:
        """Refuses literal texts that are no option of the choice they are compared with or given to."""
        for foreign, message, help in foreign_options(node, wanted, self.constants):
            self.problem(foreign, "E404", message, help)

    def within(self, node: Within) -> Type:
        item, owner = self.typed(node.item), self.typed(node.collection)
        if owner.kind == "list":
            element = owner.element or DYNAMIC
            self.matched(node, item, element, "in")
            self.options(node.collection, item)
            self.options(node.item, element)
        elif owner.kind not in ("dynamic", "map"):
            hint = "write text.contains(part)" if owner.kind in TEXTS else "write [a, b] for a list of values"
            self.problem(node.collection, "E404", f"`in` looks into a list or a map; this is {described(owner)}", hint)
        return BOOLEAN

    # Functions and macros

    def call(self, node: Call) -> Type:
        arguments = [self.typed(argument) for argument in node.arguments]
        function = self.scope.functions.get(node.name)
        if function is None:
            return self.unknown_function(node)
        overload = function.chosen(arguments)
        if overload is None:
            return self.no_overload(node, function, arguments)
        self.overloads[node] = overload
        self.reads_clock |= overload.clock
        self.folded(node, function, overload)
        return overload.gives(arguments)

    def folded(self, node: Call, function: Function, overload: Overload) -> None:
        """Carries out a conversion of literals now, so that a wrong date is found when it is written."""
        if function.name == "matches" and node.arguments[1] in self.constants:
            self.pattern(node.arguments[1])
        if not function.literal or any(argument not in self.constants for argument in node.arguments):
            return
        try:
            self.constants[node] = overload.run(*(self.constants[argument] for argument in node.arguments))
        except FAULTS as wrong:
            self.problem(node.arguments[0], "E405", str(wrong))

    def pattern(self, node: Syntax) -> None:
        try:
            self.constants[node] = functions.pattern(str(self.constants[node]))
        except Fault as wrong:
            self.problem(node, "E405", f"this pattern {wrong}", "patterns are RE2: no look-around, no back references")

    def unknown_function(self, node: Call) -> Type:
        arguments = [self.types[argument] for argument in node.arguments]
        message, help = foreign_function(node.name, arguments, self.scope.functions)
        return self.problem(node, "E405", message, help, offset=node.named)

    def no_overload(self, node: Call, function: Function, arguments: Sequence[Type]) -> Type:
        given = " and ".join(described(argument) for argument in arguments)
        shown = "index" if node.name == "[]" else node.name
        if any(argument.kind == "null" for argument in arguments):
            message = f"`{shown}` with null is always unknown"
            return self.problem(
                node, "E404", message, "ask `x == null` or `x != null`, or give a value: coalesce(x, 0)"
            )
        if node.infix:
            return self.problem(node, "E404", f"`{shown}` does not take {given}", self.operator_hint(node, arguments))
        forms = " or ".join(f"{function.name}{overload}" for overload in function.overloads[:4])
        said = f"does not take {given}" if arguments else f"takes {taken(function)}"
        return self.problem(node, "E405", f"{function.name} {said}", f"write {forms}", offset=node.named)

    def operator_hint(self, node: Call, arguments: Sequence[Type]) -> str:
        first = node.arguments[0]
        if node.name == "[]" and arguments[0].kind == "record":
            return f"write {self.source(first)}.field"
        if {argument.kind for argument in arguments} == {"money"}:
            return "money is multiplied by a number"
        if arguments[0].kind == "boolean" and isinstance(first, Call) and first.name in ("<", "<=", ">", ">="):
            middle = self.source(first.arguments[1])
            return f"write `{self.source(first)} and {middle} {node.name} {self.source(node.arguments[-1])}`"
        if node.name == "/" and arguments[0].kind == "duration":
            return f"a duration is not divided; {self.days_hint(first)}"
        return conversion_hint(arguments[0], arguments[-1])

    def days_hint(self, length: Syntax) -> str:
        """How to count the days that a difference of two dates has."""
        between = "a, b"
        if isinstance(length, Call) and length.name == "-" and len(length.arguments) == 2:
            last, first = length.arguments
            between = f"{self.source(first)}, {self.source(last)}"
        return f"write days_between({between}) for the days as a number"

    def macro(self, node: Macro) -> Type:
        target = self.typed(node.target)
        if target.kind not in ("list", "map", "dynamic"):
            message = f"{node.name} goes over a list or a map; {self.source(node.target)} is {described(target)}"
            self.problem(node.target, "E404", message)
        outer = self.variables
        item = TEXT if target.kind == "map" else target.element or DYNAMIC
        self.variables = {**outer, node.variable: item}
        if node.name != "map":
            self.condition(node.body, f"the condition of {node.name}")
        elif node.condition is not None:
            self.condition(node.condition, "the condition of map")
        result = self.typed(node.body) if node.name == "map" else BOOLEAN
        self.variables = outer
        return list_of({"map": result, "filter": item}[node.name]) if node.name in ("map", "filter") else BOOLEAN


_RULES: Mapping[type[Syntax], Callable[[_Checker, Any], Type]] = {
    Literal: _Checker.literal,
    Name: _Checker.name,
    Select: _Checker.select,
    ListOf: _Checker.listed,
    MapOf: _Checker.mapped,
    Call: _Checker.call,
    Equality: _Checker.equality,
    Within: _Checker.within,
    Not: _Checker.negation,
    And: _Checker.conjunction,
    Or: _Checker.conjunction,
    If: _Checker.choice,
    Has: _Checker.has,
    Coalesce: _Checker.coalesce,
    Macro: _Checker.macro,
}
