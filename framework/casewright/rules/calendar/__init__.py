"""When work is done: opening periods a week, holidays, and the zone they are in."""

from __future__ import annotations

from datetime import date, time

from casewright.machine.policies import Calendar
from casewright.rules.contract import Ground, Rule, rule_kind
from casewright.rules.zones import check_zone
from casewright.source.node import Node
from casewright.steps.scope import Scope

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def lower(rule: Rule, ground: Ground) -> Calendar:
    """The weekly periods and the holidays."""
    scope, body = ground.scope, rule.body
    zone, week = body.get("zone"), body.get("week") or body.with_value({})
    if zone is not None:
        check_zone(zone, scope)
    periods = tuple(_day(week.get(day), scope) for day in WEEK)
    if not any(periods):
        scope.report("E527", week.span, "the calendar never opens", help='add week: {monday: ["09:00-17:00"]}')
    holidays = frozenset(node.value for node in body.items("holidays") if isinstance(node.value, date))
    return Calendar(rule.name.id, body.word("zone", "UTC"), periods, holidays)


def _day(node: Node | None, scope: Scope) -> tuple[tuple[time, time], ...]:
    """The periods of one day in order of time; a problem where one ends before it begins or two overlap."""
    if node is None or not node.is_list:
        return ()
    written = [(_period(each), each) for each in node.value if len(str(each.value)) == 11]
    periods = sorted(written, key=lambda period: period[0])
    latest = ""
    for (opens, closes), each in periods:
        if opens >= closes or opens < latest:
            wrong = "overlaps the one before" if opens < closes else "ends before it begins"
            help_ = "write periods in order, as 09:00-12:00, 13:00-17:00; one past midnight is two, a day each"
            scope.report("E528", each.span, f"the period '{each.value}' {wrong}", help=help_)
        latest = closes
    return tuple((_time(opens), _time(closes)) for (opens, closes), _ in periods if opens < closes)


def _period(node: Node) -> tuple[str, str]:
    opens, _, closes = str(node.value).partition("-")
    return opens, closes


def _time(text: str) -> time:
    return time.max if text.startswith("24") else time.fromisoformat(text)


KIND = rule_kind("calendar", __file__, lower)
