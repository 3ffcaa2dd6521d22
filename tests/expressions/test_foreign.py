"""A value in the form of a spreadsheet or of another country is told as rules write it."""

from __future__ import annotations

import pytest

from casewright.expressions import BOOLEAN, DATE, DATETIME, DECIMAL, DURATION, INTEGER, TEXT, TIME, Type, choice
from casewright.expressions.foreign import rewritten

FORMS: list[tuple[Type, str, str | None]] = [
    (DECIMAL, "7,50", "7.50"),
    (DECIMAL, "1.234,5", "1234.5"),
    (DECIMAL, "1,234.5", "1234.5"),
    (DECIMAL, "1 000,50", "1000.50"),
    (DECIMAL, "1'000.50", "1000.50"),
    (DECIMAL, "1,000,000", "1000000"),
    (DECIMAL, "EUR 12,50", "12.50"),
    (DECIMAL, "12,5 %", "0.125"),
    (DECIMAL, "\u22125", "-5"),
    (DECIMAL, "12.50", None),
    (DECIMAL, "1,2,3", None),
    (DECIMAL, "twelve", None),
    (INTEGER, "1.000.000", "1000000"),
    (INTEGER, "3.0", "3"),
    (INTEGER, "3,5", None),
    (DATE, "31.12.2026", "2026-12-31"),
    (DATE, "31/12/26", "2026-12-31"),
    (DATE, "12/31/2026", "2026-12-31"),
    (DATE, "1/2/2026", "2026-01-02 or 2026-02-01"),
    (DATE, "2026-1-5", "2026-01-05"),
    (DATE, "2026-12-31 00:00:00", "2026-12-31"),
    (DATE, "2026-02-30", None),
    (DATETIME, "31.12.2026 8:30", "2026-12-31T08:30:00Z"),
    (TIME, "8 pm", "20:00"),
    (TIME, "12 am", "00:00"),
    (TIME, "25:00", None),
    (TIME, "8", None),
    (DURATION, "2 weeks", "14d"),
    (DURATION, "3 business days", "3bd"),
    (BOOLEAN, "FALSCH", "false"),
    (TEXT, "7,50", None),
    (choice(["yes", "no"]), "yes", None),
]


@pytest.mark.parametrize(("type_", "text", "meant"), FORMS, ids=[f"{form[0].kind} {form[1]}" for form in FORMS])
def test_a_form_of_elsewhere_is_told_as_rules_write_it(type_: Type, text: str, meant: str | None) -> None:
    assert rewritten(text, type_) == meant
