"""Decides who gets an assignment: the first route whose condition holds."""

from __future__ import annotations

from casewright.expressions import INTEGER, Condition, unreached
from casewright.machine.plan import Constant, Value
from casewright.machine.policies import Route, Routing
from casewright.rules.contract import Ground, Rule, rule_kind
from casewright.source.node import Formula, Node
from casewright.steps.assigning import PLACES, target_of
from casewright.steps.deciding import decided_by, result_of
from casewright.steps.scope import ListValue, Scope, listed
from casewright.values import Related


def lower(rule: Rule, ground: Ground) -> Routing:
    """What is asked first, and the routes in order."""
    nodes, scope = rule.body.items("routes"), ground.scope
    decide = rule.body.get("decide")
    decided = decided_by(decide, scope) if decide is not None else None
    if decide is not None:
        scope = scope.with_roots(result=result_of(decided, scope))
    if nodes and not any(_takes_all(node) for node in nodes):
        help = "add a last route without when: that names its place, as {id: rest, queue: ...}"
        scope.report("W706", nodes[-1].span, "an assignment may come here that no route takes", help=help)
    routes = tuple(_route(node, scope) for node in nodes)
    _check_reach(nodes, routes, scope)
    return Routing(rule.name.id, routes, decided)


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
    return node.get("when") is None and _has_place(node)


def _has_place(node: Node) -> bool:
    """Whether the route's place is written out, so that it takes whatever its condition lets in."""
    places = [node.value[place] for place in PLACES if node.get(place)]
    return not any(isinstance(each.value, Formula) for each in places)


def _check_reach(nodes: tuple[Node, ...], routes: tuple[Route, ...], scope: Scope) -> None:
    """A route is never reached where those above it take all that it would."""
    whens = [route.when for route in routes if isinstance(route.when, Condition)]
    if len(whens) < sum(node.get("when") is not None for node in nodes):
        return
    passing = frozenset(place for place, node in enumerate(nodes) if not _has_place(node))
    conditions = (route.when if isinstance(route.when, Condition) else None for route in routes)
    for lost in unreached(conditions, passing=passing):
        takers = [nodes[place] for place in lost.taken_by]
        scope.report(
            "W704",
            nodes[lost.place].span,
            f"route '{nodes[lost.place].word('id')}' is never reached: {_why(takers)}",
            related=tuple(Related(taker.span, f"'{taker.word('id')}' stands here") for taker in takers),
            help="move it up, narrow those above it, or delete it",
        )


def _why(takers: list[Node]) -> str:
    names = listed(taker.word("id") for taker in takers)
    if len(takers) == 1 and takers[0].get("when") is None:
        return f"{names} above it always holds"
    return f"{names} above it {'takes' if len(takers) == 1 else 'take'} all that it would"


KIND = rule_kind("routing", __file__, lower, reads_case=True)
