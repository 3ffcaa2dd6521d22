"""Python's cyclic garbage collector, held while many values are made that all stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collection_held() -> Iterator[None]:
    """Holds the collector within the block, and lets it go on after it where it was on before.

    Reading and resolving make a million values that refer to no cycle; a collector that walks them again and again
    takes nearly half of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            _put_among_the_old()
            gc.enable()


def _put_among_the_old() -> None:
    """Moves what was made to the oldest generation, where it is not walked as if it were young.

    What a host has frozen itself, as before a fork, stays frozen: then nothing is moved.
    """
    if not gc.get_freeze_count():
        gc.freeze()
        gc.unfreeze()
