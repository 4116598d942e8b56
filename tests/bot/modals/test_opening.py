"""Opening a decision: three steps laid over each other, each input refused where it was typed."""

import re

import pytest
from acts import card, counts, deliver, identity, marked_texts, submission, trade
from live import COMMITTEE, Live, Person, read
from refused.people import METRIC, QUESTION

from core.exchange import board, defining, portfolios, scheduling
from core.exchange.portfolios import PortfolioFacts
from core.units import MICRO

HOSTILE = "<!channel> & <b>bold</b>"
SHOWN = "&lt;!channel&gt; &amp; &lt;b&gt;bold&lt;/b&gt;"

TERMS = {"subsidy": {"value": "400"}, "committee": {"selected_channel": COMMITTEE}}


OWN = "Each option has a metric of its own"
OURS, THEIRS = "Our score on the suite, in June.", "The best rival's score, in June."


def shape(person: Person, *chosen: str, **typed: str) -> None:
    """Ticks these boxes about how the options are compared, and no others, with this typed in other inputs."""
    block, element = person.block("shape")["block_id"], person.element("shape")
    options = [each for each in element["options"] if each["text"]["text"] in chosen]
    texts = {
        person.block(name)["block_id"]: {person.element(name)["action_id"]: {"value": text}}
        for name, text in typed.items()
    }
    value = {"selected_options": options}
    place = {"view_id": person.modal["id"], "block_id": block, "action_id": element["action_id"]}
    person.act("action", **place, value=value, values=texts | {block: {element["action_id"]: value}})


def standing(person: Person, name: str) -> str | None:
    """What stands in an input of the modal on top."""
    found: str | None = next(iter(person.modal["state"]["values"][person.block(name)["block_id"]].values()))[
        "value"
    ]
    return found


@pytest.fixture
def opener(ada: Person) -> Person:
    """Ada, in front of the first step."""
    ada.type("/decision new")
    return ada


def test_three_steps_open_a_decision(live: Live, opener: Person):
    """What is said at the end is there: the decision, its markets, and a card in both channels."""
    assert opener.submit(**QUESTION)["ok"]
    assert opener.submit(**METRIC)["ok"]
    assert opener.submit(**TERMS)["ok"]
    said = read(opener.modal)

    assert "*D-2* is open: Do we move?" in said
    row = live.read(board.row, identity("U0EMIL"), 2, live.workspace.clock())
    usual = live.read(scheduling.standing, identity("U0ADA"), 2, live.workspace.clock())
    assert (usual.cron, usual.zone) == ("0 9 * * MON-FRI", "Etc/UTC")  # Where Ada lives, as Slack knows her.
    (measure,) = row.report.measures
    assert [(line.name, round(line.expected / MICRO)) for line in measure.options] == [
        ("Move", 18),
        ("Stay", 12),
    ]
    carol = live.person("U0CAROL")
    assert "Move: *18.0%*" in read(card(carol, "D-2", COMMITTEE))
    assert "Stay: *12.0%*" in read(card(carol, "D-2"))
    assert opener.state["warnings"] == []


def test_eight_options_can_be_opened_read_and_traded(live: Live, opener: Person, emil: Person):
    """With names and wording as long as the form takes them: nothing that Slack would refuse on the way."""
    names = [f"{n}{'x' * 74}" for n in range(1, 9)]
    opener.submit(**QUESTION | {"question": {"value": "Q" * 300}, "options": {"value": "\n".join(names)}})
    rates = {f"base_rate_{n}": {"value": "18"} for n in range(1, 9)}
    opener.submit(**METRIC | rates | {"metric_wording": {"value": "w" * 1000}})
    assert opener.submit(**TERMS)["ok"]
    assert "*D-2* is open" in read(opener.modal)

    shown = read(card(emil, "D-2"))
    assert [name for name in names if name not in shown] == []
    assert [name for name in names if name not in emil.type("/decision report D-2")] == []
    said = trade(emil, "10", name="D-2", option=names[7], way="Lower")
    assert "You bought" in said
    assert names[7] in said
    emil.home()
    assert [person.user for person in (opener, emil) if person.state["warnings"]] == []


