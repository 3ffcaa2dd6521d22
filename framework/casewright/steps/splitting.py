"""Work side by side, as authors write it: how many must be completed, and what becomes of the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casewright.machine.plan import Condition
from casewright.machine.side_by_side import ALL
from casewright.source.node import Node
from casewright.steps.contract import Step
from casewright.steps.scope import Scope
from casewright.values import did_you_mean

ANY = 1

BRANCHES = ("branch", "branches")

WORDS: Mapping[str, int] = {"all": ALL, "any": ANY}

ELSEWHERE: Mapping[str, str] = {
    "each": "put what follows inside the branch, so that it runs once for each",
    "multi": "put what follows inside the branch, so that it runs once for each",
    "merge": "put what follows inside the branch, so that it runs once for each",
    "none": "put what follows inside the branch, or start a case of its own by do: create",
    "auto": "a branch whose when: does not hold is not counted: write all",
    "or": "a branch whose when: does not hold is not counted: write all",
    "inclusive": "a branch whose when: does not hold is not counted: write all",
    "general": "a branch whose when: does not hold is not counted: write all",
    "and": "write all",
    "xor": "give each branch a when: and write all, or write any for the first that is completed",
    "first": "write any",
    "one": "write any",
    "discriminator": "write any",
}
"""Words of other languages for joins, and what is written here instead."""


@dataclass(frozen=True, slots=True)
class Joining:
    """How a split ends: the fields of a `Split` of these names."""

    join: int
    cancel_rest: bool
    at_once: int
    done_when: Condition | None


def joining(step: Step, scope: Scope, *, most: int | None = None, nouns: tuple[str, str] = BRANCHES) -> Joining:
    """How the step's work is joined; `most` is how many of these `nouns` there are, None where that is open."""
    node = step.node
    join = _join(node.get("join"), scope, most, nouns)
    rest = node.get("cancel_rest")
    if rest is not None and rest.value is True and join == ALL and node.get("done_when") is None:
        scope.report(
            "W720",
            rest.key,
            f"cancel_rest does nothing here: '{step.id}' waits for all, so there is no rest",
            help="write join: any or a number, or leave cancel_rest out",
        )
    return Joining(join, node.is_true("cancel_rest"), node.number("at_once"), scope.condition(node.get("done_when")))


def _join(node: Node | None, scope: Scope, most: int | None, nouns: tuple[str, str]) -> int:
    word = str(node.value) if node is not None else "all"
    if node is None or word in WORDS:
        return WORDS[word]
    if not word.isdecimal() or int(word) < 1:
        near = did_you_mean(word, WORDS)
        help_ = ELSEWHERE.get(word, "write all, any, or how many of them must be completed")
        scope.report("E556", node.span, f"there is no join '{word}'{'' if word in ELSEWHERE else near}", help=help_)
        return ALL
    if most is not None and int(word) > most:
        scope.report(
            "E557",
            node.span,
            f"{word} must be completed, but there {'is' if most == 1 else 'are'} only {most} {nouns[most != 1]}",
            help=f"write a number up to {most}, or all",
        )
    return int(word)
