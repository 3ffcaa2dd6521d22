"""How strict CEL is interpreted and compiled, where that differs from the house."""

from __future__ import annotations

from typing import Any

from casewright.expressions.cel import functions as f
from casewright.expressions.cel.values import NONE, Maybe
from casewright.expressions.compiler import Emitter
from casewright.expressions.interpreter import Interpreter, Unknown
from casewright.expressions.library import operators as op
from casewright.expressions.syntax import (
    Call,
    Coalesce,
    Equality,
    Has,
    Literal,
    Macro,
    MapOf,
    Name,
    Select,
    Syntax,
    Within,
)


class StrictInterpreter(Interpreter):
    """An interpreter for which null is a value like others, and what is absent a fault."""

    __slots__ = ()

    equal = staticmethod(f.equal)

    def known_value(self, node: Syntax, value: object) -> object:
        return value

    def name(self, node: Name) -> object:
        if node.name in self.variables:
            return self.variables[node.name]
        return self.root(node.name)

    def root(self, name: str) -> object:
        if name in self.roots:
            return self.roots[name]
        return Unknown(f"there is no value '{name}'", fault=True)

    def select(self, node: Select) -> object:
        if node in self.checked.aliases:
            return self.root(self.checked.aliases[node])
        return self.taken(node, f.field_if_there if node.optional else f.field, node.operand, node.field)

    def taken(self, node: Syntax, run: Any, operand: Syntax, *more: object) -> object:
        value = self.value(operand)
        return value if isinstance(value, Unknown) else self.carried_out(node, run, value, *more)

    def mapped(self, node: MapOf) -> object:
        keys, items = self.known(node.keys), self.known(node.items)
        if isinstance(keys, Unknown) or isinstance(items, Unknown):
            return keys if isinstance(keys, Unknown) else items
        return self.carried_out(node, f.mapped, keys, items)

    def has(self, node: Has) -> object:
        selection = node.selection
        assert isinstance(selection, Select)
        return self.taken(node, f.has_field, selection.operand, selection.field)

    def coalesce(self, node: Coalesce) -> object:
        optional = self.value(node.terms[0])
        if isinstance(optional, Unknown):
            return optional
        if not isinstance(optional, Maybe):
            return Unknown(f"{self.source(node.terms[0])} is no optional", fault=True)
        if not optional.held:
            return self.value(node.terms[1])
        return optional if node.name == "or" else optional.held[0]

    def within(self, node: Within) -> object:
        values = self.known((node.item, node.collection))
        return values if isinstance(values, Unknown) else self.carried_out(node, self.paying(f.within), *values)

    def call(self, node: Call) -> object:
        if node.name in ("[]", "[?]") and node not in self.checked.overloads:
            return self.taken(node, f.looked_up, node.arguments[0], self.value(node.arguments[1]))
        return super().call(node)

    def over_one(self, node: Macro) -> object:
        target = self.value(node.target)
        if not isinstance(target, Maybe):
            return (
                target if isinstance(target, Unknown) else Unknown(f"{self.source(node.target)} is no optional", True)
            )
        if not target.held:
            return NONE
        made = self.within_macro(lambda: self.body_on(node, target.held[0]))
        return made if isinstance(made, Unknown) or node.name == "optFlatMap" else Maybe((made,))


StrictInterpreter.rules = {
    **Interpreter.rules,
    Name: StrictInterpreter.name,
    Select: StrictInterpreter.select,
    MapOf: StrictInterpreter.mapped,
    Has: StrictInterpreter.has,
    Coalesce: StrictInterpreter.coalesce,
    Within: StrictInterpreter.within,
    Call: StrictInterpreter.call,
}


class StrictEmitter(Emitter):
    """An emitter that asks a function wherever Python's operators are not CEL's."""

    def spent(self, condition: bool) -> str:
        return "exact(roots)"

    def select(self, node: Select) -> str:
        if node in self.checked.aliases:
            return f"roots[{self.checked.aliases[node]!r}]"
        return f"{'field_if_there' if node.optional else 'field'}({self.code(node.operand)}, {node.field!r})"

    def mapped(self, node: MapOf) -> str:
        return f"mapped([{', '.join(map(self.code, node.keys))}], [{', '.join(map(self.code, node.items))}])"

    def has(self, node: Has) -> str:
        selection = node.selection
        assert isinstance(selection, Select)
        return f"has_field({self.code(selection.operand)}, {selection.field!r})"

    def coalesce(self, node: Coalesce) -> str:
        first, other = (self.code(term) for term in node.terms)
        return f"{node.name}_({first}, lambda: {other})"

    def equality(self, node: Equality) -> str:
        return self.equal(node)

    def within(self, node: Within) -> str:
        return self.paying("within", (self.code(node.item), self.code(node.collection)))

    def call(self, node: Call) -> str:
        if node in self.checked.overloads:
            return super().call(node)
        arguments = [self.code(argument) for argument in node.arguments]
        known = node.name in ("[]", "[?]")
        return f"looked_up({', '.join(arguments)})" if known else f"unknown({', '.join(arguments)})"

    def definite(self, node: Syntax) -> bool:
        return isinstance(node.value, bool) if isinstance(node, Literal) else super().definite(node)

    def truth(self, node: Syntax) -> str:
        return self.code(node) if self.definite(node) else f"boolean({self.code(node)})"


StrictEmitter.rules = {
    **Emitter.rules,
    Select: StrictEmitter.select,
    MapOf: StrictEmitter.mapped,
    Has: StrictEmitter.has,
    Coalesce: StrictEmitter.coalesce,
    Equality: StrictEmitter.equality,
    Within: StrictEmitter.within,
    Call: StrictEmitter.call,
}


def _unknown(*arguments: object) -> object:
    raise op.Fault("there is no such function")


def _or_value(optional: Any, other: Any) -> object:
    return optional.held[0] if f.has_value(optional) else other()


def _or(optional: Any, other: Any) -> object:
    return optional if f.has_value(optional) else other()


def _mapped(optional: Any, run: Any) -> object:
    return Maybe((run(optional.held[0]),)) if f.has_value(optional) else NONE


def _flat_mapped(optional: Any, run: Any) -> object:
    return run(optional.held[0]) if f.has_value(optional) else NONE


StrictEmitter.space = {
    **Emitter.space,
    "field": f.field,
    "field_if_there": f.field_if_there,
    "has_field": f.has_field,
    "mapped": f.mapped,
    "equal": f.equal,
    "within": f.within,
    "looked_up": f.looked_up,
    "unknown": _unknown,
    "orValue_": _or_value,
    "or_": _or,
    "optMap": _mapped,
    "optFlatMap": _flat_mapped,
}
