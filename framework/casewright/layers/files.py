"""Rule files: the first line, the head keys, and the body that is merged."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from casewright.layers.scalars import is_null, shown
from casewright.source import Node
from casewright.values import Problem, RuleName, Span, did_you_mean

WORDS = ("define", "extend", "variant", "replace", "withdraw", "block")
HEAD_KEYS = ("is_a", "for", "status", "circumstance", "effective", "based_on", "variants", "module")
CLASS_KINDS = ("case_type", "interaction_type", "data_type")
"""The kinds whose rules are classes: `is_a` makes their tree, and other rules are bound to them with `for`."""
PAGE_KINDS = ("data_page",)
"""The kinds whose ids may begin with `D_`."""
DOTTED_KINDS = ("event",)
"""The kinds whose ids may have two parts, as `interaction.nps_recorded`."""

LANGUAGE = "[a-z]{2,3}(-[A-Z]{2})?"
"""How a language is named: `de`, or with a country `de-AT`."""

_NAME = re.compile(
    r"(?P<kind>[a-z][a-z0-9_]*)/(?P<id>[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?|D_[A-Za-z0-9_]+)(?:@(?P<variant>[a-z][a-z0-9_]*))?"
)


def is_language(text: str) -> bool:
    """Whether a text names a language."""
    return re.fullmatch(LANGUAGE, text) is not None


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One layer of a stack: its name and version, where it lies, and what it is built on.

    `rank` is its height above the lowest layer; `below` names every layer that it is built on, directly or not. Two
    layers of which neither is below the other are of equal rank.
    """

    name: str
    version: str
    path: Path
    language: str = "en"
    rank: int = 0
    modules: Mapping[str, bool] = field(default_factory=dict)
    span: Span = field(default_factory=lambda: Span(""))
    below: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        return f"{self.name}@{self.version}"

    def is_equal_rank(self, other: Layer) -> bool:
        """Whether neither of the two is built on the other."""
        return self.name != other.name and self.name not in other.below and other.name not in self.below


@dataclass(frozen=True, slots=True, eq=False)
class RuleFile:
    """One file of one layer: what its first line does to which rule, its head, and its body without the head."""

    word: str
    name: RuleName
    layer: Layer
    span: Span
    head: Mapping[str, Node]
    body: Node
    has_directives: bool = True
    extension_points: tuple[str, ...] | None = None

    def __repr__(self) -> str:
        return f"RuleFile({self.word} {self.name} at {self.span})"

    def says(self, key: str) -> str:
        """The text of a head key, or nothing."""
        node = self.head.get(key)
        return node.value if node is not None and isinstance(node.value, str) else ""

    @property
    def is_draft(self) -> bool:
        return self.says("status") == "draft"

    @property
    def is_delta(self) -> bool:
        """Whether the file changes what is there rather than making it."""
        return self.word in ("extend", "variant")


def rule_file(
    node: Node, layer: Layer, kinds: Collection[str], has_directives: bool = True
) -> tuple[RuleFile | None, tuple[Problem, ...]]:
    """The rule file that a document says, and what is wrong with its first line and head."""
    reading = _Head(node, kinds)
    return reading.file(layer, has_directives), tuple(reading.problems)


