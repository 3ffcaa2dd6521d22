"""Shapes: what a JSON schema of a kind says about merging and typing, made ready to walk beside a tree of nodes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, Literal

from casewright.layers.schema_check import Validator

Form = Literal["map", "keyed", "list", "scalar", "any", "one_of"]

CONSTRAINT_KEYWORDS = frozenset(
    (
        *("pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
        *("multipleOf", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "propertyNames"),
        "const",
    )
)
"""The keywords that a `Validator` judges; the rest of a schema is judged by the typing walk."""

_TYPE_OF = {"string": "text", "integer": "integer", "number": "decimal", "boolean": "boolean"}
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """What may stand at one place of a rule, how layers merge it, and how its scalars are typed.

    `form` says which of the other fields mean something: `map` has properties, others and required; `keyed` and `list`
    have item, key and strategy; `scalar` has type, holds and enum; `one_of` has forms; `any` takes everything. A map
    with a `discriminator` has one whole shape for each of its `choices`. `constraints` judges what typing does not.
    """

    form: Form
    properties: Mapping[str, Shape] = field(default_factory=lambda: _NOTHING)
    others: Shape | None = None
    required: tuple[str, ...] = ()
    item: Shape | None = None
    key: str = ""
    strategy: Literal["replace", "set", "append"] = "replace"
    type: str = "any"
    holds: str = "literal"
    enum: tuple[Any, ...] = ()
    nullable: bool = False
    forms: tuple[Shape, ...] = ()
    discriminator: str = ""
    choices: Mapping[str, Shape] = field(default_factory=lambda: _NOTHING)
    constraints: Validator | None = None
    annotations: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    keeps_text: bool = False
    """Whether a scalar that is not null is right as it stands: text without an enumeration or constraints."""

    def __repr__(self) -> str:
        return f"Shape({self.form}{': ' + ', '.join(self.properties) if self.properties else ''})"

    def of(self, node: Any) -> Shape:
        """The shape for `node` itself: a form of a `one_of`, a choice of a discriminator, or this one.

        `node` is a Node or anything else with `value` and `get`, such as the result merged so far; None keeps it.
        """
        shape = self.fitting(node) if self.form == "one_of" else self
        if not shape.discriminator or node is None:
            return shape
        chosen = node.get(shape.discriminator)
        return shape.choices.get(chosen.value, shape) if chosen is not None and _is_name(chosen.value) else shape

    def fitting(self, node: Any) -> Shape:
        """The form that a value like `node` takes; the first one where none fits."""
        value = getattr(node, "value", None)
        for form in self.forms:
            if form.takes(value):
                return form
        return self.forms[0] if self.forms else self

    def takes(self, value: object) -> bool:
        """Whether a value of this Python form (dict, tuple, or a scalar) may stand here, whatever it holds."""
        if self.form == "any":
            return True
        if self.form == "one_of":
            return any(form.takes(value) for form in self.forms)
        if isinstance(value, dict):
            return self.form == "map"
        if isinstance(value, tuple):
            return self.form in ("keyed", "list")
        return self.form == "scalar"

    def child(self, name: str) -> Shape | None:
        """The shape under a key of a map, or None where the key is not known."""
        found = self.properties.get(name)
        return found if found is not None else self.others

    def below(self) -> Iterator[Shape]:
        """Every shape that a value directly inside, or another form of the value itself, may have."""
        yield from self.properties.values()
        yield from self.choices.values()
        yield from self.forms
        yield from (shape for shape in (self.others, self.item) if shape is not None)

    @property
    def names(self) -> tuple[str, ...]:
        """The keys that may stand in this map, but for those that are known only to be refused."""
        return tuple(name for name, shape in self.properties.items() if "x-forbidden" not in shape.annotations)


ANY = Shape("any")
"""The shape of a place of which nothing is said."""


def shape_of(schema: Mapping[str, Any], definitions: Mapping[str, Any] | None = None) -> Shape:
    """The shape that a draft-07 schema with the `x-` keywords of the language describes.

    `$ref: "#/definitions/NAME"` and `x-shape: NAME` are looked up in the schema's own `definitions` and in those given,
    and may be recursive. Raises ValueError where a definition is missing: a schema is code, not an author's text.
    """
    return _Builder({**(definitions or {}), **schema.get("definitions", {})}).shape(schema)


class _Builder:
    """Builds the shapes of one schema; a definition that is met again while it is built is filled in afterwards."""

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self.definitions = definitions
        self.known: dict[str, Shape] = {}
        self.promised: list[Shape] = []
        self.validators: dict[str, Validator] = {}

    def shape(self, schema: Mapping[str, Any] | bool) -> Shape:
        if isinstance(schema, bool):
            return ANY
        name = _reference(schema)
        if name:
            return self._with_own(self.definition(name), schema)
        if "oneOf" in schema or "anyOf" in schema:
            return self._one_of(schema)
        build = {"object": self._map, "array": self._list}.get(_json_type(schema), self._scalar)
        return build(schema)

    def definition(self, name: str) -> Shape:
        if name not in self.known:
            if name not in self.definitions:
                raise ValueError(f"the schema refers to definition '{name}', which is not there")
            self.known[name] = promised = Shape("any")
            self.promised.append(promised)
            built = self.shape(self.definitions[name])
            self.promised.remove(promised)
            for slot in fields(Shape):
                object.__setattr__(promised, slot.name, getattr(built, slot.name))
        return self.known[name]

    def _with_own(self, shape: Shape, schema: Mapping[str, Any]) -> Shape:
        """The definition with the annotations beside the reference; one that is still being built as it is."""
        own = {word: value for word, value in schema.items() if word[:2] == "x-" and word != "x-shape"}
        if not own or shape in self.promised:
            return shape
        return replace(shape, annotations=MappingProxyType({**shape.annotations, **own}))

    def _one_of(self, schema: Mapping[str, Any]) -> Shape:
        forms = tuple(self.shape(form) for form in schema.get("oneOf") or schema["anyOf"])
        return Shape("one_of", forms=forms, annotations=_annotations(schema))

    def _map(self, schema: Mapping[str, Any]) -> Shape:
        common = {name: self.shape(below) for name, below in schema.get("properties", {}).items()}
        others = self._others(schema)
        required = tuple(schema.get("required", ()))
        choices = {
            name: self._choice(choice, common, others, required) for name, choice in schema.get("x-choices", {}).items()
        }
        return Shape(
            "map", common, others, required, discriminator=schema.get("x-discriminator", ""), choices=choices,
            constraints=self._constraints(schema), annotations=_annotations(schema),
        )  # fmt: skip

    def _choice(
        self, schema: Mapping[str, Any], common: Mapping[str, Shape], others: Shape | None, required: tuple[str, ...]
    ) -> Shape:
        """The whole shape of one choice: what all choices share and what it adds."""
        reference = _reference(schema)
        schema = self.definitions[reference] if reference else schema
        own = {name: self.shape(below) for name, below in schema.get("properties", {}).items()}
        return Shape(
            "map", {**common, **own}, self._others(schema) or others,
            tuple(dict.fromkeys((*required, *schema.get("required", ())))),
            constraints=self._constraints(schema), annotations=_annotations(schema),
        )  # fmt: skip

    def _others(self, schema: Mapping[str, Any]) -> Shape | None:
        more = schema.get("additionalProperties", "properties" not in schema and "x-choices" not in schema)
        return None if more is False else self.shape(more)

    def _list(self, schema: Mapping[str, Any]) -> Shape:
        merge = schema.get("x-merge", "replace")
        item = self.shape(schema.get("items", True))
        about: dict[str, Any] = {"constraints": self._constraints(schema), "annotations": _annotations(schema)}
        if isinstance(merge, Mapping):
            return Shape("keyed", item=item, key=merge["key"], **about)
        return Shape("list", item=item, strategy=merge, **about)

    def _scalar(self, schema: Mapping[str, Any]) -> Shape:
        kind = _json_type(schema)
        if not kind and "x-type" not in schema and "x-holds" not in schema and "enum" not in schema:
            return Shape("any", constraints=self._constraints(schema), annotations=_annotations(schema))
        type_ = schema.get("x-type") or _TYPE_OF.get(kind, "text" if "enum" in schema else "any")
        holds, constraints = schema.get("x-holds", "literal"), self._constraints(schema)
        is_text = holds not in ("literal", "value") or (holds == "literal" and type_ == "text" and "enum" not in schema)
        return Shape(
            "scalar", type=type_, holds=holds, enum=tuple(schema.get("enum", ())), nullable=_is_nullable(schema),
            constraints=constraints, annotations=_annotations(schema), keeps_text=is_text and constraints is None,
        )  # fmt: skip

    def _constraints(self, schema: Mapping[str, Any]) -> Validator | None:
        found = {name: value for name, value in schema.items() if name in CONSTRAINT_KEYWORDS}
        if not found:
            return None
        if "x-expects" in schema:
            found["x-expects"] = schema["x-expects"]
        return self.validators.setdefault(repr(sorted(found.items())), Validator(found))


def _reference(schema: Mapping[str, Any]) -> str:
    name = schema.get("x-shape") or schema.get("$ref", "")
    return str(name).removeprefix("#/definitions/")


def _json_type(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type", "")
    if isinstance(kind, list):
        return next((one for one in kind if one != "null"), "null")
    if not kind and ("properties" in schema or "x-choices" in schema):
        return "object"
    return str(kind)


def _is_nullable(schema: Mapping[str, Any]) -> bool:
    kind = schema.get("type", "")
    return "null" in kind if isinstance(kind, list) else kind == "null"


def _annotations(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    found = {name: value for name, value in schema.items() if name.startswith("x-") or name in _ABOUT}
    return MappingProxyType(found) if found else _NOTHING


def _is_name(value: object) -> bool:
    return isinstance(value, str)


_ABOUT = frozenset(("title", "description", "default", "examples", "format"))
