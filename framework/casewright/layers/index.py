"""The index of a loaded stack: which rules there are, and what each of them resolves to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from casewright.layers import checks
from casewright.layers.classes import class_tree
from casewright.layers.completing import complete
from casewright.layers.files import CLASS_KINDS, Layer, RuleFile
from casewright.layers.folding import Folded, fold
from casewright.layers.ranks import joined
from casewright.layers.resolved import Resolved
from casewright.layers.shapes import ANY, Shape
from casewright.source import collection_held
from casewright.values import Problem, RuleName


@dataclass(frozen=True, slots=True, eq=False)
class Skipped:
    """A file that takes no part, and why: `draft`, or the module that is off."""

    file: RuleFile
    reason: str


class Layers:
    """All rules of a stack. Resolves on demand and remembers what it resolved; the files themselves do not change.

    `load_problems` are those of files, heads and classes; `problems()` adds what resolving every rule finds. `unread`
    are the rules of files that could not be read or were left out, by kind (`""` where it is not known) and id.
    """

    def __init__(
        self,
        *,
        stack: tuple[Layer, ...],
        files: tuple[RuleFile, ...],
        shapes: Mapping[str, Shape],
        skipped: tuple[Skipped, ...] = (),
        texts: Mapping[str, bytes] | None = None,
        scenarios: tuple[Path, ...] = (),
        problems: tuple[Problem, ...] = (),
        unread: frozenset[tuple[str, str]] = frozenset(),
    ) -> None:
        self.stack = stack
        self.files = files
        self.skipped = skipped
        self.shapes = shapes
        self.scenarios = scenarios
        self._contributions, doubled, left_out = _by_name(files)
        self.unread = unread | left_out
        self.classes, wrong = class_tree(files, self.is_unread)
        self._texts = texts or {}
        self._variants = _variants(self._contributions)
        self._drops = _drops(files)
        self._keys_of = _by_rule(self._contributions)
        self.load_problems = tuple(sorted({*problems, *wrong, *doubled}))
        self._folded: dict[RuleName, Folded] = {}
        self._resolved: dict[RuleName, Resolved] = {}
        self._variants_of: dict[RuleName, tuple[str, ...]] = {}

    def names(self, kind: str = "") -> tuple[RuleName, ...]:
        """Every key that resolves: bases and variants, for the root and for each class that a file is bound to."""
        found: dict[RuleName, None] = {}
        for name in self._contributions:
            if not kind or name.kind == kind:
                found[name.base] = None
        for base in list(found):
            for variant in self.variants(base):
                found[replace(base, variant=variant)] = None
        with collection_held():
            return tuple(sorted(name for name in found if self._has_body(name)))

    def variants(self, base: RuleName) -> tuple[str, ...]:
        """The names of the variants of a rule, those of its class's ancestors among them."""
        known = self._variants_of.get(base)
        if known is None:
            found = dict.fromkeys(name for key in self._keys(base) for name in self._variants.get(key, ()))
            known = tuple(name for name in found if self.own_or_inherited(replace(base, variant=name)))
            self._variants_of[base] = known
        return known

    def contributions(self, kind: str, id: str) -> tuple[RuleFile, ...]:
        """Every file on the rules of this kind and id: bases before variants, classes from the root, layers upward."""
        names = self._keys_of.get((kind, id), ())
        ordered = sorted(names, key=lambda name: (name.variant, len(self.classes.chain(name.for_class))))
        return tuple(file for name in ordered for file in self._contributions[name])

    def own(self, name: RuleName) -> tuple[RuleFile, ...]:
        """The files of exactly this key, lowest layer first, without those that a `variants: drop` leaves out."""
        return self._taken(name, name)

    def drop_of(self, file: RuleFile, name: RuleName) -> RuleFile | None:
        """The `replace` with `variants: drop` that leaves a variant's file out where `name` is resolved."""
        if not file.name.variant or (name.kind, name.id) not in self._drops:
            return None
        keys = self._keys(name.base)
        drops = (drop for drop in self._drops[name.kind, name.id] if drop.name in keys)
        return next((drop for drop in drops if file.layer.name in drop.layer.below), None)

    def _taken(self, key: RuleName, name: RuleName) -> tuple[RuleFile, ...]:
        """The files of a key that count where `name` is resolved."""
        files = self._contributions.get(key, ())
        if not key.variant or (key.kind, key.id) not in self._drops:
            return files
        return tuple(file for file in files if self.drop_of(file, name) is None)

    def resolve(self, name: RuleName) -> Resolved:
        """What a rule comes to. A name that no file has resolves to an empty body; ask `has` first."""
        found = self._resolved.get(name)
        if found is None:
            found = self._resolved[name] = complete(
                name, self.folded(name), self._shape(name), self.own_or_inherited(name)
            )
        return found

    def has(self, name: RuleName) -> bool:
        """Whether any file makes this rule, for this class or one above it."""
        return self._has_body(name)

    def bound(self, kind: str, id: str, for_class: str = "") -> RuleName | None:
        """The key of the base that holds for a class: that of the nearest class on its chain, or of the root."""
        for each in (*reversed(self.classes.chain(for_class)), ""):
            name = RuleName(kind, id, each)
            if name in self._contributions and self._has_body(name):
                return name
        return None

    def folded(self, name: RuleName) -> Folded:
        """The merged state of a rule before it is typed."""
        found = self._folded.get(name)
        if found is None:
            found = self._folded[name] = self._fold(name)
        return found

    def is_unread(self, kind: str, id: str) -> bool:
        """Whether a file that could not be read, or was left out, may well be of this rule."""
        return (kind, id) in self.unread or ("", id) in self.unread

    def source(self, path: str) -> str | None:
        """The text of a file by its path as spans name it."""
        content = self._texts.get(path)
        return content.decode("utf-8", "replace") if content is not None else None

    def problems(self) -> tuple[Problem, ...]:
        """Everything that loading found and that resolving every rule finds, sorted by place."""
        found = set(self.load_problems)
        with collection_held():
            for name in dict.fromkeys((*self._contributions, *self.names())):
                if self.own_or_inherited(name):
                    found.update(each for each in self.resolve(name).problems if not self._follows(name, each))
        return tuple(sorted(found))

    def own_or_inherited(self, name: RuleName) -> tuple[RuleFile, ...]:
        """The files of the nearest key that has any: this one, or the same variant of a class above."""
        for key in reversed(self._keys(name)):
            if files := self._taken(key, name):
                return files
        return ()

    def _follows(self, name: RuleName, problem: Problem) -> bool:
        """Whether a problem may well be gone once the files that could not be read are mended."""
        if problem.code == "E410":
            return any(self.is_unread(kind, name.for_class) for kind in CLASS_KINDS)
        return problem.code in _OF_LACKING and self.is_unread(name.kind, name.id)

    def _fold(self, name: RuleName) -> Folded:
        files = self.own(name)
        folded = self._inherited(name)
        shape = self._shape(name)
        known = checks.Known(self, name, folded)
        start, done = folded, list[RuleFile]()
        for file in files:
            found = known.check(file)
            if found:
                folded = replace(folded, problems=(*folded.problems, *found))
            if not any(problem.code == "E104" for problem in found):
                folded = joined(start, done, folded, file, shape)
                done.append(file)
            known = known.after(file, folded)
        return folded

    def _inherited(self, name: RuleName) -> Folded:
        """What a rule is before the files of its own key: its base, its parent class, or what it is based on."""
        if name.variant:
            return self._variant_base(name)
        above = self._above(name)
        return self.folded(above).without_problems() if above is not None else Folded()

    def _variant_base(self, name: RuleName) -> Folded:
        """The base, or the variant named by `based_on`, with the same variant of the classes above folded on it."""
        base = self._based_on(name)
        folded = self.folded(base).without_problems()
        for key in self._keys(name)[:-1]:
            for file in self._taken(key, name):
                if file.word not in ("withdraw", "block"):
                    folded = fold(folded, file, self._shape(name))
        return folded.without_problems()

    def _based_on(self, name: RuleName) -> RuleName:
        """The variant that this one builds on, or the base; a circle of variants (see `checks`) is cut at the base."""
        line = self.based_on(name)
        below = replace(name, variant=line[0]) if line else name.base
        return name.base if name.variant in line else below

    def based_on(self, name: RuleName) -> tuple[str, ...]:
        """The variants that a variant builds on, the nearest first; ends with its own name where they form a circle."""
        line: list[str] = []
        while (said := self._said(replace(name, variant=[name.variant, *line][-1]), "based_on")) and said not in line:
            line.append(said)
        return tuple(line)

    def _said(self, name: RuleName, key: str) -> str:
        """What a head key of the nearest key's files says, the highest layer first."""
        files = reversed(self.own_or_inherited(name))
        return next((text for file in files if (text := file.says(key))), "")

    def _above(self, name: RuleName) -> RuleName | None:
        """The same rule for the next class above, or for the class kinds the parent class itself."""
        if name.kind in CLASS_KINDS:
            parent = self.classes.parent(name.id, name.kind)
            return RuleName(name.kind, parent, "", name.variant) if parent else None
        if not name.for_class:
            return None
        return RuleName(name.kind, name.id, self.classes.parent(name.for_class), name.variant)

    def _keys(self, name: RuleName) -> tuple[RuleName, ...]:
        """The keys whose files make up a rule, from the root class down to its own."""
        keys = [name]
        while (above := self._above(keys[-1])) is not None:
            keys.append(above)
        return tuple(reversed(keys))

    def _shape(self, name: RuleName) -> Shape:
        return self.shapes.get(name.kind, ANY)

    def _has_body(self, name: RuleName) -> bool:
        if name.variant and not any(self._makes(key, name) for key in self._keys(name)):
            return False
        folded = self.folded(name)
        return folded.root is not None or folded.blocked is not None

    def _makes(self, key: RuleName, name: RuleName) -> bool:
        return any(file.word in ("variant", "replace", "block") for file in self._taken(key, name))


