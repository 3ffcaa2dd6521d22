"""What a field's declaration says is on the screen that asks for it, in every language that it has texts in."""

from __future__ import annotations

from pathlib import Path

from casewright.compiler.pipeline import compile_layer
from casewright.machine.screens import Widget
from tests.compiler.writing import write_layer

REQUEST = """\
define: case_type/request
data:
  amount: {type: money, label: How much?, required: true, help: Without a currency.}
  reason: {type: choice, options: [lost, stolen]}
stages:
  - {id: only, steps: [{id: ask, do: collect, fields: [amount, reason]}]}
"""
GERMAN = """\
case_type/request:data.amount.label: Wie viel?
case_type/request:data.amount.help: Ohne Währung.
"""


def test_label_help_options_and_requirement_are_on_the_screen(tmp_path: Path) -> None:
    folder = write_layer(tmp_path / "own", {"r.yaml": REQUEST, "texts/de.yaml": GERMAN})
    application = compile_layer(folder).usable()

    def asked(roots: dict[str, object]) -> tuple[Widget, ...]:
        plan = application.bind("case_type", "request", roots).value
        widgets: tuple[Widget, ...] = plan.sequence.items[0].body.items[0].activity.screen.widgets
        return widgets

    assert asked({}) == (
        Widget("money", "amount", "How much?", True, (), "money", "Without a currency."),
        Widget("choice", "reason", "Reason", False, ("lost", "stolen"), "choice"),
    )
    assert asked({"interaction": {"language": "de"}})[0].help == "Ohne Währung."
