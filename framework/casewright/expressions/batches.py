"""Many conditions on the same roots: one Python function for every few hundred of them, each still exact.

What the conditions read is fetched once, where fetching it has no effect: from plain dicts. A condition that Python's
operators decline to answer is asked alone, of the exact interpreter, as it would be by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any, cast

from casewright.expressions.compiler import Emitter
from casewright.expressions.expression import Condition, Roots
from casewright.expressions.library import operators as op
from casewright.expressions.meaning import Checked
from casewright.expressions.syntax import And, Call, Macro, Name, Or, Select, Syntax, children, walk
from casewright.expressions.walks import exact_outcome

GROUP = 500
"""Conditions in one Python function."""

_ORDERINGS = frozenset({"<", "<=", ">", ">="})

Path = tuple[int, str]
"""A name in what the path of that number gives; in the roots where the number is below 0."""

Evaluate = Callable[..., list[bool]]


def batch(conditions: Sequence[Condition]) -> Callable[[Roots], list[bool]]:
    """The function from roots to the truth of each condition, in their order: `[c.holds(roots) for c in conditions]`.

    What a root raises while it loads passes through, as it does from `holds`. The Python is made when it is first
    needed. Conditions that are one text in one meaning are looked at once.
    """
    places: dict[int, int] = {}
    order = [places.setdefault(id(condition.checked), len(places)) for condition in conditions]
    every = list({id(condition.checked): condition for condition in conditions}.values())
    paths: dict[Path, int] = {}
    groups = [_group_of(every[begin : begin + GROUP], paths) for begin in range(0, len(every), GROUP)]
    ahead = tuple(paths)
    if len(places) == len(order):
        return lambda roots: _truths(groups, ahead, roots)

    def spread(roots: Roots) -> list[bool]:
        found = _truths(groups, ahead, roots)
        return [found[place] for place in order]

    return spread


def _truths(groups: Sequence[_Group], paths: Sequence[Path], roots: Roots) -> list[bool]:
    values = _fetched(roots, paths)
    found: list[bool] = []
    for group in groups:
        found += group.truths(roots, values)
    return found


def _fetched(roots: Roots, paths: Sequence[Path]) -> list[Any] | None:
    """The values at the paths, null where there is none; None where to fetch one could load, fail or be noted."""
    values: list[Any] = []
    for owner, name in paths:
        holder = roots if owner < 0 else values[owner]
        if type(holder) is dict:
            values.append(holder.get(name))
        elif holder is None:
            values.append(None)
        else:
            return None
    return values


# Groups


class _Form(Enum):
    """How the Python of a group is written: it reads the roots, or what was fetched, with or without nulls in it."""

    ROOTS = "roots"
    FETCHED = "fetched"
    GUARDED = "guarded"


@dataclass(frozen=True, slots=True)
class _Member:
    """A condition of a group, and the paths that its references take their values from."""

    condition: Condition
    references: Mapping[Syntax, int]

    @property
    def is_plain(self) -> bool:
        """Whether the condition is one of the house's own, where an absent field is null and a name is one word."""
        checked = self.condition.checked
        return not checked.dialect.strict and not checked.aliases


@dataclass(frozen=True, slots=True)
class _Group:
    """Conditions that one function answers, and the paths that they read; `made` keeps the function in each form."""

    members: tuple[_Member, ...]
    places: tuple[int, ...]
    made: dict[_Form, Evaluate] = field(default_factory=dict)

    def truths(self, roots: Roots, values: Sequence[Any] | None) -> list[bool]:
        if values is None:
            return self.function(_Form.ROOTS)(roots)
        own = [values[place] for place in self.places]
        return self.function(_Form.GUARDED if None in own else _Form.FETCHED)(roots, *own)

    def function(self, form: _Form) -> Evaluate:
        found = self.made.get(form)
        if found is None:
            found = self.made.setdefault(form, _compiled(self, form))
        return found


def _group_of(conditions: Sequence[Condition], paths: dict[Path, int]) -> _Group:
    """The conditions as a group; the paths that they are the first to read are added to `paths`."""
    members = tuple(_Member(condition, _references(condition.checked, paths)) for condition in conditions)
    places = {place for member in members for place in member.references.values()}
    return _Group(members, tuple(sorted(places)))


def _references(checked: Checked, paths: dict[Path, int]) -> dict[Syntax, int]:
    """The dotted references of a condition from its roots on, each with its path."""
    found: dict[Syntax, int] = {}
    for node, names in _dotted(checked.syntax, frozenset()):
        owner = -1
        for name in names:
            owner = paths.setdefault((owner, name), len(paths))
        found[node] = owner
    return found


