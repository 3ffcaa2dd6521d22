"""The exact meaning of an expression: three-valued, absorbing errors, bounded; plain where the compiler is fast."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from casewright.expressions.compiler import bounded, compared, counted, mapped, may_swell, paid, weight
from casewright.expressions.library import operators as op
from casewright.expressions.library.lists import in_order_of
from casewright.expressions.meaning import CLOCK, Checked
from casewright.expressions.syntax import (
    OVER_ONE,
    And,
    Call,
    Coalesce,
    Equality,
    Has,
    If,
    ListOf,
    Macro,
    MapOf,
    Name,
    Not,
    Or,
    Select,
    Syntax,
    Within,
)


@dataclass(frozen=True, slots=True)
class Unknown:
    """No value: an operand was empty, or (`fault`) an operator could not take it. Never leaves this package."""

    reason: str
    fault: bool = False


def interpret(checked: Checked, roots: Mapping[str, Any]) -> object:
    """The value of the expression on `roots`, or Unknown. What a root raises while it loads passes through."""
    return outcome_of(Interpreter(checked, roots))


def outcome_of(interpreter: Interpreter) -> object:
    """What the interpreter makes of its whole expression; too many steps are a fault that nothing absorbs."""
    checked = interpreter.checked
    try:
        value = interpreter.value(checked.syntax)
        is_whole = isinstance(value, Unknown) or not may_swell(checked)
        return value if is_whole else interpreter.carried_out(checked.syntax, bounded, value)
    except op.Spent:
        return Unknown(f"it takes more than {op.STEP_LIMIT:,} steps", fault=True)


class Interpreter:
    """One evaluation: the roots, the variables of the macros around, and the steps left."""

    __slots__ = ("budget", "checked", "roots", "variables")

    rules: ClassVar[Mapping[type[Syntax], Callable[[Any, Any], object]]]
    macros: ClassVar[Mapping[str, Callable[[Any, Macro, Any], object]]]
    """What is made of each kind of node, and of each macro with the items that it goes over."""

    equal = staticmethod(op.equal)

    def __init__(self, checked: Checked, roots: Mapping[str, Any]) -> None:
        self.checked = checked
        self.roots = roots
        self.variables: dict[str, object] = {}
        self.budget = [op.STEP_LIMIT]

    def value(self, node: Syntax) -> object:
        if node in self.checked.constants:
            return self.checked.constants[node]
        return self.rules[type(node)](self, node)

    def source(self, node: Syntax) -> str:
        return self.checked.text[node.start : node.end]

    def empty(self, node: Syntax) -> Unknown:
        return Unknown(f"{self.source(node)} is empty")

    def present(self, node: Syntax) -> object:
        """The value, null being unknown."""
        return self.known_value(node, self.value(node))

    def known_value(self, node: Syntax, value: object) -> object:
        """The value of a node, null being unknown."""
        return self.empty(node) if value is None else value

    def truth(self, node: Syntax) -> bool | Unknown:
        """The value as a truth value; null is unknown, and anything else a fault."""
        value = self.present(node)
        if isinstance(value, (bool, Unknown)):
            return value
        return Unknown(f"{self.source(node)} is neither true nor false", fault=True)

    def carried_out(self, node: Syntax, run: Callable[..., object], *arguments: object) -> object:
        try:
            return run(*arguments)
        except op.Fault as fault:
            return Unknown(f"{self.source(node)}: {fault}", fault=True)
        except op.FAULTS:
            return Unknown(f"{self.source(node)} cannot be computed", fault=True)

    # Values and references

    def name(self, node: Name) -> object:
        if node.name in self.variables:
            return self.variables[node.name]
        return op.field_of(self.roots, node.name)

    def select(self, node: Select) -> object:
        operand = self.value(node.operand)
        if isinstance(operand, Unknown):
            return operand
        if operand is not None and not isinstance(operand, Mapping):
            return Unknown(f"{self.source(node.operand)} is no record, so it has no '{node.field}'", fault=True)
        return op.field_of(operand, node.field)

    def listed(self, node: ListOf) -> object:
        return self.known(node.items)

    def mapped(self, node: MapOf) -> object:
        keys, items = self.known(node.keys), self.known(node.items)
        if isinstance(keys, Unknown) or isinstance(items, Unknown):
            return keys if isinstance(keys, Unknown) else items
        return self.carried_out(node, mapped, dict(zip(keys, items, strict=True)), len(keys))

    def known(self, nodes: Sequence[Syntax]) -> list[object] | Unknown:
        values: list[object] = []
        for node in nodes:
            value = self.value(node)
            if isinstance(value, Unknown):
                return value
            values.append(value)
        return values

    # Truth

    def negation(self, node: Not) -> object:
        value = self.truth(node.operand)
        return value if isinstance(value, Unknown) else not value

    def conjunction(self, node: And) -> object:
        return self.decided(False, (self.truth(term) for term in node.terms))

    def disjunction(self, node: Or) -> object:
        return self.decided(True, (self.truth(term) for term in node.terms))

    def decided(self, deciding: bool, truths: Iterable[bool | Unknown]) -> bool | Unknown:
        """`deciding` where one truth is that, else unknown where one is, else the opposite."""
        unknown: Unknown | None = None
        for truth in truths:
            if truth is deciding:
                return deciding
            if isinstance(truth, Unknown) and unknown is None:
                unknown = truth
        return unknown or (not deciding)

    def choice(self, node: If) -> object:
        condition = self.truth(node.condition)
        if isinstance(condition, Unknown):
            return condition
        return self.value(node.then if condition else node.otherwise)

    def coalesce(self, node: Coalesce) -> object:
        for term in node.terms:
            value = self.value(term)
            if value is not None and not (isinstance(value, Unknown) and not value.fault):
                return value
        return None

    def has(self, node: Has) -> object:
        value = self.value(node.selection)
        if isinstance(value, Unknown):
            return value if value.fault else False
        return value is not None

    def equality(self, node: Equality) -> object:
        values = self.known((node.left, node.right))
        if isinstance(values, Unknown):
            return values
        run = partial(compared, self.budget, self.equal) if self.variables else self.equal
        same = self.carried_out(node, run, *values)
        return same if isinstance(same, Unknown) else same != node.negated

    def within(self, node: Within) -> object:
        item = self.value(node.item)
        collection = item if isinstance(item, Unknown) else self.present(node.collection)
        if isinstance(collection, Unknown):
            return collection
        return self.carried_out(node, self.paying(op.within), item, collection)

    def paying(self, run: Callable[..., object]) -> Callable[..., object]:
        if not self.variables:
            return run
        return lambda *arguments: paid(self.budget, run, *arguments)

    # Functions and macros

    def call(self, node: Call) -> object:
        overload = self.checked.overloads.get(node)
        if overload is None:
            return Unknown(f"there is no function {node.name} that takes this", fault=True)
        arguments: list[object] = []
        if overload.clock:
            arguments.append(op.field_of(self.roots, CLOCK))
            if arguments[0] is None:
                return Unknown("the clock is not given", fault=True)
        for argument in node.arguments:
            value = self.value(argument)
            if value is None and overload.of_null and not arguments:
                return None
            value = self.known_value(argument, value)
            if isinstance(value, Unknown):
                return value
            arguments.append(value)
        return self.carried_out(node, self.paying(overload.run) if overload.linear else overload.run, *arguments)

    def macro(self, node: Macro) -> object:
        if node.name in OVER_ONE:
            return self.over_one(node)
        target = self.present(node.target)
        if isinstance(target, Unknown):
            return target
        items = self.carried_out(node.target, counted, self.budget, target, weight(node, self.checked))
        if isinstance(items, Unknown):
            return items
        return self.within_macro(lambda: self.macros[node.name](self, node, items))

    def within_macro(self, run: Callable[[], object]) -> object:
        """What `run` gives; the variables that it sets are gone afterwards."""
        outer = self.variables
        self.variables = dict(outer)
        try:
            return run()
        finally:
            self.variables = outer

    def over_one(self, node: Macro) -> object:
        """The body on the value; null where that is null, or unknown for want of a value."""
        value = self.value(node.target)
        if value is None or isinstance(value, Unknown):
            return value if isinstance(value, Unknown) and value.fault else None
        return self.within_macro(lambda: self.body_on(node, value))

    def body_on(self, node: Macro, item: object) -> object:
        self.variables[node.variable] = item
        return self.value(node.body)

    def truths(self, node: Macro, items: Any) -> Iterator[bool | Unknown]:
        for item in items:
            self.variables[node.variable] = item
            yield self.truth(node.body)

    def every(self, node: Macro, items: Any) -> object:
        return self.decided(False, self.truths(node, items))

    def some(self, node: Macro, items: Any) -> object:
        return self.decided(True, self.truths(node, items))

    def exactly_one(self, node: Macro, items: Any) -> object:
        truths = list(self.truths(node, items))
        unknown = next((truth for truth in truths if isinstance(truth, Unknown)), None)
        return unknown or truths.count(True) == 1

    def filtered(self, node: Macro, items: Any) -> object:
        kept: list[object] = []
        for item in items:
            self.variables[node.variable] = item
            truth = self.truth(node.body)
            if isinstance(truth, Unknown):
                return truth
            if truth:
                kept.append(item)
        return kept

    def ordered(self, node: Macro, items: Any) -> object:
        keys = self.transformed(node, items)
        return keys if isinstance(keys, Unknown) else self.carried_out(node, in_order_of, list(items), keys)

    def transformed(self, node: Macro, items: Any) -> object:
        made: list[object] = []
        for item in items:
            self.variables[node.variable] = item
            wanted = True if node.condition is None else self.truth(node.condition)
            value = self.value(node.body) if wanted is True else wanted
            if isinstance(value, Unknown):
                return value
            if wanted:
                made.append(value)
        return made


Interpreter.macros = {
    "all": Interpreter.every,
    "exists": Interpreter.some,
    "exists_one": Interpreter.exactly_one,
    "filter": Interpreter.filtered,
    "map": Interpreter.transformed,
    "sortBy": Interpreter.ordered,
}

Interpreter.rules = {
    Name: Interpreter.name,
    Select: Interpreter.select,
    ListOf: Interpreter.listed,
    MapOf: Interpreter.mapped,
    Call: Interpreter.call,
    Equality: Interpreter.equality,
    Within: Interpreter.within,
    Not: Interpreter.negation,
    And: Interpreter.conjunction,
    Or: Interpreter.disjunction,
    If: Interpreter.choice,
    Coalesce: Interpreter.coalesce,
    Has: Interpreter.has,
    Macro: Interpreter.macro,
}
