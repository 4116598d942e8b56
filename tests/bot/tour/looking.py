"""Somebody new, what can be asked by typing, and a decision that is opened."""

from collections.abc import Iterator

from acts import place, start_trade, type_amount
from live import COMMITTEE, MARKETS, option_of

from tour.people import OTHER, Sight, Tour, Voice, dm, ticked


def begins(t: Tour) -> Iterator[Sight]:
    """Somebody new, who practises first."""
    yield t.home("home of a newcomer", t.elias)
    t.elias.press_home("practise")
    yield t.modal("practice question", t.elias)
    t.elias.submit(amount={"value": "25"})
    yield t.modal("how the practice could end", t.elias)
    t.elias.close()
    t.elias.press_home("leaders")
    yield t.modal("leaders before anything is settled", t.elias)
    t.elias.close()
    t.elias.press_home("notifications")
    yield t.modal("notifications", t.elias)
    t.elias.submit()
    yield t.modal("notifications saved", t.elias)
    t.elias.close()
    yield t.messaged("direct message: granted", t.elias, "granted you")
    t.elias.press(t.elias.wait_for("granted you", dm(t.elias)), "mute", dm(t.elias))
    yield t.messaged("messages switched off", t.elias, "You get no more messages")
    t.elias.press(t.elias.wait_for("You get no more", dm(t.elias)), "unmute", dm(t.elias))
    yield t.messaged("messages switched on again", t.elias, "You are told about")


def asks(t: Tour) -> Iterator[Sight]:
    """What can be asked by typing, and what is said to what is not understood."""
    yield t.told("card before anybody traded", t.emil, "D-1:")
    for name, typed in (
        ("overview", "/market"),
        ("one decision", "/market D-1"),
        ("found by words", "/market context window"),
        ("found nothing", "/market submarine"),
        ("help with markets", "/market help"),
        ("no portfolio", "/market portfolio"),
        ("no orders", "/market orders"),
        ("leaders as a message", "/market leaders"),
        ("help with decisions", "/decision help"),
        ("which decision", "/decision report"),
        ("did you mean", "/decision reprot D-1"),
        ("report before anybody traded", "/decision report D-1"),
        ("no such decision", "/market D-99"),
        ("help", "/futarchy"),
        ("settings", "/futarchy settings"),
        ("only admins", "/futarchy grant"),
    ):
        yield t.asked(name, t.emil, typed)
    t.emil.type("/decision reprot D-1")
    t.emil.press(t.emil.answer, "run")
    yield Sight("what was meant", t.emil.user, MARKETS)
    t.emil.type("/futarchy settings")
    t.emil.press(t.emil.answer, "named")
    yield Sight("named among the leaders", t.emil.user, MARKETS)
    start_trade(t.carol)
    yield t.modal("a decider may not trade", t.carol)
    t.carol.close()


def opens(t: Tour) -> Iterator[Sight]:
    """D-2, with two metrics, one of them in ranges; asked in the channel by somebody."""
    voice = t.voice
    t.emil.act("send", channel=MARKETS, text="Do we open the evaluation API?")
    where = {"channel": MARKETS, "message_ts": t.emil.messages()[-1]["ts"], "callback_id": "decide"}
    t.ada.act("shortcut", **where)
    yield t.modal("new decision, 1 of 3", t.ada)
    deciders = {"selected_users": ["U0CAROL", "U0CHEN"]}
    options = {"value": f"{voice.option}\n{OTHER}"}
    assert t.ada.submit(question={"value": voice.question}, options=options, deciders=deciders)["ok"]
    yield t.modal("new decision, 2 of 3", t.ada)
    assert t.ada.submit(**metric(voice, "Serious findings"), more=ticked(t.ada, "more"))["ok"]
    t.ada.fill("shape", {"selected_options": t.ada.element("shape")["options"][1:]})
    yield t.modal("new decision, in ranges", t.ada)
    ranges = {"centres": {"value": "0 10 20 30 40"}, "sd": {"value": "8"}}
    assert t.ada.submit(**metric(voice, voice.metric), **ranges)["ok"]
    yield t.modal("new decision, 3 of 3", t.ada)
    assert t.ada.submit(subsidy={"value": "400"}, committee={"selected_channel": COMMITTEE})["ok"]
    yield t.modal("opened", t.ada)
    t.ada.close()
    yield t.told("card with two metrics", t.emil, "D-2:")
    yield t.asked("decision as an admin sees it", t.ada, "/decision D-1")


def asks_a_question(t: Tour) -> Iterator[Sight]:
    """M-7, which hangs on no decision."""
    voice = t.voice
    t.ada.type("/market new")
    yield t.modal("new question", t.ada)
    t.ada.fill("kind", option_of(t.ada.element("kind"), "A number, in ranges"))
    yield t.modal("new question, in ranges", t.ada)
    t.ada.fill("kind", option_of(t.ada.element("kind"), "Yes or no"))
    typed = {"question": voice.question[-150:], "wording": voice.wording, "base_rate": "60"}
    owner = {"selected_user": "U0MONA"}
    assert t.ada.submit(**{block: {"value": value} for block, value in typed.items()}, owner=owner)["ok"]
    yield t.modal("question opened", t.ada)
    t.ada.close()
    yield t.told("card of a question", t.emil, "M-7:")
    start_trade(t.emil, "M-7")
    type_amount(t.emil, "10")
    yield t.modal("trade on a question", t.emil)
    place(t.emil)
    t.emil.close()


def metric(voice: Voice, name: str) -> dict[str, dict[str, str]]:
    typed = {
        "metric_name": name,
        "metric_unit": voice.unit,
        "low": "0",
        "high": "40",
        "metric_wording": voice.wording,
        "base_rate_1": "18",
        "base_rate_2": "12",
    }
    return {block: {"value": value} for block, value in typed.items()} | {
        "metric_owner": {"selected_user": "U0MONA"}
    }
