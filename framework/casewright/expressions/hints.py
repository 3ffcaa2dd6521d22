"""What to write instead, where types do not go together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from casewright.expressions.foreign import rewritten
from casewright.expressions.library.operators import FAULTS
from casewright.expressions.literals import read_literal
from casewright.expressions.syntax import Call, Coalesce, If, ListOf, Literal, Select, Syntax, children
from casewright.expressions.types import INTEGER, NUMBERS, TEXTS, Type, comparable, described
from casewright.values import did_you_mean, nearest_first

_ELSEWHERE = {
    **dict.fromkeys(("None", "nil", "NULL", "Null", "none", "undefined", "empty", "blank", "nothing"), "write null"),
    **dict.fromkeys(("True", "TRUE", "yes", "Yes", "YES", "on"), "write true"),
    **dict.fromkeys(("False", "FALSE", "no", "No", "NO", "off"), "write false"),
    **dict.fromkeys(("this", "self"), "write `case` for the case, `item` for the element of a for_each"),
    "item": "`item` is known in the steps of a for_each, where it is the element",
    "result": "`result` is known where a step keeps what it gave, in its `save`",
    "event": "`event` is known in a trigger, and where an event is waited for",
}
"""Constants as other languages write them, and names that are known elsewhere."""

_ORDERS = ("<", "<=", ">", ">=")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def unknown_name(
    name: str, variables: Iterable[str], roots: Mapping[str, Type], functions: Iterable[str]
) -> tuple[str, str]:
    """The message that nothing has this name, and what may have been meant."""
    names = [*variables, *(root for root in roots if root[0].isalpha())]
    near = did_you_mean(name, names)
    found = [f"{root}.{name}" for root, type_ in roots.items() if name in type_.fields]
    message = f"unknown name '{name}'{'' if found else near}"
    if name in _ELSEWHERE:
        return message, _ELSEWHERE[name]
    if name in functions:
        return message, f"'{name}' is a function: write {name}(...)"
    if found:
        return message, f"write {found[0]}"
    help = f"the names here are {nearest_first(name, names)}" if names else "no names are known here"
    return message, help if near else f'{help}; a text is written "{name}"'


def operator_hint(node: Call, arguments: Sequence[Type], source: Callable[[Syntax], str]) -> str:
    """How to write what was meant by an operator that does not take these types."""
    first, kinds = node.arguments[0], [argument.kind for argument in arguments]
    if node.name in ("[]", "[?]") and kinds == ["list", "text"]:
        within = f"{source(node.arguments[1])} in {source(first)}"
        return f"an item of a list stands at a number, counted from 0; whether it is there says `{within}`"
    if node.name in ("[]", "[?]") and arguments[0].kind == "record":
        return f"write {source(first)}.field"
    if node.name == "*" and {argument.kind for argument in arguments} == {"money"}:
        return "money is multiplied by a number"
    if arguments[0].kind == "boolean" and isinstance(first, Call) and first.name in _ORDERS:
        middle = source(first.arguments[1])
        return f"write `{source(first)} and {middle} {node.name} {source(node.arguments[-1])}`"
    if node.name == "/" and arguments[0].kind == "duration":
        return f"a duration is not divided; {days_hint(first, source)}"
    if node.name in _ORDERS and {"date", "datetime"} & set(kinds) and NUMBERS & set(kinds):
        day = source(node.arguments[0 if kinds[0] in ("date", "datetime") else 1])
        return f"write age({day}) for the years since then, days_between({day}, today()) for the days"
    sides = list(zip(node.arguments, arguments, strict=True))
    hint = mismatch_hint(sides, source) if len(sides) == 2 else conversion_hint(arguments[0], arguments[-1])
    return hint or _unit_hint(node, arguments, source)


def _unit_hint(node: Call, arguments: Sequence[Type], source: Callable[[Syntax], str]) -> str:
    """What an operator makes no sense of where both sides are of one unit, or one has none."""
    kinds = {argument.kind for argument in arguments}
    last = source(node.arguments[-1])
    if node.name == "+" and kinds in ({"date"}, {"datetime"}):
        moved = f'{source(node.arguments[0])} + duration("30d")'
        return f"a date is moved by a length of time: `{moved}`; `-` between two dates gives the length between them"
    if "time" in kinds:
        return "a time of day has no arithmetic; take a datetime, which moves by a duration"
    if node.name == "*" and "duration" in kinds:
        return "a duration is multiplied by an integer"
    if node.name == "%":
        return "only integers have a rest; write int(x) for the whole part of a number"
    if kinds & {"choice"} and node.name in _ORDERS:
        return f"options have no order: write `{source(node.arguments[0])} == {last}`, or `in [...]`"
    return "only numbers and durations have a sign" if len(arguments) == 1 else ""


def days_hint(length: Syntax, source: Callable[[Syntax], str]) -> str:
    """How to count the days that a difference of two dates has."""
    between = "a, b"
    if isinstance(length, Call) and length.name == "-" and len(length.arguments) == 2:
        last, first = length.arguments
        between = f"{source(first)}, {source(last)}"
    return f"write days_between({between}) for the days as a number"


def list_hint(node: Select, owner: Type, text: str) -> str:
    """What to write where a field is asked of a list: its size, or that field of each of its items."""
    if owner.kind != "list":
        return ""
    if node.field.lower() in ("length", "count", "len"):
        return f"write size({text})"
    if owner.element is not None and node.field in owner.element.fields:
        return (
            f"write {text}.map(item, item.{node.field}) for that of each, {text}[0].{node.field} for that of the first"
        )
    return "lists have all, exists, map and filter"


def truth_hint(text: str, type_: Type, *, is_literal: bool = False) -> str:
    """How to make a question of a value that is not true or false."""
    if is_literal:
        return (
            f"write the whole comparison again, or `x in [..., {text}]`; coalesce(x, {text}) gives it in place of null"
        )
    if type_.kind in NUMBERS:
        return f"compare it: `{text} > 0`"
    return f"compare it: `{text} != null`" if type_.kind not in ("list", "null") else f"write `size({text}) > 0`"


def foreign_options(
    node: Syntax, wanted: Type, constants: Mapping[Syntax, object]
) -> Iterator[tuple[Syntax, str, str]]:
    """The literal texts in a value that are no option of the choice `wanted`: where, the message, and the help."""
    if wanted.kind == "list" and wanted.element is not None and isinstance(node, ListOf):
        wanted = wanted.element
    if wanted.kind != "choice" or not wanted.options:
        return
    if isinstance(node, (If, Coalesce, ListOf)):
        for child in list(children(node))[1 if isinstance(node, If) else 0 :]:
            yield from foreign_options(child, wanted, constants)
    value = constants.get(node)
    if isinstance(value, str) and value not in wanted.options:
        message = f'"{value}" is not an option{did_you_mean(value, wanted.options)}'
        yield node, message, f"the options are {', '.join(wanted.options)}"


def mismatch_hint(sides: Sequence[tuple[Syntax, Type]], source: Callable[[Syntax], str]) -> str:
    """How to bring two values together: the literal among them as it should stand, else by a function."""
    for (node, type_), (_, other) in (sides, sides[::-1]):
        if isinstance(node, Literal) and isinstance(node.value, str) and (meant := _meant(node.value, other)):
            return f"write {meant}"
        if type_.kind == "list" and (type_.element is None or comparable(type_.element, other)):
            return "write `in` to look whether a list has a value"
    return conversion_hint(sides[0][1], sides[1][1])


def _meant(text: str, wanted: Type) -> str:
    """A literal text as the literal of another type that it says; nothing where it says none."""
    if not text.strip():
        return "null for what is empty"
    if wanted.kind in NUMBERS and text.lower() in _WEEKDAYS:
        return f"{_WEEKDAYS.index(text.lower()) + 1}: Monday is 1"
    try:
        read_literal(text, wanted)
        said: str | None = text
    except FAULTS:
        said = rewritten(text, wanted)
    if said is None or wanted.kind in ("list", "dynamic", "null", *TEXTS):
        return ""
    return f"{said}, without quotes" if wanted.kind in (*NUMBERS, "boolean") else f'{wanted.kind}("{said}")'


def conversion_hint(one: Type, other: Type) -> str:
    """How to bring values of two types together."""
    kinds = {one.kind, other.kind}
    if kinds == {"choice"}:
        return "they share no option"
    if "money" in kinds and kinds & {"date", "datetime", "time", "duration"}:
        return "money goes with money and numbers, a time with dates and durations"
    if kinds & TEXTS and kinds & {"date", "datetime", "time", "duration"}:
        name = (kinds - TEXTS).pop()
        return f'write {name}("...") for {described(Type(name, name))}'
    if kinds & TEXTS and kinds & NUMBERS:
        return "write string(x) to make a text of a number, or decimal(x) to read a number from a text"
    if "double" in kinds and kinds & NUMBERS:
        return "write double(x) to make a double of the other, or decimal(x) of the double"
    if "boolean" in kinds and kinds & {INTEGER.kind}:
        return "true and false are no numbers"
    if kinds == {"date", "datetime"}:
        return "write date(x) to take the day of a datetime"
    if kinds & {"date", "datetime"} and kinds & NUMBERS:
        return 'write duration("1d") for days, or add_months(date, 1)'
    if "duration" in kinds and kinds & NUMBERS:
        return 'write duration("30d") for a length of time; days_between(a, b) counts days as a number'
    return ""
