"""Plans as pictures: every item is drawn, and every way out of it."""

from __future__ import annotations

import re

from casewright.machine.effects import Move, Resolve
from casewright.machine.graphs import dot, mermaid
from casewright.machine.plan import Activity
from tests.machine.plans import Reads, case_type, collect, emit, item, stage

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
