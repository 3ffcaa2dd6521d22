"""Decides who gets an assignment: the first route whose condition holds."""

from __future__ import annotations

from casewright.expressions import INTEGER
from casewright.machine.plan import Constant, Value
from casewright.machine.policies import Route, Routing
from casewright.rules.contract import Ground, Rule, rule_kind
from casewright.source.node import Formula, Node
from casewright.steps.assigning import PLACES, target_of
from casewright.steps.deciding import decided_by, result_of
from casewright.steps.scope import ListValue, Scope


def lower(rule: Rule, ground: Ground) -> Routing:
    """What is asked first, and the routes in order."""
    nodes, scope = rule.body.items("routes"), ground.scope
    decide = rule.body.get("decide")
    decided = decided_by(decide, scope) if decide is not None else None
    if decide is not None:
        scope = scope.with_roots(result=result_of(decided, scope))
    _check_reach(nodes, scope)
    if nodes and not any(_takes_all(node) for node in nodes):
        help = "add a last route without when: that names its place, as {id: rest, queue: ...}"
        scope.report("W706", nodes[-1].span, "an assignment may come here that no route takes", help=help)
    return Routing(rule.name.id, tuple(_route(node, scope) for node in nodes), decided)


def _route(node: Node, scope: Scope) -> Route:
    urgency = node.get("urgency")
    return Route(
        scope.condition(node.get("when")),
        target_of(node, scope),
        _skills(node, scope),
        node.word("id"),
        scope.value(urgency, INTEGER) if urgency is not None else None,
    )


def _skills(node: Node, scope: Scope) -> Value | None:
    """The skills as one value: constant where no expression gives one."""
    written = node.items("skills")
    if any(isinstance(each.value, Formula) for each in written):
        return ListValue(tuple(scope.value(each) for each in written))
    return Constant(node.words("skills")) if written else None


def _takes_all(node: Node) -> bool:
    """Whether the route always takes the work: it has no condition, and its place is written out."""
    places = [node.value[place] for place in PLACES if node.get(place)]
    return node.get("when") is None and not any(isinstance(each.value, Formula) for each in places)


def _check_reach(nodes: tuple[Node, ...], scope: Scope) -> None:
    """A route behind one that takes all is never reached."""
    always = next((i for i, node in enumerate(nodes) if _takes_all(node)), len(nodes))
    for node in nodes[always + 1 :]:
        first = nodes[always].word("id")
        scope.report("W704", node.span, f"route '{node.word('id')}' is never reached: '{first}' above it always holds")


KIND = rule_kind("routing", __file__, lower, reads_case=True)
