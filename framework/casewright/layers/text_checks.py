"""What is missing, stale, of nothing, or no translation at all among the texts in other languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from casewright.layers.locks import final_at
from casewright.layers.stubs import override_stub
from casewright.layers.texts import (
    TEXTS_FOLDER,
    Family,
    Leaves,
    Text,
    Texts,
    digest_of,
    laid_over,
    natives_of,
    texts_for,
    texts_of,
)
from casewright.source import Node
from casewright.values import Problem, Related, RuleName, did_you_mean

if TYPE_CHECKING:
    from casewright.layers.index import Layers
    from casewright.layers.resolved import Resolved

_HOLE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_SHOWN = 5


def missing_texts(
    name: RuleName, leaves: Mapping[str, Node], found: Mapping[str, Text], language: str
) -> tuple[Problem, ...]:
    """W340, once for a rule, where texts are missing in `language`; `leaves` are those that the rule itself wrote."""
    missing = [path for path, leaf in leaves.items() if path not in found and _has_words(str(leaf.value))]
    if not missing:
        return ()
    first = leaves[missing[0]]
    listed = ", ".join(missing[:_SHOWN]) + (f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else "")
    message = f"{name} has no '{language}' text for {listed}"
    stub = "\n".join(f"{name}:{path}: {{text: ..., of: {digest_of(str(leaves[path].value))}}}" for path in missing)
    return (Problem(first.span, "W340", message, help=f"write into texts/{language}.yaml of your layer:\n{stub}"),)


def _has_words(text: str) -> bool:
    return any(letter.isalpha() for letter in _HOLE.sub("", text))


def stale_texts(
    leaves: Mapping[str, Node], found: Mapping[str, Text], heights: Mapping[str, frozenset[str]]
) -> tuple[Problem, ...]:
    """W341 for every text whose source was changed: its digest is another, or a layer above the text wrote the source.

    `heights` gives for each layer (`name@version`) the layers that it is built on.
    """
    return tuple(_stale(text, leaves[path]) for path, text in found.items() if _is_stale(text, leaves[path], heights))


def _is_stale(text: Text, leaf: Node, heights: Mapping[str, frozenset[str]]) -> bool:
    if text.of:
        return text.of != digest_of(str(leaf.value))
    return text.layer in heights.get(leaf.file.layer, frozenset())


def _stale(text: Text, leaf: Node) -> Problem:
    related = (Related(leaf.span, "the text as it is now"),)
    if text.of:
        owner, message = text.layer, f"the source of '{text.key}' is no longer the one that this text is of"
    else:
        owner = leaf.file.layer
        message = f"[{owner}] rewrote the source of '{text.key}', and this text is of a layer below"
    file = f"{TEXTS_FOLDER}/{PurePath(text.span.path).name} of [{owner}]"
    help = f"look at it again, and write into {file}:\n{text.key}: {{text: ..., of: {digest_of(str(leaf.value))}}}"
    return Problem(text.span, "W341", message, related, help)


def orphan_text(text: Text, rules: Iterable[str], leaves: Iterable[str] | None) -> Problem:
    """W342: a text whose rule is not there (`leaves` is None), or whose path is no text of it."""
    if leaves is None:
        near = did_you_mean(str(text.rule), rules)
        return Problem(text.span, "W342", f"'{text.key}' is for a rule that no layer has{near}", help="delete it")
    paths = list(leaves)
    near = did_you_mean(text.path, paths)
    help = (
        f"its texts are {', '.join(paths[:_SHOWN])}" + (" ..." if len(paths) > _SHOWN else "") if paths else "delete it"
    )
    return Problem(text.span, "W342", f"{text.rule} has no text at '{text.path}'{near}", help=help)


def check_texts(layers: Layers, language: str) -> tuple[Problem, ...]:
    """What is missing (W340), stale (W341), of nothing (W342) or no translation (E343) in the texts of a language."""
    texts, problems = texts_of(layers, language)
    leaves = Leaves(layers)
    natives = natives_of(layers, language)
    heights = {
        layer.label: frozenset(low.label for low in layers.stack if low.name in layer.below) for layer in layers.stack
    }
    found = set(problems)
    for name in layers.names():
        family = leaves.family(name)
        here = texts_for(family, texts, natives)
        own = _own(family)
        foreign = {path: leaf for path, leaf in own.items() if leaf.file.layer not in natives}
        found.update(missing_texts(name, foreign, here, language), stale_texts(family[0][1], here, heights))
        if natives:
            spoken = {path: leaf for path, leaf in own.items() if leaf.file.layer in natives}
            found.update(_native_texts(layers.resolve(name), texts_for([(name, spoken), *family[1:]], texts), heights))
    found.update(_orphans(layers, texts, leaves))
    return tuple(sorted(found))


def _native_texts(
    resolved: Resolved, found: Mapping[str, Text], heights: Mapping[str, frozenset[str]]
) -> Iterator[Problem]:
    """E343 for each text in the language of its source. One of a layer below the source does nothing, and is left."""
    for path, text in found.items():
        leaf = resolved.at(path) or resolved.body
        if text.layer in heights.get(leaf.file.layer, frozenset()):
            continue
        message = f"[{leaf.file.layer}] writes '{resolved.name}:{path}' in this language itself, at {leaf.span}"
        related = (Related(leaf.span, "the text as it is written"),)
        yield Problem(text.span, "E343", message, related, _native_help(resolved, path, text, leaf))


def _native_help(resolved: Resolved, path: str, text: Text, leaf: Node) -> str:
    if text.layer == leaf.file.layer:
        return f"delete this, and change the words at {leaf.span}"
    if lock := final_at(resolved.folded.locks, tuple(path.split("."))):
        return f"delete this: [{lock.span.layer}] made the text final at {lock.span}"
    body = laid_over(resolved.body, resolved.shape, {path: text})
    stub = override_stub(resolved.name, path, body, resolved.shape)
    return f"delete this, and write into a rule file of your layer:\n{stub}"


def _own(family: Family) -> dict[str, Node]:
    """The leaves that the first of a family wrote itself."""
    inherited = {(path, leaf.span) for _, leaves in family[1:] for path, leaf in leaves.items()}
    return {path: leaf for path, leaf in family[0][1].items() if (path, leaf.span) not in inherited}


def _orphans(layers: Layers, texts: Texts, leaves: Leaves) -> Iterator[Problem]:
    names = layers.names()
    bound: dict[RuleName, list[RuleName]] = {}
    for name in names:
        bound.setdefault(replace(name, for_class=""), []).append(name)
    for text in texts.values():
        if layers.is_unread(text.rule.kind, text.rule.id):
            continue
        rules = [
            name
            for name in bound.get(replace(text.rule, for_class=""), ())
            if text.rule.for_class in ("", name.for_class)
        ]
        paths = {path: None for name in rules for path in leaves.of(name)}
        if text.path not in paths:
            yield orphan_text(text, map(str, names), paths if rules else None)
