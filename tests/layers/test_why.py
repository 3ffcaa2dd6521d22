"""Why a rule and a value are as they are: one winner, a reason for every loser, a place for everything shadowed."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casewright.errors import AmbiguousVariants, UnknownRule
from casewright.layers.index import Layers
from casewright.layers.selection import Outcome
from casewright.layers.variants import dimensions_of, variants_of
from casewright.layers.why import Fate, Why, why, winning_facts
from casewright.layers.why_text import why_text, why_to_json
from casewright.values import RuleName, Span

Application = Callable[[Mapping[str, str]], Layers]

NOW = datetime(2026, 3, 1, tzinfo=UTC)
GREETING = RuleName("dialog", "greeting")
VIP = RuleName("dialog", "greeting", variant="vip")
SEGMENT = "define: circumstance/segment\nvalue: customer.segment\noptions: [VIP, Private, standard]\n"
CHANNEL = "define: circumstance/channel\nvalue: interaction.channel\noptions: [chat, phone]\n"
FILES = {
    "platform/segment.yaml": SEGMENT,
    "platform/channel.yaml": CHANNEL,
    "service/greeting.yaml": """\
define: dialog/greeting
label: Greeting
pass_mark: 60
steps:
  - {id: greet, do: say, text: Hello}
  - {id: disclosure, do: say, text: This call may be recorded., $final: true}
""",
    "service/vip.yaml": """\
variant: dialog/greeting@vip
circumstance: {segment: [VIP, Private]}
steps: [{id: greet, text: Welcome back}]
""",
    "acme/greeting.yaml": "extend: dialog/greeting\nlabel: Acme greeting\n",
    "acme/vip.yaml": "extend: dialog/greeting@vip\nsteps: [{id: greet, text: Welcome to Acme}]\n",
    "acme/easter.yaml": """\
