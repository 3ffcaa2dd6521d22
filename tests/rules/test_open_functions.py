"""Functions in a package of somebody else: found by entry point, checked by their types, kept from doing harm."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from casewright.compiler.pipeline import compile_layer
from casewright.compiler.remembering import fingerprint
from casewright.errors import FunctionRefused, NameTaken
from casewright.expressions import STANDARD
from casewright.rules.registry import Vocabulary, vocabulary
from tests.compiler.writing import compiled, lines, write_layer

FUNCTIONS = '''
    """What the bank counts: a band of credit, and a function that always fails."""
    from decimal import Decimal

    from casewright.expressions import BOOLEAN, INTEGER, MONEY, TEXT, PureFunction


    def band(income, years):
        assert isinstance(income, Decimal)
        return "gold" if income * years >= 1000 else "plain"


    def fails(text):
        raise RuntimeError(f"no {text} today")


    BAND = PureFunction(
        "credit_band", {"income": MONEY, "years": INTEGER}, TEXT, band, "the band of a customer's credit", cost=5,
        example="credit_band(500.00, 2)",
    )
    FAILS = PureFunction("fails", {"text": TEXT}, BOOLEAN, fails, "nothing at all")
    WRONG = PureFunction("wrong", {"text": TEXT}, INTEGER, lambda text: text, "a text where a number is declared")
    TAKEN = PureFunction("size", {"text": TEXT}, INTEGER, len, "a size")
    SHOUTED = PureFunction("CreditBand", {}, INTEGER, len, "a size")
'''
POINTS = {"credit_band": "BAND", "fails": "FAILS", "wrong": "WRONG"}
TABLE = """\
    define: decision_table/band
    hit: first
    inputs: {income: case.income}
    outputs: {band: text}
    otherwise: {band: none}
    rows: |
      income || band
      > 0    || = EXPRESSION
    """
CASE = """\
    define: case_type/credit
    data: {income: {type: money}, name: {type: text}}
    stages:
      - {id: only, steps: [{id: look, do: collect, fields: [income, name], assign: {to: originator}}]}
    """


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of installed packages, with `acme_functions` in it."""
    site = tmp_path / "site"
    (site / "acme_functions").mkdir(parents=True)
    (site / "acme_functions" / "__init__.py").write_text(dedent(FUNCTIONS), encoding="utf-8")
    monkeypatch.syspath_prepend(site)
    yield site
    sys.modules.pop("acme_functions", None)
    importlib.invalidate_caches()


def install(site: Path, points: dict[str, str]) -> None:
    """The entry points that name the functions."""
    named = "".join(f"{name} = acme_functions:{at}\n" for name, at in points.items())
    info = site / "acme_functions-1.0.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-functions\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[casewright.functions]\n{named}", encoding="utf-8")


@pytest.fixture
def words(site: Path) -> Vocabulary:
    """The vocabulary with the functions installed."""
    install(site, POINTS)
    return vocabulary()


def decided(tmp_path: Path, words: Vocabulary, expression: str, **case: Any) -> Any:
    """What the table gives whose cell calls a function."""
    application = compiled(tmp_path, CASE, TABLE.replace("EXPRESSION", expression), words=words).usable()
    table = application.bind("decision_table", "band", {}).value
    return table.decide({"case": case})


def test_a_rule_calls_a_registered_function(words: Vocabulary, tmp_path: Path) -> None:
    decision = decided(tmp_path, words, "credit_band(case.income, 2)", income=500, name=None)
    assert decision.outputs == {"band": "gold"}


def test_its_types_are_checked_where_the_rule_is_loaded(words: Vocabulary, tmp_path: Path) -> None:
    wrong = compiled(tmp_path, CASE, TABLE.replace("EXPRESSION", "credit_band(case.name, 2)"), words=words)
    assert [(problem.code, problem.message, problem.help) for problem in wrong.problems] == [
        ("E405", "credit_band does not take text and an integer", "write credit_band(money income, integer years)")
    ]


def test_a_name_near_to_it_is_answered_with_it(words: Vocabulary, tmp_path: Path) -> None:
    wrong = compiled(tmp_path, CASE, TABLE.replace("EXPRESSION", "credit_bad(case.income, 2)"), words=words)
    assert wrong.problems[0].message == "unknown function 'credit_bad'; did you mean 'credit_band'?"


def test_a_function_is_never_called_with_null(words: Vocabulary, tmp_path: Path) -> None:
    decision = decided(tmp_path, words, "coalesce(credit_band(case.income, size(case.name)), 'x')", income=5, name=None)
    assert decision.outputs == {"band": "x"}


@pytest.mark.parametrize("call", ["fails(case.name)", "wrong(case.name) == 1"])
def test_what_a_function_does_wrong_makes_its_call_unknown(words: Vocabulary, tmp_path: Path, call: str) -> None:
    decision = decided(tmp_path, words, f'{call} ? "yes" : "no"', income=5, name="Ann")
    assert decision.outputs == {"band": None}


def test_no_layer_knows_it_where_the_package_is_not_installed(tmp_path: Path) -> None:
    found = compiled(tmp_path, CASE, TABLE.replace("EXPRESSION", "credit_band(case.income, 2)"))
    assert lines(found)[0].endswith("E405 unknown function 'credit_band'")


def test_a_remembered_release_is_not_recalled_where_a_function_takes_something_else(site: Path, tmp_path: Path) -> None:
    layer = write_layer(tmp_path / "own", {"c.yaml": CASE})
    install(site, POINTS)
    before = fingerprint(layer, (), None, vocabulary())
    file = site / "acme_functions" / "__init__.py"
    file.write_text(file.read_text().replace('"years": INTEGER', '"years": MONEY'))
    del sys.modules["acme_functions"]
    importlib.invalidate_caches()
    assert fingerprint(layer, (), None, vocabulary()) != before


def test_without_such_packages_the_functions_are_the_language_s_own() -> None:
    assert vocabulary().functions is STANDARD


def test_a_name_of_the_language_is_refused(site: Path) -> None:
    install(site, {"size": "TAKEN"})
    with pytest.raises(NameTaken, match=r"'size' from acme_functions:TAKEN is already taken"):
        vocabulary()


def test_a_name_that_no_expression_could_call_is_refused(site: Path) -> None:
    install(site, {"band": "SHOUTED"})
    with pytest.raises(FunctionRefused, match="words in small letters"):
        vocabulary()


def test_the_layer_compiles_with_them_like_with_ours(words: Vocabulary, tmp_path: Path) -> None:
    layer = write_layer(tmp_path / "own", {"c.yaml": CASE, "t.yaml": TABLE.replace("EXPRESSION", '"gold"')})
    assert compile_layer(layer, words=words).usable()