_OF_LACKING = frozenset({"E104", "E106", "E203", "E208"})
"""What is said where a rule, or a part of it, is not there."""


def _drops(files: Sequence[RuleFile]) -> dict[tuple[str, str], tuple[RuleFile, ...]]:
    """The files that drop the variants of a rule, by its kind and id."""
    found: dict[tuple[str, str], tuple[RuleFile, ...]] = {}
    for file in files:
        if file.word == "replace" and file.says("variants") == "drop":
            key = (file.name.kind, file.name.id)
            found[key] = (*found.get(key, ()), file)
    return found


def _by_name(
    files: Sequence[RuleFile],
) -> tuple[dict[RuleName, tuple[RuleFile, ...]], list[Problem], frozenset[tuple[str, str]]]:
    """The files of each key in the order of the stack; a second one of the same layer is E102 and left out."""
    found: dict[RuleName, tuple[RuleFile, ...]] = {}
    problems, left_out = [], set()
    for file in files:
        others = found.get(file.name, ())
        same = next((other for other in others if other.layer is file.layer), None)
        if same is None:
            found[file.name] = (*others, file)
        else:
            problems.append(checks.doubled(file, same))
            left_out.add((file.name.kind, file.name.id))
    return found, problems, frozenset(left_out)


def _by_rule(contributions: Mapping[RuleName, Sequence[RuleFile]]) -> dict[tuple[str, str], tuple[RuleName, ...]]:
    """The keys of each kind and id."""
    found: dict[tuple[str, str], tuple[RuleName, ...]] = {}
    for name in contributions:
        found[name.kind, name.id] = (*found.get((name.kind, name.id), ()), name)
    return found


def _variants(contributions: Mapping[RuleName, Sequence[RuleFile]]) -> dict[RuleName, tuple[str, ...]]:
    found: dict[RuleName, tuple[str, ...]] = {}
    for name in contributions:
        if name.variant:
            found[name.base] = (*found.get(name.base, ()), name.variant)
    return found
