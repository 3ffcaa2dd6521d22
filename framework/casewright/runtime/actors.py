"""The text of an actor as history keeps it with every step, made once for those who come again and again."""

from __future__ import annotations

from casewright.machine.facts import Actor
from casewright.runtime.codec import encode

CAPACITY = 1000


class ActorTexts:
    """Texts by what an actor is made of. One with attributes, or with roles in a form of their own, is encoded each
    time: they may be anything."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, frozenset[str]], str] = {}

    def of(self, actor: Actor) -> str:
        """The text that `decode` gives the actor back from."""
        if actor.attributes or type(actor.roles) is not frozenset:
            return encode(actor)
        key = (actor.id, actor.kind, actor.roles)
        text = self._known.get(key)
        if text is None:
            if len(self._known) >= CAPACITY:
                self._known = {}
            text = self._known[key] = encode(actor)
        return text
