"""A kind and a step type in a package of somebody else: found by entry point, with no file of ours changed."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from casewright.compiler.pipeline import compile_layer
from casewright.errors import NameTaken
from casewright.machine.commands import Create, Submit
from casewright.machine.decide import decide
from casewright.machine.decision import Decision
from casewright.machine.effects import OpenAssignment, Publish
from casewright.machine.facts import Actor, Facts
from casewright.rules.editors import texts_of
from casewright.rules.registry import Vocabulary, vocabulary
from tests.compiler.test_release import NOW
from tests.compiler.writing import compiled, lines, write_layer

KIND = '''
    """A promise that the house makes: lowered to a frozen value of its own."""
    from dataclasses import dataclass
    from pathlib import Path

    from casewright.rules.contract import RuleKind, plain_outline


    @dataclass(frozen=True)
    class Promise:
        id: str
        words: object


    def lower(rule, ground):
        words = rule.body.get("words")
        return Promise(rule.name.id, ground.scope.text(words))


    KIND = RuleKind("promise", Path(__file__).parent, lower, plain_outline)
'''
STEP = '''
    """A step that reads a promise out and publishes that it was made."""
    from pathlib import Path

    from casewright.machine.effects import OpenAssignment, Publish, Target
    from casewright.machine.plan import Activity, Awaits, Constant, Emission
    from casewright.machine.screens import Screen
    from casewright.steps.contract import StepType


    class Words:
        roots = frozenset()

        def __init__(self, promise):
            self.promise = promise

        def evaluate(self, roots):
            return roots["$rules"].bind("promise", self.promise, roots).value.words.evaluate(roots)


    def lower(step, scope):
        words = Words(step.node.word("promise"))
        ann = Constant(Target("operator", "ann"))
        opening = Emission(OpenAssignment, {"target": ann, "label": Constant(step.label), "text": words})
        made = Emission(Publish, {"event": Constant("promise.made")})
        return Activity((opening, made), awaits=Awaits.SUBMISSION, screen=Screen(step.label, text=words))


    STEP = StepType("pledge", Path(__file__).parent, lower)
'''
KIND_SCHEMA = """{"type": "object", "additionalProperties": false, "required": ["words"], "properties": {
  "words": {"type": "string", "x-type": "text", "x-holds": "text", "x-translate": true,
            "description": "What is promised."}}}"""
STEP_SCHEMA = """{"type": "object", "required": ["promise"], "properties": {
  "promise": {"type": "string", "x-type": "id", "x-reference": "promise", "description": "The promise."}}}"""
PROMISE = "define: promise/answer\nwords: We answer {{ actor.name }} by tomorrow.\n"
REQUEST = """\
    define: case_type/request
    stages:
      - {id: only, steps: [{id: word, do: pledge, promise: answer}]}
    """


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Vocabulary]:
    """The vocabulary with the package `acme_promises` installed beside ours."""
    install(tmp_path / "site", {"promise": "promise:KIND"}, {"pledge": "pledge:STEP"})
    monkeypatch.syspath_prepend(tmp_path / "site")
    yield vocabulary()
    for name in [name for name in sys.modules if name.startswith("acme_promises")]:
        del sys.modules[name]
    importlib.invalidate_caches()


def install(site: Path, kinds: dict[str, str], steps: dict[str, str]) -> None:
    """A package with a kind and a step type, and the entry points that name them."""
    for folder, code, schema in (("promise", KIND, KIND_SCHEMA), ("pledge", STEP, STEP_SCHEMA)):
        (site / "acme_promises" / folder).mkdir(parents=True)
        (site / "acme_promises" / folder / "__init__.py").write_text(dedent(code), encoding="utf-8")
        (site / "acme_promises" / folder / "schema.json").write_text(schema, encoding="utf-8")
    (site / "acme_promises" / "__init__.py").touch()
    points = [("casewright.rule_kinds", kinds), ("casewright.step_types", steps)]
    text = "".join(
        f"[{group}]\n" + "".join(f"{n} = acme_promises.{at}\n" for n, at in each.items()) for group, each in points
    )
    info = site / "acme_promises-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-promises\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(text, encoding="utf-8")


def test_rules_of_the_new_kind_and_steps_of_the_new_type_validate(words: Vocabulary, tmp_path: Path) -> None:
    assert lines(compiled(tmp_path, PROMISE, REQUEST, words=words)) == []


def test_mistakes_in_them_are_found_as_in_ours(words: Vocabulary, tmp_path: Path) -> None:
    found = compiled(
        tmp_path, PROMISE.replace("actor.name", "actor.nam"), REQUEST.replace("answer", "anser"), words=words
    )
    assert [problem.code for problem in found.problems] == ["E403", "E502"]


def test_layers_merge_them_by_their_schema(words: Vocabulary, tmp_path: Path) -> None:
    write_layer(tmp_path / "base", {"p.yaml": PROMISE, "r.yaml": REQUEST})
    above = {"e.yaml": "extend: promise/answer\nwords: We answer at once.\n"}
    found = compile_layer(write_layer(tmp_path / "own", above, built_on="base"), words=words)
    assert found.usable().policies("promise")["answer"].words.evaluate({}) == "We answer at once."


def test_a_case_runs_through_them_and_shows_their_screen(words: Vocabulary, tmp_path: Path) -> None:
    application = compiled(tmp_path, PROMISE, REQUEST, words=words).usable()
    plan = application.bind("case_type", "request", {}).value
    facts = Facts(NOW, Actor("ann", attributes={"name": "Ann"}), application)

    begun = decide(plan, None, Create("CASE-1"), facts)
    assert isinstance(begun, Decision)
    opened = next(effect for effect in begun.effects if isinstance(effect, OpenAssignment))
    assert opened.text == "We answer Ann by tomorrow."
    assert any(isinstance(effect, Publish) and effect.event == "promise.made" for effect in begun.effects)
    assert plan.sequence.items[0].body.items[0].activity.screen.title == "Word"

    done = decide(plan, begun.snapshot, Submit("only.word"), facts)
    assert isinstance(done, Decision)
    assert done.snapshot.status == "Resolved-Completed"


def test_their_schemas_are_published_with_ours(words: Vocabulary) -> None:
    files = texts_of(words.kinds, words.steps)
    assert "What is promised." in files["promise.schema.json"]
    assert '"pledge"' in files["case_type.schema.json"]


def test_a_name_that_is_taken_is_refused_with_its_origin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path / "site", {"promise": "promise:KIND"}, {"pledge": "pledge:STEP"})
    step = tmp_path / "site" / "acme_promises" / "pledge" / "__init__.py"
    step.write_text(step.read_text().replace('StepType("pledge"', 'StepType("collect"'))
    monkeypatch.syspath_prepend(tmp_path / "site")
    with pytest.raises(NameTaken, match=r"'collect' from acme_promises\.pledge:STEP is already taken"):
        vocabulary()
    for name in [name for name in sys.modules if name.startswith("acme_promises")]:
        del sys.modules[name]
