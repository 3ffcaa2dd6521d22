"""A generated application of three layers, the same for one seed: about sixty lines a rule, in the common forms."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

LAYERS = ("ground", "branch", "house")
SHARES = {"case_type": 0.5, "dialog": 0.35, "decision_table": 0.15}
CHANGED = 0.35
"""How many of the rules below a layer extends, as a share of the rules of the layer below it."""


def write_layers(folder: Path, rules: int, seed: int = 11) -> Path:
    """Three layers of `rules` rule files in all below `folder`; gives the topmost."""
    rng = random.Random(seed)
    defined = list(_ids(int(rules / (1 + CHANGED + CHANGED**2))))
    branch = rng.sample(defined, int(len(defined) * CHANGED))
    house = rng.sample(defined, rules - len(defined) - len(branch))
    _layer(folder, "ground", [])
    _support(folder / "ground")
    for kind, rule_id in defined:
        _rule(folder / "ground", kind, rule_id, DEFINED[kind](rng, rule_id))
    for layer, below, changed in (("branch", "ground", branch), ("house", "branch", house)):
        _layer(folder, layer, [below])
        for kind, rule_id in changed:
            _rule(folder / layer, kind, rule_id, EXTENDED[kind](rng, rule_id, layer))
    return folder / LAYERS[-1]


def _ids(count: int) -> Iterator[tuple[str, str]]:
    for kind, share in SHARES.items():
        yield from ((kind, f"{kind}_{number:04}") for number in range(int(count * share)))


def _layer(folder: Path, name: str, built_on: list[str]) -> None:
    (folder / name).mkdir(parents=True)
    below = f"built_on: [{', '.join(built_on)}]\n" if built_on else ""
    (folder / name / "layer.yaml").write_text(f"layer: {name}\nversion: 1.0.0\nlanguage: en\n{below}", encoding="utf-8")


def _rule(layer: Path, kind: str, rule_id: str, lines: list[str]) -> None:
    folder = layer / f"{kind}s"
    folder.mkdir(exist_ok=True)
    (folder / f"{rule_id}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _support(layer: Path) -> None:
    """The few rules that the generated ones refer to."""
    _rule(layer, "role", "clerk", ["define: role/clerk", "label: Clerk"])
    for number in range(8):
        queue = [f"define: work_queue/queue_{number}", f"label: Queue {number}", "roles: [clerk]"]
        _rule(layer, "work_queue", f"queue_{number}", queue)
    connector = [
        "define: connector/ledger",
        "source: simulated",
        "operations:",
        "  book:",
        "    parameters: {account: {type: text}, amount: {type: money}}",
        "    result: {reference: {type: text}}",
        "    simulate: {result: {reference: BOOKED}}",
    ]
    _rule(layer, "connector", "ledger", connector)


def _case_type(rng: random.Random, rule_id: str) -> list[str]:
    fields = [
        "  account:   {type: text, label: Which account?, required: true}",
        "  amount:    {type: money, label: How much?}",
        "  reason:    {type: choice, options: [lost, stolen, damaged, other], required: true}",
        "  shipping:  {type: choice, options: [standard, express, courier], default: standard}",
        "  since:     {type: date, label: When was it?}",
        "  approved:  {type: boolean}",
        "  fee:       {type: money}",
        "  reference: {type: text}",
    ]
    lines = [f"define: case_type/{rule_id}", f"label: Request {rule_id[-4:]}", "description: A generated case type."]
    lines += ["open_to: [agent, self_service]", "data:", *fields, "stages:"]
    for stage in ("intake", "check", "carry_out", "close"):
        lines += [f"  - id: {stage}", f"    label: {stage.capitalize()}", "    steps:", *_steps(rng, stage)]
    return [*lines, "alternate_stages:", "  - {id: withdrawn, label: Withdrawn, status: Resolved-Withdrawn}"]


def _steps(rng: random.Random, stage: str) -> list[str]:
    amount, queue = rng.randrange(10, 900), rng.randrange(8)
    return [
        f"      - id: ask_{stage}",
        "        do: collect",
        "        fields: [account, reason, shipping]",
        f"        assign: {{queue: queue_{queue}}}",
        f'        when: case.amount > {amount} or case.reason == "stolen"',
        f"      - id: book_{stage}",
        "        do: call",
        "        connector: ledger.book",
        "        with: {account: =case.account, amount: =case.amount}",
        "        save: {reference: =result.reference}",
        f"      - {{id: set_{stage}, do: set, values: {{approved: =case.amount < {amount}}}}}",
    ]


def _dialog(rng: random.Random, rule_id: str) -> list[str]:
    lines = [f"define: dialog/{rule_id}", f"label: Dialog {rule_id[-4:]}", "steps:"]
    for number in range(14):
        lines += [f"  - id: line_{number}", "    do: say", f"    label: Line {number}"]
        lines.append(f'    text: "Good {{{{ daypart() }}}}, this is line {number} of {rng.randrange(9999)}."')
    return lines


def _decision_table(rng: random.Random, rule_id: str) -> list[str]:
    lines = [f"define: decision_table/{rule_id}", f"label: Table {rule_id[-4:]}", "hit: first"]
    lines += ["inputs: {reason: case.reason, amount: case.amount}", "outputs: {fee: money, reason: text}", "rows: |"]
    lines.append("  reason | amount || fee | reason")
    for low in range(0, 500, 20):
        for reason in ("lost", "stolen"):
            lines.append(f'  "{reason}" | [{low}..{low + 20}) || {rng.randrange(90)}.50 | "{reason} from {low}"')
    return [*lines, '  - | - || 0 | "all others"']


def _more_case_type(rng: random.Random, rule_id: str, layer: str) -> list[str]:
    lines = [f"extend: case_type/{rule_id}", f"label: Request of the {layer}", "data:"]
    lines += [f"  {layer}_{number}: {{type: text, label: Note {number}}}" for number in range(12)]
    lines.append("stages:")
    for stage in ("intake", "check", "carry_out", "close"):
        lines += [f"  - id: {stage}", "    steps:", f"      - id: {layer}_{stage}", f"        $after: ask_{stage}"]
        lines += ["        do: collect", f"        fields: [{layer}_0, {layer}_1]", "        label: A further question"]
        lines.append(f"        when: case.amount > {rng.randrange(900)}")
    return [*lines, f"  - {{id: {layer}_after, label: Afterwards, steps: [{{id: done, do: note, text: Done}}]}}"]


def _more_dialog(rng: random.Random, rule_id: str, layer: str) -> list[str]:
    lines = [f"extend: dialog/{rule_id}", "steps:"]
    for number in range(9):
        lines += [f"  - id: {layer}_{number}", f"    $before: line_{number}", "    do: say"]
        lines.append(f"    text: The {layer} adds {rng.randrange(9999)}")
        lines += [f"  - id: line_{number}", f"    label: Line {number} of the {layer}"]
    return lines


def _more_decision_table(rng: random.Random, rule_id: str, layer: str) -> list[str]:
    return [f"extend: decision_table/{rule_id}", *_decision_table(rng, rule_id)[5:]]


DEFINED = {"case_type": _case_type, "dialog": _dialog, "decision_table": _decision_table}
EXTENDED = {"case_type": _more_case_type, "dialog": _more_dialog, "decision_table": _more_decision_table}
