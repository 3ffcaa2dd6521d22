"""The table of operators and functions: which types each takes, what it gives, and what carries it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from casewright.expressions import functions as f
from casewright.expressions import operators as op
from casewright.expressions.types import (
    BOOLEAN,
    DATE,
    DATETIME,
    DECIMAL,
    DURATION,
    DYNAMIC,
    INTEGER,
    MONEY,
    TEXT,
    TIME,
    Type,
    kind_of,
    list_of,
    united,
)

Result = Type | Callable[[Sequence[Type]], Type]


@dataclass(frozen=True, slots=True)
class Parameter:
    """The kinds that an argument may have, and how messages name them; no kinds means any but null."""

    name: str
    kinds: frozenset[str] = frozenset()

    def takes(self, kind: str) -> bool:
        return kind in self.kinds or (not self.kinds and kind != "null")


@dataclass(frozen=True, slots=True)
class Overload:
    """One way to call a function: parameters (the last may repeat), result, and the Python that carries it out.

    `run` gets no null and raises one of FAULTS for what it cannot take, None included. `inline` is Python source that
    gives the same value, or raises, for arguments whose types are proved. `clock` hands it the case's clock first;
    `linear` says that its cost grows with its first argument.
    """

    parameters: tuple[Parameter, ...]
    result: Result
    run: Callable[..., object]
    inline: str = ""
    repeats: bool = False
    clock: bool = False
    linear: bool = False

    def takes(self, kinds: Sequence[str]) -> bool:
        """Whether arguments of these kinds fit; "dynamic" fits everywhere."""
        wanted, more = self.parameters, len(kinds) - len(self.parameters)
        if more:
            if more < 0 or not self.repeats:
                return False
            wanted = (*wanted, *[wanted[-1]] * more)
        for parameter, kind in zip(wanted, kinds, strict=True):
            if kind != "dynamic" and not parameter.takes(kind):
                return False
        return True

    def gives(self, arguments: Sequence[Type]) -> Type:
        """The type of the result for arguments of these types."""
        return self.result(arguments) if callable(self.result) else self.result

    def __str__(self) -> str:
        return "(" + ", ".join(p.name for p in self.parameters) + (", ..." if self.repeats else "") + ")"


@dataclass(frozen=True, slots=True)
class Function:
    """A function or operator by name. A `literal` one is carried out at load time where its arguments are constants."""

    name: str
    overloads: tuple[Overload, ...]
    literal: bool = False

    def chosen(self, arguments: Sequence[Type]) -> Overload | None:
        """The way to call it with arguments of these types; decided at run time where types are not known."""
        kinds = [argument.kind for argument in arguments]
        if "dynamic" not in kinds:
            return next((overload for overload in self.overloads if overload.takes(kinds)), None)
        fitting = [overload for overload in self.overloads if overload.takes(kinds)]
        return self._open(fitting, arguments) if fitting else None

    def _open(self, fitting: Sequence[Overload], arguments: Sequence[Type]) -> Overload:
        results = {overload.gives(arguments) for overload in fitting}
        result = results.pop() if len(results) == 1 else DYNAMIC
        first = fitting[0]
        run = first.run if first.clock else _dispatch(self.name, tuple(fitting))
        return Overload(first.parameters, result, run, linear=any(o.linear for o in fitting), clock=first.clock)


def _dispatch(name: str, overloads: Sequence[Overload]) -> Callable[..., object]:
    def run(*arguments: object) -> object:
        kinds = [kind_of(argument) for argument in arguments]
        for overload in overloads:
            if overload.takes(kinds):
                return overload.run(*arguments)
        raise op.Fault(f"{name} does not take {' and '.join(kinds)}")

    return run


_ANY = Parameter("any")
_TEXT = Parameter("text", frozenset({"text", "choice"}))
_FREE_TEXT = Parameter("text", frozenset({"text"}))
_INTEGER = Parameter("integer", frozenset({"integer"}))
_MONEY = Parameter("money", frozenset({"money"}))
_PURE = Parameter("number", frozenset({"integer", "decimal"}))
_NUMBER = Parameter("number", frozenset({"integer", "decimal", "money"}))
_BOOLEAN = Parameter("boolean", frozenset({"boolean"}))
_DATE = Parameter("date", frozenset({"date"}))
_TIME = Parameter("time", frozenset({"time"}))
_DATETIME = Parameter("datetime", frozenset({"datetime"}))
_DAY = Parameter("date", frozenset({"date", "datetime"}))
_DURATION = Parameter("duration", frozenset({"duration"}))
_LIST = Parameter("list", frozenset({"list"}))
_SIZED = Parameter("text, list or map", frozenset({"text", "choice", "list", "map"}))
_MAPPED = Parameter("map", frozenset({"map"}))


def _same(types: Sequence[Type]) -> Type:
    return types[0]


def _joined(types: Sequence[Type]) -> Type:
    return types[0] if types[0] == types[1] else list_of(united(_element((type_,)) for type_ in types))


def _element(types: Sequence[Type]) -> Type:
    return types[0].element or DYNAMIC


def _all(types: Sequence[Type]) -> Type:
    return united(types)


def _numeric(types: Sequence[Type]) -> Type:
    return MONEY if any(type_.kind == "money" for type_ in types) else DECIMAL


def _binary(name: str, *ways: Overload) -> Function:
    return Function(name, ways)


def _ordering(mark: str) -> Function:
    inline = f"({{0}} {mark} {{1}})"
    plain: dict[str, Callable[..., object]] = {
        "<": lambda one, other: one < other,
        "<=": lambda one, other: one <= other,
        ">": lambda one, other: one > other,
        ">=": lambda one, other: one >= other,
    }
    run = plain[mark]
    kinds = (_NUMBER, _FREE_TEXT, _BOOLEAN, _DATE, _TIME, _DATETIME)
    ways = [Overload((kind, kind), BOOLEAN, run, inline) for kind in kinds]
    durations = Overload((_DURATION, _DURATION), BOOLEAN, lambda a, b: run(op.compare_durations(a, b), 0))
    return Function(mark, (*ways, durations))


def _operators() -> list[Function]:
    rest = _binary("%", Overload((_INTEGER, _INTEGER), INTEGER, op.remainder))
    index = _binary("[]", Overload((_LIST, _INTEGER), _element, op.item), Overload((_MAPPED, _TEXT), _element, op.item))
    return [*_sums(), *_products(), rest, index, *(_ordering(mark) for mark in ("<", "<=", ">", ">="))]


def _sums() -> list[Function]:
    plus = _binary(
        "+",
        Overload((_INTEGER, _INTEGER), INTEGER, op.add_integers),
        Overload((_NUMBER, _NUMBER), _numeric, op.add_decimals),
        Overload((_TEXT, _TEXT), TEXT, op.join_texts, linear=True),
        Overload((_LIST, _LIST), _joined, op.join_lists, linear=True),
        Overload((_DATE, _DURATION), DATE, op.add_to_date),
        Overload((_DATETIME, _DURATION), DATETIME, op.add_to_datetime),
        Overload((_DURATION, _DURATION), DURATION, op.add_durations),
    )
    minus = _binary(
        "-",
        Overload((_INTEGER,), INTEGER, op.negate_integer),
        Overload((_NUMBER,), _same, op.negate_decimal),
        Overload((_DURATION,), DURATION, op.negate_duration),
        Overload((_INTEGER, _INTEGER), INTEGER, op.subtract_integers),
        Overload((_NUMBER, _NUMBER), _numeric, op.subtract_decimals),
        Overload((_DATE, _DATE), DURATION, op.between_dates),
        Overload((_DATETIME, _DATETIME), DURATION, op.between_datetimes),
        Overload((_DATE, _DURATION), DATE, lambda day, d: op.add_to_date(day, op.negate_duration(d))),
        Overload((_DATETIME, _DURATION), DATETIME, lambda at, d: op.add_to_datetime(at, op.negate_duration(d))),
        Overload((_DURATION, _DURATION), DURATION, op.subtract_durations),
    )
    return [plus, minus]


def _products() -> list[Function]:
    times = _binary(
        "*",
        Overload((_INTEGER, _INTEGER), INTEGER, op.multiply_integers),
        Overload((_PURE, _PURE), DECIMAL, op.multiply_decimals),
        Overload((_MONEY, _PURE), MONEY, op.multiply_decimals),
        Overload((_PURE, _MONEY), MONEY, op.multiply_decimals),
        Overload((_DURATION, _INTEGER), DURATION, op.multiply_duration),
    )
    divide = _binary(
        "/",
        Overload((_INTEGER, _INTEGER), INTEGER, op.divide_integers),
        Overload((_NUMBER, _MONEY), DECIMAL, op.divide_decimals),
        Overload((_MONEY, _PURE), MONEY, op.divide_decimals),
        Overload((_PURE, _PURE), DECIMAL, op.divide_decimals),
    )
    return [times, divide]


def _text_functions() -> list[Function]:
    two = (_TEXT, _TEXT)
    return [
        Function("contains", (Overload(two, BOOLEAN, f.contains, linear=True),)),
        Function("startsWith", (Overload(two, BOOLEAN, f.starts_with),)),
        Function("endsWith", (Overload(two, BOOLEAN, f.ends_with),)),
        Function("lower", (Overload((_TEXT,), TEXT, f.lower, linear=True),)),
        Function("upper", (Overload((_TEXT,), TEXT, f.upper, linear=True),)),
        Function("trim", (Overload((_TEXT,), TEXT, f.trim, linear=True),)),
        Function("replace", (Overload((_TEXT, _TEXT, _TEXT), TEXT, f.replace, linear=True),)),
        Function("split", (Overload(two, list_of(TEXT), f.split, linear=True),)),
        Function(
            "join", (Overload((_LIST,), TEXT, f.join, linear=True), Overload((_LIST, _TEXT), TEXT, f.join, linear=True))
        ),
        Function("matches", (Overload(two, BOOLEAN, f.matches, linear=True),)),
        Function("string", (Overload((_ANY,), TEXT, f.string, linear=True),)),
    ]


def _number_functions() -> list[Function]:
    comparables = (_NUMBER, _FREE_TEXT, _DATE, _TIME, _DATETIME)

    def extreme(name: str, run: Callable[..., object]) -> Function:
        items = Overload((_LIST,), _element, run, linear=True)
        return Function(name, (items, *(Overload((kind,), _all, run, repeats=True) for kind in comparables)))

    return [
        Function("size", (Overload((_SIZED,), INTEGER, f.size),)),
        extreme("min", f.least),
        extreme("max", f.greatest),
        Function("sum", (Overload((_LIST,), _element, f.total, linear=True),)),
        Function("abs", (Overload((_NUMBER,), _same, f.absolute),)),
        Function(
            "round",
            (
                Overload((_NUMBER,), INTEGER, f.rounded),
                Overload((_NUMBER, _INTEGER), lambda types: _numeric(types[:1]), f.rounded_to),
            ),
        ),
        Function("floor", (Overload((_NUMBER,), INTEGER, f.floor),)),
        Function("ceil", (Overload((_NUMBER,), INTEGER, f.ceiling),)),
        Function("int", (Overload((_NUMBER,), INTEGER, f.to_integer), Overload((_TEXT,), INTEGER, f.to_integer)), True),
        Function(
            "decimal", (Overload((_NUMBER,), DECIMAL, f.to_decimal), Overload((_TEXT,), DECIMAL, f.to_decimal)), True
        ),
    ]


def _date_functions() -> list[Function]:
    def conversion(name: str, result: Type, run: Callable[..., object], *more: Parameter) -> Function:
        return Function(name, tuple(Overload((kind,), result, run) for kind in (_TEXT, *more)), True)

    return [
        conversion("date", DATE, f.to_date, _DATE, _DATETIME),
        conversion("time", TIME, f.to_time, _TIME, _DATETIME),
        conversion("datetime", DATETIME, f.to_datetime, _DATETIME),
        conversion("duration", DURATION, f.to_duration, _DURATION),
        Function("year", (Overload((_DAY,), INTEGER, f.year),)),
        Function("month", (Overload((_DAY,), INTEGER, f.month),)),
        Function("day", (Overload((_DAY,), INTEGER, f.day),)),
        Function("days_between", (Overload((_DAY, _DAY), INTEGER, f.days_between),)),
        Function("add_months", (Overload((_DAY, _INTEGER), _same, op.add_months),)),
        Function("now", (Overload((), DATETIME, f.present, clock=True),)),
        Function("today", (Overload((), DATE, f.today, clock=True),)),
        Function("daypart", (Overload((), TEXT, f.daypart, clock=True),)),
    ]


def _table() -> Mapping[str, Function]:
    every = [*_operators(), *_text_functions(), *_number_functions(), *_date_functions()]
    return MappingProxyType({function.name: function for function in every})


STANDARD = _table()
"""The operators and functions of the language by name."""
