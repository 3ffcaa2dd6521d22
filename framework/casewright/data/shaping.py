"""What a source answered, as the records that a page declares: values in their types, absent ones empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casewright.machine.plan import Field
from casewright.machine.policies import Page, RecordType


def shaped(page: Page, answer: Any, records: Mapping[str, RecordType]) -> Any:
    """The answer as a record, or as a list of them; raises ValueError that says which value does not fit."""
    fields = _fields(page, records)
    if page.is_list:
        if answer is None:
            return []
        if not isinstance(answer, (list, tuple)):
            raise ValueError(f"a list was expected, and a {type(answer).__name__} came")
        return [_record(fields, each) for each in answer]
    return None if answer is None else _record(fields, answer)


def empty(page: Page) -> Any:
    """What a page gives that serves nothing instead of failing."""
    return [] if page.is_list else None


def _fields(page: Page, records: Mapping[str, RecordType]) -> Mapping[str, Field]:
    if page.fields:
        return page.fields
    known = records.get(page.record)
    return known.fields if known else {}


def _record(fields: Mapping[str, Field], answer: Any) -> Any:
    if not fields:
        return answer
    if not isinstance(answer, Mapping):
        raise ValueError(f"a record was expected, and a {type(answer).__name__} came")
    return {name: _value(declared, answer.get(name)) for name, declared in fields.items()}


def _value(declared: Field, value: Any) -> Any:
    try:
        return declared.accept(value)
    except ValueError as refused:
        raise ValueError(f"field '{declared.name}' came as {value!r:.60}: {refused}") from None
