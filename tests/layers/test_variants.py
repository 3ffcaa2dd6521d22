"""The variants of a whole application: what is chosen from its files, and what is wrong with them, each told once."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest

from casewright.errors import NothingHolds
from casewright.layers.index import Layers
from casewright.layers.variants import changed_paths, check_variants, dimensions_of, variants_of
from casewright.values import RuleName

Application = Callable[[Mapping[str, str]], Layers]

NOW = datetime(2026, 3, 1, tzinfo=UTC)
GREETING = RuleName("dialog", "greeting")
SEGMENT = "define: circumstance/segment\nvalue: customer.segment\noptions: [VIP, Private, standard]\n"
CHANNEL = "define: circumstance/channel\nvalue: interaction.channel\ntype: text\noptions: [chat, phone]\n"
DIMENSIONS = {"platform/segment.yaml": SEGMENT, "platform/channel.yaml": CHANNEL}
BASE = {
    "service/greeting.yaml": """\
define: dialog/greeting
label: Greeting
pass_mark: 60
steps: [{id: greet, do: say, text: Hello}]
"""
}
VIP = {"service/vip.yaml": "variant: dialog/greeting@vip\ncircumstance: {segment: [VIP, Private]}\npass_mark: 40\n"}
CHAT = {"acme/chat.yaml": "variant: dialog/greeting@chat\ncircumstance: {channel: chat}\nlabel: Chat\n"}


def choose(layers: Layers, name: RuleName, at: datetime = NOW, **facts: object) -> str:
    return variants_of(layers, name, dimensions_of(layers)).selector.choose(facts, at)


def told(layers: Layers) -> list[tuple[str, str, int]]:
    return [(problem.code, problem.span.path, problem.span.line) for problem in check_variants(layers)]


def test_the_variant_of_a_lower_layer_survives_a_base_in_a_higher_one(application: Application) -> None:
    layers = application({**DIMENSIONS, **BASE, **VIP, "acme/greeting.yaml": "extend: dialog/greeting\nlabel: Acme\n"})
    assert choose(layers, GREETING, segment="VIP") == "vip"
    assert choose(layers, GREETING, segment="standard") == ""
    assert layers.resolve(RuleName("dialog", "greeting", variant="vip")).body.plain()["label"] == "Acme"
    assert told(layers) == []


def test_dimensions_are_rules_like_any_other(application: Application) -> None:
    more = "extend: circumstance/segment\noptions: [VIP, Private, standard, Gold]\n"
    layers = application({**DIMENSIONS, "acme/segment.yaml": more})
    dimension = dimensions_of(layers).by_id["segment"]
    assert (dimension.options, dimension.source, dimension.type) == (
        ("VIP", "Private", "standard", "Gold"),
        "customer.segment",
        "choice",
    )


def test_an_overlap_of_two_layers_is_a_load_error_that_the_missing_variant_settles(application: Application) -> None:
    files = {**DIMENSIONS, **BASE, **VIP, **CHAT}
    (problem,) = check_variants(application(files))
    assert (problem.code, problem.span.path) == ("E330", "service/vip.yaml")
    assert problem.message == (
        "variants 'chat' (acme/chat.yaml:1:1) and 'vip' (service/vip.yaml:1:1) "
        "both match {segment: Private, channel: chat}; neither is more specific"
    )
    stub = problem.help.split("\n", 1)[1]
    assert stub.splitlines() == [
        "variant: dialog/greeting@chat_vip",
        "circumstance: {channel: chat, segment: [Private, VIP]}",
        "based_on: chat",
        "pass_mark: 40",
    ]
    settled = application({**files, "acme/both.yaml": stub})
    assert (told(settled), settled.problems()) == ([], ())
    assert choose(settled, GREETING, segment="VIP", channel="chat") == "chat_vip"


def test_a_variant_with_a_wrong_circumstance_is_told_and_left_out(application: Application) -> None:
    gold = "variant: dialog/greeting@gold\ncircumstance:\n  segment: Gold\n  chanel: chat\n"
    layers = application({**DIMENSIONS, **BASE, **CHAT, "acme/gold.yaml": gold})
    assert told(layers) == [("E107", "acme/gold.yaml", 3), ("E331", "acme/gold.yaml", 4)]
    assert choose(layers, GREETING, channel="phone") == ""


def test_what_a_narrower_variant_drops_is_a_warning_until_it_builds_on_the_wider(application: Application) -> None:
    narrow = "variant: dialog/greeting@private\ncircumstance: {segment: Private}\nlabel: Private\n"
    files = {**DIMENSIONS, **BASE, **VIP}
    (problem,) = check_variants(application({**files, "acme/private.yaml": narrow}))
    assert (problem.code, problem.span.path) == ("W335", "acme/private.yaml")
    assert problem.message == "where 'private' wins, the changes of the wider 'vip' are dropped: 'pass_mark'"
    based = narrow.replace("circumstance", "based_on: vip\ncircumstance")
    assert told(application({**files, "acme/private.yaml": based})) == []


def test_a_variant_that_can_never_win_is_a_warning(application: Application) -> None:
    one = "variant: dialog/greeting@one\ncircumstance: {segment: VIP}\npass_mark: 1\n"
    two = "variant: dialog/greeting@two\ncircumstance: {segment: Private}\npass_mark: 2\n"
    layers = application({**DIMENSIONS, **BASE, **VIP, "acme/one.yaml": one, "acme/two.yaml": two})
    assert told(layers) == [("W402", "service/vip.yaml", 1)]


def test_periods_that_meet_cover_all_time(application: Application) -> None:
    early = "variant: dialog/greeting@early\ncircumstance: {segment: VIP}\neffective: {until: 2026-06-01}\nlabel: a\n"
    late = "variant: dialog/greeting@late\ncircumstance: {segment: VIP}\neffective: {from: 2026-06-01}\nlabel: b\n"
    wide = "variant: dialog/greeting@wide\ncircumstance: {segment: VIP}\nlabel: c\n"
    files = {"acme/early.yaml": early, "acme/late.yaml": late, "acme/wide.yaml": wide}
    assert told(application({**DIMENSIONS, **BASE, **files})) == [("W402", "acme/wide.yaml", 1)]


def test_a_kind_that_must_always_hold_has_no_gap_in_time(application: Application) -> None:
    files = {
        "service/fast.yaml": "define: sla/fast\neffective: {until: 2026-04-01}\ngoal: 1h\n",
        "acme/fast.yaml": "variant: sla/fast@spring\neffective: {from: 2026-04-14}\ngoal: 2h\n",
    }
    layers = application(files)
    (problem,) = check_variants(layers)
    assert (problem.code, problem.span.path) == ("W333", "service/fast.yaml")
    assert problem.message == "no sla/fast on 2026-04-01..2026-04-14"
    with pytest.raises(NothingHolds):
        choose(layers, RuleName("sla", "fast"), at=datetime(2026, 4, 2, tzinfo=UTC))
    assert choose(layers, RuleName("sla", "fast"), at=datetime(2026, 5, 1, tzinfo=UTC)) == "spring"


def test_other_kinds_may_hold_for_a_while(application: Application) -> None:
    assert told(application({"service/x.yaml": "define: routing/x\neffective: {until: 2026-04-01}\nqueue: q\n"})) == []


def test_a_period_of_the_base_that_is_none_is_told(application: Application) -> None:
    layers = application(
        {"service/x.yaml": "define: routing/x\neffective: {from: 2026-05-01, until: 2026-04-01}\nqueue: q\n"}
    )
    assert told(layers) == [("E332", "service/x.yaml", 2)]


def test_subclasses_inherit_variants_and_their_problems_are_told_once(application: Application) -> None:
    files = {
        **DIMENSIONS,
        "service/work.yaml": "define: case_type/work\nlabel: Work\n",
        "service/dispute.yaml": "define: case_type/dispute\nis_a: work\nlabel: Dispute\n",
        "service/work.vip.yaml": "variant: case_type/work@vip\ncircumstance: {segment: VIP}\nsla: fast\n",
        "service/work.chat.yaml": "variant: case_type/work@chat\ncircumstance: {channel: chat}\nsla: slow\n",
    }
    layers = application(files)
    assert told(layers) == [("E330", "service/work.vip.yaml", 1)]
    assert choose(layers, RuleName("case_type", "dispute"), segment="VIP", channel="phone") == "vip"
    vip = layers.resolve(RuleName("case_type", "dispute", variant="vip")).body.plain()
    assert vip == {"label": "Dispute", "sla": "fast"}


def test_only_a_replaced_variant_changes_its_circumstance(application: Application) -> None:
    replaced = "replace: dialog/greeting@vip\ncircumstance: {segment: VIP}\npass_mark: 10\n"
    layers = application({**DIMENSIONS, **BASE, **VIP, "acme/vip.yaml": replaced})
    assert choose(layers, GREETING, segment="Private") == ""
    assert choose(layers, GREETING, segment="VIP") == "vip"


def test_a_replaced_variant_that_says_nothing_keeps_its_circumstance(application: Application) -> None:
    replaced = "replace: dialog/greeting@vip\npass_mark: 10\n"
    layers = application({**DIMENSIONS, **BASE, **VIP, "acme/vip.yaml": replaced})
    assert choose(layers, GREETING, segment="Private") == "vip"


def test_an_extended_variant_keeps_its_circumstance(application: Application) -> None:
    layers = application({**DIMENSIONS, **BASE, **VIP, "acme/vip.yaml": "extend: dialog/greeting@vip\nlabel: Acme\n"})
    assert choose(layers, GREETING, segment="Private") == "vip"


def test_changed_paths_are_the_top_most_that_a_variant_sets_adds_or_removes(application: Application) -> None:
    vip = """\
variant: dialog/greeting@vip
circumstance: {segment: VIP}
label: Welcome
steps:
  - {id: greet, text: Welcome back}
  - {id: thanks, do: say, text: Thank you}
"""
    layers = application({**DIMENSIONS, **BASE, "acme/vip.yaml": vip})
    base, variant = layers.resolve(GREETING), layers.resolve(RuleName("dialog", "greeting", variant="vip"))
    assert changed_paths(base, variant) == ("label", "steps.greet.text", "steps.thanks")
    assert changed_paths(base, base) == ()
