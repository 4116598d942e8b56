"""Commands: what the app is sent, and what its answers look like to the person who gave them."""


def test_a_command_reaches_the_app_with_slacks_fields(desk, ada):
    ada.do("/toy tell @bob in #markets that 2 < 3")

    body = desk.toy.last()
    assert body["command"] == "/toy"
    assert body["text"] == "tell <@U02BOB|bob> in <#C01MARKETS|markets> that 2 &lt; 3"
    assert (body["user_id"], body["channel_id"], body["channel_name"]) == ("U01ADA", "C01MARKETS", "markets")
    assert (body["team_id"], body["team_domain"], body["api_app_id"]) == ("T0TEST", "acme-ltd", "A0FUTARCHY")


def test_a_text_answer_is_seen_by_the_asker_alone(ada, bob):
    assert ada.do("/toy text") == {"ok": True}

    assert [(each["text"], each["ephemeral"]) for each in ada.messages()] == [("Just words", True)]
    assert bob.messages() == []


def test_an_in_channel_answer_is_seen_by_all_with_what_it_answers(ada, bob):
    ada.do("/toy public")

    assert [(each["author"], each["text"]) for each in bob.messages()] == [
        ("Ada Lovelace", "/toy public"),
        ("Futarchy", "For all"),
    ]


def test_an_unknown_command_is_refused_as_slack_does(ada):
    assert ada.do("/nope") == {"ok": False, "error": "/nope is not a valid command."}


def test_an_app_that_fails_is_a_dispatch_failure(ada):
    expected = '/toy failed with the error "dispatch_failed"'

    assert ada.do("/toy crash")["error"] == expected
    assert ada.messages()[-1]["text"] == expected
    assert ada.messages()[-1]["author"] == "Slackbot"


def test_an_answer_with_unknown_fields_is_a_failure_with_a_warning(ada):
    assert not ada.do("/toy wrong")["ok"]

    assert "colour" in ada.state()["warnings"][-1]


def test_an_app_that_dawdles_times_out_after_three_seconds(ada):
    assert ada.do("/late")["error"] == '/late failed with the error "operation_timeout"'


def test_a_read_only_direct_message_takes_no_text(ada):
    answer = ada.post("send", channel="D01ADA", text="hello")

    assert answer["error"] == "Sending messages to this app has been turned off."


def test_a_channel_is_closed_to_those_who_are_not_in_it(ada):
    assert ada.post("send", channel="C02PRIVATE", text="hi") == {
        "ok": False,
        "error": "You are not in that channel.",
    }
