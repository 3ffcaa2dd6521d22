"""What an author reads when an expression is wrong: place, code, words, and what to write instead."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from casewright.expressions import (
    BOOLEAN,
    DATE,
    DECIMAL,
    INTEGER,
    MONEY,
    TEXT,
    Expression,
    Scope,
    Type,
    choice,
    compile_condition,
    compile_expression,
    record,
)
from casewright.values import Problem, Span

WRONG = [
    ("amount is 3", 7, "E401", "'is' does not fit here: ", "write `==`; for empty, `== null`"),
    ("if flag then 1 else 2", 3, "E401", "'flag' does not fit here: ", "write `condition ? this : that`"),
    ("amount > 1,000", 10, "E401", "',' does not fit here: ", "write 1000: a number has a point"),
    ('name in ("a", "b")', 12, "E401", "',' does not fit here: ", "write a list in square brackets: [a, b]"),
    (
        "amount > 50%",
        12,
        "E401",
        "the expression ends too early: ",
        "`%` is the rest of a division; write 50 percent as 0.50",
    ),
    ("due < 2026-01-31", 6, "E401", "'2026-01-31' is not a number", 'a date is written date("2026-01-31")'),
    ("amount => 3", 7, "E401", "'=>' means nothing here", "write `>=`"),
    ("name == None", 8, "E402", "unknown name 'None'", "write null"),
    ('customer["age"] > 3', 0, "E404", "`index` does not take a customer and text", "write customer.field"),
    (
        "customer.income * customer.income",
        0,
        "E404",
        "`*` does not take money and money",
        "money is multiplied by a number",
    ),
    (
        "today() - due > 18",
        0,
        "E404",
        "`>` does not take a duration and an integer",
        'write duration("30d") for a length',
    ),
    # the text, the column after the first, the code, the message, the help
    ("", 0, "E401", "there is no expression here", ""),
    ("amount & other", 7, "E401", "'&' means nothing here", "write `and` (or `&&`)"),
    ("flag | mark", 5, "E401", "'|' means nothing here", "write `or` (or `||`)"),
    ("amount = 1", 7, "E401", "'=' means nothing here", "use `==` to compare"),
    ("amount <> 1", 8, "E401", "'>' does not fit here: expected a value", "write `!=` for not equal"),
    ("flag AND mark", 5, "E401", "'AND' does not fit here: expected an operator or the end", "write `and`"),
    (
        "name is null",
        5,
        "E401",
        "'is' does not fit here: expected an operator or the end",
        "write `== null`",
    ),
    ("(amount + 1", 11, "E401", "the expression ends too early: expected ')' to close the bracket", ""),
    ('"abc', 0, "E401", "this text has no closing quote", 'end it with "'),
    ('name == "a\\q"', 10, "E401", "'\\q' is no escape", "write \\\\ for a backslash"),
    ("amount > 30d", 9, "E401", "'30d' is not a number", 'a duration is written duration("30d")'),
    ("amount > 1_000", 9, "E401", "'1_000' is not a number", "write 1000"),
    (
        "flag ? 1",
        8,
        "E401",
        "the expression ends too early: expected ':' and the other value of `condition ? this : that`",
        "",
    ),
    (
        "amont > 1",
        0,
        "E402",
        "unknown name 'amont'; did you mean 'amount'?",
        "the names here are amount, ",
    ),
    ("segment", 0, "E402", "unknown name 'segment'", "write customer.segment"),
    ("upper", 0, "E402", "unknown name 'upper'", "'upper' is a function: write upper(...)"),
    ("? > 1", 0, "E402", "`?` stands for the value under test, and nothing is tested here", ""),
    (
        "customer.segmnt",
        9,
        "E403",
        "'customer' has no field 'segmnt'; did you mean 'segment'?",
        "the fields are segment, active, address, ",
    ),
    ("name.size", 5, "E403", "name is text, which has no fields", "call it: name.size()"),
    (
        "payments.amount",
        9,
        "E403",
        "payments is a list of payment, which has no fields",
        "write payments.map(item, item.amount) for that of each, payments[0].amount for that of the first",
    ),
    ('1 + "a"', 0, "E404", "`+` does not take an integer and text", "write string(x) to make a text of a number, "),
    ("true + 1", 0, "E404", "`+` does not take a boolean and an integer", "true and false are no numbers"),
    ('"abc" * 3', 0, "E404", "`*` does not take text and an integer", "write string(x) "),
    ("due + 1", 0, "E404", "`+` does not take a date and an integer", 'write duration("1d") for days, '),
    ('due > "2026-01-01"', 0, "E404", "`>` does not take a date and text", 'write date("2026-01-01")'),
    ("1 < amount < 5", 0, "E404", "`<` does not take a boolean and an integer", "write `1 < amount and amount < 5`"),
    ("amount > null", 0, "E404", "`>` with null is always unknown", "ask `x == null` or `x != null`, "),
    ("not amount", 4, "E404", "`not` takes true or false; amount is an integer", "compare it: `amount > 0`"),
    ("flag and name", 9, "E404", "`and` takes true or false; name is text", "compare it: `name != null`"),
    ("name ? 1 : 2", 0, "E404", "the question before `?` takes true or false; name is text", "compare it: "),
    ("amount == name", 0, "E404", "`==` compares an integer with text; they are never equal", "write string(x) "),
    (
        'case.incident == "lots"',
        17,
        "E404",
        "\"lots\" is not an option; did you mean 'lost'?",
        "the options are lost, stolen",
    ),
    ('case.incident in ["lost", "gone"]', 26, "E404", '"gone" is not an option', "the options are lost, stolen"),
    ('"a" in name', 7, "E404", "`in` looks into a list or a map; this is text", "write text.contains(part)"),
    ("amount.all(a, a > 1)", 0, "E404", "all goes over a list or a map; amount is an integer", ""),
    ("sise(tags)", 0, "E405", "unknown function 'sise'; did you mean 'size'?", ""),
    ("tags.length()", 5, "E405", "unknown function 'length'", "write size(x)"),
    ("size(amount)", 0, "E405", "size does not take an integer", "write size(text, list or map)"),
    (
        'name.contains("a", "b")',
        5,
        "E405",
        "contains does not take text and text and text",
        "write contains(text, text)",
    ),
    ('date("31.1.2026")', 5, "E405", "'31.1.2026' is no date; write it as 2026-01-31", ""),
    ('due > date("2026-02-30")', 11, "E405", "'2026-02-30' is no date of the calendar", ""),
    (
        'datetime("2026-01-01T10:00")',
        9,
        "E405",
        "'2026-01-01T10:00' is no datetime; write it as 2026-01-31T09:30:00Z",
        "",
    ),
    ('duration("2 days")', 9, "E405", "'2 days' is not a duration; write 800ms, 30s, ", ""),
    ('name.matches("(a")', 13, "E405", "this pattern does not parse: missing ): (a", "patterns are RE2: "),
    (f'name.matches("{"a" * 501}")', 13, "E405", "this pattern has more than 500 characters", "patterns are RE2: "),
    ("has(name)", 0, "E405", "has() takes one field", "write has(record.field), or `x != null`"),
    (
        "tags.all(1, true)",
        0,
        "E405",
        "all takes a name for the item and what to say of it",
        "write list.all(item, ...)",
    ),
    (
        "(due - due).getHours() / 24",
        12,
        "E405",
        "unknown function 'getHours'",
        "write hour(x), minute(x) or second(x) of a time; of",
    ),
    (
        "(due).getHours()",
        6,
        "E405",
        "unknown function 'getHours'",
        "write hour(x), minute(x) or second(x) of a time; of",
    ),
    (
        "days(due)",
        0,
        "E405",
        "days does not take a date",
        "write days(duration); of two dates days_between(first, last)",
    ),
    ("datediff(due, due)", 0, "E405", "unknown function 'datediff'", "write days_between(first, last); see docs/langu"),
    ('strftime(due, "MM")', 0, "E405", "unknown function 'strftime'", 'write format(date, "dd.MM.yyyy"); see docs/'),
    (
        'format(due, "DD.MM")',
        12,
        "E405",
        "this form has 'DD'; a form is made of yyyy, yy, MM, M, dd, d, HH, H, mm, ss, and other letters in single",
        'write a date as "dd.MM.yyyy", a time as "HH:mm"',
    ),
    ('in_zone(case.opened, "Europe/Berln")', 21, "E405", "there is no time zone 'Europe/Berln'; write it as", ""),
    (
        'due + duration("3bd")',
        0,
        "E405",
        "business days need a calendar, and an expression knows none",
        "where a rule has a calendar, as in the goal of an SLA, 3bd counts; here write days",
    ),
    ("payments.sortBy(p, p)", 19, "E404", "sortBy takes what has an order; p is a payment", ""),
    ("1u", 0, "E401", "unsigned integers are no value of this language", "write 1"),
    ("uint(amount)", 0, "E405", "unknown function 'uint'", "neither unsigned integers nor bytes are values of this"),
    ('bytes("a")', 0, "E405", "unknown function 'bytes'", "neither unsigned integers nor bytes are values of this"),
    ('b"a"', 0, "E401", "bytes are no value of this language", 'write a text: "..."'),
    (
        "double(amount) + 1",
        0,
        "E404",
        "`+` does not take a double and an integer",
        "write double(x) to make a double of",
    ),
    ("double(amount) > ratio", 0, "E404", "`>` does not take a double and a decimal", "write double(x) to make a doub"),
    ("double(amount) == 1", 0, "E404", "`==` compares a double with an integer; they are never equal", "write double"),
    (
        "numbers.averge()",
        8,
        "E405",
        "unknown function 'averge'; did you mean 'average'?",
        "a list of integer goes into average, reverse, distinct, first, flatten, indexOf, join, last",
    ),
    (
        "uper(name)",
        0,
        "E405",
        "unknown function 'uper'; did you mean 'upper'?",
        "text goes into upper, capitalize, charAt, ",
    ),
    ("day()", 0, "E405", "day takes a date", "write day(date)"),
    (
        "join()",
        0,
        "E405",
        "join takes a list of texts, or a list of texts and text",
        "write join(list of texts) or join(list of texts, text)",
    ),
    (
        "sum(tags)",
        0,
        "E405",
        "sum does not take a list of text",
        "write sum(list of numbers); first make what it takes of the items: list.map(item, decimal(item))",
    ),
    ("ratio > 1e6001", 8, "E406", "the exponent of a decimal is at most 6,000", ""),
    ("ratio > \u0663", 8, "E401", "'\u0663' means nothing here", ""),
    ("sum([due])", 0, "E405", "sum does not take a list of date", "write sum(list of numbers)"),
    ("average(payments)", 0, "E405", "average does not take a list of payment", "write average(list of numbers); of"),
    ("numbers.join(name)", 8, "E405", "join does not take a list of integer and text", "write join(list of texts) or"),
    ("sort(payments)", 0, "E405", "sort does not take a list of payment", "write sort(list); of each item take what"),
    ("min(payments)", 0, "E405", "min does not take a list of payment", "write min(list) or min(number, ...)"),
    ("max([numbers])", 0, "E405", "max does not take a list of list of integer", "write max(list)"),
    ("string(customer)", 0, "E405", "string does not take a customer", "write string(value); name one of its fields"),
    ("{\"a\": 1, 'a': 2}", 9, "E404", 'the map has the key "a" twice', "leave one of the two out"),
    ('due + duration("12h")', 6, "E405", "a date moves by whole days", "write duration"),
    ('format(due, "dd.MM. HH:mm")', 12, "E405", "this form has 'HH', which a date does not have", "write a date as"),
    ("string()", 0, "E405", "string takes a value", "write string(value)"),
    ("coalesce()", 0, "E405", "coalesce takes values", "write coalesce(x, y)"),
    (
        '(due - customer.since) / duration("1d")',
        0,
        "E404",
        "`/` does not take a duration and a duration",
        "a duration is not divided; write days_between(customer.since, due) for the days as a number",
    ),
    (
        "case.wait / 24",
        0,
        "E404",
        "`/` does not take a duration and an integer",
        "a duration is not divided; write days",
    ),
    (
        "(due - customer.since).days",
        23,
        "E403",
        "due - customer.since is a duration, which has no fields",
        "write days_between(customer.since, due) for the days as a number",
    ),
    (" =amount > 1", 1, "E401", "this is an expression already", "leave out the leading `=`"),
    ("{{ amount }} > 1", 0, "E401", "this is an expression already: no braces in it", "write amount > 1"),
    ("9223372036854775808", 0, "E406", "an integer has at most 64 bits", "write a decimal: add `.0`"),
]


@pytest.mark.parametrize(("text", "column", "code", "message", "help"), WRONG, ids=[wrong[0] for wrong in WRONG])
def test_a_mistake_names_its_place_and_its_mend(
    text: str, column: int, code: str, message: str, help: str, problems: Callable[..., tuple[Problem, ...]]
) -> None:
    (problem,) = problems(text)
    assert (problem.code, str(problem.span)) == (code, f"rule.yaml:3:{9 + column}")
    assert problem.message.startswith(message)
    assert problem.help.startswith(help)


@pytest.mark.parametrize(
    ("text", "place", "message", "help"),
    [
        ('=name == "a"', "3:9", "a condition is an expression already", "leave out the leading `=`"),
        (
            'flag and {{ name }} == "{{ a }}" and {{mark}}',
            "3:18",
            "a condition is an expression already: no braces in it",
            'write flag and name == "{{ a }}" and mark',
        ),
    ],
)
def test_a_condition_has_no_marks_of_values_and_texts(
    text: str, place: str, message: str, help: str, scope: Scope
) -> None:
    found, (problem,) = compile_condition(text, scope, at=Span("rule.yaml", 3, 9))
    assert found is None
    assert (str(problem.span), problem.code, problem.message) == (f"rule.yaml:{place}", "E401", message)
    assert problem.help == help


def test_all_mistakes_are_found_in_the_order_of_their_places(problems: Callable[..., tuple[Problem, ...]]) -> None:
    found = problems('amont > 1\n  and customer.segmnt == "a"\n  and size(1) > 0')
    assert [(problem.code, str(problem.span)) for problem in found] == [
        ("E402", "rule.yaml:3:9"),
        ("E403", "rule.yaml:4:16"),
        ("E405", "rule.yaml:5:7"),
    ]


def test_one_mistake_is_told_once(problems: Callable[..., tuple[Problem, ...]]) -> None:
    assert len(problems("customr.segment + 1 > 3 and not customr.segment")) == 2
    assert len(problems("(amont + 1) * 2 > 5")) == 1


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("amount + 1", INTEGER),
        ("amount / 2", INTEGER),
        ("amount + ratio", DECIMAL),
        ("customer.income + 1", MONEY),
        ("customer.income * 2", MONEY),
        ("customer.income / customer.income", DECIMAL),
        ("round(customer.income)", INTEGER),
        ("round(customer.income, 1)", MONEY),
        ("0.10", DECIMAL),
        ("100", INTEGER),
        ('name + "x"', TEXT),
        ("flag ? amount : ratio", DECIMAL),
        ("coalesce(name, null)", TEXT),
        ("max(amount, customer.income)", MONEY),
        ("sum(payments.map(p, p.amount))", MONEY),
        ('due + duration("1d")', DATE),
        ("tags[0] == name", BOOLEAN),
        ("payments.filter(p, p.amount > 1)[0].amount", MONEY),
    ],
)
def test_an_expression_knows_its_type(text: str, type_: Type, expression: Callable[..., Expression]) -> None:
    assert expression(text).type == type_


@pytest.mark.parametrize(
    ("text", "roots", "paths"),
    [
        ('customer.segment == "VIP" && amount > 100', {"customer", "amount"}, {"customer.segment", "amount"}),
        ("has(customer.address.city)", {"customer"}, {"customer.address.city"}),
        ("payments.exists(p, p.amount > amount)", {"payments", "amount"}, {"payments", "amount"}),
        ("customer.age > 1 or customer == null", {"customer"}, {"customer.age"}),
        ("anything.a.b[0].c", {"anything"}, {"anything.a.b"}),
        ("today() > due", {"due"}, {"due"}),
        ("1 + 1", set(), set()),
    ],
)
def test_an_expression_says_what_it_reads(
    text: str, roots: set[str], paths: set[str], expression: Callable[..., Expression]
) -> None:
    found = expression(text)
    assert (found.roots, found.paths) == (roots, paths)
    assert found.reads_clock == ("today" in text)


@pytest.mark.parametrize(
    ("text", "expect", "code", "message"),
    [
        ("amount", TEXT, "E404", "this gives an integer; text is wanted here"),
        ("ratio", INTEGER, "E404", "this gives a decimal; an integer is wanted here"),
        ("name", BOOLEAN, "E404", "this gives text; a boolean is wanted here"),
        ('flag ? "lost" : "lots"', choice(["lost"]), "E404", "\"lots\" is not an option; did you mean 'lost'?"),
    ],
)
def test_a_value_must_be_of_the_type_expected(
    text: str, expect: Type, code: str, message: str, problems: Callable[..., tuple[Problem, ...]]
) -> None:
    (problem,) = problems(text, expect=expect)
    assert (problem.code, problem.message) == (code, message)


def test_an_integer_becomes_a_decimal_where_one_is_expected(expression: Callable[..., Expression]) -> None:
    found = expression("amount", MONEY)
    assert repr(found.evaluate({"amount": 3})) == "Decimal('3')"
    assert found.evaluate({"amount": None}) is None
    assert found.type == MONEY
    assert repr(expression("5", DECIMAL).evaluate({})) == "Decimal('5')"


def test_data_types_may_refer_to_each_other() -> None:
    person: Type = record("person", lambda: {"name": TEXT, "manager": person})
    found, _ = compile_expression("p.manager.manager.name", Scope({"p": person}), at=Span("x"))
    assert found is not None
    assert found.evaluate({"p": {"manager": {"manager": {"name": "Ada"}}}}) == "Ada"


def test_a_condition_refuses_what_is_not_true_or_false(scope: Scope) -> None:
    found, problems = compile_condition("amount", scope, at=Span("x"))
    assert found is None
    assert [problem.help for problem in problems] == ["compare it: `amount > 0`"]
