"""Decides who gets an assignment: the first route whose condition holds."""

from __future__ import annotations

from casewright.machine.policies import Route, Routing
from casewright.rules.contract import Ground, Rule, rule_kind
from casewright.source.node import Node
from casewright.steps.assigning import target_of
from casewright.steps.scope import Scope


def lower(rule: Rule, ground: Ground) -> Routing:
    """The routes in order."""
    nodes = rule.body.items("routes")
    _check_reach(nodes, ground.scope)
    if nodes and all(node.get("when") for node in nodes):
        help = "add a last route without when:, as {id: rest, queue: ...}"
        ground.scope.report("W706", nodes[-1].span, "an assignment may come here that no route takes", help=help)
    return Routing(rule.name.id, tuple(_route(node, ground.scope) for node in nodes))


def _route(node: Node, scope: Scope) -> Route:
    return Route(scope.condition(node.get("when")), target_of(node, scope), node.words("skills"), node.word("id"))


def _check_reach(nodes: tuple[Node, ...], scope: Scope) -> None:
    """A route behind one that always holds is never reached."""
    always = next((i for i, node in enumerate(nodes) if node.get("when") is None), len(nodes))
    for node in nodes[always + 1 :]:
        first = nodes[always].word("id")
        scope.report("W704", node.span, f"route '{node.word('id')}' is never reached: '{first}' above it always holds")


KIND = rule_kind("routing", __file__, lower, reads_case=True)