def test_several_metrics_are_asked_for_one_after_the_other(live: Live, opener: Person):
    """The second is traded in ranges; the form begins anew for it, and all are opened together."""
    opener.submit(**QUESTION)
    another = {"more": {"selected_options": opener.element("more")["options"]}}
    assert opener.submit(**METRIC | another)["ok"]
    assert opener.modal["title"]["text"] == "New decision: 2 of 3"
    assert [each.get("value") for each in opener.modal["state"]["values"]["metric_name:2"].values()] == [None]
    shape(opener, "It is traded in ranges")
    ranges = {
        "centres": {"value": "0, 10 20 40"},
        "sd": {"value": "8"},
        "metric_name": {"value": "Incidents"},
    }
    assert opener.submit(**METRIC | ranges)["ok"]
    assert opener.submit(**TERMS)["ok"]
    row = live.read(board.row, identity("U0EMIL"), 2, live.workspace.clock())

    assert [(each.metric, len(each.options[0].outcomes)) for each in row.report.measures] == [
        ("Findings", 2),
        ("Incidents", 4),
    ]
    assert row.report.measures[1].options[1].implied is not None


def test_each_option_can_have_a_metric_of_its_own(live: Live, opener: Person):
    """Ours if we move, the best rival's if we do not: each is asked for, and read by its own wording."""
    opener.submit(**QUESTION)
    shape(opener, OWN)
    shared = {
        name: METRIC[name]
        for name in ("metric_unit", "low", "high", "metric_owner", "base_rate_1", "base_rate_2")
    }
    own = {
        "metric_name_1": {"value": "Our score"},
        "metric_name_2": {"value": "Best rival's score"},
        "metric_wording_1": {"value": OURS},
        "metric_wording_2": {"value": "  "},
    }
    answer = opener.submit(**shared | own)
    assert list(answer["errors"]) == ["metric_wording_2"]
    assert opener.submit(**shared | own | {"metric_wording_2": {"value": THEIRS}})["ok"]
    assert opener.submit(**TERMS)["ok"]
    row = live.read(board.row, identity("U0EMIL"), 2, live.workspace.clock())

    assert [line.metric for line in row.report.measures[0].options] == ["Our score", "Best rival's score"]
    assert sorted(each.definition.wording for each in row.metrics.values()) == sorted([OURS, THEIRS])
    assert opener.state["warnings"] == []


def test_more_can_be_said_of_how_the_metric_is_read(live: Live, opener: Person):
    """It is kept in the first version of its definition."""
    texts = {"metric_source": "evals.example", "decimals": "1", "metric_void_if": "No run in June."}
    said = {name: {"value": text} for name, text in texts.items()}
    opener.submit(**QUESTION)
    shape(opener, "Say more about how it is read")
    refused = opener.submit(**METRIC | said | {"decimals": {"value": "7"}})
    assert refused["errors"] == {"decimals": "This is a whole number from 0 to 6, or empty."}
    assert opener.submit(**METRIC | said)["ok"]
    assert opener.submit(**TERMS)["ok"]
    (first,) = live.read(defining.versions, identity("U0EMIL"), 2).versions

    found = first.definition
    assert (found.source, found.decimals, found.void_if) == ("evals.example", 1, "No run in June.")
    assert found.measured_over == ""


def test_another_shape_of_the_form_loses_nothing_that_was_typed(opener: Person):
    """What is typed for all options stands for the first one too, and comes back when its input does."""
    opener.submit(**QUESTION)
    shape(opener, "It is traded in ranges", metric_name="Findings", low="0")
    shape(opener, OWN, metric_wording="As counted.", centres="0 20 40")
    assert [standing(opener, name) for name in ("metric_name_1", "metric_wording_1", "low")] == [
        "Findings",
        "As counted.",
        "0",
    ]
    shape(opener, metric_name_2="Theirs")
    assert [standing(opener, name) for name in ("metric_name", "metric_wording")] == [
        "Findings",
        "As counted.",
    ]
    shape(opener, OWN, "It is traded in ranges")
    assert [standing(opener, name) for name in ("metric_name_2", "centres", "low")] == [
        "Theirs",
        "0 20 40",
        "0",
    ]


