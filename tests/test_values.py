"""What every unit shares: which name is near to a word."""

from __future__ import annotations

import pytest

from casewright.values import did_you_mean, nearest, nearest_first

MANY = [f"process_{number}" for number in range(2000)]


@pytest.mark.parametrize("slip", ["proces_1234", "porcess_1234", "process1234", "process_1234x", "Process_1234"])
def test_a_slip_is_near_to_its_name_among_very_many(slip: str) -> None:
    assert nearest(slip, MANY) == "process_1234"


def test_a_word_that_is_like_no_name_has_none_near() -> None:
    assert did_you_mean("zebra", MANY) == ""
    assert did_you_mean("zebra", []) == ""


def test_a_list_begins_with_the_near_names_and_says_how_many_more_there_are() -> None:
    listed = nearest_first("proces_77", MANY)
    assert listed.startswith("process_77, ")
    assert listed.endswith(" and 1988 more")
