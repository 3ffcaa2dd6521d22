"""What a host or an operator can act on. An author's mistakes are `Problem` values and never raised one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from casewright.values import Problem


class CasewrightError(Exception):
    """Something failed that the host or the operator can mend. Every exception of the package derives from it."""


class MissingLibrary(CasewrightError):
    """A library that this work needs is not installed."""

    def __init__(self, library: str, needed_for: str, install: str) -> None:
        self.library = library
        super().__init__(f"{library} is needed {needed_for} and is not installed; run: {install}")


class RulesRejected(CasewrightError):
    """The rules have errors, so nothing of them is used. `problems` holds all of them, warnings too."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        errors = [problem for problem in self.problems if problem.is_error]
        first = errors[0] if errors else None
        shown = f"; the first: {first.span} {first.code} {first.message}" if first else ""
        super().__init__(f"the rules have {len(errors)} error{'' if len(errors) == 1 else 's'}{shown}")


class FactMissing(CasewrightError):
    """A variant depends on a fact that the host did not supply. A fact that is empty is supplied as None."""

    code = "E331"

    def __init__(self, rule: str, variant: str, dimension: str) -> None:
        self.rule, self.variant, self.dimension = rule, variant, dimension
        super().__init__(
            f"variant '{variant}' of {rule} needs the fact '{dimension}' (circumstance/{dimension}), "
            f"which was not supplied; supply its value, or None where it is empty"
        )


class AmbiguousVariants(CasewrightError):
    """Two variants match and neither is the narrower. Loading refuses that for every declared option of a fact."""

    code = "E330"

    def __init__(self, rule: str, variants: tuple[str, ...]) -> None:
        self.rule, self.variants = rule, variants
        super().__init__(
            f"the variants {', '.join(variants)} of {rule} all match, and none is the narrowest; "
            f"a fact has a value outside its declared options"
        )


class NothingHolds(CasewrightError):
    """No variant of a rule matches, and the rule itself does not hold at that time."""

    def __init__(self, rule: str, as_of: datetime, period: str) -> None:
        self.rule, self.as_of = rule, as_of
        super().__init__(f"no variant of {rule} matches at {as_of.isoformat()}, and the rule holds {period}")


class NameTaken(CasewrightError):
    """Two installed packages export a rule kind, a step type or a function of the same name."""

    def __init__(self, name: str, origin: str) -> None:
        self.name = name
        super().__init__(f"'{name}' from {origin} is already taken; rename it, or uninstall one of the two packages")


class FunctionRefused(CasewrightError):
    """An installed package registers a function that expressions cannot have."""

    def __init__(self, name: str, why: str) -> None:
        self.name = name
        super().__init__(f"the function '{name}' cannot be registered: {why}")


class ShippedFolderMissing(CasewrightError):
    """A folder that ships with Casewright is neither in the package nor beside a checkout."""

    def __init__(self, name: str, looked_at: Iterable[object]) -> None:
        self.name = name
        places = " and ".join(str(place) for place in looked_at)
        super().__init__(
            f"the folder '{name}' that ships with Casewright is missing; looked for {places}: install again"
        )


class CaseNotFound(CasewrightError):
    """There is no such case."""

    def __init__(self, case_id: str) -> None:
        self.case_id = case_id
        super().__init__(f"there is no case '{case_id}' in this database")


class AssignmentNotFound(CasewrightError):
    """There is no such assignment, or it was closed."""

    def __init__(self, assignment_id: str) -> None:
        self.assignment_id = assignment_id
        super().__init__(f"there is no open assignment '{assignment_id}'")


class NotOneAssignment(CasewrightError, LookupError):
    """A case was asked for its one open assignment, and has none or several."""

    def __init__(self, case_id: str, status: str, paths: Sequence[str]) -> None:
        self.case_id, self.paths = case_id, tuple(paths)
        waits = (
            f"waits at {', '.join(paths)}; take one of case.assignments"
            if paths
            else f"waits for nobody; it is {status}"
        )
        super().__init__(f"case '{case_id}' {waits}")


class CaseConflict(CasewrightError):
    """Too many others changed the case at the same time. Nothing was done; try again."""

    def __init__(self, case_id: str, tries: int) -> None:
        self.case_id = case_id
        super().__init__(
            f"case '{case_id}' was changed by others in each of {tries} tries; nothing was done, try again"
        )


class CommandRefused(CasewrightError):
    """The command does not apply to the case as it is. Nothing was done; `code` and `details` say why."""

    def __init__(self, code: str, message: str, details: tuple[tuple[str, str], ...] = ()) -> None:
        self.code, self.details = code, details
        shown = "".join(f"; {name}: {fault}" for name, fault in details if fault not in message)
        super().__init__(f"{message}{shown}")


class KeyReused(CasewrightError):
    """An idempotency key came with another request than the first time. Nothing was done."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"the key '{key}' was used before for another request; give each request a key of its own")


class NotAuthorized(CasewrightError):
    """The actor may not do this."""

    def __init__(self, actor: str, act: str, instead: str = "") -> None:
        self.actor = actor
        super().__init__(f"'{actor}' may not {act}{'; ' if instead else ''}{instead}")


class ConnectorFailed(CasewrightError):
    """A call to the outside world failed; with `retryable` it may succeed later."""

    def __init__(self, connector: str, reason: str, *, retryable: bool = True) -> None:
        self.connector, self.reason, self.retryable = connector, reason, retryable
        super().__init__(f"connector '{connector}' failed: {reason}")


class CallablesRefused(CasewrightError):
    """The host's callables are not those that the rules call. Nothing was opened, and nothing put in force.

    `missing` are operations that have none, `unknown` are names that are no operation.
    """

    def __init__(self, missing: tuple[str, ...], unknown: Mapping[str, str]) -> None:
        self.missing, self.unknown = missing, tuple(unknown)
        faults = [f"there is none for {name}, whose source is callable" for name in missing]
        faults += [f"'{name}' is no operation of a connector{near}" for name, near in unknown.items()]
        super().__init__(f"the host's callables do not fit the rules: {'; '.join(faults)}")


class ExpressionFailed(CasewrightError):
    """An expression of strict CEL has no value: an operator could not take what it got, or something is absent.

    Expressions of rules never raise it; what is unknown there is null.
    """

    def __init__(self, expression: str, reason: str) -> None:
        self.expression, self.reason = expression, reason
        super().__init__(f"`{expression:.200}` has no value: {reason}")


class StoreUnavailable(CasewrightError):
    """The database cannot be used now. What was acknowledged is kept."""


class UnknownRule(CasewrightError):
    """What was asked for is no rule of the application, or no value in it."""


class InteractionNotFound(CasewrightError):
    """There is no such interaction."""

    def __init__(self, interaction_id: str) -> None:
        self.interaction_id = interaction_id
        super().__init__(f"there is no interaction '{interaction_id}' in this database")


class SearchTooLong(CasewrightError):
    """The variants of a rule overlap in too many ways to search them all; nothing is known of the answer."""

    def __init__(self) -> None:
        super().__init__("the variants overlap in too many ways to search them all; use fewer or simpler circumstances")
