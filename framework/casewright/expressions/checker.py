"""Names, fields, types and functions: what an expression means in its scope, or every mistake in it with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from casewright.expressions.calling import foreign_function, instead, taken
from casewright.expressions.foregone import Slip, foregone, repeated_keys
from casewright.expressions.hints import (
    days_hint,
    foreign_options,
    list_hint,
    mismatch_hint,
    operator_hint,
    truth_hint,
    unknown_name,
)
from casewright.expressions.library.operators import FAULTS, Fault
from casewright.expressions.library.signatures import Function, Overload, Preparation
from casewright.expressions.meaning import CLOCK, Checked, Scope, place_in
from casewright.expressions.syntax import (
    CONDITIONS,
    OVER_ONE,
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
    UNORDERED,
    Type,
    comparable,
    described,
    list_of,
    map_of,
    type_of,
    united,
)
from casewright.values import Problem, Span, did_you_mean, nearest_first


def check(
    text: str, syntax: Syntax, scope: Scope, at: Span, rules: Callable[[str, Scope, Span], Checker] | None = None
) -> tuple[Checked, tuple[Problem, ...]]:
    """The meaning of `syntax`, and all mistakes in it by place; with a mistake the meaning is not to be used."""
    walk = (rules or Checker)(text, scope, at)
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
        walk.aliases,
        scope.dialect,
    )
    return checked, tuple(sorted(walk.problems, key=lambda problem: problem.span))


class Checker:
    """One walk over an expression that finds the type of each node and every mistake; the house's rules."""

    rules: ClassVar[Mapping[type[Syntax], Callable[[Any, Any], Type]]]
    """What each kind of node means."""

    def __init__(self, text: str, scope: Scope, at: Span) -> None:
        self.text = text
        self.scope = scope
        self.at = at
        self.types: dict[Syntax, Type] = {}
        self.overloads: dict[Syntax, Overload] = {}
        self.constants: dict[Syntax, object] = {}
        self.references: dict[Syntax, str] = {}
        self.owners: set[Syntax] = set()
        self.aliases: dict[Syntax, str] = {}
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
        self.types[node] = self.rules[type(node)](self, node)
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
        if node.name == "?":
            return self.problem(node, "E402", "`?` stands for the value under test, and nothing is tested here")
        message, help = unknown_name(node.name, self.variables, self.scope.roots, self.scope.functions)
        return self.problem(node, "E402", message, help)

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
        beside = node.field in self.scope.roots and self.scope.roots[node.field].kind == "record"
        help = f"'{node.field}' stands beside it: write {node.field}" if beside else f"the fields are {known}"
        return self.problem(node, "E403", message, help, offset=offset)

    def receiver_hint(self, node: Select) -> str:
        if self.types[node.operand].kind == "duration":
            return days_hint(node.operand, self.source)
        if node.field in self.scope.functions:
            return f"call it: {self.source(node.operand)}.{node.field}()"
        return list_hint(node, self.types[node.operand], self.source(node.operand))

    def listed(self, node: ListOf) -> Type:
        type_ = list_of(united(self.typed(item) for item in node.items) if node.items else DYNAMIC)
        if all(item in self.constants for item in node.items):
            self.constants[node] = tuple(self.constants[item] for item in node.items)
        return type_

    def mapped(self, node: MapOf) -> Type:
        for key in node.keys:
            if self.typed(key).kind not in ("text", "choice", "dynamic"):
                self.problem(key, "E404", f"the key of a map is a text; this is {described(self.types[key])}")
        self.look_for(repeated_keys(node, self.constants), "E404")
        items = [self.typed(item) for item in node.items]
        return map_of(united(items) if items else DYNAMIC)

    # Truth

    def condition(self, node: Syntax, what: str) -> None:
        type_ = self.typed(node)
        if type_.kind in ("boolean", "dynamic"):
            return
        help = truth_hint(self.source(node), type_, is_literal=isinstance(node, Literal))
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

    def matched(self, node: Equality | Within, left: Type, right: Type, mark: str) -> None:
        if not comparable(left, right):
            one, other = (node.left, node.right) if isinstance(node, Equality) else (node.item, node.collection)
            sides = ((one, left), (other, right))
            message = f"`{mark}` compares {described(left)} with {described(right)}; they are never equal"
            self.problem(node, "E404", message, mismatch_hint(sides, self.source))

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
        result = overload.gives(arguments)
        self.look_for(foregone(node, self.types, self.constants, result), "E405")
        return result

    def folded(self, node: Call, function: Function, overload: Overload) -> None:
        """Carries out a conversion of literals now, so that a wrong date is found when it is written."""
        for number, preparation in function.prepares.items():
            if number < len(node.arguments):
                self.prepared(node.arguments[number], preparation, node)
        if not function.literal or any(argument not in self.constants for argument in node.arguments):
            return
        try:
            self.constants[node] = overload.run(*(self.constants[argument] for argument in node.arguments))
        except FAULTS as wrong:
            self.problem(node.arguments[0], "E405", str(wrong))

    def prepared(self, argument: Syntax, preparation: Preparation, call: Call) -> None:
        """Makes of a constant what the function would make of it; kept where its way is chosen before it runs."""
        if not isinstance(self.constants.get(argument), str):
            return
        try:
            made = preparation.run(self.constants[argument])
        except Fault as wrong:
            self.problem(argument, "E405", f"{preparation.subject} {wrong}".strip(), preparation.help)
            return
        if all(self.types[each].kind != "dynamic" for each in call.arguments):
            self.constants[argument] = made

    def look_for(self, slips: Iterable[Slip], code: str) -> None:
        """Refuses what is seen from constants; strict CEL leaves it to whoever runs it."""
        if not self.scope.dialect.strict:
            for node, message, help in slips:
                self.problem(node, code, message, help)

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
            return self.problem(
                node, "E404", f"`{shown}` does not take {given}", operator_hint(node, arguments, self.source)
            )
        said = f"does not take {given}" if arguments else f"takes {taken(function)}"
        return self.problem(node, "E405", f"{function.name} {said}", instead(function, arguments), offset=node.named)

    def macro(self, node: Macro) -> Type:
        target = self.typed(node.target)
        outer = self.variables
        self.variables = {**outer, node.variable: self.item(node, target)}
        if node.name in CONDITIONS:
            self.condition(node.body, f"the condition of {node.name}")
        elif node.condition is not None:
            self.condition(node.condition, "the condition of map")
        result = BOOLEAN if node.name in CONDITIONS else self.typed(node.body)
        self.variables = outer
        return self.over(node, target, result)

    def item(self, node: Macro, target: Type) -> Type:
        """The type of the variable of a macro."""
        if node.name in OVER_ONE:
            return target
        if target.kind not in ("list", "map", "dynamic"):
            message = f"{node.name} goes over a list or a map; {self.source(node.target)} is {described(target)}"
            self.problem(node.target, "E404", message)
        return self.key(target) if target.kind == "map" else target.element or DYNAMIC

    def key(self, owner: Type) -> Type:
        """The type of the keys of a map."""
        return TEXT

    def over(self, node: Macro, target: Type, result: Type) -> Type:
        """The type of a macro over `target` whose body gives `result`."""
        if node.name in OVER_ONE:
            return result
        if node.name == "sortBy" and result.kind in UNORDERED:
            self.problem(
                node.body, "E404", f"sortBy takes what has an order; {self.source(node.body)} is {described(result)}"
            )
        if node.name in ("filter", "sortBy"):
            return list_of(self.key(target) if target.kind == "map" else target.element or DYNAMIC)
        return list_of(result) if node.name == "map" else BOOLEAN


Checker.rules = {
    Literal: Checker.literal,
    Name: Checker.name,
    Select: Checker.select,
    ListOf: Checker.listed,
    MapOf: Checker.mapped,
    Call: Checker.call,
    Equality: Checker.equality,
    Within: Checker.within,
    Not: Checker.negation,
    And: Checker.conjunction,
    Or: Checker.conjunction,
    If: Checker.choice,
    Has: Checker.has,
    Coalesce: Checker.coalesce,
    Macro: Checker.macro,
}
