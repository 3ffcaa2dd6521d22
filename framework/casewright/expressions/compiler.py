"""Checked syntax to a Python function: bare operators on proved types, exact functions elsewhere.

The function is the optimistic half of a pair. Its source is made from the closed tree alone: names and texts enter
through `repr`, records are read by subscript, and there is no attribute and no builtin in it. Where the types prove
it, an operator is Python's own; given null it raises, as does every function of the table, and the exact interpreter
then decides. So a value that comes back without an exception is the interpreter's value, as long as roots hold values
of their declared types or None. The one operator of Python that does not raise for None is truth itself; therefore an
operand of `not and or ?:` that may be null is looked up among true and false, which raises for anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, cast

from casewright.expressions.library import operators as op
from casewright.expressions.library.lists import in_order_of
from casewright.expressions.meaning import CLOCK, Checked
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
    walk,
)
from casewright.expressions.types import BOOLEAN

_PLAIN = frozenset({"text", "choice", "integer", "decimal", "money", "boolean", "date", "time", "datetime", "duration"})
_FLAT = (type(None), bool, int, str)
_BUDGET = "budget"


def compiled(
    checked: Checked,
    exact: Callable[[Any], Any],
    *,
    condition: bool = False,
    rules: Callable[[Checked], Emitter] | None = None,
) -> Callable[[Any], Any]:
    """The function from roots to the value; it asks `exact` wherever Python's operators decline to answer."""
    emitter = (rules or Emitter)(checked)
    code = compile(emitter.source(condition), "<expression>", "exec")
    space = {**emitter.space, **emitter.provided, "exact": exact, "__builtins__": {}}
    exec(code, space)
    return cast(Callable[[Any], Any], space["evaluate"])


def source_of(checked: Checked, *, condition: bool = False) -> str:
    """The Python that `compiled` would run."""
    return Emitter(checked).source(condition)


_TEMPLATE = """def evaluate(roots):
{budget}    try:
        return {body}
    except faults:
        return exact(roots)
    except spent:
        return {spent}
"""


