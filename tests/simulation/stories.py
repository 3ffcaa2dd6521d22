"""An application for stories: a dialog that scores, a call, a table, a child case, a message, clocks and a trigger."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from casewright.compiler.application import Application
from casewright.compiler.pipeline import compile_layer
from casewright.simulation.playing import play
from casewright.simulation.reading import read_scenario
from casewright.simulation.report import Report
from casewright.simulation.scenario import Scenario
from casewright.values import Problem

RULES = {
    "layer": "layer: stories\nversion: 1.0.0\nlanguage: en\n",
    "segment": "define: circumstance/segment\nvalue: customer.segment\noptions: [Standard, VIP]\n",
    "customer": """\
define: data_type/customer
key: id
page: D_Customer
fields:
  id: {type: id, required: true}
  name: {type: text}
  segment: {type: choice, options: [Standard, VIP]}
  date_of_birth: {type: date}
  email: {type: email}
""",
    "D_Customer": """\
define: data_page/D_Customer
returns: customer
parameters: {customer_id: {type: id, required: true}}
source: {connector: customers.get, with: {id: =customer_id}}
""",
    "customers": """\
define: connector/customers
source: simulated
records:
  customers:
    - {id: C-1, name: Ada Lovelace, segment: Standard, date_of_birth: 1990-05-12, email: ada@example.org}
operations:
  get:
    parameters: {id: {type: id, required: true}}
    returns: customer
    simulate: {find: customers, by: {id: =arguments.id}, latency: 20ms}
""",
    "cards": """\
define: connector/cards
source: simulated
operations:
  block:
    parameters: {card_id: {type: id, required: true}}
    result: {reference: {type: text}}
    simulate: {result: {reference: '="BLK-" + arguments.card_id'}}
""",
    "fee": """\
define: decision_table/fee
hit: first
inputs: {segment: customer.segment, shipping: case.shipping}
outputs: {fee: money, reason: text}
rows: |
  segment | shipping  || fee   | reason
  "VIP"   | -         || 0     | "waived"
  -       | "express" || 15.00 | "two working days"
  -       | -         || 0     | "standard is free"
""",
    "greeting": """\
define: dialog/greeting
pass_mark: 40
steps:
  - {id: greet, do: say, text: "Good day, {{ customer.name }}.", must: true}
  - {id: birthday, do: ask, field: born, prompt: "Your date of birth?", expect: =customer.date_of_birth, score: 40}
""",
    "greeting.vip": """\
variant: dialog/greeting@vip
circumstance: {segment: VIP}
steps:
  - {id: greet, text: "Welcome back, {{ customer.name }}."}
""",
    "queue": "define: work_queue/card_ops\nlabel: Card operations\nroles: [card_operator]\n",
    "role": "define: role/card_operator\nlabel: Card operator\n",
    "lost": """\
define: case_type/lost
label: A lost card
context: {customer: {page: D_Customer, with: {customer_id: =case.customer_id}}}
data:
  customer_id: {type: id, required: true}
  card: {type: id, required: true, label: Card}
  incident: {type: choice, options: [lost, stolen]}
  shipping: {type: choice, options: [standard, express], default: standard}
  fee: {type: money}
  reference: {type: text, required: true}
sla: {urgency: 20, deadline: {after: 4h, urgency: 30}}
stages:
  - id: identify
    steps:
      - {id: verify, do: dialog, dialog: greeting}
      - {id: details, do: collect, fields: [card, incident]}
  - id: block
    steps:
      - id: block_card
        do: call
        connector: cards.block
        with: {card_id: =case.card}
        save: {reference: =result.reference}
        on_failure:
          retry: {times: 1, backoff: 2s}
          then: {do: collect, fields: [reference], assign: {queue: card_ops}}
  - id: replacement
    skip_when: case.incident == "stolen"
    steps:
      - {id: delivery, do: collect, fields: [shipping]}
      - {id: price, do: decide, table: fee, save: {fee: =result.fee}}
      - {id: order, do: create, case_type: order, with: {card: =case.card}}
  - id: close
    steps:
      - {id: noted, do: note, text: "Blocked under {{ case.reference }}."}
      - {id: confirm, do: send, correspondence: blocked, to: =customer}
      - {id: resolved, do: resolve, status: Resolved-Completed}
alternate_stages:
  - {id: withdrawn, status: Resolved-Withdrawn}
""",
    "order": """\