def _dotted(node: Syntax, variables: frozenset[str]) -> Iterator[tuple[Syntax, list[str]]]:
    """The longest dotted references below a node, with their names, that do not begin at a macro's variable."""
    names = _names(node)
    if names:
        if names[0] not in variables:
            yield node, names
        return
    for child in children(node):
        inner = {node.variable} if isinstance(node, Macro) and child is not node.target else frozenset[str]()
        yield from _dotted(child, variables | inner)


def _names(node: Syntax) -> list[str]:
    """The names of a dotted reference; none where the node is something else."""
    if isinstance(node, Name):
        return [node.name]
    if not isinstance(node, Select) or node.optional:
        return []
    owner = _names(node.operand)
    return [*owner, node.field] if owner else []


# Python

_MEMBER = """    {budget}try:
        r{number} = {body}
    except faults:
        r{number} = x{number}(roots)
    except spent:
        r{number} = False
"""
_ALONE = "    r{number} = x{number}(roots)\n"


def _compiled(group: _Group, form: _Form) -> Evaluate:
    """The Python function of a group, from the roots, and what was fetched from them, to the truths."""
    shared = _Shared()
    written = [_written(number, member, form, shared) for number, member in enumerate(group.members)]
    fetched = [f"p{place}" for place in group.places] if form is not _Form.ROOTS else []
    results = ", ".join(f"r{number}" for number in range(len(group.members)))
    source = f"def evaluate({', '.join(['roots', *fetched])}):\n{''.join(written)}    return [{results}]\n"
    space = {**Emitter.space, **shared.provided, "__builtins__": {}}
    exec(compile(source, "<conditions>", "exec"), space)
    return cast(Evaluate, space["evaluate"])


def _written(number: int, member: _Member, form: _Form, shared: _Shared) -> str:
    """The lines of one condition; what is not plain is asked alone."""
    checked = member.condition.checked
    if not member.is_plain:
        shared.provided[f"x{number}"] = member.condition.holds
        return _ALONE.format(number=number)
    shared.provided[f"x{number}"] = lambda roots: exact_outcome(checked, roots) is True
    emitter = _MemberEmitter(member, form, shared)
    body = emitter.truth(checked.syntax)
    budget = f"budget = [{op.STEP_LIMIT}]\n    " if emitter.macros else ""
    return _MEMBER.format(number=number, body=body, budget=budget)


@dataclass(slots=True)
class _Shared:
    """What the source of a group names: constants and functions, each once."""

    provided: dict[str, object] = field(default_factory=dict)
    names: dict[tuple[type, object], str] = field(default_factory=dict)

    def name(self, prefix: str, value: object) -> str:
        key = (type(value), str(value) if isinstance(value, Decimal) else id(value))
        if key not in self.names:
            self.names[key] = f"{prefix}{len(self.names)}"
            self.provided[self.names[key]] = value
        return self.names[key]


class _MemberEmitter(Emitter):
    """Emits a condition of a group: references are what was fetched, and with guards their nulls are looked at.

    A guard makes an ordering of an empty value false where unknown and false come to the same: where nothing but `and`
    and `or` stand around it. A condition with macros has none, since what they cost must not depend on it.
    """

    def __init__(self, member: _Member, form: _Form, shared: _Shared) -> None:
        super().__init__(member.condition.checked)
        self.references = {} if form is _Form.ROOTS else member.references
        self.shared = shared
        is_guarded = form is _Form.GUARDED and not any(isinstance(node, Macro) for node in walk(self.checked.syntax))
        self.guarded = _alternatives(self.checked.syntax) if is_guarded else frozenset()

    def provide(self, prefix: str, value: object) -> str:
        return self.shared.name(prefix, value)

    def code(self, node: Syntax) -> str:
        place = self.references.get(node)
        if place is not None:
            return f"p{place}"
        code = super().code(node)
        return self.guard(node, code) if node in self.guarded else code

    def guard(self, node: Syntax, code: str) -> str:
        read = [self.references[each] for each in children(node) if each in self.references]
        return f"({' and '.join([*(f'p{place} is not None' for place in read), code])})" if read else code


def _alternatives(node: Syntax) -> frozenset[Syntax]:
    """The orderings of which a condition is made by `and` and `or` alone."""
    if isinstance(node, (And, Or)):
        return frozenset[Syntax]().union(*map(_alternatives, node.terms))
    return frozenset({node}) if isinstance(node, Call) and node.name in _ORDERINGS else frozenset()
