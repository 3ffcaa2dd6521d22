"""A decision tree to what decides by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from casewright.expressions import Condition, Type, fits, record, type_name
from casewright.machine.plan import Constant, Value
from casewright.rules.contract import Ground, Rule
from casewright.rules.decision_tree.analysis import analyse
from casewright.rules.decision_tree.choosing import first_of
from casewright.rules.decision_tree.model import Ask, Branch, Fork, Leaf, Way, leaf_of
from casewright.rules.decision_tree.remarks import remarks
from casewright.rules.decision_tree.tree import DecisionTree
from casewright.source.node import Node
from casewright.steps.deciding import DECIDERS, decided_by, deciding_scope, outline_of, output_types
from casewright.steps.outline import Outline
from casewright.steps.scope import Findings, Scope, listed
from casewright.values import Related, Span, did_you_mean

ENDS = ("gives", *DECIDERS, "branches")
"""What a branch may do: exactly one of these."""


def outline(rule: Rule, scope: Scope) -> Outline:
    """The outputs as a record."""
    quiet = replace(scope, findings=Findings())
    return Outline(rule.span, type=record(rule.name.id, output_types(rule.body, quiet)))


def lower(rule: Rule, ground: Ground) -> DecisionTree:
    """The tree, its conditions compiled and its forks indexed."""
    scope = deciding_scope(ground.scope)
    making = _Making(scope, output_types(rule.body, scope))
    branches = rule.body.get("branches")
    fork = making.fork(rule.body, Way(), None, (branches.key if branches else None) or rule.span)
    scope.findings.problems.extend(remarks(analyse(fork)))
    return DecisionTree(rule.name.id, fork, making.outputs)


@dataclass(frozen=True, slots=True)
class _Making:
    """The making of one tree: where it is compiled, and the types of its outputs."""

    scope: Scope
    outputs: Mapping[str, Type]

    def fork(self, node: Node, way: Way, around: Leaf | None, at: Span) -> Fork:
        """The branches under a node, and what is given where none decides: `around`, unless it says so itself."""
        own = node.get("otherwise")
        otherwise = self.leaf(own, way) if own is not None else around
        branches = tuple(self.branch(each, way, otherwise) for each in node.items("branches"))
        return Fork(branches, otherwise, at, first_of([branch.when for branch in branches], self.scope))

    def branch(self, node: Node, way: Way, around: Leaf | None) -> Branch:
        """One branch, with all that is wrong with it reported."""
        name = node.word("id")
        when = self.scope.condition(node.get("when"))
        assert when is None or isinstance(when, Condition)
        inner = way.into(name, when)
        return Branch(name, when, self.end(node, inner, around), node.span, inner.words)

    def end(self, node: Node, way: Way, around: Leaf | None) -> Leaf | Ask | Fork:
        """What a branch does."""
        named = [word for word in ENDS if node.get(word) is not None]
        if len(named) != 1:
            self.report_ends(node, named)
        elif node.get("otherwise") is not None and named != ["branches"]:
            self.report_otherwise(node, named[0])
        if named == ["branches"]:
            return self.fork(node, way, around, node.span)
        if len(named) == 1 and named[0] in DECIDERS:
            return self.ask(node)
        gives = node.get("gives")
        return self.leaf(gives, way) if gives is not None else leaf_of(way.path, {}, node.span)

    def report_ends(self, node: Node, named: list[str]) -> None:
        message = f"branch '{node.word('id')}' has {listed(named)}; it needs exactly one of {listed(ENDS)}"
        self.scope.report("E541", node.span, message, help="give outputs with gives: {...}, or divide it by branches:")

    def report_otherwise(self, node: Node, end: str) -> None:
        otherwise = node.value["otherwise"]
        message = f"branch '{node.word('id')}' has no branches, so its otherwise never comes to pass"
        help_ = "delete it"
        if end in DECIDERS:
            help_ = f"write it beside the branches, where it holds when the {end} gives nothing"
        self.scope.report("E541", otherwise.key or otherwise.span, message, help=help_)

    def leaf(self, node: Node, way: Way) -> Leaf:
        """Outputs by name, each of its type; one that is left out is null."""
        written: Mapping[str, Node] = node.value if node.is_map else {}
        for name, each in written.items():
            if name not in self.outputs:
                near = did_you_mean(name, self.outputs)
                help_ = f"the outputs are {listed(self.outputs)}"
                self.scope.report("E534", each.key or each.span, f"the tree has no output '{name}'{near}", help=help_)
        missing = [name for name in self.outputs if name not in written]
        if missing:
            message = f"nothing is given for {listed(missing)}, so it is null here"
            help_ = f"write {missing[0]}: VALUE, or {missing[0]}: null where that is meant"
            self.scope.report("W708", node.span, message, help=help_)
        values: dict[str, Value] = dict.fromkeys(self.outputs, Constant(None))
        known = {name: each for name, each in written.items() if name in self.outputs}
        return leaf_of(way.path, {**values, **self.scope.values(known, self.outputs)}, node.span)

    def ask(self, node: Node) -> Ask:
        """Another table or tree: it must give a record with these outputs."""
        decided = decided_by(node, self.scope)
        assert decided is not None
        found = outline_of(decided, self.scope)
        at = next(node.value[word] for word in DECIDERS if node.get(word) is not None).span
        if found is not None and found.type.kind == "list":
            help_ = "ask a table that gives one row, or decide by that table in a step of its own"
            related = (Related(found.span, f"{decided.name} stands here"),)
            message = f"{decided.name} gives a list of rows, and a branch passes on one"
            self.scope.report("E542", at, message, help=help_, related=related)
        elif found is not None:
            self.check_outputs(decided.name, found, at)
        return Ask(decided, tuple(self.outputs), at)

    def check_outputs(self, name: str, found: Outline, at: Span) -> None:
        """E542 for each output that the rule asked does not give, or gives as something else."""
        related = (Related(found.span, f"{name} stands here"),)
        for output, wanted in self.outputs.items():
            given = found.type.fields.get(output)
            if given is None:
                near = did_you_mean(output, found.type.fields)
                self.scope.report(
                    "E542",
                    at,
                    f"{name} gives no '{output}'{near}",
                    related=related,
                    help=f"add the output there: {output}: {type_name(wanted)}",
                )
            elif not fits(given, wanted):
                message = f"{name} gives '{output}' as {type_name(given)}; here it is {type_name(wanted)}"
                self.scope.report("E542", at, message, related=related, help="give both the same type")
