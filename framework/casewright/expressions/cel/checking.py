"""How names, fields, maps and optionals are typed in strict CEL."""

from __future__ import annotations

from collections.abc import Mapping

from casewright.expressions.cel.functions import TYPE_VALUES
from casewright.expressions.cel.standard import CEL
from casewright.expressions.checker import Checker
from casewright.expressions.dialects import STRICT, Dialect
from casewright.expressions.library.signatures import Function, Overload
from casewright.expressions.meaning import Scope
from casewright.expressions.syntax import OVER_ONE, Call, Coalesce, Macro, MapOf, Name, Select, Syntax
from casewright.expressions.types import (
    DYNAMIC,
    TYPE,
    Type,
    described,
    map_of,
    optional_of,
    united,
)


def strict_scope(roots: Mapping[str, Type], dialect: Dialect = STRICT) -> Scope:
    """The scope of an expression of strict CEL. A root may have a dotted name, as `request.auth`.

    Types are those of rules (text, integer, double, boolean, lists, maps) and `TIMESTAMP`, `ELAPSED` and optionals;
    integers, texts and so on are Python's, instants and spans are `Timestamp` and `Elapsed`.
    """
    return Scope(roots, CEL, dialect=dialect)


class StrictChecker(Checker):
    """The walk of the checker by CEL's rules; without checks it takes everything, to be looked up later."""

    def typed(self, node: Syntax) -> Type:
        found = super().typed(node)
        if not self.scope.dialect.checks:
            self.problems.clear()
            found = self.types[node] = DYNAMIC
        return found

    def name(self, node: Name) -> Type:
        known = node.name in self.variables or node.name in self.scope.roots
        if not known and node.name in TYPE_VALUES:
            self.constants[node] = TYPE_VALUES[node.name]
            return TYPE
        return super().name(node)

    def select(self, node: Select) -> Type:
        whole = self.dotted(node)
        if whole and whole in self.scope.roots and whole.partition(".")[0] not in self.variables:
            self.aliases[node] = whole
            self.roots.add(whole)
            self.paths.add(whole)
            return self.scope.roots[whole]
        owner = self.typed(node.operand)
        if owner.kind == "optional":
            held = owner.element or DYNAMIC
            return optional_of(held.element or DYNAMIC)
        found = self.no_field(node, owner) if owner.kind != "record" else super().select(node)
        return optional_of(found) if node.optional else found

    def dotted(self, node: Syntax) -> str:
        """`a.b.c` as one name, or nothing for other forms."""
        if isinstance(node, Name):
            return node.name
        if not isinstance(node, Select) or node.optional:
            return ""
        before = self.dotted(node.operand)
        return f"{before}.{node.field}" if before else ""

    def mapped(self, node: MapOf) -> Type:
        for key in node.keys:
            if self.typed(key).kind not in ("text", "integer", "boolean", "dynamic"):
                message = f"the key of a map is a text, an integer or a boolean; this is {described(self.types[key])}"
                self.problem(key, "E404", message)
        items = [self.typed(item) for item in node.items]
        return map_of(united(items) if items else DYNAMIC)

    def coalesce(self, node: Coalesce) -> Type:
        optional, other = (self.typed(term) for term in node.terms)
        if optional.kind not in ("optional", "dynamic"):
            return self.problem(node, "E404", f"{node.name} goes with an optional; this is {described(optional)}")
        return other if node.name == "or" else united((optional.element or DYNAMIC, other))

    def call(self, node: Call) -> Type:
        if node.name in ("[]", "[?]") and self.typed(node.arguments[0]).kind == "optional":
            self.typed(node.arguments[1])
            return optional_of((self.types[node.arguments[0]].element or DYNAMIC).element or DYNAMIC)
        return super().call(node)

    def folded(self, node: Call, function: Function, overload: Overload) -> None:
        """Carries out a conversion of literals now; a wrong one is an error only where it is carried out."""
        known = len(self.problems)
        super().folded(node, function, overload)
        del self.problems[known:]

    def item(self, node: Macro, target: Type) -> Type:
        if node.name in OVER_ONE:
            if target.kind not in ("optional", "dynamic"):
                self.problem(node.target, "E404", f"{node.name} goes over an optional; this is {described(target)}")
            return target.element or DYNAMIC
        return super().item(node, target)

    def key(self, owner: Type) -> Type:
        return DYNAMIC

    def over(self, node: Macro, target: Type, result: Type) -> Type:
        if node.name == "optMap":
            return optional_of(result)
        return super().over(node, target, result)


StrictChecker.rules = {
    **Checker.rules,
    Name: StrictChecker.name,
    Select: StrictChecker.select,
    MapOf: StrictChecker.mapped,
    Coalesce: StrictChecker.coalesce,
    Call: StrictChecker.call,
}
