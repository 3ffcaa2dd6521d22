"""The page on merging leaves no word out, and each of its examples comes out as it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from casewright.layers.files import HEAD_KEYS, WORDS
from casewright.layers.merging import ITEM_WORDS, LIST_WORDS, LOCK_WORDS, MAP_WORDS
from tests.docs.merging import Example, carried_out, examples, resolved, said

EXAMPLES = examples()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.word)
def test_an_example_comes_out_as_it_says(example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = carried_out(example, tmp_path)
    assert said(found) == ([example.problem] if example.problem else [])
    if example.gives is not None:
        body = resolved(example, found)
        assert {name: body[name] for name in example.gives} == example.gives
        assert [name for name in example.absent if name in body] == []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.word)
def test_an_example_shows_its_word_and_what_comes_out(example: Example) -> None:
    layers = "\n".join([*example.files, *example.files.values(), *example.base.values(), example.manifest])
    assert example.word in layers
    assert bool(example.gives) != bool(example.problem)
    assert example.says.endswith(".")


def test_every_word_of_a_head_every_directive_and_every_lock_has_an_example() -> None:
    words = {*WORDS, *HEAD_KEYS, *MAP_WORDS, *ITEM_WORDS, *LIST_WORDS, *LOCK_WORDS, "extension_points", "layer.yaml"}
    assert sorted(words - {example.word for example in EXAMPLES}) == []
