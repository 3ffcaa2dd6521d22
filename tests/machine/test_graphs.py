"""Plans as pictures: every item is drawn, and every way out of it."""

from __future__ import annotations

import re

from casewright.machine.effects import Move, Resolve
from casewright.machine.graphs import dot, mermaid
from casewright.machine.plan import Activity
from casewright.machine.side_by_side import OnEvent, OnItem, Repeat, Sentry
from tests.machine.plans import (
    Reads,
    action,
    branch,
    case_type,
    collect,
    emit,
    for_each,
    group,
    item,
    parallel,
    stage,
)

VIP = Reads(lambda roots: True, 'customer.segment == "VIP"')
PLAN = case_type(
    stage("block", item("card", collect("x"), handler=item("card.failed", collect("x"))), item("why", collect("x"))),
    stage(
        "close",
        item("back", Activity((emit(Move, target="block"),)), kind="move", when=VIP),
        item("end", Activity((emit(Resolve, status="Resolved-Completed"),)), kind="resolve"),
    ),
    alternates=(stage("withdrawn", item("reason", collect("x"))),),
)


def test_mermaid_draws_stages_with_their_steps_and_every_way_on():
    assert mermaid(PLAN).splitlines() == [
        "flowchart TD",
        "  start([start])",
        "  done([done])",
        '  subgraph n_block["Block"]',
        '    n_block_o_card["Card (collect)"]',
        '    n_block_o_card_o_failed["Card.failed (collect)"]',
        '    n_block_o_why["Why (collect)"]',
        "  end",
        '  subgraph n_close["Close"]',
        '    n_close_o_back["Back (move)<br/>when customer.segment == &quot;VIP&quot;"]',
        '    n_close_o_end["End (resolve)"]',
        "  end",
        '  subgraph n_withdrawn["Withdrawn"]',
        '    n_withdrawn_o_reason["Reason (collect)"]',
        "  end",
        "  start --> n_block",
        "  n_block --> n_close",
        "  n_close --> done",
        "  n_withdrawn --> done",
        "  n_block_o_card --> n_block_o_why",
        '  n_block_o_card -.->|"fails"| n_block_o_card_o_failed',
        "  n_block_o_card_o_failed --> n_block_o_why",
        '  n_close_o_back -.->|"moves"| n_block',
        '  n_close_o_end -->|"Resolved-Completed"| done',
    ]


def test_a_step_may_be_called_like_the_ends():
    ends = case_type(stage("work", item("start", collect("x"))), stage("done", item("a", collect("x"))))
    lines = mermaid(ends).splitlines()
    assert {"  start([start])", "  start --> n_work", "  n_done --> done"} <= {*lines}


def test_dot_names_every_item_and_clips_edges_at_the_boxes():
    text = dot(PLAN)
    assert text.startswith("digraph plan {")
    assert {*re.findall(r'"cluster_([a-z.]+)" \{', text)} == {"block", "close", "withdrawn"}
    assert '"block.why" -> "close.back" [ltail="cluster_block", lhead="cluster_close"];' in text
    assert '"block.card" -> "block.card.failed" [label="fails", style=dashed];' in text
    assert '[label="Back (move)\\nwhen customer.segment == \\"VIP\\""];' in text
    assert text.count("{") == text.count("}")


ASK = item("ask", collect("x"))
YES = Reads(lambda roots: True, 'case.x == "yes"')
CHECKS = parallel(
    "checks",
    branch("kyc", ASK, handler=item("kyc.failed", collect("x"))),
    branch(
        "credit", ASK, entry=(Sentry((OnItem("work.checks.kyc"),), YES),), manual=True, started_by=frozenset({"csr"})
    ),
    join=1,
    cancel_rest=True,
)
SIGN = for_each("sign", Reads(lambda roots: [], "case.signers"), ASK, item("end", collect("x")), at_once=2)
BESIDE = case_type(
    stage("work", CHECKS, SIGN, group("more", ASK, repeat=Repeat(YES), exit=(Sentry((OnEvent("a.b"),)),))),
    actions=(action("note", ASK, once=True),),
)


def test_mermaid_draws_branches_passes_and_actions_as_boxes_and_sentries_as_edges():
    assert mermaid(BESIDE).splitlines() == [
        "flowchart TD",
        "  start([start])",
        "  done([done])",
        '  subgraph n_work["Work"]',
        '    subgraph n_work_o_checks["Checks (parallel)<br/>waits for 1, which ends the rest"]',
        '      subgraph n_work_o_checks_o_kyc["Kyc"]',
        '        n_work_o_checks_o_kyc_o_ask["Ask (collect)"]',
        "      end",
        '      n_work_o_checks_o_kyc_o_failed["Kyc.failed (collect)"]',
        '      subgraph n_work_o_checks_o_credit["Credit<br/>begins on work.checks.kyc completed and '
        'case.x == &quot;yes&quot;<br/>started by hand by csr"]',
        '        n_work_o_checks_o_credit_o_ask["Ask (collect)"]',
        "      end",
        "    end",
        '    subgraph n_work_o_sign["Sign (for_each)<br/>waits for all<br/>at most 2 at once"]',
        '      subgraph n_work_o_sign_o__x_["each pass"]',
        '        n_work_o_sign_o__x__o_ask["Ask (collect)"]',
        '        n_work_o_sign_o__x__o_end["End (collect)"]',
        "      end",
        "    end",
        '    subgraph n_work_o_more["More (group)<br/>ends on event a.b<br/>repeated while case.x == &quot;yes&quot;"]',
        '      n_work_o_more_o_ask["Ask (collect)"]',
        "    end",
        "  end",
        '  subgraph n_actions["optional actions"]',
        '    subgraph n_actions_o_note["Note<br/>started by hand, once"]',
        '      n_actions_o_note_o_ask["Ask (collect)"]',
        "    end",
        "  end",
        "  start --> n_work",
        "  n_work --> done",
        "  n_work_o_checks --> n_work_o_sign",
        "  n_work_o_sign --> n_work_o_more",
        '  n_work_o_checks_o_kyc -.->|"fails"| n_work_o_checks_o_kyc_o_failed',
        '  n_work_o_checks_o_kyc -.->|"completed lets begin"| n_work_o_checks_o_credit',
        "  n_work_o_sign_o__x__o_ask --> n_work_o_sign_o__x__o_end",
    ]


def test_dot_nests_the_boxes_and_joins_them_through_a_step_inside():
    text = dot(BESIDE)
    assert {*re.findall(r'"cluster_([a-z.*]+)" \{', text)} >= {"work.checks.kyc", "work.sign.*", "actions.note"}
    assert (
        '"work.checks.kyc.ask" -> "work.checks.credit.ask" [label="completed lets begin", style=dashed, '
        'ltail="cluster_work.checks.kyc", lhead="cluster_work.checks.credit"];'
    ) in text
    assert text.count("{") == text.count("}")
