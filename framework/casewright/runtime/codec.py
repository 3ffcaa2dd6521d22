"""JSON text with an exact way back: decimals, dates, durations, tuples, sets, commands and timers keep their type.

A value that JSON lacks is written as a map of one key that begins with `$`: `{"$decimal": "12.50"}`. A map of the
caller's own that has such a key is written as `{"$map": [[key, value], ...]}`, so nothing can be mistaken for a tag.
An aware datetime keeps its instant and its offset, not the name of its zone.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from casewright.machine import commands
from casewright.machine.effects import PageRequest, StartTimer
from casewright.machine.facts import Actor, Unavailable
from casewright.machine.snapshot import Parked
from casewright.values import Duration

_KEPT: tuple[type[Any], ...] = (
    commands.Create,
    commands.Submit,
    commands.Result,
    commands.Failed,
    commands.Fire,
    commands.ChildResolved,
    commands.Occurred,
    commands.StartItem,
    commands.RetryItem,
    commands.SkipItem,
    commands.Goto,
    commands.Cancel,
    commands.Reopen,
    commands.PagesLoaded,
    StartTimer,
    PageRequest,
    Actor,
    Unavailable,
    Parked,
)
_AS_IT_IS = frozenset((str, int, bool, type(None)))


def encode(value: Any) -> str:
    """The JSON text of a value; raises TypeError for what cannot be kept."""
    tag = _TAGS.get(type(value), tagged)
    return "".join(_chunks(tag(value), 0))


def decode(text: str) -> Any:
    """The value that `encode` was given."""
    return _scan_tagged(text, 0)[0] if '{"$' in text else _scan(text, 0)[0]


def plain_text(value: Any) -> str:
    """The JSON text of a value that has JSON's own types alone, and no key of its own that begins with `$`."""
    return "".join(_chunks(value, 0))


def tagged(value: Any) -> Any:
    """The value in JSON's own types, tags in place."""
    kind = type(value)
    if kind in _AS_IT_IS:
        return value
    tag = _TAGS.get(kind)
    return tag(value) if tag else _tagged_by_ancestry(value)


def _tagged_by_ancestry(value: Any) -> Any:
    if isinstance(value, Enum):
        return tagged(value.value)
    if isinstance(value, Mapping):
        return _tag_map(value)
    for ancestor, tag in _TAGS.items():
        if isinstance(value, ancestor):
            return tag(value)
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"a {type(value).__name__} cannot be stored: {value!r:.80}")


def _tag_map(value: Mapping[Any, Any]) -> Any:
    plain, made = _AS_IT_IS, {}
    for key, item in value.items():
        if type(key) is not str or key[:1] == "$":
            return {"$map": [[tagged(key), tagged(item)] for key, item in value.items()]}
        made[key] = item if type(item) in plain else tagged(item)
    return made


def _tag_list(value: Any) -> Any:
    return [tagged(item) for item in value]


def _tag_float(value: float) -> Any:
    return value if math.isfinite(value) else {"$float": repr(value)}


def _tag_duration(value: Duration) -> Any:
    exact = value.exact
    return {"$duration": [value.months, value.business_days, exact.days, exact.seconds, exact.microseconds]}


def _tag_set(value: Any) -> Any:
    if all(type(item) is str for item in value):
        return {"$set": sorted(value)}
    return {"$set": sorted((tagged(item) for item in value), key=plain_text)}


def _tag_kept(value: Any) -> Any:
    tag, names = _FIELDS[type(value)]
    plain = _AS_IT_IS
    return {tag: {name: item if type(item := getattr(value, name)) in plain else tagged(item) for name in names}}


_FIELDS = {kind: (f"${kind.__name__}", tuple(field.name for field in fields(kind))) for kind in _KEPT}
_TAGS: dict[type[Any], Callable[[Any], Any]] = {
    dict: _tag_map,
    list: _tag_list,
    float: _tag_float,
    Decimal: lambda value: {"$decimal": str(value)},
    tuple: lambda value: {"$tuple": _tag_list(value)},
    datetime: lambda value: {"$datetime": value.isoformat()},
    date: lambda value: {"$date": value.isoformat()},
    time: lambda value: {"$time": value.isoformat()},
    timedelta: lambda value: {"$timedelta": [value.days, value.seconds, value.microseconds]},
    Duration: _tag_duration,
    frozenset: _tag_set,
    set: _tag_set,
    **dict.fromkeys(_KEPT, _tag_kept),
}


def _duration(parts: list[int]) -> Duration:
    months, business, days, seconds, micros = parts
    return Duration(months, business, timedelta(days, seconds, micros))


def _kept(kind: type[Any]) -> Callable[[Any], Any]:
    return lambda values: kind(**values)


def _encoder() -> Callable[[Any, int], Iterable[str]]:
    """The encoder that `json.dumps` would make anew for each call."""
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return lambda value, _: _SLOW.iterencode(value)
    return make(None, _SLOW.default, json.encoder.encode_basestring, None, ":", ",", False, False, False)  # type: ignore[no-any-return]


_SLOW = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_chunks = _encoder()

_REVIVERS: dict[str, Callable[[Any], Any]] = {
    "$decimal": Decimal,
    "$tuple": tuple,
    "$datetime": datetime.fromisoformat,
    "$date": date.fromisoformat,
    "$time": time.fromisoformat,
    "$timedelta": lambda parts: timedelta(*parts),
    "$duration": _duration,
    "$set": frozenset,
    "$float": float,
    "$map": dict,
    **{f"${kind.__name__}": _kept(kind) for kind in _KEPT},
}


def _revived(found: dict[str, Any]) -> Any:
    if len(found) == 1:
        (key,) = found
        revive = _REVIVERS.get(key)
        if revive:
            return revive(found[key])
    return found


_scan: Callable[[str, int], tuple[Any, int]] = getattr(json.JSONDecoder(), "scan_once")  # noqa: B009
_scan_tagged: Callable[[str, int], tuple[Any, int]] = getattr(json.JSONDecoder(object_hook=_revived), "scan_once")  # noqa: B009
