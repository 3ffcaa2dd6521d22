"""What a case binds after another release came into force: the newest, or with `bind: created` its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from casewright.machine.facts import Actor
from casewright.opening import Engine
from tests.compiler.writing import write_layer

ANN = Actor("ann")
HELLO = "define: dialog/hello\nsteps: [{id: greet, do: say, text: WORDS}]\n"
REQUEST = """\
define: case_type/request
BIND
data: {topic: {type: text}}
stages:
  - id: only
    steps:
      - {id: first, do: collect, fields: [topic]}
      - {id: talk, do: dialog, dialog: hello}
"""


def layer(folder: Path, words: str, bind: str) -> Path:
    return write_layer(
        folder / "own", {"d.yaml": HELLO.replace("WORDS", words), "r.yaml": REQUEST.replace("BIND", bind)}
    )


@pytest.mark.parametrize(
    ("bind", "said"), [("label: Request", "New words."), ("bind: entry", "New words."), ("bind: created", "Old words.")]
)
def test_a_case_from_before_binds_as_its_case_type_says(bind: str, said: str, tmp_path: Path) -> None:
    with Engine.open(layer(tmp_path, "Old words.", bind), database=f"sqlite:///{tmp_path / 'x.db'}") as engine:
        case = engine.create("request", by=ANN)
        engine.activate_layer(layer(tmp_path, "New words.", bind))
        later = engine.act(case.waiting.id, {"topic": "x"}, by=ANN)
        assert later.waiting.text == said
        done = engine.act(later.waiting.id, by=ANN)
        assert done.status == "Resolved-Completed"
        assert engine.replayed(case.id) == engine.snapshot(case.id)


def test_a_process_that_opens_the_file_later_binds_the_same(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'x.db'}"
    with Engine.open(layer(tmp_path, "Old words.", "bind: created"), database=database) as engine:
        case = engine.create("request", by=ANN)
    with Engine.open(layer(tmp_path, "New words.", "bind: created"), database=database) as engine:
        old, new = engine.case(case.id), engine.create("request", by=ANN)
        said = [engine.act(each.waiting.id, {"topic": "x"}, by=ANN).waiting.text for each in (old, new)]
    assert said == ["Old words.", "New words."]


CARDS = """\
define: connector/cards
source: simulated
operations: {block: {simulate: {result: {reference: '="R"'}}}}
"""
CALL = """\
define: case_type/request
stages: [{id: only, steps: [{id: block, do: call, connector: cards.block}]}]
"""


def test_the_history_says_which_connector_a_step_called(tmp_path: Path) -> None:
    folder = write_layer(tmp_path / "own", {"c.yaml": CARDS, "r.yaml": CALL})
    with Engine.open(folder, database="sqlite://") as engine:
        case = engine.create("request", by=ANN)
        engine.settle()
        begun, answered = engine.history(case.id)
        assert begun.bound["connector/cards"] == engine.application.release.rules["connector/cards"]
        assert answered.status == "Resolved-Completed"
