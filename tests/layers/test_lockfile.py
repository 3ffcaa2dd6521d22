"""A locked layer says what was edited, and which rule of one's own to write instead."""

from pathlib import Path

import pytest

from casewright.layers.lockfile import LOCK_NAME, check_lock, compare_lock, layer_files, lock_text, write_lock
from casewright.values import Problem, Span

CARD = b"# the shipped rule\ndefine: case_type/lost_card\nlabel: Lost card\n"


@pytest.fixture
def service(tmp_path: Path) -> Path:
    layer = tmp_path / "service"
    (layer / "case_types").mkdir(parents=True)
    (layer / "texts").mkdir()
    (layer / "layer.yaml").write_bytes(b"layer: service\nversion: 1.0.0\n")
    (layer / "case_types" / "lost_card.yaml").write_bytes(CARD)
    (layer / "case_types" / "lost_card.vip.yaml").write_bytes(
        b"variant: case_type/lost_card@vip\ncircumstance: {segment: VIP}\n"
    )
    (layer / "texts" / "de.yaml").write_bytes(b"case_type/lost_card:label: Karte verloren\n")
    (layer / "fee.yaml").write_bytes(b"define: decision_table/fee\n")
    (layer / "fee.csv").write_bytes(b"a,b\n")
    (layer / "README.md").write_bytes(b"not a rule\n")
    write_lock(layer)
    return layer


def problems(layer: Path) -> tuple[Problem, ...]:
    return check_lock(layer, layer_files(layer), layer="service@1.0.0")


def test_an_untouched_layer_agrees_with_its_lock(service: Path) -> None:
    assert problems(service) == ()


def test_a_layer_without_a_lock_is_not_checked(service: Path) -> None:
    (service / LOCK_NAME).unlink()
    (service / "fee.csv").write_text("edited")
    assert problems(service) == ()


def test_an_edited_rule_is_an_error_that_names_the_extend_to_write_instead(service: Path) -> None:
    edited = service / "case_types" / "lost_card.yaml"
    edited.write_bytes(CARD.replace(b"Lost card", b"My card"))

    (problem,) = problems(service)

    assert problem.code == "E350"
    assert problem.span == Span(edited.as_posix(), 1, 1, "service@1.0.0")
    assert problem.message == (
        "'case_types/lost_card.yaml' was edited, and this layer is locked: its next release would undo the edit"
    )
    assert problem.help.splitlines() == [
        "take the file back as shipped, and write the change into a layer of yours, case_types/lost_card.yaml:",
        "extend: case_type/lost_card",
    ]
    assert problem.related[0].span.path == (service / LOCK_NAME).as_posix()
    assert (
        "case_types/lost_card.yaml" in (service / LOCK_NAME).read_text().splitlines()[problem.related[0].span.line - 1]
    )


def test_an_edited_variant_is_extended_as_that_variant(service: Path) -> None:
    (service / "case_types" / "lost_card.vip.yaml").write_bytes(b"variant: case_type/lost_card@vip\n")
    (problem,) = problems(service)
    assert problem.help.endswith("extend: case_type/lost_card@vip")


def test_edited_rows_are_extended_through_their_rule(service: Path) -> None:
    (service / "fee.csv").write_bytes(b"a,b\n1,2\n")
    (problem,) = problems(service)
    assert problem.help.endswith("fee.yaml:\nextend: decision_table/fee")


def test_edited_texts_and_manifests_are_errors_too(service: Path) -> None:
    (service / "texts" / "de.yaml").write_bytes(b"case_type/lost_card:label: Weg\n")
    (service / "layer.yaml").write_bytes(b"layer: service\nversion: 9.0.0\n")
    assert [(found.code, found.help.rsplit(": ", 1)[1]) for found in problems(service)] == [
        ("E350", "layer.yaml"),
        ("E350", "texts/de.yaml"),
    ]


def test_an_added_file_belongs_in_a_layer_of_ones_own(service: Path) -> None:
    (service / "mine.yaml").write_bytes(b"define: sla/mine\n")
    (problem,) = problems(service)
    assert (problem.code, problem.span.path) == ("E351", (service / "mine.yaml").as_posix())
    assert problem.help == "move the file to the same path in a layer of yours: mine.yaml"


def test_a_missing_file_is_put_back_or_blocked_above(service: Path) -> None:
    (service / "case_types" / "lost_card.vip.yaml").unlink()
    (problem,) = problems(service)
    assert (problem.code, problem.span.path) == ("E352", (service / LOCK_NAME).as_posix())
    assert problem.help == (
        "put the file back as shipped; to forbid the rule, write `block: case_type/lost_card@vip` in a layer of yours"
    )


def test_a_broken_line_of_a_lock_is_placed(tmp_path: Path) -> None:
    (problem,) = compare_lock("# head\nnonsense\n", {}, tmp_path)
    assert (problem.code, problem.span.line) == ("E353", 2)


def test_line_ends_of_a_checkout_are_no_edit(service: Path) -> None:
    for name, content in layer_files(service).items():
        (service / name).write_bytes(content.replace(b"\n", b"\r\n"))
    assert problems(service) == ()


def test_files_that_are_no_rules_are_not_locked(service: Path) -> None:
    (service / "README.md").write_bytes(b"edited\n")
    (service / ".cache").mkdir()
    (service / ".cache" / "x.yaml").write_bytes(b"a: 1\n")
    assert problems(service) == ()


def test_a_layer_inside_a_layer_has_a_lock_of_its_own(service: Path) -> None:
    (service / "inner").mkdir()
    (service / "inner" / "layer.yaml").write_bytes(b"layer: inner\n")
    assert problems(service) == ()


def test_a_lock_is_the_same_text_whatever_the_order_of_the_files() -> None:
    files = {"b.yaml": b"define: sla/b\n", "a.yaml": b"define: sla/a\n"}
    assert lock_text(files) == lock_text(dict(reversed(files.items())))
    assert [line.split()[1] for line in lock_text(files).splitlines()[1:]] == ["a.yaml", "b.yaml"]


def test_a_rule_in_quotes_or_braces_is_found() -> None:
    files = {"a.yaml": b'{define: "sla/a", goal: 1d}\n', "b.yaml": b"---\nextend: 'sla/b'\n"}
    assert [line.split("\t")[1] for line in lock_text(files).splitlines()[1:]] == ["sla/a", "sla/b"]