define: case_type/order
label: An ordered card
data:
  card: {type: id, required: true}
stages:
  - id: make
    steps:
      - {id: press, do: wait, for: 2h}
      - id: check
        do: approve
        assign: {queue: card_ops}
        on_failure: {then: {do: resolve, status: Resolved-Rejected}}
""",
    "blocked": """\
define: correspondence/blocked
channel: email
subject: Your card is blocked
body: "Dear {{ customer.name }}, your reference is {{ case.reference }}."
""",
    "asked": "define: event/survey.answered\npayload: {score: {type: integer, required: true}}\n",
    "inbound": "define: interaction_type/inbound\nchannel: phone\ndispositions: [solved, call_back]\n",
    "interaction.scored": "define: event/interaction.scored\npayload: {score: {type: integer}}\n",
    "follow_up": """\
define: trigger/follow_up
event: survey.answered
when: event.score <= 8
start: {case_type: call_back, with: {score: =event.score}}
""",
    "loan.paid": "define: event/loan.paid\npayload: {loan: {type: text, required: true}, amount: {type: money}}\n",
    "payment": """\
define: case_type/payment
label: A payment
data: {loan: {type: text}}
stages:
  - id: book
    steps: [{id: tell, do: publish, event: loan.paid, with: {loan: =case.loan}}]
""",
    "loan": """\
define: case_type/loan
label: A loan
data:
  number: {type: text}
  signers: {type: list of text}
  amount: {type: money}
  score: {type: integer}
  remarks: {type: list of text}
  findings: {type: text}
  note: {type: text}
stages:
  - id: decide
    steps:
      - id: checks
        do: parallel
        branches:
          - id: identity
            label: Identity
            steps: [{id: look, do: collect, fields: [note]}]
          - id: credit
            label: Credit
            enter_on: [{changed: amount}]
            steps:
              - {id: score, do: set, values: {score: 7}}
              - {id: block, do: call, connector: cards.block, with: {card_id: X}, when: case.amount > 1000}
              - {id: scored, do: milestone, label: The credit is scored}
          - id: visit
            label: A visit
            start: manual
            by: [card_operator]
            required: false
            steps: [{id: go, do: collect, fields: [findings]}]
      - id: sign
        label: Signature
        do: for_each
        in: =case.signers
        at_once: 2
        data: {remark: {type: text}}
        steps:
          - {id: ask, do: collect, label: Sign, fields: [remark]}
        save: {remarks: "=result.map(each, each.remark)"}
  - id: pay
    steps:
      - {id: paid, do: wait, event: loan.paid, match: {loan: =case.number}, save: {amount: =result.amount}}
actions:
  - id: letter
    label: A letter
    when: case.number != null
    once: true
    steps: [{id: write, do: collect, fields: [note]}]
  - {id: amount, label: Another amount, steps: [{id: say, do: collect, fields: [amount]}]}
""",
    "call_back": """\
define: case_type/call_back
label: A call back
data: {score: {type: integer}}
stages:
  - id: call
    steps:
      - {id: talk, do: collect, fields: [score], assign: {queue: card_ops}}
""",
}

HEAD = """\
scenario: A story
at: 2026-03-02T10:00:00Z
as: {id: anna}
actors: {omar: {roles: [card_operator]}}
"""

VERIFIED = """\
  - {create: lost, with: {customer_id: C-1}}
  - submit: identify.verify.greet
  - {submit: identify.verify.birthday, answer: 1990-05-12}
"""


@cache
def application() -> Application:
    """The application of the rules above."""
    with TemporaryDirectory() as folder:
        for name, text in RULES.items():
            Path(folder, f"{name}.yaml").write_text(text, encoding="utf-8")
        return compile_layer(Path(folder)).usable()


def read_text(text: str, folder: Path) -> tuple[Scenario | None, tuple[Problem, ...]]:
    """The scenario that a text says, read from a file."""
    path = folder / "story.yaml"
    path.write_text(text, encoding="utf-8")
    return read_scenario(path)


def story(steps: str, folder: Path, head: str = "") -> Scenario:
    """The scenario of these steps; a head is put before them."""
    scenario, problems = read_text(f"{HEAD}{head}steps:\n{steps}", folder)
    assert scenario is not None, problems
    return scenario


def played(steps: str, folder: Path, head: str = "") -> Report:
    """How the story of these steps goes, in memory."""
    return play(story(steps, folder, head), application())
