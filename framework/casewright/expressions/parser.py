"""Text to syntax: precedence climbing, with limits on depth and size."""

from __future__ import annotations

from collections.abc import Callable

from casewright.expressions.dialects import HOUSE, Dialect
from casewright.expressions.habits import habit
from casewright.expressions.syntax import (
    MACROS,
    NAMESPACED,
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
    children,
)
from casewright.expressions.tokens import INTEGER_HIGH, INTEGER_LOW, Refusal, Token, tokens_of

DEPTH_LIMIT = 60
NODE_LIMIT = 5_000
MACRO_DEPTH_LIMIT = 8

_CHOICE, _OR, _AND, _NOT, _COMPARE, _ADD, _MULTIPLY, _UNARY, _POSTFIX = range(10, 100, 10)
_STRENGTH: dict[object, int] = {
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in", "not"), _COMPARE),
    **dict.fromkeys(("+", "-"), _ADD),
    **dict.fromkeys(("*", "/", "%"), _MULTIPLY),
    **dict.fromkeys((".", "?.", ".?", "["), _POSTFIX),
    "&&": _AND,
    "and": _AND,
    "||": _OR,
    "or": _OR,
    "?": _CHOICE,
}
_CONSTANTS = {"true": True, "false": False, "null": None}
_OPERATORS = frozenset({"in", "and", "or", "not"})
_SIGNS = frozenset({"mark", "name"})
_WORDS = frozenset({*_CONSTANTS, *_OPERATORS})
_VALUE = "expected a value"


def parse(text: str, dialect: Dialect = HOUSE) -> Syntax:
    """The syntax of the whole of `text`; raises Refusal at the first thing wrong."""
    return _Parser(tokens_of(text, dialect), dialect).whole()


