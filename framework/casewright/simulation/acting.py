"""What the steps of a scenario do to an engine: each command under a key of its own, cases and interactions by name."""

from __future__ import annotations

from casewright.errors import CasewrightError, CommandRefused
from casewright.runtime.engine import Engine
from casewright.runtime.views import AssignmentView
from casewright.simulation.scenario import Deed
from casewright.values import did_you_mean


class Unplayable(CasewrightError):
    """A step of a scenario speaks of something that is not there."""


class Acting:
    """Gives the commands of a scenario, each under a key made of its title and the step's number.

    `last` is the case that was created last, `engagement` the interaction that was opened last, `names` the cases.
    """

    def __init__(self, engine: Engine, title: str) -> None:
        self._engine, self._prefix = engine, f"scenario:{title}:"
        self.names: dict[str, str] = {}
        self._engagements: dict[str, str] = {}
        self.last = self.engagement = ""

    def again(self, deed: Deed) -> None:
        """Finds the case that a step of an earlier run created, or the interaction that it opened."""
        if deed.word == "create":
            self._created(deed)
        elif deed.word == "open":
            self._opened(deed)

    def do(self, deed: Deed) -> None:
        """Does what the step says; raises what the engine refuses it with, or Unplayable."""
        engine, by, key = self._engine, deed.actor, self._key(deed)
        match deed.word:
            case "create":
                self._created(deed)
            case "publish":
                engine.publish(deed.says, deed.data, by=by, key=key)
            case "submit" | "approve" | "reject":
                work = self._work(self.case(deed.case), deed.says)
                engagement = self._engaged(deed)
                engine.act(work.id, deed.data, by=by, outcome=deed.outcome, key=key, interaction=engagement)
            case "goto":
                engine.goto(self.case(deed.case), deed.says, by=by, reason=deed.because, key=key)
            case "cancel":
                engine.cancel(self.case(deed.case), by=by, reason=deed.says or deed.because, key=key)
            case "reopen":
                engine.reopen(self.case(deed.case), by=by, target=deed.says, reason=deed.because, key=key)
            case "skip":
                engine.skip(self.case(deed.case), deed.says, by=by, reason=deed.because, key=key)
            case "start":
                case_id, engagement = self.case(deed.case), self._engaged(deed)
                engine.start_item(case_id, deed.says, by=by, key=key, interaction=engagement)
            case "retry":
                engine.retry(self.case(deed.case), deed.says, by=by, key=key)
            case _:
                self._engage(deed)

    def _engage(self, deed: Deed) -> None:
        """What happens in an interaction itself."""
        engine, by, key = self._engine, deed.actor, self._key(deed)
        if deed.word == "open":
            self._opened(deed)
            return
        engagement = self._engaged(deed)
        if not engagement:
            raise Unplayable("no interaction is open; begin with `open: INTERACTION_TYPE`")
        match deed.word:
            case "identify":
                engine.identify(engagement, deed.says, by=by, key=key)
            case "verify":
                engine.verify(engagement, by=by, reference=deed.says, key=key)
            case "log":
                engine.log(engagement, deed.says, deed.data, by=by, key=key)
            case "wrap_up":
                engine.wrap_up(engagement, deed.says, deed.data, by=by, key=key)

    def _opened(self, deed: Deed) -> None:
        stray = [name for name in deed.data if name != "customer_id"]
        if stray:
            raise Unplayable(f"an interaction is opened with a customer_id, not with {', '.join(stray)}")
        key, customer = self._key(deed), str(deed.data.get("customer_id") or "")
        view = self._engine.open_interaction(
            deed.says, by=deed.actor, channel=deed.channel, customer_id=customer, key=key
        )
        self._engagements[deed.name] = self.engagement = view.id

    def _engaged(self, deed: Deed) -> str:
        """The interaction that a step happens in: the one it names, else the one opened last while it is open."""
        if deed.interaction:
            if deed.interaction not in self._engagements:
                near = did_you_mean(deed.interaction, self._engagements)
                raise Unplayable(f"no interaction is called '{deed.interaction}'{near}")
            return self._engagements[deed.interaction]
        if self.engagement and self._engine.interaction(self.engagement).status == "Open":
            return self.engagement
        return ""

    def _created(self, deed: Deed) -> None:
        key, channel = self._key(deed), deed.channel or "agent"
        view = self._engine.create(
            deed.says, deed.data, by=deed.actor, key=key, channel=channel, interaction=self._engaged(deed)
        )
        self.names[deed.name] = self.last = view.id

    def _key(self, deed: Deed) -> str:
        return f"{self._prefix}{deed.number}"

    def number_of(self, key: str) -> int:
        """The number of the step that gave a command under this key; 0 where none of this scenario did."""
        number = key.removeprefix(self._prefix)
        return int(number) if number != key and number.isdecimal() else 0

    def case(self, name: str) -> str:
        """The id of the case of that name, else the newest of that type; without a name the one created last."""
        if not name:
            if not self.last:
                raise Unplayable("no case was created yet; begin with `create: CASE_TYPE`")
            return self.last
        if name in self.names:
            return self.names[name]
        there = sorted(self._engine.cases(case_type=name, limit=1000), key=lambda line: (line.created_at, line.id))
        if there:
            return there[-1].id
        near = did_you_mean(name, self.names) or f"; there are {', '.join(self.names) or 'none yet'}"
        raise Unplayable(f"no case is called '{name}', and there is none of that type{near}")

    def _work(self, case_id: str, path: str) -> AssignmentView:
        view = self._engine.case(case_id)
        for work in view.assignments:
            if work.path == path:
                return work
        waiting = [work.path for work in view.assignments]
        where = f"it waits at {', '.join(waiting)}" if waiting else f"nothing waits; it is {view.status}"
        failed = "".join(f"; {each.path} failed: {each.error}" for each in view.incidents)
        near = did_you_mean(path, waiting)
        raise CommandRefused("not_waiting", f"{case_id} does not wait at '{path}': {where}{failed}{near}")
