"""What is worth saying of an expression that means something: remarks, placed in its text wherever that stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from casewright.values import Problem, Related, Span


@dataclass(frozen=True, slots=True, order=True)
class Remark:
    """A warning or an error about the piece of a text that begins at `start`.

    `others` are the beginnings of other pieces that it is about, each with what to say of it.
    """

    start: int
    code: str
    message: str
    help: str = ""
    others: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What a review said of an expression, and how many of its operators take a value of any type."""

    remarks: tuple[Remark, ...]
    loose: int


def placed(remarks: Iterable[Remark], text: str, at: Span) -> tuple[Problem, ...]:
    """The remarks as problems, in the order of their places, where the text begins at `at`."""
    return tuple(
        Problem(
            at.within(text, remark.start),
            remark.code,
            remark.message,
            tuple(Related(at.within(text, start), said) for start, said in remark.others),
            remark.help,
        )
        for remark in sorted(set(remarks))
    )