class _Parser:
    """One walk over the tokens; `strengths` says how strongly each binds what stands before it to what follows.

    `depths` holds the height of each node made; `level` how deep the walk is now.
    """

    def __init__(self, tokens: list[Token], dialect: Dialect) -> None:
        self.tokens = tokens
        self.strengths = [_STRENGTH.get(token.value, 0) if token.kind in _SIGNS else 0 for token in tokens]
        self.dialect = dialect
        self.place = 0
        self.level = 0
        self.macros = 0
        self.depths: dict[Syntax, int] = {}

    # Tokens

    @property
    def here(self) -> Token:
        return self.tokens[self.place]

    def take(self) -> Token:
        token = self.tokens[self.place]
        self.place += 1
        return token

    def at(self, mark: str) -> bool:
        token = self.tokens[self.place]
        return token.value == mark and token.kind in _SIGNS

    def expect(self, mark: str, opened: str) -> Token:
        if not self.at(mark):
            raise self.unexpected(f"expected '{mark}' to close {opened}")
        return self.take()

    def _unfinished(self, wanted: str) -> str:
        """What to do where an expression ends behind a word that wants another value."""
        before = self.tokens[self.place - 1].value if self.place else ""
        return f"write what stands behind '{before}', or take it out" if before and wanted == _VALUE else ""

    def unexpected(self, wanted: str) -> Refusal:
        token = self.here
        help = habit(self.tokens, self.place)
        if token.kind == "end":
            help = help or self._unfinished(wanted)
            return Refusal("E401", f"the expression ends too early: {wanted}", token.start, help)
        shown = f'"{token.value}"' if token.kind == "text" else f"'{token.value}'"
        return Refusal("E401", f"{shown} does not fit here: {wanted}", token.start, help)

    # Nodes

    def made(self, node: Syntax) -> Syntax:
        """The node, where it is neither too deep nor one too many."""
        depths, deepest = self.depths, 0
        for child in children(node):
            if depths[child] > deepest:
                deepest = depths[child]
        return self.counted(node, deepest + 1)

    def counted(self, node: Syntax, depth: int = 1) -> Syntax:
        if depth > DEPTH_LIMIT:
            message = f"this expression nests deeper than {DEPTH_LIMIT}"
            raise Refusal("E406", message, node.start, "split it, or use a decision table")
        self.depths[node] = depth
        if len(self.depths) > NODE_LIMIT:
            message = f"this expression has more than {NODE_LIMIT:,} parts"
            raise Refusal("E406", message, node.start, "split it, or use a decision table")
        return node

    def whole(self) -> Syntax:
        if self.here.kind == "end":
            raise Refusal("E401", "there is no expression here", 0)
        node = self.expression()
        if self.here.kind != "end":
            raise self.unexpected("expected an operator or the end")
        return node

    def expression(self, strength: int = 0) -> Syntax:
        self.level += 1
        if self.level > DEPTH_LIMIT:
            raise Refusal("E406", f"this expression nests deeper than {DEPTH_LIMIT}", self.here.start)
        begin = self.tokens[self.place].start
        left = self.operand()
        while (found := self.strengths[self.place]) > strength:
            left = self.continued(left, found, begin)
        self.level -= 1
        return left

    @property
    def behind(self) -> int:
        """Where the token before this one ends, closing brackets included."""
        return self.tokens[self.place - 1].end

    def continued(self, left: Syntax, strength: int, begin: int) -> Syntax:
        if strength == _POSTFIX:
            return self.postfix(left, begin)
        if strength == _CHOICE:
            return self.choice(left, begin)
        if strength in (_AND, _OR):
            return self.chain(left, strength, begin)
        if strength == _COMPARE:
            return self.comparison(left, begin)
        mark = str(self.take().value)
        right = self.expression(strength)
        return self.made(Call(mark, (left, right), True, start=begin, end=self.behind))

    def choice(self, condition: Syntax, begin: int) -> Syntax:
        self.take()
        then = self.expression()
        if not self.at(":"):
            raise self.unexpected("expected ':' and the other value of `condition ? this : that`")
        self.take()
        otherwise = self.expression(_CHOICE - 1)
        return self.made(If(condition, then, otherwise, start=begin, end=self.behind))

    def chain(self, first: Syntax, strength: int, begin: int) -> Syntax:
        terms = [first]
        while self.strengths[self.place] == strength:
            self.take()
            terms.append(self.expression(strength))
        made: Callable[..., Syntax] = And if strength == _AND else Or
        return self.made(made(tuple(terms), start=begin, end=self.behind))

    def comparison(self, left: Syntax, begin: int) -> Syntax:
        mark = str(self.take().value)
        if mark == "not":
            if not self.at("in"):
                raise self.unexpected("expected 'in' after 'not'")
            self.take()
        right = self.expression(_COMPARE)
        place = {"start": begin, "end": self.behind}
        if mark in ("==", "!="):
            return self.made(Equality(left, right, mark == "!=", **place))
        if mark == "in":
            return self.made(Within(left, right, **place))
        if mark == "not":
            return self.made(Not(self.made(Within(left, right, **place)), **place))
        return self.made(Call(mark, (left, right), True, **place))

    # What an operand begins with

    def operand(self) -> Syntax:
        token = self.take()
        if token.kind in ("text", "number"):
            return self.literal(token.value, token)
        if token.kind == "name":
            return self.word(token)
        parts: dict[object, Callable[[Token], Syntax]] = {
            "(": self.group,
            "[": self.list,
            "{": self.map,
            "!": self.negation,
            "-": self.minus,
            "?": self.subject,
            "?.": self.subject,
        }
        if token.kind == "mark" and token.value in parts:
            return parts[token.value](token)
        self.place -= 1
        raise self.unexpected(_VALUE)

    def literal(self, value: object, token: Token) -> Syntax:
        if isinstance(value, int) and not isinstance(value, bool) and not INTEGER_LOW <= value <= INTEGER_HIGH:
            raise Refusal("E406", "an integer has at most 64 bits", token.start, "write a decimal: add `.0`")
        return self.counted(Literal(value, start=token.start, end=token.end))

    def word(self, token: Token) -> Syntax:
        name = str(token.value)
        if name in _WORDS:
            return self.reserved(token, name)
        if self.at("("):
            return self.call(token)
        return self.counted(Name(name, start=token.start, end=token.end))

    def reserved(self, token: Token, name: str) -> Syntax:
        if name in _CONSTANTS:
            return self.literal(_CONSTANTS[name], token)
        if name == "not":
            return self.made(Not(self.expression(_NOT), start=token.start, end=self.behind))
        self.place -= 1
        raise self.unexpected(_VALUE)

    def subject(self, token: Token) -> Syntax:
        if token.value == "?.":
            self.place -= 1
            self.tokens[self.place] = token._replace(value=".", start=token.start + 1)
        return self.counted(Name("?", start=token.start, end=token.start + 1))

    def group(self, token: Token) -> Syntax:
        node = self.expression()
        self.expect(")", "the bracket")
        return node

    def negation(self, token: Token) -> Syntax:
        return self.made(Not(self.expression(_UNARY), start=token.start, end=self.behind))

    def minus(self, token: Token) -> Syntax:
        number = self.here
        if number.kind == "number":
            self.take()
            return self.literal(-number.value, number._replace(start=token.start))  # type: ignore[operator]
        operand = self.expression(_UNARY)
        return self.made(Call("-", (operand,), True, start=token.start, end=self.behind))

    def list(self, token: Token) -> Syntax:
        items = self.separated("]")
        return self.made(ListOf(items, start=token.start, end=self.expect("]", "the list").end))

    def map(self, token: Token) -> Syntax:
        keys: list[Syntax] = []
        items: list[Syntax] = []
        while not self.at("}"):
            keys.append(self.expression())
            self.expect(":", "the key of the map")
            items.append(self.expression())
            if not self.at(","):
                break
            self.take()
        end = self.expect("}", "the map").end
        return self.made(MapOf(tuple(keys), tuple(items), start=token.start, end=end))

    def separated(self, closing: str) -> tuple[Syntax, ...]:
        items: list[Syntax] = []
        while not self.at(closing):
            items.append(self.expression())
            if not self.at(","):
                break
            self.take()
        return tuple(items)

    # What follows an operand

    def postfix(self, operand: Syntax, begin: int) -> Syntax:
        mark = self.take()
        if mark.value == "[":
            return self.index(operand, begin)
        name = self.take()
        is_call = name.kind == "name" and mark.value == "." and self.at("(")
        if name.kind not in ("name", "quoted") or (name.value in _WORDS and name.value != "in" and not is_call):
            self.place -= 1
            raise self.unexpected("expected the name of a field or function")
        if is_call:
            return self.call(name, operand, begin)
        return self.made(Select(operand, str(name.value), mark.value != ".", start=begin, end=name.end))

    def index(self, operand: Syntax, begin: int) -> Syntax:
        optional = self.at("?") and self.is_optional(self.tokens[self.place + 1])
        if optional:
            self.take()
        index = self.expression()
        end = self.expect("]", "the index").end
        return self.made(Call("[?]" if optional else "[]", (operand, index), True, start=begin, end=end))

    def is_optional(self, after: Token) -> bool:
        """Whether a `?` in an index asks for what may be absent; else it is the value under test, as in `l[? - 1]`."""
        if self.dialect.strict or after.kind in ("text", "number"):
            return True
        return after.value in ("(", "{", "!") or (after.kind == "name" and after.value not in _OPERATORS)

    def call(self, token: Token, receiver: Syntax | None = None, begin: int | None = None) -> Syntax:
        name = str(token.value)
        self.take()
        is_macro = receiver is not None and name in MACROS and not (self.dialect.strict and name == "sortBy")
        self.macros += is_macro
        if self.macros > MACRO_DEPTH_LIMIT:
            raise Refusal(
                "E406", f"more than {MACRO_DEPTH_LIMIT} of all, exists, map, filter inside each other", token.start
            )
        arguments = self.separated(")")
        end = self.expect(")", f"the arguments of {name}").end
        self.macros -= is_macro
        place = {"start": token.start if begin is None else begin, "end": end}
        if receiver is not None and is_macro:
            return self.macro(name, receiver, arguments, place)
        if name == "has":
            return self.has(arguments, receiver, place)
        if isinstance(receiver, Name) and f"{receiver.name}.{name}" in NAMESPACED:
            return self.made(Call(f"{receiver.name}.{name}", arguments, False, token.start, **place))
        everything = arguments if receiver is None else (receiver, *arguments)
        return self.optional(name, everything, token, place) or self.made(
            Call(name, everything, False, token.start, **place)
        )

    def optional(self, name: str, terms: tuple[Syntax, ...], token: Token, place: dict[str, int]) -> Syntax | None:
        """A call that does not take its arguments one and all: of what may be absent, the first that is there."""
        strict = self.dialect.strict
        if name in ("coalesce", "orValue", "or") and not (strict and name == "coalesce"):
            if not terms or (strict and len(terms) != 2):
                raise Refusal("E405", f"{name} takes values", token.start, "write coalesce(x, y)")
            return self.made(Coalesce(terms, name, **place))
        if name == "hasValue" and not strict and len(terms) == 1:
            return self.made(Has(terms[0], **place))
        return None

    def has(self, arguments: tuple[Syntax, ...], receiver: Syntax | None, place: dict[str, int]) -> Syntax:
        if receiver is None and len(arguments) == 1 and isinstance(arguments[0], Select):
            return self.made(Has(arguments[0], **place))
        raise Refusal("E405", "has() takes one field", place["start"], "write has(record.field), or `x != null`")

    def macro(self, name: str, target: Syntax, arguments: tuple[Syntax, ...], place: dict[str, int]) -> Syntax:
        counts = (2, 3) if name == "map" else (2,)
        if len(arguments) not in counts or not isinstance(arguments[0], Name):
            message = f"{name} takes a name for the item and what to say of it"
            raise Refusal("E405", message, place["start"], f"write list.{name}(item, ...)")
        condition = arguments[1] if len(arguments) == 3 else None
        return self.made(Macro(name, target, arguments[0].name, arguments[-1], condition, **place))
