"""Every problem code that the source reports is explained in the table, and the table explains no other."""

from __future__ import annotations

import re
from pathlib import Path

import casewright.codes
from casewright.codes import ProblemCode, problem_codes

PACKAGE = Path(casewright.codes.__file__).parent
CODE = re.compile(r'"([EW]\d{3})"')


def reported() -> set[str]:
    """The codes that stand as literals in the source of the package."""
    sources = (file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.py"))
    return {code for source in sources for code in CODE.findall(source)}


def test_the_table_explains_what_is_reported_and_nothing_else() -> None:
    explained = {entry.code for entry in problem_codes()}
    assert (reported() - explained, explained - reported()) == (set(), set())


def test_every_entry_says_what_is_wrong_and_what_to_write_instead() -> None:
    for entry in problem_codes():
        assert entry.explanation.endswith("."), entry.code
        assert entry.mend.endswith("."), entry.code
        assert not entry.title.endswith("."), entry.code


def test_no_two_codes_have_one_title() -> None:
    titles = [entry.title for entry in problem_codes()]
    assert sorted(set(titles)) == sorted(titles)


def test_errors_stand_before_warnings_by_number() -> None:
    codes = [entry.code for entry in problem_codes()]
    assert codes == sorted(codes)
    assert problem_codes()[0] == ProblemCode(
        "E101",
        "A key stands twice in one map",
        "YAML would keep the last one silently. Both places are named.",
        "Keep one of the two.",
    )
