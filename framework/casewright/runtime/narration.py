"""What a decision asked for, in the words that history keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from casewright.machine import effects as fx
from casewright.machine.snapshot import Snapshot
from casewright.runtime.standing import assignment_label

MILESTONE_REACHED = "case.milestone_reached"
"""The event that a milestone publishes."""

_TOLD: dict[type[Any], Callable[[Any, Snapshot], str]] = {
    fx.OpenAssignment: lambda e, after: f"'{assignment_label(after, e)}' waits for {e.target.kind} {e.target.id}",
    fx.CloseAssignment: lambda e, _: f"the assignment of {e.path} was closed: {e.outcome}",
    fx.StartTimer: lambda e, _: f"{e.purpose} {e.name} is due at {e.due.isoformat()}",
    fx.CancelTimer: lambda e, _: f"{e.name} is void",
    fx.AwaitEvent: lambda e, _: f"{e.path} listens for {_awaited(e)}",
    fx.StopAwaiting: lambda e, _: f"{e.path} listens no more",
    fx.CallConnector: lambda e, _: f"call {e.connector}",
    fx.LoadPage: lambda e, _: f"wait for the page {e.request.page}",
    fx.StartCase: lambda e, _: f"start {e.case_type}",
    fx.Send: lambda e, _: f"send {e.correspondence} by {e.channel} to {e.to}",
    fx.AddNote: lambda e, _: f"note: {e.text}",
    fx.Publish: lambda e, _: _published(e),
    fx.Move: lambda e, _: f"go to {e.target}",
    fx.Resolve: lambda e, _: f"resolve as {e.status}",
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
    return [[type(effect).__name__, _TOLD[type(effect)](effect, after)] for effect in effects]
