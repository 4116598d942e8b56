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


def a_chart(**changed):
    data = [{"label": label, "value": value} for label, value in (("Mon", 1), ("Tue", 2.5))]
    axes = {"categories": ["Mon", "Tue"], "x_label": "Day"}
    chart = {"type": "line", "series": [{"name": "If we hire", "data": data}], "axis_config": axes}
    return {"type": "data_visualization", "title": "Chance", "chart": chart | changed}


def charted(*blocks):
    return check_message({"text": "A chart.", "blocks": list(blocks)})


def test_a_sound_chart_passes():
    pie = {"type": "pie", "segments": [{"label": "Yes", "value": 3}, {"label": "No", "value": 1}]}

    assert charted(a_chart()) == []
    assert charted({"type": "data_visualization", "title": "Shares", "chart": pie}) == []


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"axis_config": {"categories": ["Mon"]}}, "must have exactly one point for every category"),
        ({"axis_config": {"categories": ["Mon", "Mon"]}}, "categories must be unique"),
        ({"series": a_chart()["chart"]["series"] * 2}, "names of series must be unique"),
        ({"series": []}, "no fewer than 1 items allowed"),
        ({"type": "radar"}, "unsupported chart: radar"),
    ],
)
def test_a_chart_that_slack_refuses_is_refused(changed, complaint):
    assert complaint in charted(a_chart(**changed))[0]


def test_a_pie_has_no_empty_segment():
    pie = {"type": "pie", "segments": [{"label": "Yes", "value": 0}]}

    assert "must be more than 0" in charted({"type": "data_visualization", "title": "x", "chart": pie})[0]


def test_a_message_has_two_charts_at_most_and_a_modal_none():
    assert "no more than 2 charts" in charted(a_chart(), a_chart(), a_chart())[0]
    modal = {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": [a_chart()]}
    assert "unsupported block on a modal: data_visualization" in check_view(modal)[0]


def option(text="One", value="1", **extra):
    return {"text": plain(text), "value": value} | extra


def options_of(kind, count):
    return {"type": kind, "action_id": "m", "options": [option(value=str(each)) for each in range(count)]}


def confirm(**texts):
    words = {"title": "Sure?", "text": "x", "confirm": "Yes", "deny": "No"} | texts
    return button("a", confirm={name: plain(each) for name, each in words.items()})


def context(count):
    return {"type": "context", "elements": [plain("x")] * count}


def image(**extra):
    return {"type": "image", "image_url": "https://x.example.com", "alt_text": "x"} | extra


def grouped(groups, label="Group", count=1):
    options = [option(value=str(each)) for each in range(count)]
    many = [
        {"label": plain(label), "options": [each | {"value": f"{n} {each['value']}"} for each in options]}
        for n in range(groups)
    ]
    return {"type": "static_select", "action_id": "g", "option_groups": many}


def labelled(name, element, most):
    return {
        "type": "input",
        "block_id": name,
        "label": plain("Some"),
        "element": element | {"max_selected_items": most},
    }


def cell():
    return {"type": "raw_text", "text": "x"}


def table(rows, **extra):
    return {"type": "table", "rows": rows} | extra


def rich_list(**extra):
    item = {"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_list", "style": "bullet", "elements": [item]} | extra],
    }


