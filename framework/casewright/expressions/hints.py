"""What to write instead, where types do not go together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from casewright.expressions.syntax import Coalesce, If, ListOf, Syntax, children
from casewright.expressions.types import INTEGER, NUMBERS, TEXTS, Type, described
from casewright.values import did_you_mean


def truth_hint(text: str, type_: Type) -> str:
    """How to make a question of a value that is not true or false."""
    if type_.kind in NUMBERS:
        return f"compare it: `{text} > 0`"
    return f"compare it: `{text} != null`" if type_.kind not in ("list", "null") else f"write `size({text}) > 0`"


def foreign_options(
    node: Syntax, wanted: Type, constants: Mapping[Syntax, object]
) -> Iterator[tuple[Syntax, str, str]]:
    """The literal texts in a value that are no option of the choice `wanted`: where, the message, and the help."""
    if wanted.kind != "choice" or not wanted.options:
        return
    if isinstance(node, (If, Coalesce, ListOf)):
        for child in list(children(node))[1 if isinstance(node, If) else 0 :]:
            yield from foreign_options(child, wanted, constants)
    value = constants.get(node)
    if isinstance(value, str) and value not in wanted.options:
        message = f'"{value}" is not an option{did_you_mean(value, wanted.options)}'
        yield node, message, f"the options are {', '.join(wanted.options)}"


def conversion_hint(one: Type, other: Type) -> str:
    """How to bring values of two types together."""
    kinds = {one.kind, other.kind}
    if kinds & TEXTS and kinds & {"date", "datetime", "time", "duration"}:
        name = (kinds - TEXTS).pop()
        return f'write {name}("...") for {described(Type(name, name))}'
    if kinds & TEXTS and kinds & NUMBERS:
        return "write string(x) to make a text of a number, or decimal(x) to read a number from a text"
    if "boolean" in kinds and kinds & {INTEGER.kind}:
        return "true and false are no numbers"
    if kinds == {"date", "datetime"}:
        return "write date(x) to take the day of a datetime"
    if kinds & {"date", "datetime"} and kinds & NUMBERS:
        return 'write duration("1d") for days, or add_months(date, 1)'
    if "duration" in kinds and kinds & NUMBERS:
        return 'write duration("30d") for a length of time; days_between(a, b) counts days as a number'
    return ""
