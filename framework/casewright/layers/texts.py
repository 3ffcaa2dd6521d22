"""Texts in other languages: `texts/LANGUAGE.yaml` of every layer, laid over the leaves of resolved rules.

A key is `KIND/ID:path` or `KIND/ID@VARIANT:path`; it speaks of the rule bound to any class, unless it says
`KIND/ID for CLASS:path`. A text is of what one author wrote at one place: a variant or a subclass that leaves the place
as it was uses the text of the rule that it has the place from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import PurePath
from typing import TYPE_CHECKING

from casewright.layers.files import CLASS_KINDS
from casewright.layers.shapes import ANY, Shape
from casewright.source import Node, SourceFile, read
from casewright.values import Problem, Related, RuleName, Span, did_you_mean

if TYPE_CHECKING:
    from casewright.layers.files import Layer
    from casewright.layers.index import Layers

_KEY = re.compile(r"(?P<kind>\w+)/(?P<id>[\w.]+)(?:@(?P<variant>\w+))?(?: for (?P<class>\w+))?:(?P<path>[\w.]+)")
_HOLE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Text:
    """A text in another language: for which rule and path, the words, its layer, and where its key stands.

    `of` is the digest of the source text that it is of, `""` where it does not say.
    """

    rule: RuleName
    path: str
    text: str
    of: str
    layer: str
    span: Span

    @property
    def key(self) -> str:
        """The key as a file of texts writes it."""
        return f"{self.rule}:{self.path}"


TEXTS_FOLDER = "texts"

Texts = Mapping[tuple[RuleName, str], Text]
"""The texts of one language, by rule and path."""

Family = Sequence[tuple[RuleName, Mapping[str, Node]]]
"""A rule and those that it has its places from, nearest first, each with its text leaves by path."""


def digest_of(text: str) -> str:
    """The short digest of a source text, which a text in another language may state to be of."""
    return sha256(text.encode()).hexdigest()[:12]


def read_texts(content: bytes, file: SourceFile) -> tuple[tuple[Text, ...], tuple[Problem, ...]]:
    """The texts in one file, and what is wrong with it."""
    node, problems = read(content, file)
    if node is None or (node.is_scalar and not node.value):
        return (), problems
    if not node.is_map:
        return (), (*problems, Problem(node.span, "E205", "a file of texts is a map of `KIND/ID:path` to text"))
    found = [_text(key, value, file) for key, value in node.value.items()]
    texts = tuple(text for text, _ in found if text is not None)
    return texts, (*problems, *(problem for _, several in found for problem in several))


def _text(key: str, node: Node, file: SourceFile) -> tuple[Text | None, tuple[Problem, ...]]:
    match = _KEY.fullmatch(key)
    if match is None:
        help = "for example `case_type/report_lost_card:stages.close.label: ...`"
        return None, (Problem(node.key, "E105", f"'{key}' is no key of a text; write KIND/ID:path", help=help),)
    rule = RuleName(match["kind"], match["id"], match["class"] or "", match["variant"] or "")
    words, of, problems = _words(node)
    return Text(rule, match["path"], words, of, file.layer, node.key), problems


def _words(node: Node) -> tuple[str, str, tuple[Problem, ...]]:
    if node.is_scalar:
        return str(node.value), "", ()
    if not node.is_map:
        return "", "", (Problem(node.span, "E205", "a text is words, or a map of text and of"),)
    problems = [
        Problem(
            value.key, "E105", f"a text has no '{key}'{did_you_mean(key, ('text', 'of'))}", help="it has text and of"
        )
        for key, value in node.value.items()
        if key not in ("text", "of")
    ]
    words, of = node.get("text"), node.get("of")
    if words is None:
        problems.append(Problem(node.span, "E106", "text is missing", help="write `{text: ..., of: ...}`"))
    return str(words.value) if words else "", str(of.value) if of else "", tuple(problems)


def stacked(
    layers: Sequence[tuple[Layer, Iterable[Text]]],
) -> tuple[dict[tuple[RuleName, str], Text], tuple[Problem, ...]]:
    """The texts of all layers, given bottom to top: the higher one holds, and two of equal rank must agree (E230)."""
    texts: dict[tuple[RuleName, str], Text] = {}
    by_name = {layer.label: layer for layer, _ in layers}
    problems = []
    for layer, found in layers:
        for text in found:
            earlier = texts.get((text.rule, text.path))
            if earlier and earlier.text != text.text and layer.is_equal_rank(by_name[earlier.layer]):
                problems.append(_equal_rank(earlier, text))
            texts[text.rule, text.path] = text
    return texts, tuple(problems)


def _equal_rank(one: Text, other: Text) -> Problem:
    message = f"[{one.layer}] and [{other.layer}] have equal rank and give '{other.key}' different texts"
    related = (Related(one.span, f"'{one.text}'"),)
    return Problem(other.span, "E230", message, related, "set it in a layer above both, or build one on the other")


def text_leaves(body: Node, shape: Shape, path: str = "") -> Iterator[tuple[str, Node]]:
    """Every leaf of a resolved body that people read, with its path: its shape holds a text, or says `x-translate`."""
    shape = shape.of(body)
    if body.is_scalar:
        if _is_text(shape) and isinstance(body.value, str) and body.value:
            yield path, body
        return
    for name, child in _children(body, shape):
        yield from text_leaves(child, _child_shape(shape, name), f"{path}.{name}" if path else name)


def _is_text(shape: Shape) -> bool:
    return shape.holds == "text" or shape.annotations.get("x-translate") is True


def _children(node: Node, shape: Shape) -> Iterator[tuple[str, Node]]:
    if node.is_map:
        yield from node.value.items()
        return
    for number, item in enumerate(node.value):
        own = item.get(shape.key) if shape.form == "keyed" else None
        yield (str(number) if own is None else str(own.value)), item


def _child_shape(shape: Shape, name: str) -> Shape:
    found = shape.item if shape.form in ("keyed", "list") else shape.child(name)
    return ANY if found is None else found


def laid_over(body: Node, shape: Shape, texts: Mapping[str, Text], path: str = "") -> Node:
    """The body with the texts of `texts` (by path) in place of its leaves; places stay, so problems show the source."""
    if not texts:
        return body
    shape = shape.of(body)
    if body.is_scalar:
        return body.with_value(texts[path].text) if path in texts and _is_text(shape) else body
    children = {
        name: laid_over(child, _child_shape(shape, name), texts, f"{path}.{name}" if path else name)
        for name, child in _children(body, shape)
    }
    return body.with_value(children if body.is_map else tuple(children.values()))


def texts_for(family: Family, texts: Texts) -> dict[str, Text]:
    """The text for each path of a rule that has one.

    `family` is the rule and those it has its places from, nearest first (its base, the rule of the parent class, ...),
    each with its text leaves. A text of a farther one counts while the leaf there is the very same.
    """
    found: dict[str, Text] = {}
    for path, leaf in family[0][1].items():
        for name, leaves in family:
            theirs = leaves.get(path)
            text = _lookup(name, path, texts) if theirs is not None and theirs.span == leaf.span else None
            if text is not None:
                found[path] = text
                break
    return found


def _lookup(name: RuleName, path: str, texts: Texts) -> Text | None:
    exact = texts.get((name, path))
    return exact if exact is not None or not name.for_class else texts.get((replace(name, for_class=""), path))


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
    stub = "\n".join(
        f"{name}:{path}: {{text: ..., of: {digest_of(str(leaves[path].value))}}}" for path in missing[:_SHOWN]
    )
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


def languages_of(layers: Layers) -> tuple[str, ...]:
    """The languages that some layer of the stack has texts in."""
    folders = (layer.path / TEXTS_FOLDER for layer in layers.stack)
    return tuple(sorted({path.stem for folder in folders for path in folder.glob("*.yaml")}))


def texts_of(layers: Layers, language: str) -> tuple[Texts, tuple[Problem, ...]]:
    """The texts of one language in all layers, the higher layer's before the lower's, and what is wrong with them."""
    found: list[tuple[Layer, tuple[Text, ...]]] = []
    problems: list[Problem] = []
    for layer in layers.stack:
        path = (layer.path / TEXTS_FOLDER / f"{language}.yaml").as_posix()
        content = layers.source(path)
        if content is not None:
            texts, wrong = read_texts(content.encode(), SourceFile(path, layer.label))
            found.append((layer, texts))
            problems += wrong
    merged, unequal = stacked(found)
    return merged, (*problems, *unequal)


def translated(layers: Layers, name: RuleName, texts: Texts) -> Node:
    """The body of a resolved rule with the texts of another language in their places."""
    resolved = layers.resolve(name)
    leaves = _Leaves(layers)
    return laid_over(resolved.body, resolved.shape, texts_for(leaves.family(name), texts))


def check_texts(layers: Layers, language: str) -> tuple[Problem, ...]:
    """What is missing (W340), stale (W341) or of nothing (W342) among the texts of one language, sorted by place."""
    texts, problems = texts_of(layers, language)
    leaves = _Leaves(layers)
    written = {layer.label for layer in layers.stack if layer.language == language}
    heights = {
        layer.label: frozenset(low.label for low in layers.stack if low.name in layer.below) for layer in layers.stack
    }
    found = set(problems)
    for name in layers.names():
        family = leaves.family(name)
        here = texts_for(family, texts)
        foreign = {path: leaf for path, leaf in _own(family).items() if leaf.file.layer not in written}
        found.update(missing_texts(name, foreign, here, language), stale_texts(family[0][1], here, heights))
    found.update(_orphans(layers, texts, leaves))
    return tuple(sorted(found))


def _own(family: Family) -> dict[str, Node]:
    """The leaves that the first of a family wrote itself."""
    inherited = {(path, leaf.span) for _, leaves in family[1:] for path, leaf in leaves.items()}
    return {path: leaf for path, leaf in family[0][1].items() if (path, leaf.span) not in inherited}


def _orphans(layers: Layers, texts: Texts, leaves: _Leaves) -> Iterator[Problem]:
    names = layers.names()
    bound: dict[RuleName, list[RuleName]] = {}
    for name in names:
        bound.setdefault(replace(name, for_class=""), []).append(name)
    for text in texts.values():
        rules = [
            name
            for name in bound.get(replace(text.rule, for_class=""), ())
            if text.rule.for_class in ("", name.for_class)
        ]
        paths = {path: None for name in rules for path in leaves.of(name)}
        if text.path not in paths:
            yield orphan_text(text, map(str, names), paths if rules else None)


class _Leaves:
    """The text leaves of the rules of a stack, each found once."""

    def __init__(self, layers: Layers) -> None:
        self._layers = layers
        self._known: dict[RuleName, Mapping[str, Node]] = {}

    def of(self, name: RuleName) -> Mapping[str, Node]:
        """The text leaves of one rule by path."""
        if name not in self._known:
            resolved = self._layers.resolve(name)
            self._known[name] = dict(text_leaves(resolved.body, resolved.shape))
        return self._known[name]

    def family(self, name: RuleName) -> Family:
        """A rule and those that it has its places from, nearest first, with their leaves."""
        bases = [name.base, *self._above(name.base)]
        variants = [replace(base, variant=name.variant) for base in bases] if name.variant else []
        return [(each, self.of(each)) for each in (*variants, *bases)]

    def _above(self, base: RuleName) -> list[RuleName]:
        """The same rule for the classes above; for a class the parents themselves."""
        if base.kind in CLASS_KINDS:
            chain = self._layers.classes.chain(base.id, base.kind)
            return [replace(base, id=parent) for parent in reversed(chain[:-1])]
        if not base.for_class:
            return []
        chain = self._layers.classes.chain(base.for_class)
        return [replace(base, for_class=parent) for parent in (*reversed(chain[:-1]), "")]
