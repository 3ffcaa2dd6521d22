"""What a question that is put to a layer may name: the names that a rule in its place could read."""

from __future__ import annotations

from casewright.compiler.outlines import RuleOutlines
from casewright.compiler.pipeline import Compiled
from casewright.compiler.scopes import EVERYWHERE, shared_scope
from casewright.compiler.stored import AsWritten
from casewright.compiler.unsound import has_errors, unsound
from casewright.errors import UnknownRule
from casewright.steps.scope import Scope
from casewright.values import RuleName, did_you_mean


def scope_of(compiled: Compiled, case_type: str = "") -> Scope:
    """The scope of a case type's own expressions, or that of the rules which several case types share.

    Raises errors.UnknownRule where there is no such case type.
    """
    names = compiled.layers.names()
    resolved = {name: compiled.layers.resolve(name) for name in names}
    held = unsound(compiled.layers, resolved)
    sound = {
        edition: rule
        for edition, rule in compiled.rules.items()
        if not has_errors(resolved[edition[0]]) and not held.holds(edition[0].kind, edition[0].id)
    }
    words = compiled.vocabulary
    outlines = RuleOutlines(AsWritten(sound), words.kinds, EVERYWHERE, held, words.functions)
    shared = shared_scope(outlines, words.functions)
    if not case_type:
        return shared
    found = outlines.find("case_type", case_type)
    if found is None:
        raise _unknown(compiled, case_type)
    return shared.of_case(found.fields, found.types, found.roots)


def _unknown(compiled: Compiled, case_type: str) -> UnknownRule:
    name = RuleName("case_type", case_type)
    if name in compiled.layers.names():
        return UnknownRule(f"{name} has errors of its own; `casewright validate` says which")
    known = [each.id for each in compiled.layers.names() if each.kind == "case_type" and not each.variant]
    return UnknownRule(f"there is no {name}{did_you_mean(case_type, known)}")
