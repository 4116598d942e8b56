"""Block Kit's rules: each refusal names what is wrong and where it stands."""

import pytest
from workspace_toy import MESSAGE_BLOCKS, button, form, number_input, plain, text_input

from bot.workspace import check_message, check_view
from bot.workspace.checks import error_code


def modal(*blocks, **extra):
    return {"type": "modal", "title": plain("Title"), "submit": plain("Go"), "blocks": list(blocks)} | extra


def home(*blocks):
    return {"type": "home", "blocks": list(blocks)}


def section(text="words", **extra):
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}} | extra


def actions(*elements):
    return {"type": "actions", "elements": list(elements)}


def select(**extra):
    options = [{"text": plain("One"), "value": "1"}]
    return {"type": "static_select", "action_id": "s", "options": options} | extra


def test_sound_views_and_messages_pass():
    assert check_view(form()) == []
    assert check_view(home(section(), actions(button("a")))) == []
    assert check_message({"text": "Ship?", "blocks": MESSAGE_BLOCKS}) == []


BAD_VIEWS = {
    "long title": (
        modal(title=plain("x" * 25)),
        "must be less than 25 characters [json-pointer:/title/text]",
    ),
    "long section": (
        modal(section("x" * 3001)),
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ),
    "long header": (
        home({"type": "header", "text": plain("x" * 151)}),
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    "empty text": (modal(section("")), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    "mrkdwn header": (
        home({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}),
        "unsupported text: mrkdwn [json-pointer:/blocks/0/text/type]",
    ),
    "typo": (modal(section(txet=1)), "invalid additional property: txet [json-pointer:/blocks/0/txet]"),
    "missing field": (
        modal(actions({"type": "button"})),
        "missing required field: text [json-pointer:/blocks/0/elements/0]",
    ),
    "table in a modal": (
        modal({"type": "table", "rows": [[]]}),
        "unsupported block on a modal: table [json-pointer:/blocks/0/type]",
    ),
    "alert on the Home": (
        home({"type": "alert", "text": plain("x")}),
        "unsupported block on a home: alert [json-pointer:/blocks/0/type]",
    ),
    "typed input as accessory": (
        modal(section(accessory=text_input("b")["element"])),
        "unsupported element: plain_text_input [json-pointer:/blocks/0/accessory/type]",
    ),
    "26 buttons": (
        modal(actions(*(button(f"a{index}") for index in range(26)))),
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ),
    "11 fields": (
        modal({"type": "section", "fields": [plain("x")] * 11}),
        "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    ),
    "101 blocks": (
        home(*[{"type": "divider"}] * 101),
        "no more than 100 items allowed [json-pointer:/blocks]",
    ),
    "two blocks of one id": (
        modal(section(block_id="a"), section(block_id="a")),
        "duplicate block_id: a [json-pointer:/blocks/1/block_id]",
    ),
    "two buttons of one id": (
        modal(actions(button("a"), button("a"))),
        "duplicate action_id: a [json-pointer:/blocks/0/elements]",
    ),
    "one option value twice": (
        modal(actions(select(options=[{"text": plain("x"), "value": "1"}] * 2))),
        "duplicate option value: 1 [json-pointer:/blocks/0/elements/0/options]",
    ),
    "initial option from elsewhere": (
        modal(actions(select(initial_option={"text": plain("Two"), "value": "2"}))),
        "must be one of the options [json-pointer:/blocks/0/elements/0/initial_option]",
    ),
    "long option value": (
        modal(actions(select(options=[{"text": plain("x"), "value": "v" * 151}]))),
        "must be less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]",
    ),
    "bounds as numbers": (
        modal(
            number_input("n", element={"type": "number_input", "is_decimal_allowed": True, "min_value": 1})
        ),
        "must be a number written as a string [json-pointer:/blocks/0/element/min_value]",
    ),
    "bounds crossed": (
        modal(
            number_input(
                "n",
                element={
                    "type": "number_input",
                    "is_decimal_allowed": True,
                    "min_value": "9",
                    "max_value": "1",
                },
            )
        ),
        "must not be less than min_value [json-pointer:/blocks/0/element/max_value]",
    ),
    "long metadata": (
        modal(private_metadata="x" * 3001),
        "must be less than 3001 characters [json-pointer:/private_metadata]",
    ),
    "two elements with focus": (
        modal(text_input("a", focus_on_load=True), text_input("b", focus_on_load=True)),
        "only one element may have focus_on_load [json-pointer:/blocks/1]",
    ),
    "confirm without words": (
        modal(
            actions(
                button("a", confirm={"title": plain("Sure?"), "confirm": plain("Yes"), "deny": plain("No")})
            )
        ),
        "missing required field: text [json-pointer:/blocks/0/elements/0/confirm]",
    ),
}


@pytest.mark.parametrize("name", BAD_VIEWS)
def test_a_bad_view_is_refused_by_name(name):
    view, expected = BAD_VIEWS[name]

    assert check_view(view) == [expected]


def test_a_modal_with_inputs_needs_a_submit_button():
    view = {"type": "modal", "title": plain("Title"), "blocks": [text_input("a")]}

    (problem,) = check_view(view)

    assert problem == "missing required field: submit, as the view has an input block [json-pointer:/submit]"


def test_a_view_of_more_than_250_kilobytes_is_too_large():
    problems = check_view(home(*[section("x" * 3000, block_id=str(index)) for index in range(90)]))

    assert error_code(problems) == "view_too_large"


def test_a_message_needs_text_or_blocks():
    assert error_code(check_message({"blocks": []})) == "no_text"


def test_the_text_of_all_blocks_is_limited():
    problems = check_message({"text": "x", "blocks": [section("x" * 2600) for _ in range(4)]})

    assert error_code(problems) == "msg_blocks_too_long"


def test_a_message_holds_one_table_of_a_hundred_rows():
    row = [{"type": "raw_text", "text": "x"}]
    table = {"type": "table", "rows": [row] * 101}

    assert check_message({"text": "x", "blocks": [table]}) == [
        "no more than 100 items allowed [json-pointer:/blocks/0/rows]"
    ]
    assert "only one table" in check_message({"text": "x", "blocks": [table | {"rows": [row]}] * 2})[0]


def test_nonsense_is_refused_and_does_not_crash():
    assert check_view({"type": "modal", "title": 3, "blocks": ["x", {"type": "section", "text": None}]})
    assert check_message({"text": 5, "blocks": "x"})
    assert check_message(
        {"text": "x", "blocks": [{"type": "rich_text", "elements": [{"type": "rich_text_list"}]}]}
    )