class _Head:
    """Reads the first line and the head keys of one document; collects problems."""

    def __init__(self, node: Node, kinds: Collection[str]) -> None:
        self.node = node
        self.kinds = kinds
        self.problems: list[Problem] = []

    def file(self, layer: Layer, has_directives: bool) -> RuleFile | None:
        first = self._first_line()
        name = self._name(*first) if first else None
        if first is None or name is None:
            return None
        word, says = first
        head = {key: value for key, value in self.node.value.items() if key in HEAD_KEYS}
        points = self._points(word)
        skipped = {*HEAD_KEYS, word, "extension_points"}
        body = {key: value for key, value in self.node.value.items() if key not in skipped}
        self._check_head(word, name, head, body, says)
        for other in WORDS:
            body.pop(other, None)
        return RuleFile(word, name, layer, says.key, head, self.node.with_value(body), has_directives, points)

    def _first_line(self) -> tuple[str, Node] | None:
        if not isinstance(self.node.value, dict) or not self.node.value:
            self._report(self.node.span, "a rule is a map of keys", _FIRST_LINE)
            return None
        key = next(iter(self.node.value))
        if key in WORDS:
            return key, self.node.value[key]
        later = next((word for word in WORDS if word in self.node.value), None)
        place = self.node.value[key].key
        if later:
            line = self.node.value[later].key.line
            self._report(place, f"'{key}' comes before `{later}:` (line {line})", "move that line to the top")
        else:
            near = did_you_mean(key, WORDS)
            self._report(place, f"the file begins with '{key}', which is no first line of a rule{near}", _FIRST_LINE)
        return None

    def _name(self, word: str, says: Node) -> RuleName | None:
        text = says.value if isinstance(says.value, str) else ""
        match = _NAME.fullmatch(text)
        if match is not None and match["id"][:2] == "D_" and match["kind"] not in PAGE_KINDS:
            help_ = f"write `{word}: {match['kind']}/{_snake(match['id'][2:])}`; ids that begin with D_ are data pages'"
            self._report(says.span, f"'{text}' has the id of a data page", help_)
            return None
        if match is None or ("." in match["id"] and match["kind"] not in DOTTED_KINDS):
            self._report(says.span, f"'{text}' does not name a rule", _mended_name(word, text))
            return None
        if match["kind"] not in self.kinds:
            near = did_you_mean(match["kind"], self.kinds)
            self._report(says.span, f"unknown kind '{match['kind']}'{near}", f"kinds: {', '.join(sorted(self.kinds))}")
            return None
        return self._checked_variant(word, says, match)

    def _checked_variant(self, word: str, says: Node, match: re.Match[str]) -> RuleName | None:
        variant = match["variant"] or ""
        base = f"{match['kind']}/{match['id']}"
        if word == "variant" and not variant:
            self._report(says.span, "the variant has no name", f"write `variant: {base}@NAME`")
            return None
        if word == "define" and variant:
            self._report(says.span, "a variant is not defined", f"write `variant: {base}@{variant}`")
            return None
        bound = self.node.value.get("for")
        named = bound is not None and isinstance(bound.value, str) and match["kind"] not in CLASS_KINDS
        for_class = bound.value if bound is not None and named else ""
        return RuleName(match["kind"], match["id"], for_class, variant)

    def _points(self, word: str) -> tuple[str, ...] | None:
        node = self.node.value.get("extension_points")
        if node is None:
            return None
        if not node.is_list or not all(isinstance(one.value, str) for one in node.value):
            self._report(node.span, "extension_points is a list of paths", "write [data, stages.*.steps]")
            return None
        if word not in ("define", "replace"):
            self._report(node.key, "only the file that defines a rule names its extension points", "delete the key")
            return None
        return tuple(one.value for one in node.value)

    def _check_head(
        self, word: str, name: RuleName, head: Mapping[str, Node], body: Mapping[str, Node], says: Node
    ) -> None:
        for key, node in head.items():
            self._check_head_key(key, node, word, name)
        if word == "variant" and "circumstance" not in head and "effective" not in head:
            stub = "write `circumstance: {DIMENSION: VALUE}` or `effective: {from: DATE, until: DATE}`"
            self._report(says.span, f"variant '{name.variant}' does not say when it holds", stub)
        if word in ("withdraw", "block") and body:
            key, node = next(iter(body.items()))
            self._report(node.key, f"'{key}' has no effect under `{word}:`", "delete it, or write `extend:` instead")
        for other in WORDS:
            if other in body:
                self._report(body[other].key, f"`{other}:` stands beside `{word}:`; a file does one thing to one rule")

    def _check_head_key(self, key: str, node: Node, word: str, name: RuleName) -> None:
        if key in ("is_a", "for", "based_on", "module") and (not isinstance(node.value, str) or is_null(node)):
            self._report(node.key, f"'{key}' has no value", f"write a name behind `{key}:` or delete it")
        elif key in _VALUES and node.value not in _VALUES[key]:
            near = did_you_mean(str(node.value), _VALUES[key])
            valid = f"write one of: {', '.join(_VALUES[key])}"
            if node.is_scalar and is_null(node):
                self._report(node.key, f"'{key}' has no value", valid)
            else:
                self._report(node.span, f"'{shown(node.plain())}' is no {key}{near}", valid)
        elif reason := _misplaced(key, word, name):
            self._report(node.key, reason[0], reason[1])

    def _report(self, span: Span, message: str, help: str = "") -> None:
        self.problems.append(Problem(span, "E105", message, help=help))


def _misplaced(key: str, word: str, name: RuleName) -> tuple[str, str] | None:
    """Why a head key may not stand under this first line, and what to do."""
    if key == "is_a" and (name.kind not in CLASS_KINDS or word not in ("define", "replace")):
        reason = f"`is_a` stands under `define:` of {', '.join(CLASS_KINDS)} only"
        return reason, "bind another kind to a class with `for: CLASS`"
    if key == "for" and name.kind in CLASS_KINDS:
        return f"a {name.kind} is a class itself", "delete `for:`, or write `is_a:`"
    if key == "circumstance" and not name.variant:
        return (
            "a circumstance belongs to a variant",
            f"write `variant: {name.kind}/{name.id}@NAME` in a file of its own",
        )
    if key in ("circumstance", "effective") and word == "extend":
        return f"`{key}` of a variant is changed by `replace` only", f"write `replace: {name}`"
    if key == "based_on" and word not in ("variant", "replace"):
        return "`based_on` belongs to a variant", "delete it"
    if key == "variants" and word != "replace":
        return "`variants` belongs to `replace:`", "delete it"
    return None


def _snake(text: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text).lower().lstrip("_0123456789") or "name"


def _mended_name(word: str, text: str) -> str:
    near = re.sub(r"[^a-z0-9_/@]+", "_", text.strip().lower())
    if near != text and _NAME.fullmatch(near):
        return f"write `{word}: {near}`; ids are lower case letters, digits and _"
    return f"write `{word}: KIND/ID`; ids are lower case letters, digits and _"


_FIRST_LINE = "begin with `define: KIND/ID`, or `extend:`, `variant:`, `replace:`, `withdraw:`, `block:`"
_VALUES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"status": ("draft", "available"), "variants": ("keep", "drop")}
)
