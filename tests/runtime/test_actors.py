from __future__ import annotations

from casewright.machine.facts import Actor
from casewright.runtime import actors
from casewright.runtime.actors import ActorTexts
from casewright.runtime.codec import decode, encode


def test_the_text_of_an_actor_is_his_own_however_often_and_whoever_came_before() -> None:
    texts = ActorTexts()
    many = [
        Actor("ann"),
        Actor("ann", "customer"),
        Actor("ann", roles=frozenset({"csr"})),
        Actor("ann", roles=frozenset({"csr", "card_ops"})),
        Actor("ann", attributes={"team": "cards"}),
        Actor("ann", attributes={"team": "loans"}),
    ]
    for _ in range(2):
        assert [texts.of(actor) for actor in many] == [encode(actor) for actor in many]
        assert [decode(texts.of(actor)) for actor in many] == many


def test_texts_are_kept_for_a_bounded_number_of_actors() -> None:
    texts = ActorTexts()
    for number in range(3 * actors.CAPACITY):
        texts.of(Actor(f"a{number}"))
    assert len(texts._known) <= actors.CAPACITY


def test_roles_may_be_given_as_any_collection_or_as_one_text() -> None:
    want = Actor("ann", roles=frozenset({"csr"}))
    assert Actor("ann", roles=["csr"]) == Actor("ann", roles={"csr"}) == Actor("ann", roles="csr") == want  # type: ignore[arg-type]
