"""The values that strict CEL has beside those of rules: instants and spans of nanoseconds, types, optionals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SECOND = 1_000_000_000
"""Nanoseconds in a second."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, order=True)
class Timestamp:
    """An instant: nanoseconds since the beginning of 1970 in UTC."""

    nanoseconds: int

    @classmethod
    def of(cls, moment: datetime) -> Timestamp:
        """The instant of an aware datetime."""
        return cls((moment - EPOCH) // timedelta(microseconds=1) * 1000)

    @property
    def moment(self) -> datetime:
        """The instant as a datetime in UTC, down to the microsecond."""
        return EPOCH + timedelta(microseconds=self.nanoseconds // 1000)

    def __str__(self) -> str:
        seconds, rest = divmod(self.nanoseconds, SECOND)
        return f"{(EPOCH + timedelta(seconds=seconds)).replace(tzinfo=None).isoformat()}{_fraction(rest)}Z"


@dataclass(frozen=True, slots=True, order=True)
class Elapsed:
    """A span of time in nanoseconds; it may be negative."""

    nanoseconds: int

    @classmethod
    def of(cls, length: timedelta) -> Elapsed:
        """The span of a timedelta."""
        return cls(length // timedelta(microseconds=1) * 1000)

    def __str__(self) -> str:
        seconds, rest = divmod(abs(self.nanoseconds), SECOND)
        return f"{'-' if self.nanoseconds < 0 else ''}{seconds}{_fraction(rest)}s"


@dataclass(frozen=True, slots=True)
class TypeValue:
    """A type as a value, by its name."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Maybe:
    """An optional: one value or none."""

    held: tuple[object, ...] = ()


NONE = Maybe()


def _fraction(nanoseconds: int) -> str:
    """The fraction of a second with three, six or nine digits; nothing where there is none."""
    digits = f"{nanoseconds:09}"
    return next((f".{digits[:many]}" for many in (3, 6, 9) if nanoseconds and not digits[many:].strip("0")), "")
