"""Resolving: files of several layers, classes and variants to one rule each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from casewright.layers import Layers, Resolved, load, shape_of
from casewright.values import RuleName

TEXT = {"type": "string"}
STEP = {"type": "object", "additionalProperties": False, "required": ["id"], "properties": {"id": TEXT, "text": TEXT}}
BODY = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "label": TEXT,
        "queue": TEXT,
        "goal": {"type": "string", "x-type": "duration"},
        "data": {"type": "object", "additionalProperties": {"type": "object", "properties": {"type": TEXT}}},
        "steps": {"type": "array", "x-merge": {"key": "id"}, "items": STEP},
        "rows": TEXT,
    },
}
SHAPES = {kind: shape_of(BODY) for kind in ("case_type", "dialog", "routing", "decision_table")}
BUILT_ON = {"base": [], "mid": ["base"], "impl": ["mid"], "plug": ["base"], "top": ["impl", "plug"]}

Make = Callable[..., Layers]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Writes `base_x="text"` as file x of layer base, and loads the layer named `open`."""
    monkeypatch.chdir(tmp_path)

    def write(open: str = "impl", **files: str) -> Layers:
        for layer, below in BUILT_ON.items():
            put(Path(layer, "layer.yaml"), f"layer: {layer}\nversion: 1.0.0\nbuilt_on: [{', '.join(below)}]\n")
        for name, text in files.items():
            layer, _, file = name.partition("_")
            put(Path(layer, f"{file}.yaml"), text)
        return load(Path(open), shapes=SHAPES)[0]

    return write


