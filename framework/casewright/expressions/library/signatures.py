"""What a function takes and gives: its ways to be called, by the types of the arguments, and what carries it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from casewright.expressions.library import operators as op
from casewright.expressions.types import DYNAMIC, Type, kind_of

Result = Type | Callable[[Sequence[Type]], Type]


@dataclass(frozen=True, slots=True)
class Parameter:
    """The kinds that an argument may have, and how messages name them; no kinds means any but null.

    `elements` are the kinds that the items of a list may have; none means any.
    """

    name: str
    kinds: frozenset[str] = frozenset()
    elements: frozenset[str] = frozenset()

    def takes(self, kind: str) -> bool:
        return kind in self.kinds or (not self.kinds and kind != "null")

    def holds(self, argument: Type) -> bool:
        """Whether the items of a list that is handed over may be what they have to be."""
        if not self.elements or argument.element is None:
            return True
        return argument.element.kind in self.elements or argument.element.kind in ("dynamic", "null")


@dataclass(frozen=True, slots=True)
class Overload:
    """One way to call a function: parameters (the last may repeat), result, and the Python that carries it out.

    `run` gets no null and raises one of FAULTS for what it cannot take, None included. `inline` is Python source that
    gives the same value, or raises, for arguments whose types are proved. `clock` hands it the case's clock first;
    `linear` says that its cost grows with its first argument, `cost` how many steps one call counts for in a macro.
    A `nullable` one may give null for arguments that are not; an `of_null` one gives null, as a field does, where its
    first argument is that.
    """

    parameters: tuple[Parameter, ...]
    result: Result
    run: Callable[..., object]
    inline: str = ""
    repeats: bool = False
    clock: bool = False
    linear: bool = False
    nullable: bool = False
    cost: int = 1
    of_null: bool = False

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

    def fits(self, arguments: Sequence[Type], kinds: Sequence[str]) -> bool:
        """Whether arguments of these types fit, which are of these kinds."""
        if not self.takes(kinds):
            return False
        return all(wanted.holds(argument) for wanted, argument in zip(self.parameters, arguments, strict=False))

    def gives(self, arguments: Sequence[Type]) -> Type:
        """The type of the result for arguments of these types."""
        return self.result(arguments) if callable(self.result) else self.result

    def __str__(self) -> str:
        return "(" + ", ".join(p.name for p in self.parameters) + (", ..." if self.repeats else "") + ")"


@dataclass(frozen=True, slots=True)
class Preparation:
    """What is made of a constant argument once, where each call would make it; how a message names the argument."""

    run: Callable[[Any], object]
    subject: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """A function or operator by name.

    A `literal` one is carried out at load time where its arguments are constants. `prepares` makes of a constant
    argument, by its number, what the function would make of it in every call, or finds that it is wrong.
    `says` and `example` are for documents.
    """

    name: str
    overloads: tuple[Overload, ...]
    literal: bool = False
    prepares: Mapping[int, Preparation] = field(default_factory=dict)
    says: str = ""
    example: str = ""

    @property
    def signature(self) -> str:
        """The ways to call it and what they give, in words: the same as long as its callers need no second look."""
        ways = (f"{self.name}{way} -> {way.result} for {way.cost}" for way in self.overloads)
        return "; ".join(ways)

    def chosen(self, arguments: Sequence[Type]) -> Overload | None:
        """The way to call it with arguments of these types; decided at run time where types are not known."""
        kinds = [argument.kind for argument in arguments]
        if "dynamic" not in kinds:
            return next((overload for overload in self.overloads if overload.fits(arguments, kinds)), None)
        fitting = [overload for overload in self.overloads if overload.fits(arguments, kinds)]
        return self._open(fitting, arguments) if fitting else None

    def _open(self, fitting: Sequence[Overload], arguments: Sequence[Type]) -> Overload:
        results = {overload.gives(arguments) for overload in fitting}
        result = results.pop() if len(results) == 1 else DYNAMIC
        first = fitting[0]
        run = first.run if first.clock else _dispatch(self.name, tuple(fitting))
        return replace(
            first,
            result=result,
            run=run,
            inline="",
            repeats=False,
            linear=any(way.linear for way in fitting),
            nullable=any(way.nullable for way in fitting),
            cost=max(way.cost for way in fitting),
        )


def _dispatch(name: str, overloads: Sequence[Overload]) -> Callable[..., object]:
    def run(*arguments: object) -> object:
        kinds = [kind_of(argument) for argument in arguments]
        for overload in overloads:
            if overload.takes(kinds):
                return overload.run(*arguments)
        raise op.Fault(f"{name} does not take {' and '.join(kinds)}")

    return run
