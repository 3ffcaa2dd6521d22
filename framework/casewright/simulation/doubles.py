"""What stands between the engine and the world while a scenario plays: given answers, faults, and a list of calls."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from casewright.data.connectors import Call as Made
from casewright.data.shaping import shaped
from casewright.errors import ConnectorFailed
from casewright.machine.effects import PageRequest
from casewright.machine.facts import Unavailable
from casewright.machine.policies import Page, RecordType
from casewright.runtime.ports import ConnectorPort, FactSource
from casewright.simulation.scenario import Answer, Fault


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a connector: what was sent, which try it was, and the answer or the error."""

    name: str
    arguments: Mapping[str, Any]
    key: str
    attempt: int
    answer: Any = None
    error: str = ""


class GivenPages:
    """A fact source that answers some pages as the scenario says, and asks another source for the rest."""

    def __init__(
        self,
        given: Mapping[str, tuple[Answer, ...]],
        pages: Mapping[str, Page],
        records: Mapping[str, RecordType],
        beneath: FactSource,
    ) -> None:
        self._given, self._pages, self._records, self._beneath = given, pages, records, beneath

    def load(
        self, requests: Collection[PageRequest], *, interaction: str, actor: str
    ) -> Mapping[PageRequest, Any | Unavailable]:
        """The page of each request: the scenario's answer where it has one."""
        answers = {request: self._answer(request) for request in requests}
        known = {request: self._typed(request, answer) for request, answer in answers.items() if answer is not None}
        rest = [request for request in requests if request not in known]
        beneath = self._beneath.load(rest, interaction=interaction, actor=actor) if rest else {}
        return {**beneath, **known}

    def invalidate(self, event: str, payload: Mapping[str, Any]) -> None:
        """Hands on what the source beneath must know."""
        self._beneath.invalidate(event, payload)

    def _answer(self, request: PageRequest) -> Answer | None:
        parameters = {name: str(value) for name, value in request.parameters}
        for answer in self._given.get(request.page, ()):
            if all(parameters.get(name) == str(value) for name, value in answer.parameters.items()):
                return answer
        return None

    def _typed(self, request: PageRequest, answer: Answer) -> Any:
        """The answer with the types of the page; one that does not fit makes the page unavailable."""
        page = self._pages.get(request.page)
        if page is None:
            return answer.value
        try:
            return shaped(page, answer.value, self._records)
        except ValueError as refused:
            return Unavailable(f"the scenario's answer for {request.page} does not fit: {refused}")


class Faults:
    """Sees every call before it is made, and fails those that the scenario wants to fail."""

    def __init__(self, faults: Collection[Fault]) -> None:
        self._left = [_Left(fault, fault.times) for fault in faults]

    def spend(self, calls: Collection[str]) -> None:
        """Takes the faults of these operations as having struck already, in an earlier run."""
        self._left = [due for due in self._left if due.fault.call not in calls]

    def __call__(self, call: Made) -> None:
        """Raises ConnectorFailed where a fault is due."""
        for due in self._left:
            if due.fault.call == call.name and due.times:
                due.times -= 1
                raise ConnectorFailed(call.name, due.fault.error, retryable=not due.fault.is_final)


@dataclass(slots=True)
class _Left:
    """A fault, and how often it still strikes."""

    fault: Fault
    times: int


class KeptCalls:
    """A connector port that keeps every call with its answer or its error."""

    def __init__(self, beneath: ConnectorPort) -> None:
        self._beneath = beneath
        self._tries: dict[str, int] = {}
        self.calls: list[Call] = []

    def call(self, name: str, arguments: Mapping[str, Any], *, key: str) -> Any:
        """The answer of the port beneath."""
        attempt = self._tries[key] = self._tries.get(key, 0) + 1
        try:
            answer = self._beneath.call(name, arguments, key=key)
        except ConnectorFailed as error:
            self.calls.append(Call(name, arguments, key, attempt, error=error.reason))
            raise
        self.calls.append(Call(name, arguments, key, attempt, answer=answer))
        return answer
