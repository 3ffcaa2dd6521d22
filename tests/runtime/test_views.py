from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from casewright.errors import NotOneAssignment
from tests.runtime.world import ANN, BOB, World, collect, plan, stage, to_queue

Make = Callable[..., World]
CARD_OPS = plan("ops", stage("a", collect("a.s", "note", target=to_queue("card_ops"))))


def test_a_case_that_does_not_wait_at_one_place_says_where_it_stands(world: Make) -> None:
    w = world(CARD_OPS)
    case = w.engine.create("ops", by=ANN)
    two = replace(case, assignments=(*case.assignments, replace(case.waiting, path="a.t")))
    with pytest.raises(NotOneAssignment, match=r"case 'C-1' waits at a\.s, a\.t; take one of case\.assignments"):
        _ = two.waiting
    done = w.engine.act(case.waiting.id, by=BOB)
    with pytest.raises(NotOneAssignment, match="case 'C-1' waits for nobody; it is Resolved-Completed"):
        _ = done.waiting
