"""Selectors as plain JSON values and back, so that a stored release chooses as the one that was compiled did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from casewright.expressions.regions import Region
from casewright.layers.circumstances import Circumstance, Period
from casewright.layers.selection import Selector
from casewright.values import Span

_READERS: Mapping[str, Callable[[str], object]] = {
    "decimal": Decimal,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
}


def selector_to_json(selector: Selector) -> dict[str, Any]:
    """The selector as JSON values."""
    return {
        "rule": selector.rule,
        "variants": [_circumstance_to_json(variant) for variant in selector.variants],
        "outer": list(selector.outer),
        "base": _period_to_json(selector.base),
    }


def selector_from_json(data: Mapping[str, Any]) -> Selector:
    """The selector that `selector_to_json` gave `data` for."""
    variants = tuple(_circumstance_from_json(variant) for variant in data["variants"])
    return Selector(data["rule"], variants, tuple(data["outer"]), _period_from_json(data["base"]))


def _circumstance_to_json(variant: Circumstance) -> dict[str, Any]:
    return {
        "name": variant.name,
        "product": {name: _region_to_json(side) for name, side in variant.product.items()},
        "effective": _period_to_json(variant.effective),
        "span": [variant.span.path, variant.span.line, variant.span.column, variant.span.layer],
        "written": dict(variant.written),
    }


def _circumstance_from_json(data: Mapping[str, Any]) -> Circumstance:
    product = {name: _region_from_json(side) for name, side in data["product"].items()}
    period = _period_from_json(data["effective"])
    return Circumstance(data["name"], product, period, Span(*data["span"]), dict(data["written"]))


def _period_to_json(period: Period) -> list[str | None]:
    return [None if at is None else at.isoformat() for at in (period.since, period.until)]


def _period_from_json(data: list[str | None]) -> Period:
    return Period(*(None if at is None else datetime.fromisoformat(at) for at in data))


def _region_to_json(region: Region) -> dict[str, Any]:
    cuts = [[stretch, _value_to_json(value), side] for stretch, value, side in region.cuts]
    return {"null": region.null, "below": region.below, "cuts": cuts}


def _region_from_json(data: Mapping[str, Any]) -> Region:
    cuts = tuple((stretch, _value_from_json(value), side) for stretch, value, side in data["cuts"])
    return Region(data["null"], data["below"], cuts)


def _value_to_json(value: object) -> object:
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, (datetime, date, time)):
        return {type(value).__name__: value.isoformat()}
    return value


def _value_from_json(value: object) -> object:
    if not isinstance(value, dict):
        return value
    ((type_name, text),) = value.items()
    return _READERS[type_name](text)
