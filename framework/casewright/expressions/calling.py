"""What to call instead, where a function is unknown or is given the wrong number of arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from casewright.expressions.library.signatures import Function, Parameter
from casewright.expressions.types import RECORDS, TEXTS, Type, described
from casewright.values import did_you_mean, nearest_first

PAGE = "see docs/language/expressions.md"
_CLOCK = "write hour(x), minute(x) or second(x) of a time; of a length of time hours(x), minutes(x) or seconds(x)"
_FORM = 'write format(date, "dd.MM.yyyy")'
_TEXT_FORM = "string(x) makes a text; in a text write {{ x }}"
_EMPTY = "write `x == null`, or `size(x) == 0`"
_SHIFT = 'write add_days(date, 1) or `date + duration("1d")`; add_months(date, 1) moves it by months'
_ELSEWHERE: Mapping[str, str] = {
    **dict.fromkeys(("len", "length", "count"), "write size(x)"),
    **dict.fromkeys(("if", "iif"), "write `condition ? a : b`"),
    **dict.fromkeys(("startswith", "starts_with"), "write text.startsWith(part)"),
    **dict.fromkeys(("endswith", "ends_with"), "write text.endsWith(part)"),
    **dict.fromkeys(("days", "datediff", "date_diff", "daysbetween"), "write days_between(first, last)"),
    **dict.fromkeys(("gethours", "getminutes", "getseconds"), _CLOCK),
    **dict.fromkeys(("weeks",), "write days(x) / 7"),
    **dict.fromkeys(("strftime", "to_char", "date_format", "dateformat", "format_date", "formatdate"), _FORM),
    **dict.fromkeys(("tostring", "str", "text"), _TEXT_FORM),
    **dict.fromkeys(("substr", "left", "right", "mid"), "write substring(text, start, end), counted from 0"),
    **dict.fromkeys(
        ("regex", "regexp", "regexp_match", "search"), "write find(text, pattern) or matches(text, pattern)"
    ),
    **dict.fromkeys(("uniq", "unique", "dedupe"), "write distinct(list)"),
    **dict.fromkeys(("range", "sequence", "seq"), "write lists.range(n)"),
    **dict.fromkeys(("uint", "bytes"), "neither unsigned integers nor bytes are values of this language"),
    "timestamp": 'write datetime("2026-01-31T09:30:00Z")',
    **dict.fromkeys(("type", "dyn"), "types are known when the rules are loaded; there is nothing to convert"),
    **dict.fromkeys(("dayofweek", "getdayofweek", "isoweekday"), "write weekday(x); Monday is 1"),
    **dict.fromkeys(("totimezone", "at_timezone", "astimezone", "timezone"), 'write in_zone(x, "Europe/Berlin")'),
    **dict.fromkeys(("concat", "concatenate"), "write `a + b`"),
    **dict.fromkeys(("isempty", "isnull", "isblank", "is_null", "is_empty", "empty"), _EMPTY),
    **dict.fromkeys(("nvl", "ifnull", "default"), "write coalesce(x, y)"),
    **dict.fromkeys(("tolower", "tolowercase", "lowercase"), "write lower(x)"),
    **dict.fromkeys(("toupper", "touppercase", "uppercase"), "write upper(x)"),
    **dict.fromkeys(("adddays", "dateadd", "plusdays"), _SHIFT),
    **dict.fromkeys(("avg", "mean"), "write average(list)"),
    **dict.fromkeys(("includes", "has_item"), "write `item in list`, or text.contains(part)"),
    **dict.fromkeys(("some", "any"), "write list.exists(item, condition)"),
    **dict.fromkeys(("number", "tonumber", "float", "parsefloat", "tofloat"), "write decimal(x)"),
    **dict.fromkeys(("parseint", "toint", "integer"), "write int(x)"),
    **dict.fromkeys(("getyear", "getmonth", "getday", "getdate"), "write year(x), month(x) or day(x)"),
}
"""What other languages have under a name, in small letters, and what is written here."""


def foreign_function(name: str, arguments: Sequence[Type], functions: Mapping[str, Function]) -> tuple[str, str]:
    """The message that there is no such function, and what there is for the first argument."""
    known = _ELSEWHERE.get(name.lower(), "")
    near = "" if known else did_you_mean(name, [each for each in functions if each[0].isalpha()])
    others = "" if known else _for_type(name, arguments, functions)
    return f"unknown function '{name}'{near}", "; ".join(part for part in (known, others, PAGE) if part)


def _for_type(name: str, arguments: Sequence[Type], functions: Mapping[str, Function]) -> str:
    """The functions that say of themselves that they take the first argument's type."""
    if not arguments:
        return ""
    kind = arguments[0].kind
    names = sorted(each for each, function in functions.items() if each[0].isalpha() and _takes_first(function, kind))
    return f"{described(arguments[0])} goes into {nearest_first(name, names)}" if len(names) > 1 else ""


def _takes_first(function: Function, kind: str) -> bool:
    firsts = (overload.parameters[0] for overload in function.overloads if overload.parameters)
    return any(kind in parameter.kinds for parameter in firsts)


def instead(function: Function, arguments: Sequence[Type]) -> str:
    """How to call a function that does not take these arguments."""
    forms = " or ".join(f"{function.name}{overload}" for overload in function.overloads[:4])
    if function.name in (*_MADE, *_COUNTS) and arguments and all(each.kind == "integer" for each in arguments):
        return f"write {_MADE.get(function.name, _MADE['duration'])}"
    dates = arguments and arguments[0].kind in ("date", "datetime") and function.name in _COUNTS
    return f"write {forms}" + ("; of two dates days_between(first, last)" if dates else _of_items(function, arguments))


def _of_items(function: Function, arguments: Sequence[Type]) -> str:
    """What to take of a record, or to make of the items of a list, before the function takes it."""
    given = arguments[0] if arguments else None
    element = given.element if given is not None else None
    if given is not None and given.kind in RECORDS:
        return "; name one of its fields"
    if element is None:
        return ""
    if element.kind in RECORDS:
        return "; of each item take what is meant: list.map(item, item.field)"
    made = "string" if function.name == "join" else "decimal" if element.kind in TEXTS else ""
    return f"; first make what it takes of the items: list.map(item, {made}(item))" if made else ""


_MADE: Mapping[str, str] = {
    "date": 'date("2026-01-31")',
    "time": 'time("09:30")',
    "datetime": 'datetime("2026-01-31T09:30:00Z")',
    "duration": 'duration("5d") for a length of time',
}
_COUNTS = ("days", "hours", "minutes", "seconds")


def taken(function: Function) -> str:
    """The arguments of a function's forms in words: `a date`, or `a number, or a text`."""
    forms = [" and ".join(_article(each) for each in overload.parameters) for overload in function.overloads[:4]]
    return ", or ".join(dict.fromkeys(form or "nothing" for form in forms))


def _article(parameter: Parameter) -> str:
    name = parameter.name
    if name.startswith("text"):
        return name
    return "a value" if name == "any" else f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