def test_a_wording_that_leaves_no_room_is_refused_where_it_was_typed(opener: Person):
    """With the room that there is."""
    opener.submit(
        **QUESTION
        | {"question": {"value": "Q" * 300}, "options": {"value": "\n".join(f"{n}" for n in range(1, 9))}}
    )
    shape(opener, OWN)
    typed = {f"base_rate_{n}": {"value": "18"} for n in range(1, 9)}
    typed |= {f"metric_name_{n}": {"value": "Score"} for n in range(1, 9)}
    typed |= {f"metric_wording_{n}": {"value": "w" * (1000 if n == 3 else 250)} for n in range(1, 9)}
    typed |= {name: METRIC[name] for name in ("metric_unit", "low", "high", "metric_owner")}
    (place, said), *rest = opener.submit(**typed)["errors"].items()
    room = int(re.search(r"longer than (\d+) characters", said)[1])

    assert (place, rest) == ("metric_wording_3", [])
    assert opener.submit(metric_wording_3={"value": "w" * room})["ok"]


def test_ranges_are_refused_where_they_were_typed(opener: Person):
    opener.submit(**QUESTION)
    shape(opener, "It is traded in ranges")
    for centres, sd, where, said in (
        ("0 10 40", "", "sd", "Please complete this required field."),
        ("0 10 40", "0", "sd", "more than 0"),
        ("0 ten 40", "5", "centres", "ten"),
        ("0 10 30", "5", "centres", "must be the ends of the range"),
        ("0 10 10 40", "5", "centres", "same"),
    ):
        answer = opener.submit(**METRIC | {"centres": {"value": centres}, "sd": {"value": sd}})
        assert said in answer["errors"].get(where, ""), (centres, sd, answer)


def test_more_metrics_than_a_decision_takes_are_refused(opener: Person):
    opener.submit(**QUESTION)
    for number in range(5):
        another = {"more": {"selected_options": opener.element("more")["options"]}}
        short = {"metric_wording": {"value": "Short."}, "metric_name": {"value": f"Metric {number}"}}
        answer = opener.submit(**METRIC | short | another)
    assert "1 to 5 metrics" in answer["errors"]["more:5"]


def test_going_back_keeps_what_was_typed(live: Live, opener: Person):
    """Each step lies over the one before; a change there is what counts then."""
    opener.submit(**QUESTION)
    opener.submit(**METRIC)
    assert [view["title"]["text"][-6:] for view in opener.state["views"]] == ["1 of 3", "2 of 3", "3 of 3"]
    for _ in range(2):
        opener.act("close", view_id=opener.modal["id"])
    assert opener.modal["state"]["values"]["question"]["question"]["value"] == "Do we move?"

    opener.submit(question={"value": "Do we move now?"})
    opener.submit(**METRIC)
    opener.submit(**TERMS)
    assert "Do we move now?" in read(opener.modal)
    assert live.read(board.row, identity("U0EMIL"), 2, live.workspace.clock()).question == "Do we move now?"


def test_the_question_is_refused_where_it_was_typed(opener: Person):
    for block, value, said in (
        ("options", "Only one", "2 to 8 options"),
        ("options", "1\n2\n3\n4\n5\n6\n7\n8\n9", "2 to 8 options"),
        ("options", "Move\nmove", "same name"),
        ("options", "Move\n" + "x" * 76, "longer than 75 characters"),
        ("options", "\n  \n", "2 to 8 options"),
        ("question", "   ", "cannot be empty"),
    ):
        answer = opener.submit(**QUESTION | {block: {"value": value}})
        assert said in answer["errors"].get(block, ""), (block, value, answer)


def test_the_metric_is_refused_where_it_was_typed(opener: Person):
    opener.submit(**QUESTION)
    for block, typed, where, said in (
        ("metric_name", "  ", "metric_name", ""),
        ("metric_unit", "  ", "metric_unit", ""),
        ("metric_wording", "  ", "metric_wording", ""),
        ("low", "40", "high", "The highest value must be above the lowest."),
        ("high", "-1", "high", "The highest value must be above the lowest."),
        ("high", "0.0000001", "high", "more than six digits"),
        ("low", "-100000001", "low", "100,000,000"),
        ("base_rate_1", "0", "base_rate_1", "must be between 0.04"),
        ("base_rate_1", "40", "base_rate_1", "and 39.9"),
        ("base_rate_2", "40.5", "base_rate_2", "must be between"),
        ("base_rate_2", "0.01", "base_rate_2", "must be between"),
    ):
        answer = opener.submit(**METRIC | {block: {"value": typed}})
        assert list(answer["errors"]) == [where]
        assert said in answer["errors"][where]