# For each limit of Slack's: what is made of so many, and the most that passes.
LIMITS = {
    "button text": (lambda n: home(actions(button("a", text=plain("x" * n)))), 75),
    "button value": (lambda n: home(actions(button("a", value="x" * n))), 2000),
    "button url": (lambda n: home(actions(button("a", url="x" * n))), 3000),
    "accessibility label": (lambda n: home(actions(button("a", accessibility_label="x" * n))), 75),
    "action id": (lambda n: home(actions(button("x" * n, text=plain("x")))), 255),
    "block id": (lambda n: home(section(block_id="x" * n)), 255),
    "callback id": (lambda n: modal(section(), callback_id="x" * n), 255),
    "external id": (lambda n: modal(section(), external_id="x" * n), 255),
    "submit": (lambda n: modal(section(), submit=plain("x" * n)), 24),
    "close": (lambda n: modal(section(), close=plain("x" * n)), 24),
    "field text": (lambda n: home({"type": "section", "fields": [plain("x" * n)]}), 2000),
    "context elements": (lambda n: home(context(n)), 10),
    "alert text": (lambda n: modal({"type": "alert", "text": plain("x" * n)}), 200),
    "alternative text": (lambda n: home(image(alt_text="x" * n)), 2000),
    "image title": (lambda n: home(image(title=plain("x" * n))), 2000),
    "image url": (lambda n: home(image(image_url="x" * n)), 3000),
    "label": (lambda n: modal(text_input("a") | {"label": plain("x" * n)}), 2000),
    "hint": (lambda n: modal(text_input("a") | {"hint": plain("x" * n)}), 2000),
    "placeholder": (lambda n: modal(text_input("a", placeholder=plain("x" * n))), 150),
    "typed length": (lambda n: modal(text_input("a", max_length=n)), 3000),
    "select options": (lambda n: home(actions(options_of("static_select", n))), 100),
    "radio options": (lambda n: home(actions(options_of("radio_buttons", n))), 10),
    "check boxes": (lambda n: home(actions(options_of("checkboxes", n))), 10),
    "overflow options": (lambda n: home(actions(options_of("overflow", n))), 5),
    "option text": (lambda n: home(actions(select(options=[option("x" * n)]))), 75),
    "option description": (lambda n: home(actions(select(options=[option(description=plain("x" * n))]))), 75),
    "option groups": (lambda n: home(actions(grouped(n))), 100),
    "group label": (lambda n: home(actions(grouped(1, label="x" * n))), 75),
    "options in a group": (lambda n: home(actions(grouped(1, count=n))), 100),
    "most to choose": (lambda n: modal(labelled("m", options_of("multi_static_select", 2), n)), 1000),
    "table columns": (lambda n: home(table([[cell()] * n])), 20),
    "column settings": (lambda n: home(table([[cell()]], column_settings=[{}] * n)), 20),
    "list indent": (lambda n: home(rich_list(indent=n)), 8),
    "border": (lambda n: home(rich_list(border=n)), 1),
    "confirm title": (lambda n: home(actions(confirm(title="x" * n))), 100),
    "confirm text": (lambda n: home(actions(confirm(text="x" * n))), 300),
    "confirm button": (lambda n: home(actions(confirm(confirm="x" * n))), 30),
    "deny button": (lambda n: home(actions(confirm(deny="x" * n))), 30),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_view_may_reach_each_limit_and_not_pass_it(name):
    make, most = LIMITS[name]

    assert check_view(make(most)) == []
    (problem,) = check_view(make(most + 1))
    assert str(most) in problem or str(most + 1) in problem


def a_message(block):
    return {"text": "x", "blocks": [block]}


def titled(size):
    return a_message(a_chart() | {"title": "x" * size})


def axed(size):
    return a_message(a_chart(axis_config=a_chart()["chart"]["axis_config"] | {"y_label": "x" * size}))


def named(size):
    return a_message(a_chart(series=[a_chart()["chart"]["series"][0] | {"name": "x" * size}]))


def lined(count):
    series = a_chart()["chart"]["series"][0]
    return a_message(a_chart(series=[series | {"name": str(each)} for each in range(count)]))


def pointed(count):
    labels = [str(each) for each in range(count)]
    series = [{"name": "x", "data": [{"label": each, "value": 1} for each in labels]}]
    return a_message(a_chart(series=series, axis_config={"categories": labels}))


def test_a_message_may_reach_each_limit_and_not_pass_it():
    def divided(count):
        return {"text": "x", "blocks": [{"type": "divider"}] * count}

    def marked(size):
        return {"text": "x", "blocks": [{"type": "markdown", "text": "x" * size}]}

    makers = (
        (divided, 50),
        (marked, 12_000),
        (titled, 50),
        (named, 20),
        (lined, 12),
        (pointed, 20),
        (axed, 50),
    )
    for make, most in makers:
        assert check_message(make(most)) == []
        assert check_message(make(most + 1)) != []
