"""Time zones as authors name them."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from casewright.source.node import Node
from casewright.steps.scope import Scope


def check_zone(zone: Node, scope: Scope) -> None:
    """Report a time zone that there is not."""
    try:
        ZoneInfo(str(zone.value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        scope.report("E526", zone.span, f"there is no time zone '{zone.value}'", help="write one as Europe/Berlin")
