"""Conditions that are always true or never, and terms that add nothing to the others: remarks with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, islice

from casewright.expressions.meaning import Checked
from casewright.expressions.reviewing.remarks import Remark
from casewright.expressions.reviewing.sameness import path_of, terms_of, written
from casewright.expressions.reviewing.truths import NULL, Side, Truth, Truths, meet
from casewright.expressions.syntax import (
    And,
    Call,
    Equality,
    Has,
    If,
    Literal,
    Macro,
    Name,
    Not,
    Or,
    Select,
    Syntax,
    Within,
    children,
)

CONSTANT = "W430"
SUBSUMED = "W431"

_OF_NULL = ("any value", "no value")
_ATOMS = (Equality, Within, Has)
_COMPOSITE = (And, Or, Not)
_PAIRS = 20_000


def constant_parts(checked: Checked) -> Iterator[Remark]:
    """A remark for each condition that is always true or never, and for each term that the others make needless.

    A literal `true` or `false` is taken to be meant.
    """
    repeated = _repeated(checked)
    if not isinstance(checked.syntax, Literal) and (repeated or _stands_alone(checked)):
        yield from _Looking(checked, repeated).below(checked.syntax)


def _repeated(checked: Checked) -> frozenset[str]:
    """The references that the expression reads more than once: only what shares one can exclude or need another."""
    owners = {node.operand for node in checked.types if type(node) is Select}
    paths = [path_of(node) for node in checked.types if type(node) in (Name, Select) and node not in owners]
    return frozenset(path for path in paths if paths.count(path) > 1) if len(set(paths)) < len(paths) else frozenset()


def _stands_alone(checked: Checked) -> bool:
    """Whether a condition in the expression may be constant by itself: it reads nothing, or a closed set of values."""
    for node in checked.types:
        kind = type(node)
        if kind in (And, Or, Not, Equality, Call, If) and node not in checked.constants:
            below = [child in checked.constants for child in children(node)]
            if below and (any(below) if kind in _COMPOSITE else all(below)):
                return True
        if kind is Within or (kind is Call and node.name == "size"):  # type: ignore[attr-defined]
            return True
    return False


class _Looking:
    """One look at an expression, from the whole to its parts."""

    def __init__(self, checked: Checked, repeated: frozenset[str]) -> None:
        self.checked = checked
        self.truths = Truths(checked, {}, repeated)

    def source(self, node: Syntax) -> str:
        return " ".join(self.checked.text[node.start : node.end].split())

    def below(self, node: Syntax) -> Iterator[Remark]:
        """What is to be said of the outermost conditions in a piece, and of all that lies in them."""
        if self._is_condition(node):
            yield from self.judged(node)
        else:
            for child in children(node):
                yield from self.below(child)

    def _is_condition(self, node: Syntax) -> bool:
        return isinstance(node, (*_COMPOSITE, *_ATOMS)) or (
            isinstance(node, (Call, If, Macro)) and self.checked.types[node].kind == "boolean"
        )

    def judged(self, node: Syntax) -> Iterator[Remark]:
        """The remark that a condition is constant; else what is to be said of its parts."""
        found = None if isinstance(node, Literal) else self._constant(node, self.truths.of(node))
        if found is not None:
            yield found
            return
        if isinstance(node, (And, Or)):
            yield from self._needless(node)
        for child in children(node):
            yield from self.judged(child) if isinstance(node, _COMPOSITE) else self.below(child)

    # Always and never

    def _constant(self, node: Syntax, truth: Truth) -> Remark | None:
        terms = tuple(terms_of(node)) if isinstance(node, (And, Or)) else ()
        told = [self._said(self.truths.of(term)) for term in terms]
        said = self._said(truth)
        if not said or _is_told(node, said, told):
            return None
        if said in _OF_NULL:
            return None if _is_guard(node) or any(map(_is_guard, terms)) else self._of_null(node, truth, said)
        message, help = self._reason(node, terms, said)
        return Remark(node.start, CONSTANT, message, help, self._pair(node, terms))

    def _said(self, truth: Truth) -> str:
        """never, always, or true of everything but null, or of null alone."""
        if truth.true is None:
            return "never"
        if truth.untrue is None:
            return "always"
        return "any value" if _is_of_null(truth.untrue) else "no value" if _is_of_null(truth.true) else ""

    def _reason(self, node: Syntax, terms: Sequence[Syntax], said: str) -> tuple[str, str]:
        shown = self.source(node)
        pair = self._at_odds(node, terms)
        if pair and said == "never":
            one, other = (self.source(each) for each in pair)
            return f"never true: `{one}` and `{other}` exclude each other", "write `or`, or mend one of the two"
        if pair:
            one, other = (self.source(each) for each in pair)
            return f"always true: where `{one}` is not true, `{other}` is", "write `and`, or leave the condition out"
        if said == "never":
            return f"`{shown}` is never true", "mend the values, or leave the condition out"
        return f"`{shown}` is always true", "mend the values, or leave the condition out"

    def _of_null(self, node: Syntax, truth: Truth, said: str) -> Remark:
        side, mark = (truth.untrue, "!=") if said == "any value" else (truth.true, "==")
        subject = next(iter(side.needs)) if side else ""
        message = f"`{self.source(node)}` is true of {said}: it only asks whether {subject} is empty"
        return Remark(node.start, CONSTANT, message, f"write `{subject} {mark} null`, or mend the values")

    def _at_odds(self, node: Syntax, terms: Sequence[Syntax]) -> tuple[Syntax, Syntax] | None:
        """The first two terms that leave nothing between them."""
        for one, other in _pairs(terms):
            truths = self.truths.of(one), self.truths.of(other)
            if meet(truth.true if isinstance(node, And) else truth.untrue for truth in truths) is None:
                return one, other
        return None

    def _pair(self, node: Syntax, terms: Sequence[Syntax]) -> tuple[tuple[int, str], ...]:
        pair = self._at_odds(node, terms)
        return ((pair[1].start, "the other stands here"),) if pair and pair[1].start != node.start else ()

    # What adds nothing

    def _needless(self, node: And | Or) -> Iterator[Remark]:
        """A remark for each term that the others make needless, the later one where two say the same."""
        terms = [term for term in terms_of(node) if not self._said(self.truths.of(term))]
        dropped: set[Syntax] = set()
        for one, other in _pairs(terms):
            if one in dropped or other in dropped:
                continue
            weaker = self._weaker(node, one, other)
            if weaker is not None:
                dropped.add(weaker)
                yield self._adds_nothing(node, weaker, other if weaker is one else one)

    def _weaker(self, node: And | Or, one: Syntax, other: Syntax) -> Syntax | None:
        if written(one) == written(other):
            return other
        for weaker, stronger in ((other, one), (one, other)):
            if not _is_guard(weaker) and self._follows(node, weaker, stronger):
                return weaker
        return None

    def _follows(self, node: And | Or, weaker: Syntax, stronger: Syntax) -> bool:
        """Whether the condition has the same three-valued truth without `weaker`."""
        mine, theirs = self.truths.of(weaker), self.truths.of(stronger)
        if isinstance(node, Or):
            mine, theirs = mine.negated(), theirs.negated()
        if theirs.true is None or mine.false is None:
            return False
        return theirs.true.implies(mine.true) and mine.false.implies(theirs.false)

    def _adds_nothing(self, node: And | Or, weaker: Syntax, stronger: Syntax) -> Remark:
        mine, theirs = self.source(weaker), self.source(stronger)
        others = ((stronger.start, "beside this one"),)
        if written(weaker) == written(stronger):
            return Remark(weaker.start, SUBSUMED, f"`{mine}` stands here twice", "take one of the two out", others)
        said = "true wherever" if isinstance(node, And) else "true only where"
        help = f"take `{mine}` out, or mend one of the two"
        return Remark(weaker.start, SUBSUMED, f"`{mine}` is {said} `{theirs}` is: it adds nothing", help, others)


def _pairs(terms: Sequence[Syntax]) -> Iterator[tuple[Syntax, Syntax]]:
    """Any two of the terms; of very many terms only so many pairs as are looked at soon."""
    return islice(combinations(terms, 2), _PAIRS)


def _is_of_null(side: Side) -> bool:
    return side.exact and list(side.needs.values()) == [NULL]


def _is_told(node: Syntax, said: str, told: Sequence[str]) -> bool:
    """Whether the terms say it themselves: one of them decides, or all of them agree."""
    decides = said in _OF_NULL or said == ("never" if isinstance(node, And) else "always")
    return isinstance(node, Not) or (bool(told) and (said in told if decides else {*told} <= {said}))


def _is_guard(node: Syntax) -> bool:
    """Whether the condition asks of one thing whether it is null."""
    if isinstance(node, Not):
        return _is_guard(node.operand)
    sides = (node.left, node.right) if isinstance(node, Equality) else ()
    return isinstance(node, Has) or any(isinstance(side, Literal) and side.value is None for side in sides)
