"""A host program: the engine inside your own process, with your own function behind a connector.

`python examples/embedding.py` answers one call in memory and prints what the agent is to say and what came of it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from casewright import Actor, Call, Engine

SHIPPED = Path(__file__).resolve().parents[1] / "extensions"
LAYER = "layer: harbour_bank\nversion: 0.1.0\nlanguage: en\nbuilt_on: [acme_bank]\n"
CONNECTOR = "extend: connector/cards\nsource: callable\n"
"""One line takes the simulated card system out, and the host's functions in."""


def block(call: Call) -> dict[str, str]:
    """Blocks a card in the bank's own system; the same `call.key` asks for the same effect."""
    print(f"  (the host blocks {call.arguments['card_id']} under key {call.key})")
    return {"reference": f"HARBOUR-{call.arguments['card_id']}"}


def main() -> int:
    """Open the engine, take a call, and print the history of its case."""
    dana = Actor("dana", roles=frozenset({"csr"}))
    with tempfile.TemporaryDirectory() as folder:
        layer = Path(folder)
        (layer / "layer.yaml").write_text(LAYER, encoding="utf-8")
        (layer / "cards.yaml").write_text(CONNECTOR, encoding="utf-8")
        functions = {f"cards.{name}": block for name in ("block", "unblock", "reissue", "delivery")}
        with Engine.open(layer, database="sqlite://", callables=functions, search=[SHIPPED]) as engine:
            case = engine.create("block_card", {"customer_id": "C-1001", "card": "CARD-1"}, by=dana)
            while case.waiting and "verify" in case.waiting.path:
                print(f"dana: {case.waiting.text}")
                answers = {"birthday": "1990-05-12", "last_payment": "84.20"}
                answer = answers.get(case.waiting.path.rpartition(".")[2])
                case = engine.act(case.waiting.id, {"answer": answer} if answer else {}, by=dana)
            case = engine.act(
                case.waiting.id, {"card": "CARD-1", "reason": "fraud", "block_kind": "permanent"}, by=dana
            )
            engine.settle()
            print(f"{case.id} is {engine.case(case.id).status}; its history has {len(engine.history(case.id))} steps")
    return 0


if __name__ == "__main__":
    sys.exit(main())
