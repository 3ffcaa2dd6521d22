"""Expectations against what is there: one function for each thing that a scenario may expect."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casewright.machine.facts import SYSTEM
from casewright.machine.plan import Plan
from casewright.machine.snapshot import ItemLife
from casewright.runtime.engine import Engine
from casewright.runtime.placing import may_be
from casewright.runtime.views import CaseView, MessageView
from casewright.simulation.doubles import Call
from casewright.simulation.report import Mismatch
from casewright.simulation.scenario import Expectation
from casewright.simulation.words import value_words
from casewright.values import did_you_mean

NOT_ENTERED = "not_entered"
"""How a scenario calls the state of an item that was not entered yet."""

Found = tuple[str, str, str]
"""What is not as it was wanted: which part, wanted, found."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is to see: the engine, the case in question where there is one, the calls and the words so far.

    `calls` is None where an earlier run made some that nobody kept.
    """

    engine: Engine
    case: CaseView | None
    calls: Sequence[Call] | None
    shown: Mapping[tuple[str, str], str]
    first_event: int = 0
    interaction: str = ""


def mismatches(expectation: Expectation, seen: Seen) -> list[Mismatch]:
    """Everything about one expectation that is not so."""
    if expectation.what in _OF_A_CASE and seen.case is None:
        return [Mismatch(expectation.at, expectation.what, value_words(expectation.wanted), "no case")]
    case_id = seen.case.id if seen.case is not None and expectation.what in _OF_A_CASE else ""
    found = _CHECKS[expectation.what](expectation.wanted, seen)
    return [
        Mismatch(expectation.at, f"{expectation.what}{f'.{part}' if part else ''}", wanted, there, case_id)
        for part, wanted, there in found
    ]


def _same(wanted: Any, there: Any, part: str = "") -> list[Found]:
    return [] if wanted == there else [(part, value_words(wanted), value_words(there))]


def _case(seen: Seen) -> CaseView:
    assert seen.case is not None
    return seen.case


def _status(wanted: Any, seen: Seen) -> list[Found]:
    return _same(wanted, _case(seen).status)


def _stage(wanted: Any, seen: Seen) -> list[Found]:
    return _same(wanted, _case(seen).stage)


def _urgency(wanted: Any, seen: Seen) -> list[Found]:
    return _same(wanted, _case(seen).urgency)


def _data(wanted: Mapping[str, Any], seen: Seen) -> list[Found]:
    case = _case(seen)
    plan: Plan | None = seen.engine.application.policies("case_type").get(case.type)
    fields = plan.fields if plan else {}
    found: list[Found] = []
    for name, value in wanted.items():
        if fields and name not in fields:
            found.append((name, value_words(value), f"no such field in {case.type}{did_you_mean(name, fields)}"))
            continue
        try:
            expected = fields[name].accept(value) if name in fields else value
        except ValueError as refused:
            found.append((name, value_words(value), f"a field that cannot hold it: {refused}"))
            continue
        found += _same(expected, case.data.get(name), name)
    return found


def _waiting(wanted: list[str], seen: Seen) -> list[Found]:
    return _paths(wanted, [work.path for work in _case(seen).assignments])


def _paths(wanted: list[str], found: list[str]) -> list[Found]:
    """The same paths or names in any order."""
    there = sorted(found)
    near = "".join(did_you_mean(path, there) for path in wanted if path not in there)
    return [] if sorted(wanted) == there else [("", value_words(sorted(wanted)), f"{value_words(there)}{near}")]


def _assigned(wanted: Mapping[str, Mapping[str, str]], seen: Seen) -> list[Found]:
    open_ = {work.path: work.target for work in _case(seen).assignments}
    found: list[Found] = []
    for path, target in wanted.items():
        ((kind, who),) = target.items()
        there = open_.get(path)
        if there is None:
            near = did_you_mean(path, open_) or f"; open are {', '.join(open_) or 'none'}"
            found.append((path, f"{kind} {who}", f"no open assignment there{near}"))
        else:
            found += _same(f"{kind} {who}", f"{there.kind} {there.id}", path)
    return found


def _text(wanted: Mapping[str, str], seen: Seen) -> list[Found]:
    case = _case(seen)
    shown = {path: text for (case_id, path), text in seen.shown.items() if case_id == case.id}
    shown |= {work.path: work.text for work in case.assignments if work.text}
    return [
        (path, f"words with {part!r}", repr(shown[path]) if path in shown else _nothing_shown(path, shown))
        for path, part in wanted.items()
        if part not in shown.get(path, "")
    ]


def _nothing_shown(path: str, shown: Mapping[str, str]) -> str:
    return f"nothing shown there{did_you_mean(path, shown)}"


def _sent(wanted: list[Any], seen: Seen) -> list[Found]:
    there = seen.engine.messages(_case(seen).id)
    names = [each if isinstance(each, str) else each.get("correspondence", "") for each in wanted]
    found = [message.correspondence for message in there]
    if len(names) != len(found) or any(name not in ("", other) for name, other in zip(names, found, strict=True)):
        return [("", value_words(names), value_words(found))]
    pairs = zip(wanted, there, strict=True)
    return [each for want, message in pairs if isinstance(want, Mapping) for each in _message(want, message)]


def _message(wanted: Mapping[str, str], message: MessageView) -> list[Found]:
    name = message.correspondence
    found = _same(wanted.get("to", message.address), message.address, f"{name}.to")
    found += _same(wanted.get("channel", message.channel), message.channel, f"{name}.channel")
    for part, there in (("subject", message.subject), ("body", message.body)):
        if wanted.get(part, "") not in there:
            found.append((f"{name}.{part}", f"words with {wanted[part]!r}", repr(there)))
    return found


def _notes(wanted: list[str], seen: Seen) -> list[Found]:
    there = [note.body for note in seen.engine.notes(_case(seen).id)]
    fits = len(there) == len(wanted) and all(part in body for part, body in zip(wanted, there, strict=True))
    return [] if fits else [("", value_words(wanted), value_words(there))]


def _called(wanted: list[str], seen: Seen) -> list[Found]:
    return [] if seen.calls is None else _same(wanted, [call.name for call in seen.calls])


def _children(wanted: list[str], seen: Seen) -> list[Found]:
    return _same(wanted, [child.type for child in _case(seen).children])


def _events(wanted: list[str], seen: Seen) -> list[Found]:
    names = [event.name for event in seen.engine.events(after=seen.first_event, limit=100_000)]
    missing = [name for name in wanted if name not in names]
    return [("", ", ".join(missing), value_words(list(dict.fromkeys(names))))] if missing else []


def _items(wanted: Mapping[str, str], seen: Seen) -> list[Found]:
    case = _case(seen)
    there = {line.path: str(line.state) for line in seen.engine.items(case.id)}
    plan: Plan | None = seen.engine.application.policies("case_type").get(case.type)
    found: list[Found] = []
    for path, state in wanted.items():
        if path in there:
            found += _same(state, there[path], path)
        elif plan is not None and not may_be(plan, path):
            found.append((path, state, f"no such item{did_you_mean(path, [*there, *plan.places])}"))
        else:
            found += _same(state, NOT_ENTERED, path)
    return found


def _enabled(wanted: list[str], seen: Seen) -> list[Found]:
    return _paths(wanted, [row.path for row in _case(seen).items if row.state is ItemLife.ENABLED])


def _offered(wanted: list[str], seen: Seen) -> list[Found]:
    startable = seen.engine.startable(_case(seen).id, by=SYSTEM)
    return _paths(wanted, [each.path for each in startable if each.kind == "action" and each.may])


def _milestones(wanted: list[str], seen: Seen) -> list[Found]:
    return _same(wanted, [each.path for each in _case(seen).milestones])


def _waits_for(wanted: list[str], seen: Seen) -> list[Found]:
    return _paths(wanted, [each.event for each in _case(seen).listeners])


def _incidents(wanted: int, seen: Seen) -> list[Found]:
    there = _case(seen).incidents
    reasons = "; ".join(f"{incident.path}: {incident.error}" for incident in there)
    return [] if wanted == len(there) else [("", str(wanted), f"{len(there)} ({reasons})" if there else "0")]


def _interaction(wanted: Mapping[str, Any], seen: Seen) -> list[Found]:
    if not seen.interaction:
        return [("", value_words(wanted), "no interaction")]
    view = seen.engine.interaction(seen.interaction)
    there = {name: getattr(view, name) for name in wanted}
    there |= {"cases": len(view.cases)} if "cases" in wanted else {}
    return [found for name, value in wanted.items() for found in _same(value, there[name], name)]


def _cases(wanted: Mapping[str, int], seen: Seen) -> list[Found]:
    known = seen.engine.application.policies("case_type")
    found: list[Found] = []
    for each, number in wanted.items():
        if each in known:
            found += _same(number, len(seen.engine.cases(case_type=each, limit=100_000)), each)
        else:
            found.append((each, str(number), f"no such case type{did_you_mean(each, known)}"))
    return found


_CHECKS: Mapping[str, Callable[[Any, Seen], list[Found]]] = {
    "status": _status,
    "stage": _stage,
    "urgency": _urgency,
    "data": _data,
    "waiting": _waiting,
    "assigned": _assigned,
    "text": _text,
    "sent": _sent,
    "notes": _notes,
    "called": _called,
    "children": _children,
    "events": _events,
    "items": _items,
    "enabled": _enabled,
    "offered": _offered,
    "milestones": _milestones,
    "waits_for": _waits_for,
    "incidents": _incidents,
    "interaction": _interaction,
    "cases": _cases,
}
_OF_A_CASE = frozenset(_CHECKS) - {"called", "events", "interaction", "cases"}