variant: dialog/greeting@easter
circumstance: {segment: VIP}
effective: {from: 2026-04-01, until: 2026-04-10}
label: Happy Easter
""",
}


def ask(layers: Layers, path: str | None = None, name: RuleName = GREETING, at: datetime = NOW, **facts: object) -> Why:
    return why(layers, name, path, facts, at)


def test_the_winner_and_the_first_reason_of_every_loser(application: Application) -> None:
    answer = ask(application(FILES), segment="Private")
    assert answer.winner == answer.explained == VIP
    assert [(str(each.rule), each.outcome, each.reason) for each in answer.contenders] == [
        (
            "dialog/greeting@easter",
            Outcome.DATE,
            "effective from 2026-04-01 until 2026-04-10, and it is 2026-03-01T00:00+00:00",
        ),
        ("dialog/greeting@vip", Outcome.WINS, "wins: segment: VIP, Private"),
        ("dialog/greeting", Outcome.LESS_SPECIFIC, "less specific than 'vip'"),
    ]
    assert [each.span.path for each in answer.contenders] == [
        "acme/easter.yaml",
        "service/vip.yaml",
        "service/greeting.yaml",
    ]


def test_a_condition_that_fails_shows_what_was_wanted_and_what_was_there(application: Application) -> None:
    answer = ask(application(FILES), segment="standard")
    reasons = {each.rule.variant: each.reason for each in answer.contenders}
    assert reasons["vip"] == "condition segment: VIP, Private != standard"
    assert answer.winner == GREETING


def test_a_value_has_its_place_and_everything_it_shadows_latest_first(application: Application) -> None:
    value = ask(application(FILES), "steps.greet.text", segment="VIP").value
    assert value is not None
    assert (value.value, value.origin.span) == ("Welcome to Acme", Span("acme/vip.yaml", 2, 27, "acme@1.0.0"))
    assert [(each.value, each.span.path, each.span.layer) for each in value.shadowed] == [
        ("Welcome back", "service/vip.yaml", "service@1.0.0"),
        ("Hello", "service/greeting.yaml", "service@1.0.0"),
    ]


def test_the_stub_can_be_pasted_into_the_layer_at_hand(application: Application) -> None:
    files = {path: text for path, text in FILES.items() if path != "acme/vip.yaml"}
    value = ask(application(files), "steps.greet.text", segment="VIP").value
    assert value is not None
    assert value.own is None
    assert value.stub.splitlines() == [
        "extend: dialog/greeting@vip",
        "steps:",
        "  - id: greet",
        "    text: Welcome back",
    ]
    pasted = {**files, "acme/vip.yaml": value.stub.replace("back", "home")}
    layers = application(pasted)
    assert layers.problems() == ()
    again = ask(layers, "steps.greet.text", segment="VIP").value
    assert again is not None
    assert again.value == "Welcome home"


def test_what_the_layer_at_hand_wrote_is_changed_there(application: Application) -> None:
    value = ask(application(FILES), "steps.greet.text", segment="VIP").value
    assert value is not None
    assert (value.stub, str(value.own)) == ("", "acme/vip.yaml:2:27")


def test_a_file_that_speaks_of_the_rule_already_takes_the_stub_without_a_second_head(application: Application) -> None:
    answer = ask(application(FILES), "pass_mark", segment="standard")
    assert answer.value is not None
    assert answer.value.stub == "pass_mark: 60"
    assert why_text(answer).endswith("to override it, add to acme/greeting.yaml:\npass_mark: 60")


def test_what_the_layer_at_hand_removed_comes_back_there(application: Application) -> None:
    removed = {**FILES, "acme/greeting.yaml": "extend: dialog/greeting\nsteps: [{id: greet, $remove: true}]\n"}
    value = ask(application(removed), "steps.greet", segment="standard").value
    assert value is not None
    assert (value.stub, str(value.own)) == ("", "acme/greeting.yaml:2:21")


def test_a_text_in_another_language_shadows_its_source(application: Application) -> None:
    files = {**FILES, "service/texts/de.yaml": "dialog/greeting:steps.greet.text: Hallo\n"}
    layers = application(files)
    value = why(layers, GREETING, "steps.greet.text", {"segment": "standard"}, NOW, language="de").value
    assert value is not None
    assert (value.value, str(value.origin.span)) == ("Hallo", "service/texts/de.yaml:1:35")
    assert [str(each.span) for each in value.shadowed] == ["service/greeting.yaml:5:32"]
    assert value.stub == "# texts/de.yaml\ndialog/greeting:steps.greet.text: Hallo"
    untold = why(layers, GREETING, "label", {"segment": "standard"}, NOW, language="de").value
    assert untold is not None
    assert (untold.value, untold.stub) == ("Acme greeting", "# texts/de.yaml\ndialog/greeting:label: Acme greeting")


def test_a_locked_value_names_its_lock_and_offers_no_stub(application: Application) -> None:
    value = ask(application(FILES), "steps.disclosure.text", segment="standard").value
    assert value is not None
    assert [(each.operation, each.span.path) for each in value.locks] == [("final", "service/greeting.yaml")]
    assert value.stub == ""


def test_the_files_stand_strongest_first_and_each_says_what_became_of_it(application: Application) -> None:
    draft = "variant: dialog/greeting@chat\nstatus: draft\ncircumstance: {channel: chat}\n"
    answer = ask(application({**FILES, "acme/chat.yaml": draft}), segment="VIP")
    assert [(each.word, each.span.path, each.fate) for each in answer.contributions] == [
        ("extend", "acme/vip.yaml", Fate.CONTRIBUTES),
        ("variant", "service/vip.yaml", Fate.CONTRIBUTES),
        ("extend", "acme/greeting.yaml", Fate.CONTRIBUTES),
        ("define", "service/greeting.yaml", Fate.CONTRIBUTES),
        ("variant", "acme/chat.yaml", Fate.DRAFT),
    ]


def test_a_replaced_file_names_the_file_that_replaced_it(application: Application) -> None:
    files = {
        "platform/x.yaml": "define: routing/x\nqueue: one\n",
        "service/x.yaml": "replace: routing/x\nqueue: two\n",
        "acme/x.yaml": "extend: routing/x\nlabel: Mine\n",
    }
    answer = ask(application(files), name=RuleName("routing", "x"))
    assert [(each.fate, each.reason) for each in answer.contributions] == [
        (Fate.CONTRIBUTES, "contributes"),
        (Fate.CONTRIBUTES, "contributes"),
        (Fate.REPLACED, "replaced by [service@1.0.0] at service/x.yaml:1:1"),
    ]


def test_a_withdrawn_contribution_is_named_and_what_lies_below_shows_through(application: Application) -> None:
    files = {"platform/x.yaml": "define: routing/x\nqueue: one\n", "service/x.yaml": "withdraw: routing/x\n"}
    answer = ask(application(files), "queue", RuleName("routing", "x"))
    assert answer.value is not None
    assert answer.value.value == "one"
    assert (answer.contributions[0].fate, answer.contributions[0].reason) == (
        Fate.WITHDRAWN,
        "withdrawn by [service@1.0.0] at service/x.yaml:1:1; what lies below shows through",
    )


def test_a_blocked_rule_names_who_blocks_it(application: Application) -> None:
    files = {"platform/x.yaml": "define: routing/x\nqueue: one\n", "acme/x.yaml": "block: routing/x\n"}
    answer = ask(application(files), name=RuleName("routing", "x"))
    assert answer.blocked == Span("acme/x.yaml", 1, 1, "acme@1.0.0")
    assert answer.contributions[0].fate is Fate.BLOCKS


def test_a_file_for_another_class_is_outside_the_chain(application: Application) -> None:
    files = {
        "platform/work.yaml": "define: case_type/work\nlabel: Work\n",
        "platform/dispute.yaml": "define: case_type/dispute\nis_a: work\n",
        "platform/survey.yaml": "define: case_type/survey\nis_a: work\n",
        "platform/x.yaml": "define: routing/x\nfor: work\nqueue: one\n",
        "service/x.yaml": "extend: routing/x\nfor: dispute\nqueue: two\n",
        "acme/x.yaml": "extend: routing/x\nfor: survey\nqueue: three\n",
    }
    answer = ask(application(files), "queue", RuleName("routing", "x", "dispute"))
    assert answer.value is not None
    assert answer.value.value == "two"
    assert answer.value.stub == "extend: routing/x\nfor: dispute\nqueue: two"
    assert [(each.span.path, each.fate) for each in answer.contributions] == [
        ("service/x.yaml", Fate.CONTRIBUTES),
        ("platform/x.yaml", Fate.CONTRIBUTES),
        ("acme/x.yaml", Fate.OTHER_CLASS),
    ]
    assert answer.contributions[-1].reason == "bound to 'survey', which is not on the chain work -> dispute"


def test_variants_that_a_replace_dropped_are_told(application: Application) -> None:
    steps = "steps: [{id: disclosure, do: say, text: This call may be recorded.}]"
    replaced = f"replace: dialog/greeting\nvariants: drop\nlabel: New\n{steps}\n"
    answer = ask(application({**FILES, "acme/greeting.yaml": replaced, "acme/vip.yaml": "", "acme/easter.yaml": ""}))
    assert answer.winner == GREETING
    assert ("service/vip.yaml", Fate.DROPPED) in [(each.span.path, each.fate) for each in answer.contributions]


def test_a_missing_fact_leaves_no_winner_and_is_named(application: Application) -> None:
    answer = ask(application(FILES))
    assert answer.winner is None
    assert answer.explained == GREETING
    assert {each.reason for each in answer.contenders if each.outcome is Outcome.NEEDS_FACT} == {
        "the fact 'segment' is not given"
    }


def test_the_facts_that_make_a_variant_win_are_found(application: Application) -> None:
    layers = application(FILES)
    assert winning_facts(layers, RuleName("dialog", "greeting", variant="easter")) == {
        "segment": "VIP",
        "as_of": datetime(2026, 4, 1, tzinfo=UTC),
    }
    facts = dict(winning_facts(layers, VIP) or {})
    at = facts.pop("as_of", NOW)
    assert isinstance(at, datetime)
    assert ask(layers, at=at, **facts).winner == VIP
    assert winning_facts(layers, GREETING) == {"segment": "standard"}
    with pytest.raises(UnknownRule, match="has no variant 'vpi'; did you mean 'vip'"):
        winning_facts(layers, RuleName("dialog", "greeting", variant="vpi"))


def test_a_variant_that_is_asked_for_is_explained_whoever_wins(application: Application) -> None:
    answer = ask(application(FILES), "steps.greet.text", VIP, segment="standard")
    assert (answer.winner, answer.explained) == (GREETING, VIP)
    assert answer.value is not None
    assert answer.value.value == "Welcome to Acme"


@pytest.mark.parametrize(
    ("name", "path", "message"),
    [
        (RuleName("dialog", "greting"), None, "there is no dialog/greting; did you mean 'dialog/greeting'?"),
        (
            GREETING,
            "steps.gret.text",
            "there is no 'steps.gret.text' in dialog/greeting; did you mean 'steps.greet.text'?",
        ),
        (
            RuleName("dialog", "greeting", variant="vpi"),
            None,
            "there is no dialog/greeting@vpi; did you mean 'dialog/greeting@vip'?",
        ),
    ],
)
def test_what_is_not_there_is_an_error_that_knows_the_near_one(
    application: Application, name: RuleName, path: str | None, message: str
) -> None:
    with pytest.raises(UnknownRule) as raised:
        ask(application(FILES), path, name, segment="standard")
    assert str(raised.value) == message


def test_the_answer_reads_as_a_page(application: Application) -> None:
    text = why_text(ask(application(FILES), "steps.greet.text", segment="Private"))
    assert text.splitlines() == [
        "dialog/greeting@vip wins for {segment: Private} at 2026-03-01T00:00+00:00",
        "  @easter: effective from 2026-04-01 until 2026-04-10, and it is 2026-03-01T00:00+00:00   "
        "[acme@1.0.0] acme/easter.yaml:1:1",
        "  @vip: wins: segment: VIP, Private   [service@1.0.0] service/vip.yaml:1:1",
        "  base: less specific than 'vip'   [service@1.0.0] service/greeting.yaml:1:1",
        "files of dialog/greeting@vip, strongest first:",
        "  extend dialog/greeting@vip: contributes   [acme@1.0.0] acme/vip.yaml:1:1",
        "  variant dialog/greeting@vip: contributes   [service@1.0.0] service/vip.yaml:1:1",
        "  extend dialog/greeting: contributes   [acme@1.0.0] acme/greeting.yaml:1:1",
        "  define dialog/greeting: contributes   [service@1.0.0] service/greeting.yaml:1:1",
        "steps.greet.text = 'Welcome to Acme' set by [acme@1.0.0] acme/vip.yaml:2:27",
        "  shadows 'Welcome back' [service@1.0.0] service/vip.yaml:3:27",
        "  shadows 'Hello' [service@1.0.0] service/greeting.yaml:5:32",
        "change it there: acme/vip.yaml:2:27",
    ]


def test_where_nothing_wins_the_first_line_says_why(application: Application) -> None:
    assert why_text(ask(application(FILES))).splitlines()[0] == (
        "no form of dialog/greeting wins for {} at 2026-03-01T00:00+00:00: the fact 'segment' is not given"
    )
    chat = {"acme/chat.yaml": "variant: dialog/greeting@chat\ncircumstance: {channel: chat}\n"}
    text = why_text(ask(application({**FILES, **chat}), segment="VIP", channel="chat"))
    assert text.splitlines()[0].endswith(": beside 'chat', 'vip' matches too, and neither is the narrower")


def test_the_answer_is_json_for_machines(application: Application) -> None:
    answer = json.loads(json.dumps(why_to_json(ask(application(FILES), "pass_mark", segment="Private"))))
    assert answer["winner"] == "dialog/greeting@vip"
    assert answer["contenders"][1] == {
        "rule": "dialog/greeting@vip",
        "outcome": "wins",
        "reason": "wins: segment: VIP, Private",
        "path": "service/vip.yaml",
        "line": 1,
        "column": 1,
        "layer": "service@1.0.0",
    }
    assert answer["value"]["value"] == 60
    assert answer["value"]["origin"]["path"] == "service/greeting.yaml"


CIRCUMSTANCES = st.fixed_dictionaries(
    {},
    optional={
        "segment": st.sets(st.sampled_from(["VIP", "Private", "standard", "null"]), min_size=1, max_size=3),
        "channel": st.sets(st.sampled_from(["chat", "phone", "null"]), min_size=1, max_size=2),
    },
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(CIRCUMSTANCES.filter(bool), min_size=1, max_size=4),
    st.sampled_from(["VIP", "Private", "standard", None]),
    st.sampled_from(["chat", "phone", None]),
)
def test_the_winner_of_why_is_the_winner_of_the_choice_and_its_values_are_those_resolved(
    application: Application, said: list[dict[str, set[str]]], segment: str | None, channel: str | None
) -> None:
    files = {path: text for path, text in FILES.items() if path.startswith(("platform", "service/greeting"))}
    for number, sides in enumerate(said):
        circumstance = ", ".join(f"{name}: [{', '.join(sorted(values))}]" for name, values in sides.items())
        files[f"acme/v{number}.yaml"] = (
            f"variant: dialog/greeting@v{number}\ncircumstance: {{{circumstance}}}\npass_mark: {number}\n"
        )
    layers = application(files)
    facts = {"segment": segment, "channel": channel}
    selector = variants_of(layers, GREETING, dimensions_of(layers)).selector
    answer = ask(layers, "pass_mark", **facts)
    try:
        chosen = selector.choose(facts, NOW)
    except AmbiguousVariants:
        assert answer.winner is None
        return
    winner = RuleName("dialog", "greeting", variant=chosen)
    assert answer.winner == answer.explained == winner
    assert answer.value is not None
    assert answer.value.value == layers.resolve(winner).body.plain()["pass_mark"]
