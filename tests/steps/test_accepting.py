"""What may be stored in a field of each type."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from casewright.steps.accepting import SIMPLE_TYPES, acceptor
from casewright.values import Duration


@pytest.mark.parametrize(
    ("type_name", "sent", "kept"),
    [
        ("text", "hello", "hello"),
        ("integer", "42", 42),
        ("integer", -7, -7),
        ("decimal", "1.10", Decimal("1.10")),
        ("money", 15, Decimal(15)),
        ("boolean", "yes", True),
        ("boolean", False, False),
        ("date", "2026-03-01", date(2026, 3, 1)),
        ("date", datetime(2026, 3, 1, 8, tzinfo=UTC), date(2026, 3, 1)),
        ("time", "14:30", time(14, 30)),
        ("datetime", "2026-03-01T08:00:00", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("duration", "1d12h", Duration(exact=timedelta(hours=36))),
        ("id", 1001, "1001"),
        ("id", {"id": "C-1", "name": "Ada"}, "C-1"),
        ("email", "ada@example.org", "ada@example.org"),
        ("phone", "+49 30 123456", "+49 30 123456"),
        ("card", {"id": "K-1"}, "K-1"),
        ("list of card", ["K-1", {"id": "K-2"}], ["K-1", "K-2"]),
        ("list of integer", ("1", 2), [1, 2]),
    ],
)
def test_what_fits_a_type_is_brought_into_its_form(type_name: str, sent: Any, kept: Any) -> None:
    found = acceptor(type_name)(sent)
    assert found == kept
    assert type(found) is type(kept)


@pytest.mark.parametrize(
    ("type_name", "sent", "because"),
    [
        ("text", 5, "a text is expected"),
        ("text", "x" * 100_001, "at most 100000 characters"),
        ("integer", "4.5", "a whole number is expected"),
        ("integer", True, "a whole number is expected"),
        ("money", "many", "a number is expected"),
        ("money", "NaN", "a number is expected"),
        ("money", float("inf"), "a number is expected"),
        ("boolean", "maybe", "yes or no is expected"),
        ("date", "2026-02-30", "a date is expected"),
        ("time", "25:00", "a time is expected"),
        ("datetime", "soon", "an instant is expected"),
        ("duration", "2 weeks", "is not a duration"),
        ("email", "ada at example", "an e-mail address is expected"),
        ("phone", "call me", "a telephone number is expected"),
        ("list of integer", "1", "a list is expected"),
        ("list of integer", ["1", "x"], "a whole number is expected"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_was_expected(type_name: str, sent: Any, because: str) -> None:
    with pytest.raises(ValueError, match=because):
        acceptor(type_name)(sent)


def test_a_choice_outside_the_options_names_them_and_the_near_one() -> None:
    with pytest.raises(ValueError, match=r"'expres' is not one of standard, express; did you mean 'express'\?"):
        acceptor("choice", ("standard", "express"))("expres")


def test_null_fits_every_type() -> None:
    assert [acceptor(name, ("a",) if name == "choice" else ())(None) for name in (*SIMPLE_TYPES, "list of text")] == [
        None
    ] * (len(SIMPLE_TYPES) + 1)