class Emitter:
    """Emits each node as Python source; `provided` collects the constants and functions that it names."""

    rules: ClassVar[Mapping[type[Syntax], Callable[[Any, Any], str]]]
    """How each kind of node is written."""

    space: ClassVar[Mapping[str, object]]
    """What the source may name beside its constants and functions."""

    def __init__(self, checked: Checked) -> None:
        self.checked = checked
        self.provided: dict[str, object] = {}
        self.variables: dict[str, str] = {}
        self.macros = 0

    def source(self, condition: bool) -> str:
        body = self.truth(self.checked.syntax) if condition else self.whole()
        budget = f"    {_BUDGET} = [{op.STEP_LIMIT}]\n" if self.macros else ""
        return _TEMPLATE.format(body=body, budget=budget, spent=self.spent(condition))

    def whole(self) -> str:
        """Source that gives the value of the expression, which others may walk to its end."""
        code = self.code(self.checked.syntax)
        return f"bounded({code})" if may_swell(self.checked) else code

    def spent(self, condition: bool) -> str:
        """What is given where the steps do not suffice."""
        return "False" if condition else "None"

    def code(self, node: Syntax) -> str:
        if node in self.checked.constants:
            return self.constant(self.checked.constants[node])
        return self.rules[type(node)](self, node)

    def provide(self, prefix: str, value: object) -> str:
        for name, known in self.provided.items():
            if known is value:
                return name
        name = f"{prefix}{len(self.provided)}"
        self.provided[name] = value
        return name

    def constant(self, value: object) -> str:
        flat = type(value) in _FLAT or (type(value) is tuple and all(type(item) in _FLAT for item in value))
        return repr(value) if flat else self.provide("k", value)

    # Nodes

    def name(self, node: Name) -> str:
        return self.variables.get(node.name) or f"roots[{node.name!r}]"

    def select(self, node: Select) -> str:
        return f"{self.code(node.operand)}[{node.field!r}]"

    def listed(self, node: ListOf) -> str:
        return f"[{', '.join(self.code(item) for item in node.items)}]"

    def mapped(self, node: MapOf) -> str:
        pairs = (f"{self.code(key)}: {self.code(item)}" for key, item in zip(node.keys, node.items, strict=True))
        return f"mapped({{{', '.join(pairs)}}}, {len(node.keys)})"

    def call(self, node: Call) -> str:
        overload = self.checked.overloads[node]
        arguments = [self.code(argument) for argument in node.arguments]
        if overload.inline:
            return overload.inline.format(*arguments)
        if overload.clock:
            arguments = [f"roots[{CLOCK!r}]", *arguments]
        run = self.provide("f", overload.run)
        return self.paying(run, arguments) if overload.linear else f"{run}({', '.join(arguments)})"

    def paying(self, run: str, arguments: Sequence[str]) -> str:
        """A call whose cost grows with its arguments: inside a macro it is paid for."""
        if not self.variables:
            return f"{run}({', '.join(arguments)})"
        return f"paid({_BUDGET}, {', '.join((run, *arguments))})"

    def equality(self, node: Equality) -> str:
        left, right = self.code(node.left), self.code(node.right)
        kinds = {self.checked.types[node.left].kind, self.checked.types[node.right].kind}
        constant = [side in self.checked.constants for side in (node.left, node.right)]
        if "None" in (left, right) and not all(constant):
            tested = right if left == "None" else left
            return f"({tested} is {'not ' if node.negated else ''}None)"
        if kinds <= _PLAIN:
            return f"({left} {'!=' if node.negated else '=='} {right})"
        return self.equal(node)

    def equal(self, node: Equality) -> str:
        called = f"compared({_BUDGET}, equal, " if self.variables else "equal("
        call = f"{called}{self.code(node.left)}, {self.code(node.right)})"
        return f"(not {call})" if node.negated else call

    def within(self, node: Within) -> str:
        item, collection = self.code(node.item), self.code(node.collection)
        owner, kind = self.checked.types[node.collection], self.checked.types[node.item].kind
        if node.collection in self.checked.constants and owner.element and {kind, owner.element.kind} <= _PLAIN:
            return f"({item} in {collection})"
        return self.paying("within", (item, collection))

    def truth(self, node: Syntax) -> str:
        """Source that gives true or false, or raises: what stands where Python asks for a truth value."""
        code = self.code(node)
        if self.definite(node):
            return code
        return f"truth[{code}]" if self.checked.types[node].kind == "boolean" else f"boolean({code})"

    def definite(self, node: Syntax) -> bool:
        """Whether the node gives true or false whenever its code does not raise."""
        if isinstance(node, If):
            return self.definite(node.then) and self.definite(node.otherwise)
        if isinstance(node, Coalesce):
            return False
        if isinstance(node, Literal):
            return node.value is not None
        if isinstance(node, Call):
            overload = self.checked.overloads.get(node)
            return overload is not None and overload.result == BOOLEAN
        if isinstance(node, Macro):
            return node.name in CONDITIONS
        return isinstance(node, (Equality, Within, Not, And, Or, Has))

    def negation(self, node: Not) -> str:
        return f"(not {self.truth(node.operand)})"

    def conjunction(self, node: And) -> str:
        return f"({' and '.join(self.truth(term) for term in node.terms)})"

    def disjunction(self, node: Or) -> str:
        return f"({' or '.join(self.truth(term) for term in node.terms)})"

    def choice(self, node: If) -> str:
        return f"({self.code(node.then)} if {self.truth(node.condition)} else {self.code(node.otherwise)})"

    def coalesce(self, node: Coalesce) -> str:
        return f"first({', '.join(self.code(term) for term in node.terms)})"

    def has(self, node: Has) -> str:
        if node.selection in self.checked.constants:
            return repr(self.checked.constants[node.selection] is not None)
        return f"({self.code(node.selection)} is not None)"

    def macro(self, node: Macro) -> str:
        target = self.code(node.target)
        outer = self.variables
        variable = f"v{len(outer)}"
        self.variables = {**outer, node.variable: variable}
        self.macros += 1
        over = f"for {variable} in counted({_BUDGET}, {target}, {weight(node, self.checked)})"
        one = node.name in OVER_ONE
        code = self.over_one(node, target, variable) if one else self.macro_over(node, over, variable)
        self.variables = outer
        return code

    def over_one(self, node: Macro, target: str, variable: str) -> str:
        return f"{node.name}({target}, lambda {variable}: {self.code(node.body)})"

    def macro_over(self, node: Macro, over: str, variable: str) -> str:
        if node.name == "map":
            condition = f" if {self.truth(node.condition)}" if node.condition else ""
            return f"[{self.code(node.body)} {over}{condition}]"
        if node.name == "sortBy":
            return f"sortBy([({variable}, {self.code(node.body)}) {over}])"
        if node.name == "filter":
            return f"[{variable} {over} if {self.truth(node.body)}]"
        return f"{node.name}({self.truth(node.body)} {over})"


