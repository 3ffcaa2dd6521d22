"""Declared fields, wherever a rule declares some: case data, records, parameters, payloads."""

from __future__ import annotations

from collections.abc import Mapping

from casewright.expressions import DYNAMIC, Declared, Type, choice, declared_as, list_of, named, type_name
from casewright.machine.plan import Field
from casewright.source.node import Node
from casewright.steps.accepting import SIMPLE_TYPES, acceptor
from casewright.steps.foreign_types import type_meant
from casewright.steps.scope import Scope
from casewright.steps.written import declared_inside
from casewright.values import Span, did_you_mean


def lower_fields(entries: Mapping[str, Node], scope: Scope) -> dict[str, Field]:
    """The fields that a map declares, in their order."""
    return {name: lower_field(name, node, scope) for name, node in entries.items()}


def lower_field(name: str, node: Node, scope: Scope) -> Field:
    """One declared field; its type must be a simple one or a data type."""
    type_name = node.word("type", "text")
    options = _options(node, scope)
    element = type_name.removeprefix("list of ")
    page, parameter, key = _record(element, node, scope)
    default = node.get("default")
    most = _most(type_name, node, scope)
    return Field(
        name=name,
        type=type_name,
        accept=acceptor(type_name, options, most),
        label=node.word("label") or name.replace("_", " ").capitalize(),
        required=node.is_true("required"),
        options=options,
        default=scope.value(default, field_type(type_name, options, scope)) if default else None,
        record_page=page,
        record_parameter=parameter,
        record_key=key,
        internal=node.is_true("internal"),
        help=node.word("help"),
        most=most,
        deprecated=node.word("deprecated"),
    )


def own_fields(body: Node, scope: Scope) -> dict[str, tuple[Field, Type]]:
    """The fields that the passes inside a rule have of their own, with their types; one of a name the last wins."""
    fields = lower_fields(dict(declared_inside(body)), scope)
    types = field_types(fields, scope)
    return {name: (each, types[name]) for name, each in fields.items()}


def field_types(fields: Mapping[str, Field], scope: Scope) -> dict[str, Type]:
    """The types of fields, for the checker."""
    return {
        name: declared_as(field_type(each.type, each.options, scope), _declared(each)) for name, each in fields.items()
    }


def type_of(node: Node, scope: Scope) -> Type:
    """The type of one declaration."""
    said = Declared(
        node.is_true("required") or node.get("default") is not None,
        node.number("max_items") or None,
        node.word("deprecated"),
    )
    return declared_as(field_type(node.word("type", "text"), node.words("options"), scope), said)


def _declared(field: Field) -> Declared:
    return Declared(field.required or field.default is not None, field.most, field.deprecated)


def field_type(name: str, options: tuple[str, ...], scope: Scope) -> Type:
    """The type of a field that is declared with this type name."""
    if name.startswith("list of "):
        return list_of(field_type(name.removeprefix("list of "), options, scope))
    if options or name == "choice":
        return choice(options)
    simple = named(name)
    if simple is not None:
        return simple
    outline = scope.outlines.find("data_type", name)
    return outline.type if outline else DYNAMIC


def _options(node: Node, scope: Scope) -> tuple[str, ...]:
    found = node.words("options")
    if node.word("type", "text").removeprefix("list of ") == "choice" and not found:
        scope.report("E506", node.span, "a choice needs options", help="add options: [first, second]")
    return found


def _most(type_name: str, node: Node, scope: Scope) -> int | None:
    """How many items a list takes; a problem where the field is none."""
    bound = node.get("max_items")
    if bound is not None and not type_name.startswith("list of "):
        help_ = f"write type: list of {type_name}, or leave max_items out"
        scope.report("E538", bound.span, f"'max_items' bounds a list; this is a field of type {type_name}", help=help_)
    return node.number("max_items") or None


def _record(type_name: str, node: Node, scope: Scope) -> tuple[str, str, str]:
    """Page, parameter and key through which a data type's record is read; a problem where there is no such type."""
    if type_name in SIMPLE_TYPES:
        return "", "", "id"
    check_type(type_name, (node.get("type") or node).span, scope)
    outline = scope.outlines.find("data_type", type_name)
    return (outline.page, outline.page_parameter, outline.key) if outline else ("", "", "id")


def check_type(name: str, at: Span, scope: Scope) -> None:
    """Report E507 where a type name, without `list of` before it, is neither simple nor that of a data type."""
    if name in SIMPLE_TYPES or scope.outlines.find("data_type", name) or scope.outlines.is_held("data_type", name):
        return
    known = (*SIMPLE_TYPES, *scope.outlines.ids("data_type"))
    meant = type_meant(name)
    message = f"there is no type '{name}'{'' if meant else did_you_mean(name, known)}"
    help_ = (
        f"write {meant}" if meant else f"simple types: {', '.join(SIMPLE_TYPES)}; any other is a rule data_type/{name}"
    )
    scope.report("E507", at, message, help=help_)


def simple_name(known: Type | None) -> str:
    """The name of a simple type, `text` where it is none: what a question's answer is taken as."""
    name = type_name(known) if known else "text"
    return name if name in SIMPLE_TYPES and name != "choice" else "text"
