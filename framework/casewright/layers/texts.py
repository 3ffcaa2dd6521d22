"""Texts in other languages: `texts/LANGUAGE.yaml` of every layer, laid over the leaves of resolved rules.

A key is `KIND/ID:path` or `KIND/ID@VARIANT:path`; it speaks of the rule bound to any class, unless it says
`KIND/ID for CLASS:path`. A text is of what one author wrote at one place: a variant or a subclass that leaves the place
as it was uses the text of the rule that it has the place from.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from casewright.layers.files import CLASS_KINDS, is_language
from casewright.layers.scalars import is_null
from casewright.layers.shapes import ANY, Shape
from casewright.source import Node, SourceFile, read
from casewright.values import Problem, Related, RuleName, Span, did_you_mean

if TYPE_CHECKING:
    from casewright.layers.files import Layer
    from casewright.layers.index import Layers

_KEY = re.compile(r"(?P<kind>\w+)/(?P<id>[\w.]+)(?:@(?P<variant>\w+))?(?: for (?P<class>\w+))?:(?P<path>[\w.]+)")


@dataclass(frozen=True, slots=True)
class Text:
    """A text in another language: for which rule and path, its words, its layer, and where its key stands.

    `of` is the digest of the source text that it is of, `""` where it does not say.
    """

    rule: RuleName
    path: str
    words: Node
    of: str
    layer: str
    span: Span

    @property
    def text(self) -> str:
        """What the words say."""
        return str(self.words.value)

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
        return (), tuple(replace(each, help=_FORM) if each.code == "E113" else each for each in problems)
    if not node.is_map:
        message = "a file of texts is a map of `KIND/ID:path` to text"
        return (), (*problems, Problem(node.span, "E205", message, help=_FORM))
    found = [_text(key, value, file) for key, value in node.value.items()]
    texts = tuple(text for text, _ in found if text is not None)
    return texts, (*problems, *(problem for _, several in found for problem in several))


_FORM = "write a line for each text, as `case_type/report_lost_card:stages.close.label: ...`, or delete the file"


def _text(key: str, node: Node, file: SourceFile) -> tuple[Text | None, tuple[Problem, ...]]:
    match = _KEY.fullmatch(key)
    if match is None:
        help = "for example `case_type/report_lost_card:stages.close.label: ...`"
        return None, (Problem(node.key, "E105", f"'{key}' is no key of a text; write KIND/ID:path", help=help),)
    rule = RuleName(match["kind"], match["id"], match["class"] or "", match["variant"] or "")
    words, of, problems = _words(node)
    if words is None or not words.is_scalar or is_null(words) or not words.value.strip():
        return None, problems or (_wordless(key, words or node),)
    return Text(rule, match["path"], words, of, file.layer, node.key), problems


def _wordless(key: str, node: Node) -> Problem:
    help = "write the words, or delete the key: then the text is shown as it was written"
    return Problem(node.span, "E344", f"'{key}' has no words", help=help)


def _words(node: Node) -> tuple[Node | None, str, tuple[Problem, ...]]:
    if node.is_scalar:
        return node, "", ()
    if not node.is_map:
        return None, "", (Problem(node.span, "E205", "a text is words, or a map of text and of"),)
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
    return words, str(of.value) if of else "", tuple(problems)


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
        yield (own.value if own is not None and isinstance(own.value, str) else str(number)), item


def _child_shape(shape: Shape, name: str) -> Shape:
    found = shape.item if shape.form in ("keyed", "list") else shape.child(name)
    return ANY if found is None else found


def laid_over(body: Node, shape: Shape, texts: Mapping[str, Text], path: str = "") -> Node:
    """The body with the texts of `texts` (by path) in place of its leaves; these are where the texts are written."""
    if not texts:
        return body
    shape = shape.of(body)
    if body.is_scalar:
        return texts[path].words if path in texts and _is_text(shape) else body
    children = {
        name: laid_over(child, _child_shape(shape, name), texts, f"{path}.{name}" if path else name)
        for name, child in _children(body, shape)
    }
    return body.with_value(children if body.is_map else tuple(children.values()))


def texts_for(family: Family, texts: Texts, natives: Collection[str] = ()) -> dict[str, Text]:
    """The text for each path of a rule that has one.

    `family` is the rule and those it has its places from, nearest first (its base, the rule of the parent class, ...),
    each with its text leaves. A text of a farther one counts while the leaf there is the very same. A leaf that one of
    the layers `natives` wrote is in the language of the texts itself, and has none.
    """
    found: dict[str, Text] = {}
    for path, leaf in family[0][1].items():
        if leaf.file.layer in natives:
            continue
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


def languages_of(layers: Layers) -> tuple[str, ...]:
    """The languages that some layer of the stack has texts in."""
    folders = (layer.path / TEXTS_FOLDER for layer in layers.stack)
    stems = {path.stem for folder in folders for path in folder.glob("*.yaml")}
    return tuple(sorted(stem for stem in stems if is_language(stem)))


def natives_of(layers: Layers, language: str) -> frozenset[str]:
    """The layers (`name@version`) that are written in a language."""
    return frozenset(layer.label for layer in layers.stack if layer.language == language)


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


def translated(layers: Layers, name: RuleName, texts: Texts, language: str) -> Node:
    """The body of a resolved rule with its texts in another language in their places."""
    resolved = layers.resolve(name)
    return laid_over(resolved.body, resolved.shape, texts_in(layers, name, texts, language))


def texts_in(layers: Layers, name: RuleName, texts: Texts, language: str) -> dict[str, Text]:
    """The text in a language for each path of a rule that has one."""
    return texts_for(Leaves(layers).family(name), texts, natives_of(layers, language))


class Leaves:
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