def test_the_terms_are_refused_where_they_were_typed(live: Live, opener: Person):
    opener.submit(**QUESTION)
    opener.submit(**METRIC)
    before = counts(live)
    now = int(live.workspace.clock().timestamp())
    for block, value, said in (
        ("closes_at", {"selected_date_time": now - 60}, "already past"),
        ("decide_by", {"selected_date_time": now + 60}, "cannot be due before trading closes"),
        ("freezes_at", {"selected_date_time": now + 8 * 86_400}, "freeze cannot come before"),
        ("record_challenge_seconds", {"value": "-1"}, "between 0 hours and 30 days"),
        ("reading_challenge_seconds", {"value": "721"}, "between 0 hours and 30 days"),
        ("subsidy", {"value": "0"}, "more than 0"),
        ("subsidy", {"value": "0.5"}, "too little to open a market with"),
        ("subsidy", {"value": "99999999"}, "Main has 4,500 credits free, and this takes "),
    ):
        kept = opener.modal["state"]["values"][block]
        answer = opener.submit(**TERMS | {block: value})
        assert said in answer["errors"].get(block, ""), (block, answer)
        opener.submit(**{block: next(iter(kept.values()))} | {"committee": {"selected_channel": None}})
    assert counts(live) == before


def test_a_committee_channel_without_the_app_is_refused_where_it_was_chosen(live: Live, opener: Person):
    """What would be posted there would wait unseen: so the app is invited first, and nothing that was typed is lost."""
    opener.submit(**QUESTION)
    opener.submit(**METRIC)
    assert opener.act("send", channel=COMMITTEE, text="/remove @Futarchy")["ok"]
    answer = opener.submit(**TERMS)
    assert "Write `/invite @Futarchy` there" in answer["errors"]["committee"]
    assert opener.act("send", channel=COMMITTEE, text="/invite @Futarchy")["ok"]
    opener.submit(**TERMS)

    assert "*D-2* is open" in read(opener.modal)
    assert counts(live)["decision"] == 2


def test_the_same_terms_delivered_again_open_no_second_decision(live: Live, opener: Person):
    """A delivery that Slack repeats, because our answer was late, opens nothing twice."""
    opener.submit(**QUESTION)
    opener.submit(**METRIC)
    block, element = "committee", opener.element("committee")["action_id"]
    view = opener.modal
    view["state"]["values"][block][element] = {
        "type": "channels_select",
        "selected_channel": COMMITTEE,
    }
    again = submission("U0ADA", view)
    answers = [deliver(live, again).json() for _ in range(2)]

    assert [answer["response_action"] for answer in answers] == ["update", "update"]
    assert counts(live)["decision"] == 2


def test_whoever_is_no_admin_opens_nothing(live: Live, opener: Person):
    """Also with a form that an admin got: core checks who submits."""
    opener.submit(**QUESTION)
    opener.submit(**METRIC)
    view = opener.modal
    view["state"]["values"]["committee"]["committee"] = {
        "type": "channels_select",
        "selected_channel": COMMITTEE,
    }
    answer = deliver(live, submission("U0EMIL", view)).json()

    said = next(iter(answer["errors"].values()))
    assert "Only admins can do that" in said
    assert "<@" not in said, "a field's error is plain text"
    assert counts(live)["decision"] == 1