def put(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def rule(layers: Layers, text: str, for_class: str = "") -> Resolved:
    kind, _, rest = text.partition("/")
    id, _, variant = rest.partition("@")
    return layers.resolve(RuleName(kind, id, for_class, variant))


def plain(layers: Layers, text: str, for_class: str = "") -> Any:
    return rule(layers, text, for_class).body.plain()


def told(layers: Layers) -> list[str]:
    return [problem.code for problem in layers.problems()]


def test_layers_fold_from_the_bottom_up(make: Make) -> None:
    layers = make(
        base_a="define: routing/r\nlabel: base\nqueue: base\n",
        mid_a="extend: routing/r\nqueue: mid\n",
        impl_a="extend: routing/r\ngoal: 2d\n",
    )
    assert not layers.problems()
    assert [layer.label for layer in layers.stack] == ["base@1.0.0", "mid@1.0.0", "impl@1.0.0"]
    assert {k: str(v) for k, v in plain(layers, "routing/r").items()} == {"label": "base", "queue": "mid", "goal": "2d"}


def test_head_keys_are_no_part_of_the_body(make: Make) -> None:
    layers = make(base_a="define: case_type/c\nstatus: available\nextension_points: [data]\nlabel: x\n")
    assert plain(layers, "case_type/c") == {"label": "x"}
    assert not layers.problems()


def test_file_and_folder_names_mean_nothing(make: Make, tmp_path: Path) -> None:
    make()
    put(tmp_path / "base" / "zzz.yaml", "define: routing/r\nqueue: q\n")
    (tmp_path / "base" / "deep").mkdir()
    put(tmp_path / "base" / "deep" / "layer.lock.yaml", "define: routing/s\nqueue: q\n")
    layers, problems = load(Path("base"), shapes=SHAPES)
    assert not problems
    assert [str(name) for name in layers.names()] == ["routing/r", "routing/s"]


def test_texts_and_scenarios_are_no_rules(make: Make, tmp_path: Path) -> None:
    make()
    (tmp_path / "base" / "texts").mkdir()
    put(tmp_path / "base" / "texts" / "de.yaml", "routing/r:label: x\n")
    put(tmp_path / "base" / "call.yaml", "scenario: a call\n")
    layers, problems = load(Path("base"), shapes=SHAPES)
    assert not problems
    assert layers.scenarios == (Path("base/call.yaml"),)


def test_a_draft_is_skipped(make: Make) -> None:
    layers = make(base_a="define: routing/r\nqueue: a\n", impl_a="extend: routing/r\nstatus: draft\nqueue: b\n")
    assert plain(layers, "routing/r") == {"queue": "a"}
    assert [(skipped.file.span.path, skipped.reason) for skipped in layers.skipped] == [("impl/a.yaml", "draft")]


def test_the_parents_body_is_the_lowest_contribution(make: Make) -> None:
    layers = make(
        base_p="define: case_type/parent\nlabel: P\nsteps: [{id: a, text: A}, {id: b}]\n",
        base_c="define: case_type/child\nis_a: parent\nsteps: [{id: x, $after: a}, {id: b, $remove: true}]\n",
    )
    assert plain(layers, "case_type/child") == {"label": "P", "steps": [{"id": "a", "text": "A"}, {"id": "x"}]}
    assert layers.classes.chain("child") == ("parent", "child")
    assert rule(layers, "case_type/child").head.is_a == "parent"


def test_an_extension_of_the_parent_reaches_the_child(make: Make) -> None:
    layers = make(
        base_p="define: case_type/parent\nlabel: P\n",
        base_c="define: case_type/child\nis_a: parent\nqueue: q\n",
        impl_p="extend: case_type/parent\nlabel: mine\n",
    )
    assert plain(layers, "case_type/child") == {"label": "mine", "queue": "q"}


def test_a_bound_rule_folds_along_the_class_chain(make: Make) -> None:
    layers = make(
        base_w="define: case_type/work\nlabel: W\n",
        base_d="define: case_type/dispute\nis_a: work\n",
        base_r="define: routing/r\nlabel: root\nqueue: root\n",
        mid_r="extend: routing/r\nfor: work\nqueue: work\n",
        impl_r="extend: routing/r\nfor: dispute\nlabel: dispute\n",
    )
    assert not layers.problems()
    assert plain(layers, "routing/r") == {"label": "root", "queue": "root"}
    assert plain(layers, "routing/r", "work") == {"label": "root", "queue": "work"}
    assert plain(layers, "routing/r", "dispute") == {"label": "dispute", "queue": "work"}
    assert layers.bound("routing", "r", "dispute") == RuleName("routing", "r", "dispute")
    assert layers.bound("routing", "r", "other") == RuleName("routing", "r")


def test_class_comes_before_layer_and_a_shadowed_value_is_warned(make: Make) -> None:
    layers = make(
        base_w="define: case_type/work\nlabel: W\n",
        base_r="define: routing/r\nqueue: base\n",
        mid_r="extend: routing/r\nfor: work\nqueue: mid\n",
        impl_r="extend: routing/r\nqueue: impl\n",
    )
    assert plain(layers, "routing/r", "work") == {"queue": "mid"}
    (problem,) = layers.problems()
    assert (problem.code, str(problem.span)) == ("W401", "impl/r.yaml:2:8")


def test_a_class_may_define_what_the_root_has(make: Make) -> None:
    layers = make(
        base_w="define: case_type/work\nlabel: W\n",
        base_r="define: routing/r\nlabel: L\nqueue: root\n",
        mid_r="define: routing/r\nfor: work\nqueue: work\n",
    )
    assert not layers.problems()
    assert plain(layers, "routing/r", "work") == {"label": "L", "queue": "work"}


VIP = "variant: routing/r@vip\ncircumstance: {segment: VIP}\n"


def test_a_variant_is_a_delta_on_the_base(make: Make) -> None:
    layers = make(base_r="define: routing/r\nlabel: L\nqueue: q\n", impl_v=VIP + "queue: vip\n")
    found = rule(layers, "routing/r@vip")
    assert found.body.plain() == {"label": "L", "queue": "vip"}
    assert found.variant_of == RuleName("routing", "r")
    assert found.head.circumstance is not None
    assert found.head.circumstance.plain() == {"segment": "VIP"}
    assert plain(layers, "routing/r") == {"label": "L", "queue": "q"}


def test_a_higher_base_changes_lower_variants_and_never_hides_them(make: Make) -> None:
    layers = make(
        base_r="define: routing/r\nlabel: L\nqueue: q\n", base_v=VIP + "queue: vip\n",
        impl_r="extend: routing/r\nlabel: mine\n",
    )  # fmt: skip
    assert plain(layers, "routing/r@vip") == {"label": "mine", "queue": "vip"}


def test_a_variant_is_extended_like_any_rule(make: Make) -> None:
    layers = make(
        base_r="define: routing/r\nqueue: q\n", base_v=VIP + "queue: vip\n",
        impl_v="extend: routing/r@vip\nlabel: mine\n",
    )  # fmt: skip
    assert not layers.problems()
    assert plain(layers, "routing/r@vip") == {"queue": "vip", "label": "mine"}
    assert rule(layers, "routing/r@vip").head.span.path == "base/v.yaml"


def test_a_variant_builds_on_another_only_where_it_says_so(make: Make) -> None:
    gold = "variant: routing/r@gold\ncircumstance: {segment: gold}\n"
    files = {"base_r": "define: routing/r\nqueue: q\n", "base_v": VIP + "label: V\n"}
    assert plain(make(**files, impl_g=gold + "queue: g\n"), "routing/r@gold") == {"queue": "g"}
    assert plain(make(**files, impl_g=gold + "based_on: vip\nqueue: g\n"), "routing/r@gold") == {
        "queue": "g",
        "label": "V",
    }


def test_variants_are_inherited_along_the_chain(make: Make) -> None:
    layers = make(
        base_p="define: case_type/parent\nlabel: P\n",
        base_v="variant: case_type/parent@vip\ncircumstance: {segment: VIP}\nqueue: vip\n",
        base_c="define: case_type/child\nis_a: parent\nlabel: C\n",
        base_w="define: routing/r\nqueue: q\n",
        base_x="extend: routing/r\nfor: child\nlabel: bound\n",
        mid_x="variant: routing/r@vip\ncircumstance: {segment: VIP}\nqueue: vip\n",
    )
    assert RuleName("case_type", "child", "", "vip") in layers.names()
    assert plain(layers, "case_type/child@vip") == {"label": "C", "queue": "vip"}
    assert plain(layers, "routing/r@vip", "child") == {"queue": "vip", "label": "bound"}
    assert rule(layers, "routing/r@vip", "child").head.span.path == "mid/x.yaml"


def test_replace_starts_from_empty(make: Make) -> None:
    layers = make(base_r="define: routing/r\nlabel: L\nqueue: q\n", impl_r="replace: routing/r\nqueue: mine\n")
    assert not layers.problems()
    assert plain(layers, "routing/r") == {"queue": "mine"}


@pytest.mark.parametrize(("word", "names"), [("keep", ["routing/r", "routing/r@vip"]), ("drop", ["routing/r"])])
def test_replace_says_what_becomes_of_lower_variants(make: Make, word: str, names: list[str]) -> None:
    layers = make(
        base_r="define: routing/r\nqueue: q\n", base_v=VIP + "label: V\n",
        impl_r=f"replace: routing/r\nvariants: {word}\nqueue: mine\n",
    )  # fmt: skip
    assert not layers.problems()
    assert [str(name) for name in layers.names()] == names


def test_a_variants_circumstance_is_changed_by_replace(make: Make) -> None:
    layers = make(
        base_r="define: routing/r\nqueue: q\n", base_v=VIP + "queue: vip\n",
        impl_v="replace: routing/r@vip\ncircumstance: {segment: gold}\nlabel: new\n",
    )  # fmt: skip
    found = rule(layers, "routing/r@vip")
    assert found.head.circumstance is not None
    assert found.head.circumstance.plain() == {"segment": "gold"}
    assert not layers.problems()


def test_withdraw_lets_lower_layers_and_parent_classes_show_through(make: Make) -> None:
    layers = make(
        base_w="define: case_type/work\nlabel: W\n",
        base_r="define: routing/r\nqueue: root\n",
        mid_r="extend: routing/r\nfor: work\nqueue: mid\n",
        impl_r="withdraw: routing/r\nfor: work\n",
    )
    assert not layers.problems()
    assert plain(layers, "routing/r", "work") == {"queue": "mid"}
    assert [file.word for file in rule(layers, "routing/r", "work").files] == ["define", "extend", "withdraw"]


def test_block_makes_any_use_an_error_and_says_where(make: Make) -> None:
    layers = make(base_r="define: routing/r\nqueue: q\n", impl_r="block: routing/r\n")
    assert str(rule(layers, "routing/r").blocked) == "impl/r.yaml:1:1"
    assert RuleName("routing", "r") in layers.names()


def test_a_higher_replace_takes_a_block_away(make: Make) -> None:
    layers = make(
        base_r="define: routing/r\nqueue: q\n", mid_r="block: routing/r\n", impl_r="replace: routing/r\nqueue: new\n"
    )
    assert rule(layers, "routing/r").blocked is None


def test_a_rule_that_is_made_for_a_class_is_not_blocked_with_its_parent(make: Make) -> None:
    layers = make(
        base_w="define: case_type/work\nlabel: W\n", base_d="define: case_type/dispute\nis_a: work\n",
        base_r="define: routing/r\nqueue: q\n", base_x="extend: routing/r\nfor: dispute\nqueue: x\n",
        impl_w="block: case_type/work\n", impl_r="block: routing/r\n",
    )  # fmt: skip
    assert rule(layers, "case_type/work").blocked is not None
    assert rule(layers, "case_type/dispute").blocked is None
    assert rule(layers, "routing/r", "dispute").blocked is not None


def test_rows_beside_a_rule_are_its_rows(make: Make) -> None:
    make(base_fee="define: decision_table/fee\nlabel: F\n")
    put(Path("base/fee.csv"), "a,b\n1,2\n")
    layers, problems = load(Path("base"), shapes=SHAPES)
    assert not problems
    found = rule(layers, "decision_table/fee").body.get("rows")
    assert found is not None
    assert (found.value, found.span.path, found.quoted) == ("a,b\n1,2\n", "base/fee.csv", True)


@pytest.mark.parametrize(("lower", "upper"), [("csv", "yaml"), ("yaml", "csv"), ("csv", "csv")])
def test_rows_of_either_form_replace_lower_rows_whole(make: Make, lower: str, upper: str) -> None:
    def rows(layer: str, word: str, form: str) -> None:
        put(Path(layer, "t.yaml"), f"{word}: decision_table/t\n" + ("rows: |\n  x\n" if form == "yaml" else ""))
        if form == "csv":
            put(Path(layer, "t.csv"), f"{layer}\n")

    make()
    rows("base", "define", lower)
    rows("impl", "extend", upper)
    layers, _ = load(Path("impl"), shapes=SHAPES)
    assert not [problem for problem in layers.problems() if problem.is_error]
    found = rule(layers, "decision_table/t")
    assert found.body.plain() == {"rows": "impl\n" if upper == "csv" else "x\n"}
    assert found.origin("rows").path == f"impl/t.{upper}"


def modules(make: Make, on: Mapping[str, str], rule_text: str) -> Layers:
    make(base_m=rule_text)
    for layer, text in on.items():
        put(
            Path(layer, "layer.yaml"), f"layer: {layer}\nversion: 1.0.0\nbuilt_on: {BUILT_ON[layer]}\nmodules: {text}\n"
        )
    return load(Path("impl"), shapes=SHAPES)[0]


def test_a_rule_of_a_module_that_is_off_is_skipped(make: Make) -> None:
    layers = modules(make, {"base": "{sales: false}"}, "define: routing/r\nmodule: sales\nqueue: q\n")
    assert layers.names() == ()
    assert [skipped.reason for skipped in layers.skipped] == ["module sales is off"]


def test_a_higher_layer_turns_a_module_on(make: Make) -> None:
    layers = modules(
        make, {"base": "{sales: false}", "impl": "{sales: true}"}, "define: routing/r\nmodule: sales\nqueue: q\n"
    )
    assert [str(name) for name in layers.names()] == ["routing/r"]


def test_equal_values_of_equal_rank_are_fine(make: Make) -> None:
    same = "extend: routing/r\nqueue: q\n"
    layers = make(open="top", base_r="define: routing/r\nqueue: a\n", impl_r=same, plug_r=same)
    assert not layers.problems()


def test_different_values_of_equal_rank_are_an_error_until_a_layer_above_settles_it(make: Make) -> None:
    files = {
        "base_r": "define: routing/r\nqueue: a\n", "impl_r": "extend: routing/r\nqueue: b\n",
        "plug_r": "extend: routing/r\nqueue: c\n",
    }  # fmt: skip
    assert told(make(open="top", **files)) == ["E230"]
    assert told(make(open="top", **files, top_r="extend: routing/r\nqueue: d\n")) == []


def test_resolving_twice_gives_the_same_value(make: Make) -> None:
    layers = make(base_r="define: routing/r\nqueue: a\n")
    assert rule(layers, "routing/r") is rule(layers, "routing/r")


def test_the_source_of_a_file_is_found_by_its_path(make: Make) -> None:
    layers = make(base_r="define: routing/r\nqueue: a\n")
    assert layers.source("base/r.yaml") == "define: routing/r\nqueue: a\n"
    assert layers.source("base/x.yaml") is None


def test_a_cache_may_stand_in_for_the_reader(make: Make) -> None:
    from casewright.source import read

    make(base_r="define: routing/r\nqueue: a\n")
    asked: list[str] = []

    def reader(content: bytes, file: Any) -> Any:
        asked.append(file.path)
        return read(content, file)

    load(Path("base"), shapes=SHAPES, reader=reader)
    assert asked == ["base/r.yaml"]


def test_contributions_come_in_the_order_of_the_fold(make: Make) -> None:
    layers = make(
        base_w="define: case_type/work\nlabel: W\n", base_r="define: routing/r\nqueue: a\n",
        impl_r="extend: routing/r\nqueue: b\n", mid_w="extend: routing/r\nfor: work\nqueue: c\n",
        impl_v=VIP + "queue: d\n",
    )  # fmt: skip
    paths = [file.span.path for file in layers.contributions("routing", "r")]
    assert paths == ["base/r.yaml", "impl/r.yaml", "mid/w.yaml", "impl/v.yaml"]


DROPPED = {
    "base_d": "define: dialog/d\nlabel: L\nsteps: [{id: a}, {id: b}]\n",
    "base_v": "variant: dialog/d@vip\neffective: {from: 2026-01-01}\nsteps: [{id: b, $patch: true, text: V}]\n",
    "mid_d": "replace: dialog/d\nvariants: drop\nlabel: R\n",
}


def test_a_dropped_variant_is_neither_there_nor_judged(make: Make) -> None:
    layers = make(**DROPPED)
    assert [str(name) for name in layers.names()] == ["dialog/d"]
    assert told(layers) == []


def test_a_layer_above_makes_a_dropped_variant_anew(make: Make) -> None:
    layers = make(**DROPPED, impl_v="variant: dialog/d@vip\neffective: {from: 2026-01-01}\nlabel: V\n")
    assert told(layers) == []
    assert plain(layers, "dialog/d@vip") == {"label": "V"}


def test_a_dropped_variant_is_not_extended(make: Make) -> None:
    layers = make(**DROPPED, impl_v="extend: dialog/d@vip\nlabel: V\n")
    (problem,) = layers.problems()
    assert problem.code == "E104"
    assert problem.message == (
        "[impl@1.0.0] extends dialog/d@vip: [mid@1.0.0] drops it with `variants: drop` at mid/d.yaml:1:1"
    )
    assert [str(name) for name in layers.names()] == ["dialog/d"]


def test_a_value_of_the_base_over_one_of_a_variant_below_is_no_warning(make: Make) -> None:
    layers = make(
        base_r="define: routing/r\nqueue: a\n", impl_r="extend: routing/r\nqueue: b\n",
        mid_v="variant: routing/r@vip\neffective: {from: 2026-01-01}\nqueue: v\n",
    )  # fmt: skip
    assert told(layers) == []
    assert plain(layers, "routing/r@vip") == {"queue": "v"}


def test_a_lock_above_a_variant_comes_too_late(make: Make) -> None:
    layers = make(
        base_r="define: routing/r\nqueue: a\n", impl_r="extend: routing/r\n$final: [queue]\n",
        mid_v="variant: routing/r@vip\neffective: {from: 2026-01-01}\nqueue: v\n",
    )  # fmt: skip
    (problem,) = layers.problems()
    assert problem.code == "E301"
    assert problem.related[0].message == "the lower layer changes it here, for a variant"


@pytest.mark.parametrize(
    ("mid", "expected"),
    [
        (
            "extend: dialog/d\nsteps: [{id: b, $remove: true}]\n",
            "no item 'b' below; removed by [mid@1.0.0] at mid/d.yaml:2:17",
        ),
        (
            "replace: dialog/d\nvariants: keep\nsteps: [{id: a, text: A}]\n",
            "no item 'b' below; the rule was replaced by [mid@1.0.0] at mid/d.yaml:1:1",
        ),
    ],
)
def test_a_variant_of_an_item_that_a_layer_above_took_away_says_who_did(make: Make, mid: str, expected: str) -> None:
    needing = {**BODY["properties"]["steps"], "items": {**STEP, "required": ["id", "text"]}}  # type: ignore[index]
    properties = {**BODY["properties"], "steps": needing, "other": TEXT}  # type: ignore[dict-item]
    make(
        base_d="define: dialog/d\nsteps: [{id: a, text: A}, {id: b, text: B}]\n", mid_d=mid,
        base_v="variant: dialog/d@vip\neffective: {from: 2026-01-01}\nsteps: [{id: b}]\n",
    )  # fmt: skip
    layers, _ = load(Path("impl"), shapes={"dialog": shape_of({**BODY, "properties": properties})})
    (problem,) = layers.problems()
    assert (problem.code, str(problem.span), problem.message) == ("E203", "base/v.yaml:3:9", expected)
