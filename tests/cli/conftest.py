"""Layers small enough to read beside a test, and a runner for commands in a folder of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from casewright.cli import commands

BASE = {
    "layer.yaml": "layer: base\nversion: 1.0.0\nlanguage: en\n",
    "segment.yaml": "define: circumstance/segment\nvalue: customer.segment\noptions: [Standard, VIP, Private]\n",
    "customer.yaml": """\
define: data_type/customer
key: id
page: D_Customer
fields:
  id: {type: id, required: true}
  name: {type: text}
  segment: {type: choice, options: [Standard, VIP, Private]}
""",
    "D_Customer.yaml": """\
define: data_page/D_Customer
returns: customer
parameters: {customer_id: {type: id, required: true}}
source: {connector: customers.get, with: {id: =customer_id}}
""",
    "customers.yaml": """\
define: connector/customers
source: simulated
records:
  customers:
    - {id: C-1, name: Ada Lovelace, segment: Standard}
operations:
  get:
    parameters: {id: {type: id, required: true}}
    returns: customer
    simulate: {find: customers, by: {id: =arguments.id}}
""",
    "greeting.yaml": """\
define: dialog/greeting
steps:
  - {id: greet, do: say, text: "Good day, {{ customer.name }}."}
""",
    "request.yaml": """\
define: case_type/request
label: A request
context: {customer: {page: D_Customer, with: {customer_id: =case.customer_id}}}
data:
  customer_id: {type: id, required: true}
  topic: {type: choice, options: [card, account]}
stages:
  - id: hear
    steps:
      - {id: hello, do: dialog, dialog: greeting}
      - {id: topic, do: collect, fields: [topic]}
""",
}

BANK = {
    "layer.yaml": "layer: bank\nversion: 0.2.0\nlanguage: en\nbuilt_on: [base >= 1.0]\n",
    "greeting.vip.yaml": """\
variant: dialog/greeting@vip
circumstance: {segment: [VIP, Private]}
steps:
  - {id: greet, text: "Welcome back, {{ customer.name }}."}
""",
    "request.yaml": """\
extend: case_type/request
label: A request to the bank
""",
}

SCENARIO = """\
scenario: Somebody asks about a card
at: 2026-03-02T10:00:00Z
as: {id: anna}
steps:
  - {create: request, with: {customer_id: C-1}}
  - expect: {waiting: [hear.hello.greet], text: {hear.hello.greet: "Good day"}}
  - submit: hear.hello.greet
  - {submit: hear.topic, with: {topic: card}}
  - expect: {status: Resolved-Completed, data: {topic: card}}
"""


def write(folder: Path, files: dict[str, str]) -> Path:
    """Writes the files into a folder and gives it back."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def layers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the layers `base` and `bank`, which is the folder at hand."""
    write(tmp_path / "base", BASE)
    write(tmp_path / "bank", BANK)
    monkeypatch.chdir(tmp_path)
    return tmp_path


Cli = Callable[..., Result]


@pytest.fixture
def cli() -> Cli:
    """Runs a command as one types it, word by word."""

    def run(*words: str) -> Result:
        return CliRunner().invoke(commands, words, prog_name="casewright", terminal_width=100)

    return run
