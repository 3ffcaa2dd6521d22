"""Scenario files to scenarios, and what is wrong with them, with places."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from casewright.layers import shape_of, typed
from casewright.machine.facts import Actor
from casewright.simulation.scenario import (
    DEEDS,
    Answer,
    Deed,
    Expect,
    Expectation,
    Fault,
    Pass,
    Refused,
    Scenario,
    Step,
)
from casewright.simulation.wording import STEP_WORDS, beside, schema
from casewright.source import Node, SourceFile, read
from casewright.values import Problem, did_you_mean

_RULE_WORDS = ("define", "extend", "variant", "replace", "withdraw", "block")
NOBODY = Actor("nobody", "service")


def read_scenario(path: Path, layer: str = "") -> tuple[Scenario | None, tuple[Problem, ...]]:
    """The scenario in a file, and what is wrong with it. `layer` (`name@version`) goes into the places."""
    node, problems = read(path.read_bytes(), SourceFile(path.as_posix(), layer))
    if node is None:
        return None, problems
    if (word := next((each for each in _RULE_WORDS if node.get(each) is not None), "")) and node.get(
        "scenario"
    ) is None:
        message = f"this is a rule, `{word}: {node.word(word)}`, and no scenario"
        help = "a scenario begins with `scenario: TITLE`; casewright validate checks rules"
        return None, (*problems, Problem(node.value[word].key, "E105", message, help=help))
    body, wrong = typed(_held(node), shape_of(schema()))
    reading = _Reading(body, path, [*problems, *wrong])
    scenario = None if reading.problems else reading.scenario()
    return (None, tuple(reading.problems)) if reading.problems else (scenario, ())


def _held(node: Node) -> Node:
    """The document with the values that no schema knows kept as text: fields and pages give them their types."""
    if not node.is_map:
        return node
    return node.with_value({name: _kept(below, name) for name, below in node.value.items()})


_FREE = frozenset({"with", "data", "facts", "attributes", "answer"})


def _kept(node: Node, name: str) -> Node:
    if name in _FREE:
        return _as_text(node)
    if node.is_map and "log" in node.value:
        return node  # what is logged has no declared fields, so YAML gives its types
    if node.is_map:
        return node.with_value({inner: _kept(below, inner) for inner, below in node.value.items()})
    if node.is_list:
        return node.with_value(tuple(_kept(item, "") for item in node.value))
    return node


def _as_text(node: Node) -> Node:
    """The values below as texts and nulls."""
    if node.is_map:
        return node.with_value({name: _as_text(below) for name, below in node.value.items()})
    if node.is_list:
        return node.with_value(tuple(_as_text(item) for item in node.value))
    is_null = not node.quoted and node.value in ("", "~", "null")
    return Node(
        None if is_null else node.value, node.file, node.line, node.column, node.key_line, node.key_column, True
    )


class _Reading:
    """Turns the typed tree of one file into a scenario; collects problems."""

    def __init__(self, body: Node, path: Path, problems: list[Problem]) -> None:
        self._body, self._path, self.problems = body, path, problems
        self._actors: dict[str, Actor] = {}
        self._actor = NOBODY

    def scenario(self) -> Scenario:
        body = self._body
        self._actors = {name: _actor(node, name) for name, node in body.entries("actors").items()}
        if (own := body.get("as")) is not None:
            self._actor = self._who(own)
            self._actors.setdefault(self._actor.id, self._actor)
        return Scenario(
            title=body.word("scenario"),
            path=self._path,
            begins=body.value["at"].value,
            steps=tuple(self._step(number, node) for number, node in enumerate(body.items("steps"), start=1)),
            facts={page: _answers(node) for page, node in body.entries("facts").items()},
            faults=tuple(_fault(node) for node in body.items("faults")),
        )

    def _who(self, node: Node) -> Actor:
        """The actor that `as` names or describes."""
        if node.is_map:
            return _actor(node, "")
        name = str(node.value)
        if name not in self._actors:
            if node.key.line == (self._body.value["as"].key.line if "as" in self._body.value else 0):
                return Actor(name)
            near = did_you_mean(name, self._actors) or f"; there are {', '.join(self._actors) or 'none'}"
            self._report(node, f"no actor is called '{name}'{near}", f"write actors: {{{name}: {{roles: [...]}}}}")
        return self._actors.get(name, NOBODY)

    def _step(self, number: int, node: Node) -> Step:
        word = self._word(node)
        if word == "expect":
            return Expect(number, node.span, _expectations(node.value[word]), node.word("case"))
        if word == "pass":
            return Pass(number, node.span, node.value[word].value)
        if word == "refused":
            inner = self._step(number, node.value[word])
            if isinstance(inner, Deed):
                return Refused(number, node.span, inner, node.word("because"))
            self._report(node.value[word], "only a command can be refused", f"write one of {', '.join(DEEDS)}")
        return self._deed(number, node, word)

    def _word(self, node: Node) -> str:
        """The one thing that a step does; what stands beside it must belong to it."""
        found = [word for word in STEP_WORDS if word in node.value]
        if len(found) != 1:
            said = f"{' and '.join(found)} at once" if found else "nothing"
            self._report(node, f"this step does {said}", f"write one of {', '.join(STEP_WORDS)}")
            return found[0] if found else ""
        allowed = beside(found[0])
        for name, below in node.value.items():
            if name != found[0] and name not in allowed:
                takes = f"beside it may stand {', '.join(sorted(allowed))}" if allowed else "nothing stands beside it"
                self._report(below, f"'{name}' does not belong to `{found[0]}`", takes, at_key=True)
        return found[0]

    def _deed(self, number: int, node: Node, word: str) -> Deed:
        who = node.get("as")
        return Deed(
            number=number,
            at=node.span,
            word=word,
            says=_says(node.get(word)),
            actor=self._who(who) if who is not None else self._actor,
            data=_data(node),
            outcome=node.word("outcome") or {"approve": "approved", "reject": "rejected"}.get(word, "done"),
            channel=node.word("channel"),
            case=node.word("case"),
            name=node.word("name") or (_says(node.get(word)) if word in ("create", "open") else ""),
            because=node.word("because"),
            interaction=node.word("interaction"),
        )

    def _report(self, node: Node, message: str, help: str = "", *, at_key: bool = False) -> None:
        self.problems.append(Problem(node.key if at_key else node.span, "E105", message, help=help))


def _says(node: Node | None) -> str:
    if node is None or node.value is None:
        return ""
    return node.word("at") if node.is_map else str(node.value)


def _data(node: Node) -> dict[str, Any]:
    data: dict[str, Any] = {name: below.plain() for name, below in node.entries("with").items()}
    answer = node.get("answer")
    return {**data, "answer": answer.plain()} if answer is not None else data


def _actor(node: Node, name: str) -> Actor:
    attributes = node.get("attributes")
    known = attributes.plain() if attributes is not None else {}
    return Actor(
        node.word("id", name) or "somebody", node.word("kind", "operator"), frozenset(node.words("roles")), known
    )


def _answers(node: Node) -> tuple[Answer, ...]:
    items = node.value if node.is_list else ()
    if items and all(item.get("gives") is not None for item in items):
        return tuple(Answer(_plain(item.get("with")) or {}, _plain(item.get("gives"))) for item in items)
    return (Answer({}, node.plain()),)


def _plain(node: Node | None) -> Any:
    return node.plain() if node is not None else None


def _fault(node: Node) -> Fault:
    error = node.word("error", "the connector did not answer")
    return Fault(node.word("call"), node.number("times", 1), error, node.is_true("final"))


def _expectations(node: Node) -> tuple[Expectation, ...]:
    return tuple(Expectation(what, below.plain(), below.key) for what, below in node.value.items())
