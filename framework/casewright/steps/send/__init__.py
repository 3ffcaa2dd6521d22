"""Sends a message, rendered as it goes out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casewright.machine.effects import Send
from casewright.machine.plan import Activity, Constant, Emission, Value
from casewright.steps.contract import Step, step_type
from casewright.steps.scope import Scope

ADDRESS_FIELDS: Mapping[str, str] = {"email": "email", "sms": "phone", "letter": "address"}


@dataclass(frozen=True, slots=True)
class Rendered:
    """One part of a correspondence: its channel, its subject or its body."""

    correspondence: str
    part: str
    roots: frozenset[str] = frozenset()

    def evaluate(self, roots: Mapping[str, Any]) -> str:
        rule = roots["$rules"].bind("correspondence", self.correspondence, roots).value
        part = getattr(rule, self.part)
        return part if isinstance(part, str) else str(part.evaluate(roots) or "")


@dataclass(frozen=True, slots=True)
class Address:
    """The address of the receiver on the correspondence's channel."""

    correspondence: str
    to: Value

    @property
    def roots(self) -> frozenset[str]:
        return self.to.roots

    def evaluate(self, roots: Mapping[str, Any]) -> str:
        receiver = self.to.evaluate(roots)
        if not isinstance(receiver, dict):
            return str(receiver or "")
        channel = Rendered(self.correspondence, "channel").evaluate(roots)
        return str(receiver.get(ADDRESS_FIELDS.get(channel, channel)) or "")


def lower(step: Step, scope: Scope) -> Activity:
    """One message, rendered on entry."""
    name, to = step.node.word("correspondence"), step.node.get("to")
    return Activity(
        emissions=(
            Emission(
                Send,
                {
                    "correspondence": Constant(name),
                    "channel": Rendered(name, "channel"),
                    "to": Address(name, scope.value(to) if to else Constant(None)),
                    "subject": Rendered(name, "subject"),
                    "body": Rendered(name, "body"),
                },
            ),
        )
    )


STEP = step_type("send", __file__, lower)
