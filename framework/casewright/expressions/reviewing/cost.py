"""What an expression may cost, reckoned before it runs: macros over lists multiply, and what is too much is refused.

The unit is about one operator, a tenth of a microsecond. A list has as many items as its field's `max_items` says, or
UNBOUNDED where nothing is said; a text has CHARACTERS. An estimate is no promise: whoever hands over more pays at run
time, where the steps of an evaluation are counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from casewright.expressions.meaning import Checked
from casewright.expressions.reviewing.remarks import Remark
from casewright.expressions.reviewing.sameness import path_of
from casewright.expressions.syntax import Call, Coalesce, If, ListOf, Macro, Name, Select, Syntax, children

COSTLY = "E430"

LIMIT = 1_000_000
"""Units that one evaluation may take: about a tenth of a second."""

UNBOUNDED = 1_000
"""Items that are reckoned for a list of which nothing is said."""

CHARACTERS = 200
"""Characters that are reckoned for a text."""

_A_UNIT = 8
"""Characters or items that a function goes through in the time of one unit."""


def reckoned(checked: Checked) -> int:
    """The units that the expression may take."""
    return _Reckoning(checked).cost(checked.syntax)


def too_costly(checked: Checked) -> Iterator[Remark]:
    """The error that the expression may take more than LIMIT, at the innermost macro that does."""
    if any(type(node) is Macro for node in checked.types):
        reckoning = _Reckoning(checked)
        if reckoning.cost(checked.syntax) > LIMIT:
            yield reckoning.refusal(checked.syntax)


@dataclass(frozen=True, slots=True)
class _Reckoning:
    """Reckons the cost of each piece, and the size of what it gives, under the macros around it."""

    checked: Checked

    def cost(self, node: Syntax) -> int:
        """The units that one evaluation of the piece may take."""
        if node in self.checked.constants:
            return 1
        if isinstance(node, Macro):
            return self._of_macro(node)
        own = self._of_call(node) if isinstance(node, Call) else 1
        return own + sum(self.cost(child) for child in children(node))

    def _of_macro(self, node: Macro) -> int:
        each = 1 + self.cost(node.body) + (self.cost(node.condition) if node.condition is not None else 0)
        return self.cost(node.target) + self.size(node.target) * each

    def _of_call(self, node: Call) -> int:
        overload = self.checked.overloads.get(node)
        if overload is None:
            return 1
        sizes = sum(self.size(argument) for argument in node.arguments) if overload.linear else 0
        return overload.cost + sizes // _A_UNIT

    def size(self, node: Syntax) -> int:
        """How many items or characters the value of a piece may have; 1 where it has neither."""
        constant = self.checked.constants.get(node)
        if isinstance(constant, (str, tuple, list)):
            return len(constant)
        if isinstance(node, ListOf):
            return len(node.items)
        if isinstance(node, Macro) and node.name in ("map", "filter"):
            return self.size(node.target)
        if isinstance(node, (If, Coalesce)):
            branches = list(children(node))[1:] if isinstance(node, If) else node.terms
            return max(self.size(branch) for branch in branches)
        return self._declared(node)

    def _declared(self, node: Syntax) -> int:
        type_ = self.checked.types[node]
        if isinstance(node, Call) and node.name == "+" and type_.kind in ("list", "text"):
            return sum(self.size(argument) for argument in node.arguments)
        if type_.kind in ("list", "map", "dynamic"):
            return (isinstance(node, (Name, Select)) and type_.declared.most) or self._passed_on(node)
        return CHARACTERS if type_.kind == "text" else 1

    def _passed_on(self, node: Syntax) -> int:
        """The size of a list that a function makes: that of the largest list that it is given, else UNBOUNDED."""
        arguments = node.arguments if isinstance(node, Call) and node.name != "[]" else ()
        lists = [each for each in arguments if self.checked.types[each].kind == "list"]
        return max((self.size(each) for each in lists), default=UNBOUNDED)

    # What to say

    def refusal(self, node: Syntax) -> Remark:
        """The error at the innermost piece that costs too much, and which list has no bound."""
        for child in children(node):
            if self.cost(child) > LIMIT:
                return self.refusal(child)
        shown = " ".join(self.checked.text[node.start : node.end].split())
        message = f"`{shown}` may take {self.cost(node):,} steps; {LIMIT:,} is the limit"
        return Remark(node.start, COSTLY, message, self._mend(node))

    def _mend(self, node: Syntax) -> str:
        unbounded = [path for path in dict.fromkeys(_targets(node)) if self._is_unbounded(path[1])]
        if not unbounded:
            return "go over fewer items: filter first, or decide in two steps"
        names = " and ".join(path for path, _ in unbounded)
        return f"say how many items {names} may have, `max_items: 50` at the field, or filter first"

    def _is_unbounded(self, node: Syntax) -> bool:
        return self.checked.types[node].declared.most is None


def _targets(node: Syntax) -> Iterator[tuple[str, Syntax]]:
    """The references that the macros in a piece go over."""
    if isinstance(node, Macro) and path_of(node.target):
        yield path_of(node.target), node.target
    for child in children(node):
        yield from _targets(child)
