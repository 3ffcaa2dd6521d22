"""What a host or an operator can act on. An author's mistakes are `Problem` values and never raised one by one."""

from __future__ import annotations

from collections.abc import Iterable
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
    """Two installed packages export a rule kind or a step type of the same name."""

    def __init__(self, name: str, origin: str) -> None:
        self.name = name
        super().__init__(f"'{name}' from {origin} is already taken; rename it, or uninstall one of the two packages")


class ShippedFolderMissing(CasewrightError):
    """A folder that ships with Casewright is neither in the package nor beside a checkout."""

    def __init__(self, name: str, looked_at: Iterable[object]) -> None:
        self.name = name
        places = " and ".join(str(place) for place in looked_at)
        super().__init__(
            f"the folder '{name}' that ships with Casewright is missing; looked for {places}: install again"
        )
