"""What the analysis of a tree found, in words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from casewright.rules.decision_tree.analysis import MOST_GAPS, Analysis, Gap, Unreached
from casewright.steps.scope import listed
from casewright.values import Problem, Related


def remarks(analysis: Analysis) -> Iterator[Problem]:
    """A warning for each branch that is never reached, and one for each fork that may give nothing."""
    for each in analysis.unreached:
        yield _never(each)
    for _, gaps in groupby(analysis.gaps, key=lambda gap: gap.path):
        yield _gap(list(gaps))


def _never(found: Unreached) -> Problem:
    """W709: what takes or excludes the branch, and where that stands."""
    by = listed(dict.fromkeys(branch.id for branch in found.by))
    many = len(found.by) > 1
    why = f"{by} around or above it {'exclude' if many else 'excludes'}" if found.around else None
    why = why or f"{by} above it {'take' if many else 'takes'}"
    related = tuple(Related(branch.at, f"branch '{branch.id}'") for branch in found.by[:3])
    help_ = "move it up, change its condition, or remove it"
    return Problem(
        found.branch.at,
        "W709",
        f"branch '{found.branch.id}' is never reached: {why} everything that it asks for",
        related,
        help_,
    )


def _gap(gaps: list[Gap]) -> Problem:
    """W710: for which facts nothing is given."""
    where = f"in branch '{gaps[0].path.replace('.', ' > ')}' " if gaps[0].path else ""
    sure = [gap for gap in gaps if gap.is_sure]
    told = "; or ".join(words_of(gap) for gap in (sure or gaps)[:MOST_GAPS])
    gives = "nothing is given" if sure else "it may be that nothing is given"
    help_ = "add a branch for that, or otherwise: {...} for everything else"
    return Problem(gaps[0].fork.at, "W710", f"{where}{gives} {told}", help=help_)


def words_of(gap: Gap) -> str:
    """`where case.segment is "Standard" and case.amount is null`."""
    facts = " and ".join(f"{subject} is {values}" for subject, values in gap.facts)
    return f"where {facts}" if facts else "where no branch holds"
