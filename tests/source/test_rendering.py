"""Problems as text and as JSON."""

from __future__ import annotations

import pytest

from casewright.source import SourceFile, read, render, render_all, to_json
from casewright.values import Problem, Related, Span

SOURCES = {"a.yaml": "define: x/y\nlabel: b\n", "b.yaml": "extend: x/y\n\tlabel: c\n"}
PROBLEM = Problem(
    Span("b.yaml", 2, 2, "impl@1.0.0"), "E301", "may not change 'label'",
    (Related(Span("a.yaml", 2, 8, "base@2.1.0"), "final here"),), "leave it\nlabel: b",
)  # fmt: skip


def test_a_problem_prints_its_line_the_other_line_and_help() -> None:
    assert render(PROBLEM, SOURCES.get) == (
        "b.yaml:2:2 [impl@1.0.0] E301 may not change 'label'\n"
        "    2 |  label: c\n"
        "      |  ^\n"
        "  a.yaml:2:8 [base@2.1.0] final here\n"
        "    2 | label: b\n"
        "      |        ^\n"
        "  help: leave it\n"
        "        label: b"
    )


def test_a_place_without_source_prints_no_line() -> None:
    assert render(Problem(Span("c.yaml", 3, 1), "W1", "odd"), SOURCES.get) == "c.yaml:3:1 W1 odd"
    assert render(Problem(Span("a.yaml", 99, 1), "W1", "odd"), SOURCES.get) == "a.yaml:99:1 W1 odd"


def test_problems_are_printed_in_the_order_of_their_places() -> None:
    later, sooner = Problem(Span("z.yaml", 10), "E1", "b"), Problem(Span("z.yaml", 9), "E1", "a")
    assert render_all([later, sooner], SOURCES.get) == "z.yaml:9:1 E1 a\n\nz.yaml:10:1 E1 b"


def test_a_problem_as_json_has_place_severity_and_related() -> None:
    assert to_json(PROBLEM) == {
        "code": "E301", "severity": "error", "path": "b.yaml", "line": 2, "column": 2, "layer": "impl@1.0.0",
        "message": "may not change 'label'", "help": "leave it\nlabel: b",
        "related": [{"path": "a.yaml", "line": 2, "column": 8, "layer": "base@2.1.0", "message": "final here"}],
    }  # fmt: skip


def test_a_warning_says_so_in_json() -> None:
    assert to_json(Problem(Span("a"), "W403", "x"))["severity"] == "warning"


@pytest.mark.parametrize("line_end", ["\r\n", "\r", "\x85", "\u2028", "\u2029"])
def test_the_excerpt_is_the_line_that_libyaml_counts(line_end: str) -> None:
    text = f"one: 1{line_end}two: 2{line_end}two: 3\n"
    _, (problem,) = read(text, SourceFile("f.yaml"))
    assert "    3 | two: 3\n      | ^" in render(problem, lambda _: text)
