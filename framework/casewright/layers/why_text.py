"""The answer of `why` for people to read and for machines: lines of text, and JSON values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from casewright.layers.overlaps import shown_point
from casewright.layers.selection import Outcome
from casewright.layers.stubs import yaml_scalar
from casewright.layers.why import Contender, Contribution, ValueWhy, Why, Written
from casewright.source import Formula
from casewright.values import RuleName, Span

_LINE = 100


def why_text(answer: Why) -> str:
    """The answer as text: the winner, every other contender, the files, and the value with what it shadows."""
    return "\n".join(_lines(answer))


def _lines(answer: Why) -> Iterator[str]:
    yield _verdict(answer)
    yield from (_contender_line(each) for each in answer.contenders)
    yield f"files of {answer.explained}, strongest first:"
    yield from (_contribution_line(each) for each in answer.contributions)
    if answer.blocked is not None:
        yield f"{answer.explained} is blocked at {_place(answer.blocked)}"
    if answer.value is not None:
        yield from _value_lines(answer.value)


def _verdict(answer: Why) -> str:
    given = f"for {shown_point(answer.facts)} at {answer.as_of.isoformat(timespec='minutes')}"
    if answer.winner is None:
        return f"no form of {answer.rule} wins {given}: {_undecided(answer)}"
    return f"{answer.winner} wins {given}"


def _undecided(answer: Why) -> str:
    """Why nothing wins: a fact is missing, two match, or nothing holds at that time."""
    for each in answer.contenders:
        if each.outcome is Outcome.AMBIGUOUS:
            return f"beside '{each.rule.variant}', {each.reason}"
        if each.outcome is Outcome.NEEDS_FACT:
            return each.reason
    return answer.contenders[-1].reason


def _contender_line(each: Contender) -> str:
    name = f"@{each.rule.variant}" if each.rule.variant else "base"
    return f"  {name}: {each.reason}   {_place(each.span)}"


def _contribution_line(each: Contribution) -> str:
    return f"  {each.word} {each.rule}: {each.reason}   {_place(each.span)}"


def _value_lines(value: ValueWhy) -> Iterator[str]:
    yield f"{value.path} = {_short(value.value)} {value.origin.operation} by {_place(value.origin.span)}"
    yield from (f"  shadows {_shadowed(each)}" for each in value.shadowed)
    yield from (f"  locked: {_lock(each)}" for each in value.locks)
    if value.stub:
        yield f"to override it, add to {value.own.path}:" if value.own else "to override it, write into your layer:"
        yield value.stub
    elif value.own:
        yield f"change it there: {value.own}"


def _shadowed(each: Written) -> str:
    if each.operation == "set":
        return f"{shown(each.value)} {_place(each.span)}"
    said = f" {shown(each.value)}" if each.value is not None else ""
    return f"{each.operation}{said} {_place(each.span)}"


def _lock(each: Written) -> str:
    said = "" if each.value is True or each.value is None else f" {shown(each.value)}"
    return f"{each.operation}{said} in {_place(each.span)}"


def _place(span: Span) -> str:
    return f"[{span.layer}] {span}" if span.layer else str(span)


def shown(value: Any) -> str:
    """A plain value on one line, a text in quotes."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {shown(below)}" for name, below in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(shown(item) for item in value) + "]"
    return yaml_scalar(value) if isinstance(value, Formula) or not isinstance(value, str) else f"'{value}'"


def _short(value: Any) -> str:
    """A value on one line, or what it is made of where the line would be long."""
    text = shown(value)
    if len(text) <= _LINE or not isinstance(value, (dict, list)):
        return text
    names = list(value) if isinstance(value, dict) else [_name_of(item, number) for number, item in enumerate(value)]
    return f"{'a map' if isinstance(value, dict) else 'a list'} of {len(names)}: {', '.join(names)};"


def _name_of(item: Any, number: int) -> str:
    return str(item.get("id", number)) if isinstance(item, dict) else shown(item)


def why_to_json(answer: Why) -> dict[str, Any]:
    """The answer as JSON values; values of rules that JSON lacks are written as text."""
    return {
        "rule": str(answer.rule),
        "facts": {name: _plain(value) for name, value in answer.facts.items()},
        "as_of": answer.as_of.isoformat(),
        "winner": None if answer.winner is None else str(answer.winner),
        "explained": str(answer.explained),
        "contenders": [_entry(each.rule, each.span, each.outcome, each.reason) for each in answer.contenders],
        "files": [
            {"word": each.word, **_entry(each.rule, each.span, each.fate, each.reason)} for each in answer.contributions
        ],
        "blocked": None if answer.blocked is None else _span(answer.blocked),
        "value": None if answer.value is None else _value(answer.value),
    }


def _entry(rule: RuleName, span: Span, outcome: str, reason: str) -> dict[str, Any]:
    return {"rule": str(rule), "outcome": str(outcome), "reason": reason, **_span(span)}


def _value(value: ValueWhy) -> dict[str, Any]:
    return {
        "path": value.path,
        "value": _plain(value.value),
        "origin": _written(value.origin),
        "shadowed": [_written(each) for each in value.shadowed],
        "locks": [_written(each) for each in value.locks],
        "stub": value.stub,
        "own": None if value.own is None else _span(value.own),
    }


def _written(each: Written) -> dict[str, Any]:
    return {"value": _plain(each.value), "operation": each.operation, **_span(each.span)}


def _span(span: Span) -> dict[str, Any]:
    return {"path": span.path, "line": span.line, "column": span.column, "layer": span.layer}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(below) for name, below in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)
