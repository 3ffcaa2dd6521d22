"""When a variant holds: the region of facts that its `circumstance:` names, and the period of its `effective:`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from casewright.expressions.regions import Region, interval
from casewright.layers.dimensions import Dimension, side_of, undeclared
from casewright.layers.products import Product
from casewright.layers.scalars import brief
from casewright.source.node import Node
from casewright.values import Problem, Related, Span, did_you_mean

AS_OF = "as_of"
"""The dimension that `effective:` restricts; no rule declares it."""

_EFFECTIVE_KEYS = ("from", "until", "zone")


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time, half open: `since` is inside, `until` is not; None is unbounded."""

    since: datetime | None = None
    until: datetime | None = None

    def __str__(self) -> str:
        parts = [f"{word} {_shown(at)}" for word, at in (("from", self.since), ("until", self.until)) if at is not None]
        return " ".join(parts) or "always"

    def contains(self, at: datetime) -> bool:
        """Says whether the aware instant `at` lies inside."""
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)

    @property
    def region(self) -> Region:
        """The instants inside."""
        return interval(self.since, self.until, True, False)


ALWAYS = Period()


def _shown(at: datetime) -> str:
    return at.date().isoformat() if at.time() == time() else at.isoformat(timespec="minutes")


@dataclass(frozen=True, slots=True)
class Circumstance:
    """When one variant holds: a region for each dimension that it names, and a period.

    `written` shows each region as its author wrote it.
    """

    name: str
    product: Product
    effective: Period
    span: Span
    written: Mapping[str, str] = field(default_factory=dict)

    @property
    def whole(self) -> Product:
        """The product with the period as one more dimension."""
        if self.effective == ALWAYS:
            return self.product
        return {**self.product, AS_OF: self.effective.region}


def read_circumstance(
    name: str,
    span: Span,
    circumstance: Node | None,
    effective: Node | None,
    dimensions: Mapping[str, Dimension],
) -> tuple[Circumstance, tuple[Problem, ...]]:
    """The circumstance of the variant `name`, whose head stands at `span`, from its two head entries.

    An entry that has a problem is left out of the product.
    """
    product, problems = _read_product(name, circumstance, dimensions)
    period, found = read_period(effective)
    written = {key: _written(circumstance.value[key]) for key in product} if circumstance is not None else {}
    return Circumstance(name, product, period, span, written), (*problems, *found)


def _read_product(
    name: str, circumstance: Node | None, dimensions: Mapping[str, Dimension]
) -> tuple[dict[str, Region], list[Problem]]:
    product: dict[str, Region] = {}
    problems: list[Problem] = []
    if circumstance is None:
        return product, problems
    if not circumstance.is_map:
        return product, [_not_a_map(circumstance, dimensions)]
    for key, node in circumstance.value.items():
        if key not in dimensions:
            problems.append(_no_dimension(key, node, dimensions, name))
            continue
        side, found = side_of(node, dimensions[key])
        problems += found
        if side is not None:
            product[key] = side
    return product, problems


def _no_dimension(key: str, node: Node, dimensions: Mapping[str, Dimension], name: str) -> Problem:
    if key in (AS_OF, "effective", *_EFFECTIVE_KEYS):
        help = "write `effective: {from: 2026-01-01, until: 2026-04-01}` beside `circumstance:`"
        return Problem(node.key, "E331", f"'{key}' is no dimension: time has a head key of its own", help=help)
    return undeclared(key, node.key, dimensions, name)


def _not_a_map(node: Node, dimensions: Mapping[str, Dimension]) -> Problem:
    first = next(iter(sorted(dimensions)), "segment")
    help = f"write `circumstance: {{{first}: ...}}`"
    return Problem(node.span, "E334", "a circumstance is a map of dimensions to what each must be", help=help)


def _written(node: Node) -> str:
    return ", ".join(_written(item) for item in node.value) if node.is_list else str(node.value)


def read_period(effective: Node | None) -> tuple[Period, tuple[Problem, ...]]:
    """The period that an `effective: {from, until, zone}` names; a date is midnight in `zone`, or in UTC."""
    if effective is None:
        return ALWAYS, ()
    if not effective.is_map:
        return ALWAYS, (_not_a_period(effective),)
    zone, problems = _read_zone(effective.get("zone"))
    problems += [_unknown_key(key, node) for key, node in effective.value.items() if key not in _EFFECTIVE_KEYS]
    since, until = (_read_instant(effective.get(key), zone, problems) for key in ("from", "until"))
    period = Period(since, until)
    if since is not None and until is not None and since >= until:
        problems.append(_inverted(effective, period))
        period = ALWAYS
    return period, tuple(problems)


def _not_a_period(node: Node) -> Problem:
    return Problem(
        node.span, "E334", "'effective' is a map of from and until", help="write `effective: {from: 2026-01-01}`"
    )


def _unknown_key(key: str, node: Node) -> Problem:
    near = did_you_mean(key, _EFFECTIVE_KEYS)
    return Problem(node.key, "E105", f"'effective' has no '{key}'{near}", help="it has from, until and zone")


def _read_zone(node: Node | None) -> tuple[tzinfo, list[Problem]]:
    if node is None:
        return UTC, []
    try:
        return ZoneInfo(str(node.value)), []
    except (ZoneInfoNotFoundError, ValueError, OSError):
        help = "write the name of a place, as Europe/Berlin, or UTC"
        return UTC, [Problem(node.span, "E205", f"'{brief(node.plain())}' is no time zone", help=help)]


def _read_instant(node: Node | None, zone: tzinfo, problems: list[Problem]) -> datetime | None:
    if node is None:
        return None
    try:
        return instant(str(node.value), zone)
    except ValueError:
        help = "write 2026-01-01, or 2026-01-01T08:00+01:00; leave the key out where there is no bound"
        problems.append(Problem(node.span, "E205", f"'{brief(node.plain())}' is no date or datetime", help=help))
        return None


def instant(text: str, zone: tzinfo = UTC) -> datetime:
    """The instant that a date (its midnight) or a datetime says, in `zone` unless it names its own; or ValueError."""
    if len(text) == len("2026-01-01"):
        return datetime.combine(date.fromisoformat(text), time(), zone)
    at = datetime.fromisoformat(text)
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)


def _inverted(effective: Node, period: Period) -> Problem:
    since, until = effective.value["from"], effective.value["until"]
    relation = "after" if period.since != period.until else "the same as"
    message = f"effective.from {since.value} is {relation} until {until.value}"
    help = "'until' is the first day on which the variant no longer holds"
    return Problem(since.span, "E332", message, (Related(until.span, "until"),), help)
