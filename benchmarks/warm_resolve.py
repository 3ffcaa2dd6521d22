"""How long does it take to choose the variant of a rule that holds for a customer now?"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from benchmarks.harness import Contestant, Row, below, race
from casewright.compiler.application import Application
from casewright.compiler.pipeline import compile_layer

FILES = {
    "layer.yaml": "layer: bench\nversion: 1.0.0\nlanguage: en\n",
    "segment.yaml": "define: circumstance/segment\nvalue: case.segment\noptions: [Standard, VIP, Private]\n",
    "channel.yaml": "define: circumstance/channel\nvalue: interaction.channel\noptions: [phone, chat, web]\n",
    "balance.yaml": "define: circumstance/balance\nvalue: case.balance\ntype: money\n",
    "request.yaml": "define: case_type/request\ndata: {segment: {type: text}, balance: {type: money}}\n",
    "greet.yaml": "define: dialog/greet\nsteps:\n  - {id: hello, do: say, text: Hello.}\n",
}
VARIANTS = {
    "vip": "{segment: VIP}",
    "private": "{segment: Private}",
    "vip_chat": "{segment: VIP, channel: chat}",
    "wealthy": '{segment: Private, balance: ">= 100000"}',
    "wealthy_web": '{segment: Private, balance: ">= 100000", channel: web}',
}


def rows() -> Iterator[Row]:
    """A rule with a base and five variants over three dimensions."""
    with tempfile.TemporaryDirectory() as folder:
        application = bench_layer(Path(folder))
    roots = {
        "case": {"type": "request", "segment": "Private", "balance": Decimal(250_000)},
        "interaction": {"channel": "web", "language": None},
        "$now": datetime(2026, 11, 20, tzinfo=UTC),
    }
    assert application.bind("dialog", "greet", roots).variant == "wealthy_web"
    bound = Contestant(lambda: application.bind("dialog", "greet", roots), repeat=500)
    taken = race({"ours": bound}, turns=200)
    yield below("resolve a rule with five variants, warm", taken["ours"], 5e-6)


def bench_layer(folder: Path) -> Application:
    """The application of a layer that holds these files."""
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name, circumstance in VARIANTS.items():
        text = (
            f"variant: dialog/greet@{name}\ncircumstance: {circumstance}\nsteps:\n  - {{id: hello, text: Hi {name}.}}\n"
        )
        (folder / f"greet.{name}.yaml").write_text(text, encoding="utf-8")
    return compile_layer(folder).usable()
