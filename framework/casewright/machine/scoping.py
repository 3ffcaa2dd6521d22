"""What a step sees and saves where it stands: the fields of the passes around it, then those of the case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from casewright.machine.draft import Draft
from casewright.machine.happenings import Changed
from casewright.machine.places import PASS, under
from casewright.machine.plan import Field, Located, Plan
from casewright.machine.roots import Reader, Record, field_value, plain, record
from casewright.machine.snapshot import ItemState

ITEM, RECORD, DATA = "item", "record", "data"
"""What the row of a pass keeps: its element, how that is read where it is a record, and the fields of its own."""

Values = Mapping[str, Any]


def look_from(draft: Draft, prefix: str) -> None:
    """Has the roots show what is seen under a path: `item` of the plan that runs there, and the fields of passes."""
    if not prefix and not draft.scope:
        return
    draft.scope = prefix
    local = _local(draft, prefix)
    if local or draft.local:
        draft.local = local
        draft.forget_root("case")
        draft.roots.forget_context()
    if prefix:
        draft.roots["item"] = _item(draft, prefix)
    else:
        draft.forget_root("item")


def _item(draft: Draft, prefix: str) -> Any:
    row = draft.items[prefix]
    if row.kind == PASS:
        return element(row.values, draft.reader)
    return standing(row.values, draft.course(prefix)[0].pass_mark)


def standing(values: Values, pass_mark: int | None) -> dict[str, Any]:
    """How a dialog stands: what its steps read as `item`, and its step saves as `result`."""
    score = values.get("score", 0)
    return {"score": score, "passed": pass_mark is None or score >= pass_mark, "answers": values.get("answers", {})}


# -- the element of a pass ---------------------------------------------------------------------------------------------


def kept_element(value: Any) -> dict[str, Any]:
    """An element of a list as rows keep it."""
    if isinstance(value, Record) and value.origin[0]:
        return {ITEM: value.key, RECORD: [*value.origin]}
    return {ITEM: plain(value)}


def element(kept: Values, reader: Reader) -> Any:
    """The element that a row keeps, as the root `item` gives it."""
    origin = kept.get(RECORD)
    if origin is None:
        return kept[ITEM]
    page, parameter, key_name = origin
    return record(page, parameter, key_name, kept[ITEM], reader)


def shown(plan: Plan, data: Values, reader: Reader) -> dict[str, Any]:
    """The fields of a pass's own as they are read: every declared one, null where it is empty."""
    return {name: field_value(declared, data.get(name), reader) for name, declared in plan.fields.items()}


# -- fields of passes --------------------------------------------------------------------------------------------------


def _passes_around(draft: Draft, prefix: str) -> Iterator[tuple[ItemState, Plan]]:
    """The passes in which something under a path runs, the innermost first."""
    while prefix:
        row = draft.items.get(prefix)
        if row is not None and row.kind == PASS:
            yield row, draft.course(prefix)[0]
        prefix = prefix.rpartition(".")[0]


def _local(draft: Draft, prefix: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row, plan in _passes_around(draft, prefix):
        if plan.fields:
            found = {**shown(plan, row.values[DATA], draft.reader), **found}
    return found


def fields_at(draft: Draft, prefix: str) -> Mapping[str, Field]:
    """The fields that a step under a path may fill: those of the passes around it stand before the case's."""
    if not prefix:
        return draft.plan.fields
    fields = draft.plan.fields
    own = [plan.fields for _, plan in _passes_around(draft, prefix) if plan.fields]
    for nearer in reversed(own):
        fields = {**fields, **nearer}
    return fields


def value_at(draft: Draft, prefix: str, name: str) -> Any:
    """The stored value of a field as a step under a path sees it."""
    for row, plan in _passes_around(draft, prefix):
        if name in plan.fields:
            return row.values[DATA].get(name)
    return draft.data.get(name)


def save_at(draft: Draft, prefix: str, values: Values) -> None:
    """Stores accepted values: each in the nearest pass that has such a field, else in the case."""
    if prefix and values:
        values = _save_in_passes(draft, prefix, values)
    draft.save(values)


def _save_in_passes(draft: Draft, prefix: str, values: Values) -> Values:
    rest = {**values}
    for row, plan in _passes_around(draft, prefix):
        own = {name: rest.pop(name) for name in values if name in rest and name in plan.fields}
        if not own:
            continue
        before = row.values[DATA]
        if draft.log is not None:
            changed = [name for name, value in own.items() if before.get(name) != value]
            draft.log.entries += [Changed(name, row.path) for name in changed]
        draft.keep(row, {DATA: {**before, **own}})
        look_from(draft, prefix)
    return rest


def path_from(draft: Draft, located: Located, path: str) -> str:
    """The full path of what an item calls by its path in the plan: in a pass, or else in the plan around it."""
    plan, prefix, _ = located
    while prefix and path not in plan.places and draft.items[prefix].kind == PASS:
        plan, prefix, _ = draft.locate(prefix)
    return under(prefix, path)
