"""The garbage collector is held within the block and as it was before after it."""

from __future__ import annotations

import gc

import pytest

from casewright.source import collection_held


def test_the_collector_is_held_within_the_block_and_goes_on_after_it() -> None:
    assert gc.isenabled()
    with collection_held():
        assert not gc.isenabled()
        with collection_held():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_the_collector_goes_on_after_an_exception_too() -> None:
    with pytest.raises(ValueError, match="x"), collection_held():
        raise ValueError("x")
    assert gc.isenabled()


def test_what_a_host_has_frozen_stays_frozen():
    gc.freeze()
    try:
        with collection_held():
            pass
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()


def test_nothing_is_frozen_for_good():
    with collection_held():
        pass
    assert gc.get_freeze_count() == 0
