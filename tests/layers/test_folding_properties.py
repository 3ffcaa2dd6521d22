"""Folding is associative, an empty file changes nothing, and no fold changes what it was folded onto."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.layers.cells import KeyedCell, LeafCell, MapCell, State, to_node
from casewright.layers.history import provenance
from casewright.layers.merging import Merge
from casewright.layers.shapes import Shape, shape_of
from casewright.source import Node, SourceFile

IDS = ("a", "b", "c", "d")
SCALAR = {"type": "string"}


def schemas() -> st.SearchStrategy[dict[str, Any]]:
    def deeper(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
        plain = st.sampled_from(["replace", "set", "append"])
        return st.one_of(
            st.dictionaries(st.sampled_from(IDS), inner, min_size=1).map(known_map),
            inner.map(lambda below: {"type": "object", "additionalProperties": below}),
            plain.map(lambda merge: {"type": "array", "x-merge": merge, "items": SCALAR}),
            st.dictionaries(st.sampled_from(IDS), inner).map(keyed_list),
        )

    inner = st.recursive(st.just(SCALAR), deeper, max_leaves=6)
    return st.dictionaries(st.sampled_from(IDS), inner, min_size=1).map(known_map)


def known_map(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties}


def keyed_list(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "x-merge": {"key": "id"}, "items": known_map({**properties, "id": SCALAR})}


def bodies(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Bodies that fit a schema, with directives among them."""
    if schema["type"] == "string":
        return st.sampled_from(["1", "2", "3"])
    if schema["type"] == "array" and isinstance(schema["x-merge"], str):
        values = st.lists(st.sampled_from("xyz"), max_size=3, unique=True)
        return st.one_of(values, st.dictionaries(st.sampled_from(["$append", "$prepend", "$remove"]), values))
    if schema["type"] == "array":
        return st.lists(items(schema["items"]), max_size=3, unique_by=lambda item: item["id"])
    if "properties" in schema:
        entries = {name: bodies(below) for name, below in schema["properties"].items() if name != "id"}
        own = st.fixed_dictionaries({}, optional=entries)
    else:
        own = st.dictionaries(st.sampled_from(IDS), bodies(schema["additionalProperties"]), max_size=2)
    words = st.fixed_dictionaries({}, optional={"$unset": st.lists(st.sampled_from(IDS), max_size=2)})
    return st.tuples(own, words).map(lambda both: {**both[0], **both[1]})


def items(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    placed: st.SearchStrategy[dict[str, str]] = st.one_of(
        st.just({}),
        st.sampled_from(["$remove", "$first", "$last", "$replace"]).map(lambda word: {word: "true"}),
        st.tuples(st.sampled_from(["$before", "$after"]), st.sampled_from(IDS)).map(lambda at: dict([at])),
    )  # fmt: skip
    return st.tuples(st.sampled_from(IDS), bodies(schema), placed).map(
        lambda all_: {"id": all_[0], **all_[1], **all_[2]}
    )


def node(value: Any, file: SourceFile) -> Node:
    if isinstance(value, dict):
        return Node({name: node(below, file) for name, below in value.items()}, file)
    if isinstance(value, list):
        return Node(tuple(node(below, file) for below in value), file)
    return Node(value, file)


Files = tuple[Node, ...]


def fold(state: State | None, files: Files, shape: Shape) -> State | None:
    for body in files:
        state = Merge(body.file, is_delta=True).onto(state, body, shape)
    return state


def dump(state: State | None, shape: Shape) -> Any:
    """Everything that a state knows: its value, tombstones with their anchors, and who wrote what."""
    if state is None:
        return None
    return to_node(state).plain(), inner(state), dict(provenance(state, (), shape))


def inner(state: State | None) -> Any:
    if state is None or isinstance(state, (Node, LeafCell)):
        return None if state is None else to_node(state).plain()
    if isinstance(state, MapCell):
        return {name: inner(below) for name, below in state.children.items()}, sorted(state.gone)
    assert isinstance(state, KeyedCell)
    return [(item.id, item.anchor, inner(item.state)) for item in state.items]


@st.composite
def applications(draw: st.DrawFn) -> tuple[Shape, Files]:
    schema = draw(schemas())
    texts = draw(st.lists(bodies(schema), min_size=3, max_size=4))
    return shape_of(schema), tuple(node(text, SourceFile(f"f{number}", "l@1")) for number, text in enumerate(texts))


@settings(max_examples=150, deadline=None)
@given(applications())
def test_folding_is_associative(application: tuple[Shape, Files]) -> None:
    shape, (base, first, *rest) = application
    one_by_one = fold(fold(fold(None, (base,), shape), (first,), shape), tuple(rest), shape)
    together = fold(fold(None, (base,), shape), (first, *rest), shape)
    at_once = fold(None, (base, first, *rest), shape)
    assert dump(one_by_one, shape) == dump(together, shape) == dump(at_once, shape)


@settings(max_examples=100, deadline=None)
@given(applications())
def test_an_empty_file_changes_nothing(application: tuple[Shape, Files]) -> None:
    shape, files = application
    empty = Node({}, SourceFile("empty", "l@1"))
    for at in range(1, len(files) + 1):
        assert dump(fold(None, (*files[:at], empty, *files[at:]), shape), shape) == dump(
            fold(None, files, shape), shape
        )


@settings(max_examples=100, deadline=None)
@given(applications())
def test_a_fold_leaves_the_state_below_as_it_was(application: tuple[Shape, Files]) -> None:
    shape, (base, first, *others) = application
    below = fold(None, (base, first), shape)
    before = dump(below, shape)
    for other in others:
        fold(below, (other,), shape)
    assert dump(below, shape) == before


@settings(max_examples=100, deadline=None)
@given(applications())
def test_taking_a_new_part_whole_is_the_same_as_taking_it_apart(application: tuple[Shape, Files]) -> None:
    shape, files = application
    plain = tuple(Node(without_words(body).value, body.file) for body in files)
    whole: State | None = None
    for body in plain:
        whole = Merge(body.file, plain=True).onto(whole, body, shape)
    apart = fold(None, plain, shape)
    assert whole is not None
    assert apart is not None
    assert to_node(whole).plain() == to_node(apart).plain()
    assert dict(provenance(whole, (), shape)) == dict(provenance(apart, (), shape))


def without_words(body: Node) -> Node:
    if body.is_map:
        return body.with_value({k: without_words(v) for k, v in body.value.items() if k[0] != "$"})
    return body.with_value(tuple(map(without_words, body.value))) if body.is_list else body
