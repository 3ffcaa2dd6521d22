"""What a decision asked for, in the words that history keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from casewright.machine import effects as fx
from casewright.machine.snapshot import Snapshot
from casewright.runtime.standing import assignment_label

MILESTONE_REACHED = "case.milestone_reached"
"""The event that a milestone publishes."""

_TOLD: dict[type[Any], Callable[[Any], str]] = {
    fx.CloseAssignment: lambda e: f"the assignment of {e.path} was closed: {e.outcome}",
    fx.StartTimer: lambda e: f"{e.purpose} {e.name} is due at {e.due.isoformat()}",
    fx.CancelTimer: lambda e: f"{e.name} is void",
    fx.AwaitEvent: lambda e: f"{e.path} listens for {_awaited(e)}",
    fx.StopAwaiting: lambda e: f"{e.path} listens no more",
    fx.CallConnector: lambda e: f"call {e.connector}",
    fx.LoadPage: lambda e: f"wait for the page {e.request.page}",
    fx.StartCase: lambda e: f"start {e.case_type}",
    fx.Send: lambda e: f"send {e.correspondence} by {e.channel} to {e.to}",
    fx.AddNote: lambda e: f"note: {e.text}",
    fx.Publish: lambda e: _published(e),
    fx.Move: lambda e: f"go to {e.target}",
    fx.Resolve: lambda e: f"resolve as {e.status}",
}


def _published(effect: fx.Publish) -> str:
    reached = effect.payload.get("milestone") if effect.event == MILESTONE_REACHED else None
    return f"publish {effect.event}: {reached}" if reached else f"publish {effect.event}"


def _awaited(effect: fx.AwaitEvent) -> str:
    """`payment.received with order_id O-1`."""
    match = ", ".join(f"{name} {'not known yet' if value is None else value}" for name, value in effect.key)
    return f"{effect.event} with {match}" if match else effect.event


def told(effects: Iterable[fx.Effect], after: Snapshot) -> list[list[str]]:
    """The type of each effect, and what it comes to; work in a pass says in which."""
    return [[type(effect).__name__, _told(effect, after)] for effect in effects]


def _told(effect: fx.Effect, after: Snapshot) -> str:
    if type(effect) is fx.OpenAssignment:
        return f"'{assignment_label(after, effect)}' waits for {effect.target.kind} {effect.target.id}"
    return _TOLD[type(effect)](effect)
