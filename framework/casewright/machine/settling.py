"""A case moves on until it rests: nothing more follows, and nothing that happened lets an item begin or end."""

from __future__ import annotations

from casewright.machine.charts import JOIN
from casewright.machine.decision import Refusal
from casewright.machine.draft import Draft, Move
from casewright.machine.entering import enter, passed_over, skip, start
from casewright.machine.leaving import finish, following
from casewright.machine.places import Stands, under
from casewright.machine.splitting import advance
from casewright.machine.watching import watch

_MEMBER = Stands.MEMBER

MOST_MOVES = 1000
MORE_FOR_A_PASS = 100
"""How many moves may be made for one command, and how many more for each pass over a list that begins meanwhile."""

LAST_MOVES = 100
"""How many of the last moves are looked through for the cycle that a refusal names."""


def settle(draft: Draft, move: Move | None) -> Refusal | None:
    """Moves until the case rests; refuses a rule that never does."""
    made = 0
    last: list[Move] = []
    while True:
        if move is None:
            if not draft.pending and draft.log is None:
                return None
            move = _next_move(draft)
            if move is None:
                return None
        made += 1
        if made > MOST_MOVES - LAST_MOVES:
            last = [*last[1 - LAST_MOVES :], move]
            if made > MOST_MOVES + MORE_FOR_A_PASS * draft.passes:
                return _restless(last, made - 1)
        move = _arrive(draft, *move)


def _next_move(draft: Draft) -> Move | None:
    if draft.pending:
        move, *rest = draft.pending
        draft.pending = tuple(rest)
        return move
    return None if draft.log is None else watch(draft, draft.log)


def _restless(made: list[Move], count: int) -> Refusal:
    last = [under(owner, state) for owner, state in made]
    start = len(last) - 1 - last[-2::-1].index(last[-1]) if last[-1] in last[:-1] else 0
    cycle = " -> ".join(last[max(start - 1, 0) :][:12])
    return Refusal(
        "restless",
        f"the case does not come to rest: after {count} moves it still goes {cycle}; let a step in it wait, "
        "or give the move a condition",
    )


def _arrive(draft: Draft, owner: str, state: str) -> Move | None:
    course = draft.course(owner)
    plan, prefix, table = course
    item = table.items.get(state)
    if item is None:
        return _at_the_end(draft, owner, state)
    path = draft.path = under(prefix, item.path) if prefix else item.path
    located = (plan, prefix, plan.places[item.path]) if prefix else plan.located[path]
    because = passed_over(draft, course, state, item)
    if because:
        return following(draft, located, skip(draft, path, item, because))
    place = located[2]
    if place.stands is _MEMBER:
        draft.move_to(owner, state)
    if place.is_plain and not draft.again:
        return start(draft, located, draft.open(path, item.kind))
    return enter(draft, located, path)


def _at_the_end(draft: Draft, owner: str, state: str) -> Move | None:
    if state == JOIN:
        return advance(draft, owner)
    draft.move_to(owner, state)
    return finish(draft, owner)
