"""What an expression may cost before it runs: macros multiply, lists count what their fields say."""

from __future__ import annotations

import pytest

from casewright.expressions import (
    DYNAMIC,
    MONEY,
    TEXT,
    Declared,
    Scope,
    compile_expression,
    cost_of,
    declared_as,
    list_of,
    record,
    review,
)
from casewright.expressions.reviewing.cost import LIMIT, UNBOUNDED
from casewright.values import Span

PAYMENT = record("payment", {"amount": MONEY, "payee": TEXT})
ACCOUNT = record("account", {"payments": list_of(PAYMENT), "owners": declared_as(list_of(TEXT), Declared(most=4))})
FIELDS = {
    "payments": list_of(PAYMENT),
    "blocked": list_of(TEXT),
    "few": declared_as(list_of(TEXT), Declared(most=50)),
    "accounts": declared_as(list_of(ACCOUNT), Declared(most=20)),
    "amount": MONEY,
}
SCOPE = Scope({"case": record("case", FIELDS), "result": DYNAMIC})


def cost(text: str) -> int:
    expression, problems = compile_expression(text, SCOPE, at=Span("rule.yaml"))
    assert expression is not None, problems
    return cost_of(expression)


def refusals(text: str) -> list[tuple[str, str, str]]:
    expression, problems = compile_expression(text, SCOPE, at=Span("rule.yaml"))
    assert expression is not None, problems
    return [(str(each.span), each.message, each.help) for each in review(expression) if each.code == "E430"]


def test_a_plain_expression_costs_about_its_parts() -> None:
    assert cost("case.amount > 100") == 4
    assert cost("1") == 1


def test_a_macro_costs_its_body_for_each_item() -> None:
    body = cost("case.amount > 5") + 1
    assert cost("case.payments.exists(p, p.amount > 5)") == 2 + UNBOUNDED * body
    assert cost("case.accounts.exists(a, case.amount > 5)") == 2 + 20 * body
    assert cost("[1, 2, 3].exists(n, case.amount > 5)") == 1 + 3 * body


def test_a_filtered_list_counts_as_the_whole_and_two_lists_as_both() -> None:
    assert cost("case.few.filter(t, true).exists(t, true)") == cost("case.few.filter(t, true)") + 50 * 2
    assert cost("(case.few + case.few).exists(t, true)") > 100 * 2


@pytest.mark.parametrize(
    "text",
    [
        "case.payments.exists(p, p.payee in case.blocked)",
        "case.few.exists(t, case.payments.exists(p, p.payee == t))",
        "case.accounts.all(a, a.payments.exists(p, p.amount > 5))",
        "case.accounts.all(a, a.owners.exists(o, case.few.exists(t, t == o)))",
    ],
)
def test_macros_over_lists_of_which_one_is_bounded_are_let_through(text: str) -> None:
    assert refusals(text) == []


def test_nested_macros_over_unbounded_lists_are_refused_with_the_mend() -> None:
    text = "case.amount > 5 and case.payments.exists(p, case.blocked.exists(b, b == p.payee))"
    ((place, message, help),) = refusals(text)
    assert place == "rule.yaml:1:21"
    assert message.startswith("`case.payments.exists(p, case.blocked.exists(b, b == p.payee))` may take ")
    assert message.endswith(f"steps; {LIMIT:,} is the limit")
    assert help == (
        "say how many items case.payments and case.blocked may have, `max_items: 50` at the field, or filter first"
    )


def test_a_list_of_which_nothing_is_known_counts_as_unbounded() -> None:
    assert len(refusals("result.rows.exists(r, case.blocked.exists(b, b == r.payee))")) == 1


def test_a_function_costs_what_it_goes_through() -> None:
    assert cost("case.payments.exists(p, p.payee.contains('x'))") > cost("case.payments.exists(p, p.payee == 'x')")
