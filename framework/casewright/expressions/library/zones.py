"""The zones that a text can name: of the zone database, or a distance from UTC."""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from casewright.expressions.library.operators import Fault

_DISTANCE = re.compile(r"([+-]?)(\d\d):(\d\d)", re.ASCII)
_OF_THE_MACHINE = ("localtime", "posixrules", "Factory", "posix/", "right/")
"""What the zone database also holds: the machine's own zone, and zones that count leap seconds."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z][A-Za-z0-9_+-]*){0,2}", re.ASCII)


def zone_of(name: str) -> tzinfo:
    """The zone of a name such as Europe/Berlin, UTC or +02:00."""
    if not isinstance(name, str):
        raise Fault("is no time zone")
    if name in ("UTC", "Z"):
        return UTC
    distance = _DISTANCE.fullmatch(name)
    if distance:
        sign, hours, minutes = distance.groups()
        if int(hours) > 23 or int(minutes) > 59:
            raise Fault(f"'{name}' is no distance from UTC")
        length = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(-length if sign == "-" else length)
    if len(name) > 60 or not _NAME.fullmatch(name) or name.startswith(_OF_THE_MACHINE):
        raise Fault(f"'{name[:40]}' is no time zone; write it as Europe/Berlin")
    return _named(name)


def _named(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        raise Fault(f"there is no time zone '{name}'; write it as Europe/Berlin") from None
