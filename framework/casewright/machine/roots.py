"""The names that conditions and values read, each worked out on its first use, and what was read on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from casewright.machine.effects import PageRequest
from casewright.machine.facts import Facts, Unavailable
from casewright.machine.plan import Context, Field, Plan

if TYPE_CHECKING:
    from casewright.machine.binding import Binder


class PageMissing(Exception):
    """A page has to be read first. `decide` turns it into `Needs`; it never leaves the machine."""

    def __init__(self, request: PageRequest) -> None:
        self.request = request


class PageUnreadable(Exception):
    """A page could not be read. `decide` parks the command; it never leaves the machine."""

    def __init__(self, request: PageRequest, reason: str) -> None:
        self.request = request
        self.reason = reason


class Reader:
    """The pages handed in with the facts, and those of them that were really used."""

    __slots__ = ("pages", "used")

    def __init__(self, pages: Mapping[PageRequest, Any]) -> None:
        self.pages = pages
        self.used: dict[PageRequest, Any] = {}

    def read(self, request: PageRequest) -> Any:
        """The page; raises `PageMissing` or `PageUnreadable`."""
        if request not in self.pages:
            raise PageMissing(request)
        page = self.used[request] = self.pages[request]
        if isinstance(page, Unavailable):
            raise PageUnreadable(request, page.reason)
        return page


class Record(dict[str, Any]):
    """A record of a data type that a case field refers to: its key is at hand, the rest is read when asked for."""

    __slots__ = ("_load", "key", "origin")

    def __init__(self, key_name: str, key: Any, load: Callable[[], Any], origin: tuple[str, str] = ("", "")) -> None:
        super().__init__({key_name: key})
        self.key = key
        self.origin = (*origin, key_name)
        """The page that the record is read through, the parameter that takes its key, and its own key field."""
        self._load: Callable[[], Any] | None = load

    def __missing__(self, name: str) -> Any:
        self._fill()
        if dict.__contains__(self, name):
            return dict.__getitem__(self, name)
        raise KeyError(name)

    def get(self, name: str, default: Any = None) -> Any:
        return dict.get(self, name, default) if name in self else default

    def __contains__(self, name: object) -> bool:
        if not dict.__contains__(self, name):
            self._fill()
        return dict.__contains__(self, name)

    def __iter__(self) -> Iterator[str]:
        self._fill()
        return dict.__iter__(self)

    def __reduce__(self) -> Any:
        return (dict, (dict(dict.items(self)),))

    def _fill(self) -> None:
        if self._load is None:
            return
        page = self._load()
        self._load = None
        if isinstance(page, Mapping):
            self.update({name: value for name, value in page.items() if not dict.__contains__(self, name)})


class Source(Protocol):
    """What the roots are worked out from: a draft."""

    plan: Plan
    facts: Facts
    data: Mapping[str, Any]
    local: Mapping[str, Any]

    @property
    def reader(self) -> Reader: ...

    @property
    def binder(self) -> Binder: ...

    def meta(self) -> Mapping[str, Any]:
        """The case's own facts: id, status, type and so on."""


class Roots(dict[str, Any]):
    """The roots of one decision. `case`, `actor`, `interaction` and the context are worked out on first use."""

    __slots__ = ("_source",)

    def __init__(self, source: Source) -> None:
        self._source = source

    def __missing__(self, name: str) -> Any:
        build = _BUILDERS.get(name)
        if build is not None:
            value = self[name] = build(self._source)
            return value
        context = self._source.plan.context.get(name)
        if context is None:
            raise KeyError(name)
        value = self[name] = self._page(context)
        return value

    def __contains__(self, name: object) -> bool:
        return dict.__contains__(self, name) or name in _BUILDERS or name in self._source.plan.context

    def get(self, name: str, default: Any = None) -> Any:
        try:
            return self[name]
        except KeyError:
            return default

    def known(self, name: str) -> Any:
        """The root if it was worked out already, else None."""
        return dict.get(self, name)

    def request(self, context: Context) -> PageRequest | None:
        """The load that gives this part of the context; None while one of its parameters is empty."""
        parameters = {name: plain(value.evaluate(self)) for name, value in context.parameters.items()}
        return None if None in parameters.values() else PageRequest.of(context.page, parameters)

    def forget_context(self) -> None:
        """Have the context worked out anew: a field that it may hang on has changed."""
        for name in self._source.plan.context:
            self.pop(name, None)

    def _page(self, context: Context) -> Any:
        request = self.request(context)
        return None if request is None else self._source.reader.read(request)


def plain(value: Any) -> Any:
    """The value as it may be stored or sent: a record that is read through its page is its key."""
    kind = type(value)
    if kind is str or kind is int or value is None:
        return value
    if kind is Record:
        return value.key
    if kind is dict:
        return {name: plain(each) for name, each in value.items()}
    if kind is list or kind is tuple:
        return kind(plain(each) for each in value)
    return value


def case_root(source: Source) -> dict[str, Any]:
    """What `case` reads: every declared field (null where it is empty), the case's own facts, and above them the fields
    of the passes in which it is read."""
    plan = source.plan
    root = {**plan.blank, **source.data, **source.meta()}
    for name in plan.record_fields:
        root[name] = field_value(plan.fields[name], root[name], source.reader)
    if source.local:
        root |= source.local
    return root


def field_value(declared: Field, stored: Any, reader: Reader) -> Any:
    """What reading a field gives: the stored value, or for a data type a record that loads itself."""
    if stored is None or not declared.record_page:
        return stored
    if isinstance(stored, (list, tuple)):
        return [field_value(declared, each, reader) for each in stored]
    return record(declared.record_page, declared.record_parameter, declared.record_key, stored, reader)


def record_request(declared: Field, key: Any) -> PageRequest:
    """The load that gives the record which a field refers to by this key."""
    return PageRequest.of(declared.record_page, {declared.record_parameter: key})


def record(page: str, parameter: str, key_name: str, key: Any, reader: Reader) -> Record:
    """A record that is read through its page when more than its key is asked for."""
    request = PageRequest.of(page, {parameter: key})
    return Record(key_name, key, lambda: reader.read(request), (page, parameter))


def actor_root(source: Source) -> dict[str, Any]:
    """What `actor` reads: the host's attributes, and above them id, kind and roles."""
    actor = source.facts.actor
    return {**actor.attributes, "id": actor.id, "kind": actor.kind, "roles": sorted(actor.roles)}


_BUILDERS: Mapping[str, Callable[[Source], Any]] = {
    "case": case_root,
    "actor": actor_root,
    "interaction": lambda source: source.facts.interaction,
    "event": lambda source: source.facts.event,
    "$now": lambda source: source.facts.now,
    "$rules": lambda source: source.binder,
}