Emitter.rules = {
    Name: Emitter.name,
    Select: Emitter.select,
    ListOf: Emitter.listed,
    MapOf: Emitter.mapped,
    Call: Emitter.call,
    Equality: Emitter.equality,
    Within: Emitter.within,
    Not: Emitter.negation,
    And: Emitter.conjunction,
    Or: Emitter.disjunction,
    If: Emitter.choice,
    Coalesce: Emitter.coalesce,
    Has: Emitter.has,
    Macro: Emitter.macro,
}


_BUILDING = frozenset({"map", "optMap", "optFlatMap"})
_SWELLING = frozenset({"list", "map", "record", "dynamic"})


def may_swell(checked: Checked) -> bool:
    """Whether the value may hold one list or record many times over, so that it is small while all it says is not."""
    type_ = checked.type
    inner = type_.element.kind if type_.kind == "list" and type_.element else type_.kind
    return inner in _SWELLING and any(isinstance(node, Macro) and node.name in _BUILDING for node in checked.types)


def bounded(value: Any) -> Any:
    """The value, where whoever walks it comes to an end."""
    op.weighed(value)
    return value


def weight(node: Macro, checked: Checked) -> int:
    """What one item of the macro costs in steps: more where the body is large, or calls what is costly."""
    parts = [part for each in (node.body, node.condition) if each is not None for part in walk(each)]
    declared = sum(checked.overloads[part].cost - 1 for part in parts if part in checked.overloads)
    return 1 + len(parts) // 8 + declared


def counted(budget: list[int], collection: Any, each: int) -> Any:
    """The items of a collection, once their steps are paid for."""
    items = op.items_of(collection)
    budget[0] -= len(collection) * each
    if budget[0] < 0:
        raise op.Spent
    return items


def compared(budget: list[int], equal: Callable[[Any, Any], bool], one: Any, other: Any) -> bool:
    """Whether two values are equal, once the steps that their size stands for are paid for."""
    budget[0] -= op.weighed(one) // 8
    if budget[0] < 0:
        raise op.Spent
    return equal(one, other)


def paid(budget: list[int], run: Callable[..., Any], *arguments: Any) -> Any:
    """What `run` gives, once the steps that the sizes of its arguments and its result stand for are paid for."""
    _spend(budget, arguments)
    result = run(*arguments)
    _spend(budget, (result,))
    return result


def _spend(budget: list[int], values: Sequence[Any]) -> None:
    budget[0] -= sum(len(value) // 8 for value in values if isinstance(value, (str, list, tuple, dict)))
    if budget[0] < 0:
        raise op.Spent


def _boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise op.Fault("is neither true nor false")


def _first(*values: object) -> object:
    return next((value for value in values if value is not None), None)


def _on_one(value: object, run: Callable[[object], object]) -> object:
    return None if value is None else run(value)


def _sorted(pairs: Sequence[tuple[Any, Any]]) -> list[Any]:
    """The first of each pair, in the order of the second."""
    return in_order_of([item for item, _ in pairs], [key for _, key in pairs])


def _exactly_one(truths: Any) -> bool:
    return int(sum(truths)) == 1


def mapped(made: dict[Any, Any], size: int) -> dict[Any, Any]:
    """The map, where its keys are texts and there are as many as were written."""
    if any(not isinstance(key, str) for key in made):
        raise op.Fault("the key of a map is a text")
    if len(made) < size:
        raise op.Fault("the map has a key twice")
    return made


_PROVIDED: Mapping[str, object] = {
    "faults": op.FAULTS,
    "spent": op.Spent,
    "equal": op.equal,
    "compared": compared,
    "bounded": bounded,
    "within": op.within,
    "truth": {True: True, False: False},
    "boolean": _boolean,
    "first": _first,
    "counted": counted,
    "paid": paid,
    "mapped": mapped,
    "optMap": _on_one,
    "optFlatMap": _on_one,
    "all": all,
    "exists": any,
    "sortBy": _sorted,
    "exists_one": _exactly_one,
}

Emitter.space = _PROVIDED
