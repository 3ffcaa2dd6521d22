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
        ("integer", str(2**63 - 1), 2**63 - 1),
        ("money", 15, Decimal(15)),
        ("money", 0.1, Decimal("0.1")),
        ("decimal", "-1.5e3", Decimal("-1.5E+3")),
        ("boolean", "yes", True),
        ("boolean", False, False),
        ("date", "2026-03-01", date(2026, 3, 1)),
        ("date", datetime(2026, 3, 1, 8, tzinfo=UTC), date(2026, 3, 1)),
        ("time", "14:30", time(14, 30)),
        ("datetime", "2026-03-01T08:00:00", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("duration", "1d12h", Duration(exact=timedelta(hours=36))),
        ("id", 1001, "1001"),
        ("id", {"id": "C-1", "name": "Ada"}, "C-1"),
        ("datetime", "2026-03-01 08:00:00.250+01:00", datetime(2026, 3, 1, 7, 0, 0, 250_000, UTC)),
        ("email", "ada@example.org", "ada@example.org"),
        ("email", "ada.king@mail.example.org", "ada.king@mail.example.org"),
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
        ("integer", 2**63, "a whole number between -9223372036854775808 and 9223372036854775807 is expected"),
        ("integer", "٣", "a whole number is expected"),
        ("money", "1e400", "at most 28 digits before the point and 28 after it"),
        ("money", Decimal("1e-40"), "at most 28 digits before the point and 28 after it"),
        ("money", "1_0", "a number is expected, as 1234.50"),
        ("money", object(), "a number is expected"),
        ("boolean", "maybe", "yes or no is expected"),
        ("boolean", [], "yes or no is expected"),
        ("date", "2026-02-30", "a date is expected"),
        ("date", "2026-W05", "a date is expected, as 2026-01-31"),
        ("date", "20260131", "a date is expected"),
        ("time", "25:00", "a time is expected"),
        ("time", "14", "a time is expected"),
        ("datetime", "soon", "an instant is expected"),
        ("datetime", "2026-W05-1T08:00", "an instant is expected"),
        ("duration", "2 weeks", "is not a duration"),
        ("duration", "9999999999999d", "'9999999999999d' is too long; a duration takes at most 100 years"),
        ("duration", "9999999999mo", "is too long"),
        ("duration", "1d" * 10_000, "is not a duration"),
        ("email", "ada at example", "an e-mail address is expected"),
        ("email", "ada@example", "an e-mail address is expected"),
        ("email", "ada@example..org", "an e-mail address is expected"),
        ("email", "ada@b@example.org", "an e-mail address is expected"),
        ("email", "a@" + "b." * 10_000 + "c", "an e-mail address is expected"),
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


@pytest.mark.parametrize("type_name", ["integer", "money"])
def test_a_number_of_thousands_of_digits_is_refused(type_name: str) -> None:
    with pytest.raises(ValueError, match="number"):
        acceptor(type_name)(10**5000)


def test_what_cannot_be_an_option_is_none() -> None:
    with pytest.raises(ValueError, match="is not one of standard"):
        acceptor("choice", ("standard",))(["standard"])


def test_a_list_takes_as_many_items_as_its_field_says() -> None:
    accept = acceptor("list of text", most=2)
    assert accept(["a", "b"]) == ["a", "b"]
    with pytest.raises(ValueError, match="a list of at most 2 items is expected; this one has 3"):
        accept(["a", "b", "c"])
