"""What texts were found to mean before, since rules repeat themselves: the same words in another place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from casewright.expressions.types import DYNAMIC, UNSAID, Declared, Type

if TYPE_CHECKING:
    from casewright.expressions.expression import Constant
    from casewright.expressions.meaning import Checked, Scope
    from casewright.expressions.unary import UnaryTest


Way = tuple[Type, tuple[Declared, ...]]
"""The type at the end of a reference, and how the fields above it are declared."""

_FORMS = 4
"""How many meanings of one text are kept: a text that means something else in every rule is not worth the search."""


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a text means, and on what ground: a root and fields below it, and the types found on the way, each."""

    checked: Checked
    functions: Mapping[str, Any]
    ground: tuple[tuple[str, tuple[str, ...], Way], ...]

    def holds_in(self, scope: Scope) -> bool:
        """Whether everything that the text reads has the type that it had."""
        if scope.functions is not self.functions or scope.dialect is not self.checked.dialect:
            return False
        for root, names, (wanted, declared) in self.ground:
            found, declarations = _way(scope, root, names)
            if (found is not wanted and not _same(found, wanted)) or declarations != declared:
                return False
        return True


@dataclass(slots=True)
class Readings:
    """Keeps what texts without a mistake were found to mean, as long as the compiling of many rules takes.

    A meaning is given back where the text is the same, the same type is expected of it, and all that it refers to has
    the types that it had; so it may come from another rule, whose `case` has other fields besides. Places are never
    kept: they are the asker's.
    """

    _meanings: dict[tuple[str, Type | None], list[_Meaning]] = field(default_factory=dict)
    _tests: dict[tuple[str, Type], UnaryTest] = field(default_factory=dict)
    _literals: dict[tuple[str, Type], Constant] = field(default_factory=dict)

    def meaning(self, text: str, expect: Type | None, scope: Scope) -> Checked | None:
        """What the text was found to mean where all that it reads had the types that it has in `scope`."""
        if expect is None or is_plain(expect):
            for known in self._meanings.get((text, expect), ()):
                if known.holds_in(scope):
                    return known.checked
        return None

    def keep(self, checked: Checked, expect: Type | None, scope: Scope) -> None:
        """Remember what a text means."""
        if expect is None or is_plain(expect):
            meaning = _Meaning(checked, scope.functions, tuple(_grounds(checked, scope)))
            self._meanings[checked.text, expect] = [
                *self._meanings.get((checked.text, expect), ())[-_FORMS + 1 :],
                meaning,
            ]

    def test(self, text: str, type_: Type) -> UnaryTest | None:
        """What the text was found to ask of values of the type, where it reads nothing else."""
        return self._tests.get((text, type_)) if is_plain(type_) else None

    def keep_test(self, text: str, test: UnaryTest) -> None:
        """Remember what a test asks, if it reads nothing but the value."""
        if test.region is not None and is_plain(test.type):
            self._tests[text, test.type] = test

    def literal(self, text: str, type_: Type) -> Constant | None:
        """The value of the type that the text of a cell was found to say."""
        return self._literals.get((text, type_)) if is_plain(type_) else None

    def keep_literal(self, text: str, constant: Constant) -> None:
        """Remember what a cell says."""
        if is_plain(constant.type):
            self._literals[text, constant.type] = constant


def is_plain(type_: Type) -> bool:
    """Whether the type is all said by its name and options: no list, no record."""
    return type_.element is None and type_.holds is None


def _grounds(checked: Checked, scope: Scope) -> Iterator[tuple[str, tuple[str, ...], Way]]:
    for path, type_ in checked.ground:
        root, *names = path.split(".")
        yield root, tuple(names), (type_, _way(scope, root, names)[1])


def _way(scope: Scope, root: str, names: Sequence[str]) -> tuple[Type | None, tuple[Declared, ...]]:
    """The type at the end of a dotted reference, and how everything above it is declared, where that says more."""
    found = scope.roots.get(root)
    passed: tuple[Declared, ...] = ()
    for name in names:
        if found is None:
            break
        passed = passed if found.declared is UNSAID else (*passed, found.declared)
        found = _field(found, name)
    return found, passed


def _same(given: Type | None, wanted: Type) -> bool:
    """Whether the types are the same and declared alike; those of records are so only where they are one."""
    if given is wanted:
        return True
    if given is None or given != wanted or given.declared != wanted.declared or given.holds is not wanted.holds:
        return False
    return wanted.element is None or _same(given.element, wanted.element)


def _field(owner: Type, name: str) -> Type | None:
    if owner.kind == "record":
        return owner.fields.get(name)
    if owner.kind == "map":
        return owner.element or DYNAMIC
    return DYNAMIC if owner.kind == "dynamic" else None