def test_hostile_text_is_shown_as_it_was_typed_and_mentions_nobody(live: Live, opener: Person, emil: Person):
    """In messages, modals and Home, in what stands for a message in notifications too."""
    opener.submit(
        question={"value": f"Q {HOSTILE}"},
        options={"value": f"A {HOSTILE}\nB {HOSTILE}"},
        deciders={"selected_users": ["U0CAROL"]},
    )
    opener.submit(**METRIC | {"metric_name": {"value": f"M {HOSTILE}"}, "metric_unit": {"value": "<u> & co"}})
    opener.submit(**TERMS)
    carol = live.person("U0CAROL")
    card(emil, "D-2")
    traded = trade(emil, "10", name="D-2")
    emil.home()
    emil.press_home("sell")
    emil.type("/decision report D-2")
    carol.type("/decision withdraw D-2", COMMITTEE)
    carol.submit(reason={"value": f"R {HOSTILE}"})

    seen = [*emil.messages(), *carol.messages(COMMITTEE), emil.home(), *emil.state["views"]]
    seen += [*carol.state["views"], *opener.state["views"]]
    marked = "\n".join(text for each in seen for text in marked_texts(each))
    assert SHOWN in marked
    assert SHOWN in traded
    assert "<!channel>" not in marked
    assert "<b>" not in marked
    assert "<u>" not in marked
    assert "&amp;lt;" not in marked
    assert emil.state["warnings"] == []


def test_the_portfolio_that_pays_is_chosen_where_there_is_a_choice(live: Live, opener: Person):
    """With what each has room for; what it cannot pay is said by its name."""
    spend = "reserve=300 spend=none days=30 @ada because few trade there."
    live.person("U0ADA").type(f"/subsidy new Thin markets {spend}")
    live.person("U0ADA").type("/subsidy fund Thin markets 200 because it begins.")
    opener.submit(**QUESTION)
    opener.submit(**METRIC)
    hint = opener.block("subsidy")["hint"]["text"]
    assert (
        "Main has 4,500 credits free. Thin markets has 200 credits free, and its budget has room for 300"
        in hint
    )
    options = opener.element("portfolio")["options"]
    assert [each["text"]["text"] for each in options] == [
        "Main, 4,500 credits free",
        "Thin markets, 200 credits free",
    ]
    thin = {"portfolio": {"selected_option": options[1]}}
    for subsidy, said in (
        ("250", "Thin markets has 200 credits free, and this takes 250 credits: `/subsidy fund Thin markets"),
        ("350", "Thin markets has 200 credits free"),
    ):
        answer = opener.submit(**TERMS | thin | {"subsidy": {"value": subsidy}})
        assert said in answer["errors"]["subsidy"]
    assert opener.submit(**TERMS | thin | {"subsidy": {"value": "150"}})["ok"]
    assert "credits of *Thin markets* back its markets" in read(opener.modal)
    assert [each.name for each in portfolio(live, 2).backs] == ["D-2"]


def portfolio(live: Live, portfolio_id: int) -> PortfolioFacts:
    found: PortfolioFacts = live.read(portfolios.one, identity("U0ADA"), portfolio_id, live.workspace.clock())
    return found


def test_an_admin_who_may_spend_nothing_opens_nothing(live: Live, ada: Person):
    ada.type("/subsidy change Main @erin because she looks after it.")

    assert "Only the people named to spend this portfolio can do that. Ask <@U0ERIN>." in ada.type(
        "/decision new"
    )
    assert ada.state["views"] == []


def test_a_range_that_is_too_wide_is_said_as_it_is_typed_and_before_it_is_opened(opener: Person):
    """It holds for all base rates, and is asked of no metric whose range is no choice."""
    opener.submit(**QUESTION)
    for name, text in (("metric_unit", "points"), ("low", "0"), ("high", "100")):
        opener.fill(name, {"value": text})
    wide = METRIC | {"metric_unit": {"value": "points"}, "high": {"value": "100"}, "off": {"value": "5"}}
    assert "too wide" not in read(opener.modal)
    shape(opener, **{name: each["value"] for name, each in wide.items() if "value" in each})
    said = read(opener.modal)
    assert "*The range is too wide:* it pays " in said
    assert re.search(
        r"From 3\.8 points to 26\.2 points it would pay [\d.]+ times less; or it can be traded in ranges",
        said,
    )
    assert opener.submit(**wide)["ok"]
    assert "*The range is too wide:*" in read(opener.modal), "the last step says it again"
    opener.close()


def test_a_range_that_suits_is_said_too(opener: Person):
    opener.submit(**QUESTION)
    right = METRIC | {"low": {"value": "4"}, "high": {"value": "26"}, "off": {"value": "5"}}
    shape(opener, **{name: each["value"] for name, each in right.items() if "value" in each})

    assert "The range suits it: it pays " in read(opener.modal)
    shape(opener, "It is traded in ranges")
    assert "The range" not in read(opener.modal)
