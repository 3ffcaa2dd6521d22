"""Which rule and which path in it a text names: the longest id that there is."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from casewright.cli.names import named
from casewright.layers import Layers
from tests.compiler.writing import compiled

EVENT = "define: event/card.blocked\nlabel: A card is blocked\n"
DIALOG = "define: dialog/hello\nsteps: [{id: greet, do: say, text: Hello.}]\n"


@pytest.fixture
def layers(tmp_path: Path) -> Layers:
    return compiled(tmp_path, EVENT, DIALOG).layers


@pytest.mark.parametrize(
    ("text", "rule", "path"),
    [
        ("event/card.blocked", "event/card.blocked", ""),
        ("event/card.blocked.label", "event/card.blocked", "label"),
        ("dialog/hello", "dialog/hello", ""),
        ("dialog/hello.steps", "dialog/hello", "steps"),
        ("dialog/hello.steps.greet.text", "dialog/hello", "steps.greet.text"),
    ],
)
def test_an_id_of_two_parts_is_told_from_a_path(text: str, rule: str, path: str, layers: Layers) -> None:
    found = named(text, "", layers)
    assert (str(found.name), found.path) == (rule, path)


def test_a_rule_that_is_not_there_is_answered_with_the_near_one(layers: Layers) -> None:
    with pytest.raises(click.UsageError, match=r"there is no event/card; did you mean 'event/card\.blocked'\?"):
        named("event/card.blockd", "", layers)
