"""The two ways to read the language: as rules do, and strictly as CEL for hosts that ask for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """How an expression is read.

    `decimal_literals`: a number with a point is a decimal, else a double. `strict`: CEL to the letter, where null is
    an operand that most operators refuse, an absent key is an error, and optionals are values of their own; otherwise
    null makes what it meets unknown. `checks`: types are proved before anything is carried out; without it every name
    and function is looked up when the expression runs, which only the strict reading can do.
    """

    name: str
    decimal_literals: bool = True
    strict: bool = False
    checks: bool = True


HOUSE = Dialect("house")
"""The profile of rules."""

STRICT = Dialect("cel", decimal_literals=False, strict=True)
"""CEL without unsigned integers and bytes."""

UNCHECKED = Dialect("cel", decimal_literals=False, strict=True, checks=False)
"""The same, parsed only."""
