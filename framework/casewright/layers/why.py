"""Why a rule, or one value in it, is as it is for given facts at a given time, and why everything else is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from casewright.errors import UnknownRule
from casewright.layers.cells import Entry
from casewright.layers.files import CLASS_KINDS
from casewright.layers.history import LOCKED
from casewright.layers.products import Point
from casewright.layers.selection import Candidate, Outcome, invert
from casewright.layers.stubs import override_stub, yaml_scalar
from casewright.layers.texts import TEXTS_FOLDER, Leaves, natives_of, texts_in, texts_of
from casewright.layers.variants import Dimensions, Variants, dimensions_of, variants_of
from casewright.values import RuleName, Span, did_you_mean

if TYPE_CHECKING:
    from casewright.layers.files import RuleFile
    from casewright.layers.index import Layers
    from casewright.layers.resolved import Resolved


class Fate(StrEnum):
    """What became of one file of a rule: it contributes, or the first reason why it does not."""

    CONTRIBUTES = "contributes"
    BLOCKS = "blocks"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    DRAFT = "draft"
    MODULE_OFF = "module off"
    OTHER_CLASS = "class outside the chain"
    DROPPED = "variants dropped"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Contribution:
    """One file that speaks of a rule: what its first line says, where, and what became of it."""

    word: str
    rule: RuleName
    span: Span
    fate: Fate
    reason: str


@dataclass(frozen=True, slots=True)
class Written:
    """A value as one file wrote it: `operation` is `set`, `added`, `removed`, ... or the word of a lock."""

    value: Any
    operation: str
    span: Span


@dataclass(frozen=True, slots=True)
class Contender:
    """A variant of the rule, or its base, with what became of it and where it is written."""

    rule: RuleName
    span: Span
    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True)
class ValueWhy:
    """One value of a rule: where it comes from, what it shadows (latest first), and what locks it.

    `stub` sets the value again, to paste into the layer at hand; it is empty where a lock forbids that. `own` is where
    that layer says something of the rule itself: with a stub the file to add it to, else where the value is changed.
    """

    path: str
    value: Any
    origin: Written
    shadowed: tuple[Written, ...]
    locks: tuple[Written, ...]
    stub: str
    own: Span | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """The whole answer: who won, who lost and why, which files made the winner, and where one value comes from.

    `winner` is None where a fact is missing, two variants match, or nothing holds; then the base is explained.
    `contributions` are the files that speak of the rule, strongest first.
    """

    rule: RuleName
    facts: Mapping[str, object]
    as_of: datetime
    winner: RuleName | None
    contenders: tuple[Contender, ...]
    explained: RuleName
    contributions: tuple[Contribution, ...]
    blocked: Span | None = None
    value: ValueWhy | None = None


def why(
    layers: Layers,
    name: RuleName,
    path: str | None,
    facts: Mapping[str, object],
    as_of: datetime,
    dimensions: Dimensions | None = None,
    language: str = "",
) -> Why:
    """Why `name`, and the value at `path` in it, is what it is for `facts` at the aware instant `as_of`.

    With a `language` the value is the text at `path` in it.

    A name with a variant explains that variant, whoever wins. `dimensions` spares finding them again. Raises
    UnknownRule for a rule or a path that is not there.
    """
    if not layers.has(name):
        raise UnknownRule(f"there is no {name}{did_you_mean(str(name), layers.names())}")
    variants = variants_of(layers, name.base, dimensions or dimensions_of(layers))
    candidates = variants.selector.candidates(facts, as_of)
    won = next((found.variant for found in candidates if found.outcome is Outcome.WINS), None)
    winner = None if won is None else replace(name, variant=won)
    explained = name if name.variant else winner or name.base
    resolved = layers.resolve(explained)
    contenders = tuple(_contender(layers, name, variants, found) for found in candidates)
    contributions = tuple(_contributions(layers, resolved))
    value = _value(layers, resolved, path) if path else None
    if value is not None and language:
        value = _in_language(layers, resolved, value, language)
    return Why(name, facts, as_of, winner, contenders, explained, contributions, resolved.blocked, value)


def winning_facts(layers: Layers, name: RuleName, dimensions: Dimensions | None = None) -> Point | None:
    """Facts, and `as_of` where time matters, for which the variant `name` (or the base) wins; None where none do.

    Every dimension that the rule's variants name is among them; with them `choose` and `why` give that winner. Raises
    UnknownRule for a variant that is not there or has a problem, SearchTooLong where it takes too many cuts.
    """
    known = dimensions or dimensions_of(layers)
    selector = variants_of(layers, name.base, known).selector
    names = [variant.name for variant in selector.variants]
    if name.variant not in ("", *names):
        raise UnknownRule(f"{name.base} has no variant '{name.variant}'{did_you_mean(name.variant, names)}")
    return invert(selector, name.variant, known.space)


def _contender(layers: Layers, name: RuleName, variants: Variants, found: Candidate) -> Contender:
    rule = replace(name, variant=found.variant)
    spans = {circumstance.name: circumstance.span for circumstance in variants.extents.circumstances}
    span = spans.get(found.variant) or layers.resolve(rule).head.span
    return Contender(rule, span, found.outcome, found.reason)


def _contributions(layers: Layers, resolved: Resolved) -> Iterator[Contribution]:
    """The files of a rule, strongest first: those that the resolver folded, then those that it passed over.

    The files of other variants that contend are not among them: the contenders say why those lost.
    """
    folded = resolved.files
    for number in range(len(folded) - 1, -1, -1):
        yield _contribution(folded[number], *_folded_fate(folded, number))
    taken = {id(file) for file in folded}
    contending = {*layers.variants(resolved.name.base)} - {resolved.name.variant}
    for file in reversed(layers.contributions(resolved.name.kind, resolved.name.id)):
        if id(file) not in taken and file.name.variant not in contending:
            yield _contribution(
                file,
                *_passed_over(
                    file, resolved.name, _chain(layers, resolved.name), layers.drop_of(file, resolved.name) is not None
                ),
            )
    for skipped in layers.skipped:
        if (skipped.file.name.kind, skipped.file.name.id) == (resolved.name.kind, resolved.name.id):
            fate = Fate.DRAFT if skipped.file.is_draft else Fate.MODULE_OFF
            yield _contribution(skipped.file, fate, skipped.reason)


def _chain(layers: Layers, name: RuleName) -> tuple[str, ...]:
    return (
        layers.classes.chain(name.id, name.kind) if name.kind in CLASS_KINDS else layers.classes.chain(name.for_class)
    )


def _contribution(file: RuleFile, fate: Fate, reason: str) -> Contribution:
    return Contribution(file.word, file.name, file.span, fate, reason)


def _folded_fate(folded: Sequence[RuleFile], number: int) -> tuple[Fate, str]:
    """What became of a file that the resolver took up."""
    file = folded[number]
    later = next((other for other in folded[number + 1 :] if other.word == "replace"), None)
    if later is not None:
        return Fate.REPLACED, f"replaced by [{later.layer.label}] at {later.span}"
    if file.word == "withdraw":
        return Fate.WITHDRAWN, f"withdrawn by [{file.layer.label}] at {file.span}; what lies below shows through"
    if file.word == "block":
        return Fate.BLOCKS, f"blocked by [{file.layer.label}] at {file.span}; any use is an error"
    return Fate.CONTRIBUTES, "contributes"


def _passed_over(file: RuleFile, name: RuleName, chain: Sequence[str], is_dropped: bool) -> tuple[Fate, str]:
    """Why the resolver left a file aside."""
    if file.name.for_class and file.name.for_class not in chain:
        return Fate.OTHER_CLASS, f"bound to '{file.name.for_class}', which is not on the chain {_chain_text(chain)}"
    if file.name.variant not in ("", name.variant) or is_dropped:
        return Fate.DROPPED, "left out by a `replace` of the rule with `variants: drop`"
    return Fate.REFUSED, "has an error of its own"


def _chain_text(chain: Sequence[str]) -> str:
    return " -> ".join(chain) if chain else "of no class"


def _value(layers: Layers, resolved: Resolved, path: str) -> ValueWhy:
    history = resolved.history.get(path, ())
    node = resolved.at(path)
    if node is None and not history:
        near = did_you_mean(path, paths_of(resolved))
        raise UnknownRule(f"there is no '{path}' in {resolved.name}{near}")
    locks = tuple(_locks(resolved, path))
    writes = [_written(entry) for entry in history if entry.operation not in LOCKED]
    value = node.plain() if node is not None else None
    origin = writes[-1] if writes else Written(value, "set", resolved.origin(path))
    is_final = any(lock.operation == "final" for lock in locks)
    shadowed = tuple(reversed(writes[:-1]))
    top = layers.stack[-1]
    own = next((file.span for file in layers.own(resolved.name) if file.layer is top), None)
    if own is not None and origin.span.path == own.path:
        return ValueWhy(path, value, origin, shadowed, locks, "", origin.span)
    if is_final:
        return ValueWhy(path, value, origin, shadowed, locks, "")
    stub = override_stub(resolved.name, path, resolved.body, resolved.shape, has_head=own is None)
    return ValueWhy(path, value, origin, shadowed, locks, stub, own)


def _in_language(layers: Layers, resolved: Resolved, value: ValueWhy, language: str) -> ValueWhy:
    """The text in a language, which shadows the one that it translates; the source where it has none in it."""
    texts, _ = texts_of(layers, language)
    text = texts_in(layers, resolved.name, texts, language).get(value.path)
    file = f"# {TEXTS_FOLDER}/{language}.yaml"
    if text is None:
        if value.origin.span.layer in natives_of(layers, language) or value.path not in Leaves(layers).of(
            resolved.name
        ):
            return value
        key = f"{resolved.name}:{value.path}"
        return replace(value, stub=f"{file}\n{key}: {yaml_scalar(value.value)}", own=None)
    origin = Written(text.text, "translated", text.words.span)
    shadowed = (value.origin, *value.shadowed)
    if text.layer == layers.stack[-1].label:
        return ValueWhy(value.path, text.text, origin, shadowed, value.locks, "", text.words.span)
    stub = f"{file}\n{text.key}: {yaml_scalar(text.text)}"
    return ValueWhy(value.path, text.text, origin, shadowed, value.locks, stub)


def paths_of(resolved: Resolved) -> tuple[str, ...]:
    """Every path of a resolved rule that something was written at, and the maps and lists above."""
    found = {"": None}
    for path in resolved.history:
        parts = path.split(".")
        found.update({".".join(parts[:count]): None for count in range(1, len(parts) + 1)})
    return tuple(path for path in found if path)


def _locks(resolved: Resolved, path: str) -> Iterator[Written]:
    """The locks at a path, and the final ones above it."""
    parts = path.split(".")
    for count in range(len(parts) + 1):
        above = ".".join(parts[:count])
        for entry in resolved.history.get(above, ()):
            if entry.operation in LOCKED and (above == path or entry.operation == "final"):
                yield _written(entry)


def _written(entry: Entry) -> Written:
    return Written(entry.value, entry.operation, entry.span)
