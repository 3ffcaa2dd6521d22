"""What to call instead, where a function is unknown or is given the wrong number of arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from casewright.expressions.standard import Function, Parameter
from casewright.expressions.types import Type, described
from casewright.values import did_you_mean

PAGE = "see docs/language/expressions.md"
_LENGTH = 'compare a length of time with another, `x > duration("4h")`; days_between(a, b) counts days'
_TEXT_FORM = "string(x) makes a text; in a text write {{ x }}"
_PARTS = "a text is taken apart by split, replace and matches"
_EMPTY = "write `x == null`, or `size(x) == 0`"
_SHIFT = '`date + duration("1d")` moves a date by days, add_months(date, 1) by months'
_ELSEWHERE: Mapping[str, str] = {
    **dict.fromkeys(("len", "length", "count"), "write size(x)"),
    **dict.fromkeys(("if", "iif"), "write `condition ? a : b`"),
    **dict.fromkeys(("days", "datediff", "date_diff", "daysbetween"), "write days_between(first, last)"),
    **dict.fromkeys(("hour", "hours", "gethours", "minute", "minutes", "getminutes", "seconds", "weeks"), _LENGTH),
    **dict.fromkeys(("format", "tostring", "str", "text", "to_char"), _TEXT_FORM),
    **dict.fromkeys(("substring", "substr", "left", "right", "mid", "indexof"), _PARTS),
    **dict.fromkeys(("concat", "concatenate"), "write `a + b`"),
    **dict.fromkeys(("isempty", "isnull", "isblank", "is_null", "is_empty", "empty"), _EMPTY),
    **dict.fromkeys(("nvl", "ifnull", "default"), "write coalesce(x, y)"),
    **dict.fromkeys(("tolower", "tolowercase", "lowercase"), "write lower(x)"),
    **dict.fromkeys(("toupper", "touppercase", "uppercase"), "write upper(x)"),
    **dict.fromkeys(("adddays", "add_days", "dateadd", "plusdays"), _SHIFT),
    **dict.fromkeys(("avg", "average", "mean"), "write `sum(list) / size(list)`"),
    **dict.fromkeys(("some", "any"), "write list.exists(item, condition)"),
    **dict.fromkeys(("number", "tonumber", "float", "parsefloat"), "write decimal(x)"),
    **dict.fromkeys(("parseint", "toint", "integer"), "write int(x)"),
    **dict.fromkeys(("getyear", "getmonth", "getday", "getdate"), "write year(x), month(x) or day(x)"),
}
"""What other languages have under a name, in small letters, and what is written here."""


def foreign_function(name: str, arguments: Sequence[Type], functions: Mapping[str, Function]) -> tuple[str, str]:
    """The message that there is no such function, and what there is for the first argument."""
    known = _ELSEWHERE.get(name.lower(), "")
    near = "" if known else did_you_mean(name, [each for each in functions if each[0].isalpha()])
    others = "" if known.startswith("write") else _for_type(arguments, functions)
    return f"unknown function '{name}'{near}", "; ".join(part for part in (known, others, PAGE) if part)


def _for_type(arguments: Sequence[Type], functions: Mapping[str, Function]) -> str:
    """The functions that say of themselves that they take the first argument's type."""
    if not arguments:
        return ""
    kind = arguments[0].kind
    names = sorted(name for name, function in functions.items() if name[0].isalpha() and _takes_first(function, kind))
    return f"{described(arguments[0])} goes into {', '.join(names)}" if len(names) > 1 else ""


def _takes_first(function: Function, kind: str) -> bool:
    firsts = (overload.parameters[0] for overload in function.overloads if overload.parameters)
    return any(kind in parameter.kinds for parameter in firsts)


def taken(function: Function) -> str:
    """The arguments of a function's forms in words: `a date`, or `a number, or a text`."""
    forms = [" and ".join(_article(each) for each in overload.parameters) for overload in function.overloads[:4]]
    return ", or ".join(dict.fromkeys(form or "nothing" for form in forms))


def _article(parameter: Parameter) -> str:
    name = parameter.name
    if name.startswith("text"):
        return name
    return "a value" if name == "any" else f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
