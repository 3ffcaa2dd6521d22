"""What people submit: checked field by field with every fault at once, and in a dialog compared and scored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casewright.machine.decision import Refusal
from casewright.machine.draft import Draft, Move
from casewright.machine.leaving import complete
from casewright.machine.plan import Activity, Field, Located
from casewright.machine.scoping import fields_at, save_at, value_at
from casewright.machine.snapshot import ItemState
from casewright.values import did_you_mean

ANSWER = "answer"

Fault = tuple[str, str]


def check_fields(
    fields: Mapping[str, Field], allowed: tuple[str, ...], required: frozenset[str], data: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Fault]]:
    """The accepted values of the fields that may be filled, and everything that is wrong with the others."""
    accepted: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, value in data.items():
        if name not in allowed or name not in fields:
            faults.append((name, _not_asked_for(name, allowed)))
            continue
        try:
            accepted[name] = fields[name].accept(value)
        except ValueError as refused:
            faults.append((name, str(refused)))
    if not faults and not required:
        return accepted, faults
    faulty = {name for name, _ in faults}
    faults += [(name, _is_required(fields, name)) for name in allowed if _lacks(name, required, accepted, faulty)]
    return accepted, faults


def _not_asked_for(name: str, allowed: tuple[str, ...]) -> str:
    asked = ", ".join(allowed) if allowed else "no fields"
    return f"'{name}' is not asked for here; this takes {asked}{did_you_mean(name, allowed)}"


def _lacks(name: str, required: frozenset[str], accepted: Mapping[str, Any], faulty: set[str]) -> bool:
    return name in required and name not in faulty and accepted.get(name) in (None, "")


def _is_required(fields: Mapping[str, Field], name: str) -> str:
    declared = fields.get(name)
    return f"{declared.label if declared and declared.label else name} is required"


def submit(
    draft: Draft, located: Located, row: ItemState, data: Mapping[str, Any], outcome: str
) -> Move | Refusal | None:
    """Completes a step with what somebody submitted."""
    activity = located[2].item.activity
    assert activity is not None
    if outcome not in activity.outcomes:
        choices = ", ".join(activity.outcomes)
        near = did_you_mean(outcome, activity.outcomes)
        return Refusal("wrong_outcome", f"'{outcome}' is no outcome of '{row.path}'; it has {choices}{near}")
    if activity.answer is not None:
        return _answer(draft, located, row, data, outcome)
    accepted, faults = _checked(draft, located[1], activity, data)
    if faults:
        return invalid(row.path, faults)
    if located[1]:
        save_at(draft, located[1], accepted)
    else:
        draft.save(accepted)
    if "text" in row.values:
        row = _witnessed(draft, row, {})
    return complete(draft, located, row, {**accepted, "outcome": outcome}, outcome)


def _checked(
    draft: Draft, prefix: str, activity: Activity, data: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Fault]]:
    """The accepted values; a required field that the case already has need not be sent again."""
    if not data and not activity.required:
        return {}, []
    required = activity.required
    if required:
        required = frozenset(name for name in required if name in data or value_at(draft, prefix, name) is None)
    return check_fields(fields_at(draft, prefix), activity.fields, required, data)


def invalid(path: str, faults: list[Fault]) -> Refusal:
    """The refusal that lists every fault."""
    listed = "; ".join(f"{name}: {message}" for name, message in faults)
    place = f"'{path}'" if path else "the case"
    return Refusal("invalid", f"{place} cannot take this: {listed}", tuple(faults))


def _witnessed(draft: Draft, row: ItemState, more: Mapping[str, Any]) -> ItemState:
    """The row with the evidence of what was shown: the words, the instant and the actor."""
    text = row.values.get("text")
    if text is None and not more:
        return row
    shown = {"text": text or "", "at": draft.now, "by": draft.facts.actor.id}
    return draft.keep(row, {"evidence": {**shown, **more}})


# -- asking in a dialog ------------------------------------------------------------------------------------------------


def _answer(
    draft: Draft, located: Located, row: ItemState, data: Mapping[str, Any], outcome: str
) -> Move | Refusal | None:
    _, prefix, place = located
    activity = place.item.activity
    assert activity is not None
    assert activity.answer is not None
    required = frozenset({ANSWER}) if activity.answer.required else frozenset[str]()
    accepted, faults = check_fields({ANSWER: activity.answer}, (ANSWER,), required, data)
    if faults:
        return invalid(row.path, faults)
    answer = accepted.get(ANSWER)
    matched = _matches(draft, activity, answer)
    more = {} if matched is None else {"matched": matched}
    row = _witnessed(draft, row, {"answer": answer, **more})
    if prefix:
        _count(draft, prefix, activity, place.item.id, answer, matched)
    return complete(draft, located, row, {ANSWER: answer, "matched": matched, "outcome": outcome}, outcome)


def _matches(draft: Draft, activity: Activity, answer: Any) -> bool | None:
    """Whether the answer is the expected one; None where nothing is expected."""
    if activity.expect is None:
        return None
    assert activity.answer is not None
    expected = activity.expect.evaluate(draft.roots)
    if expected is None or answer is None:
        return False
    try:
        return bool(_comparable(activity.answer.accept(expected)) == _comparable(answer))
    except ValueError:
        return False


def _comparable(value: Any) -> Any:
    """Texts compare without case and surrounding or repeated space; all else by value."""
    return " ".join(value.split()).casefold() if isinstance(value, str) else value


def _count(draft: Draft, dialog: str, activity: Activity, item_id: str, answer: Any, matched: bool | None) -> None:
    """Adds the answer and the points that it earned to the dialog."""
    row = draft.items[dialog]
    score = row.values.get("score", 0) + (activity.score if matched else 0)
    answers = {**row.values.get("answers", {}), item_id: answer}
    draft.keep(row, {"score": score, "answers": answers})
    if activity.score:
        points = f"{activity.score} points" if matched else "no points"
        draft.note(f"{dialog}.{item_id}", "matched" if matched else "not matched", f"{points}, {score} in all")
