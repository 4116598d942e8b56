"""One of each: a message and a modal with every block and element that the page draws."""

from typing import Any

from workspace_toy import button, number_input, plain, text_input

Json = dict[str, Any]
OPTIONS = [{"text": plain(each), "value": each} for each in ("One", "Two")]
CONFIRM = {
    "title": plain("Sure?"),
    "text": plain("It costs 5."),
    "confirm": plain("Yes"),
    "deny": plain("No"),
}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def choice(kind: str, **more: Any) -> Json:
    return {"type": kind, "action_id": kind, "placeholder": plain(f"A {kind}")} | more


def labelled(element: Json) -> Json:
    name = element["action_id"].replace("_", " ").capitalize()
    return {"type": "input", "block_id": element["action_id"], "label": plain(name), "element": element}


def chart(kind: str) -> Json:
    series = [
        {
            "name": name,
            "data": [
                {"label": day, "value": value} for day, value in zip(("Mon", "Tue"), values, strict=True)
            ],
        }
        for name, values in (("Ship", (1, 2.5)), ("Hold", (2, 1)))
    ]
    axes = {"categories": ["Mon", "Tue"], "x_label": "Day", "y_label": "Points"}
    return {
        "type": "data_visualization",
        "title": "Points a day",
        "chart": {"type": kind, "series": series, "axis_config": axes},
    }


TABLE = {
    "type": "table",
    "rows": [[{"type": "raw_text", "text": f"{row} {column}"} for column in range(12)] for row in range(3)],
}
MESSAGE = [
    {"type": "header", "text": plain("A report")},
    {
        "type": "section",
        "text": mrkdwn("*Ship* by <@U02BOB>, `code`, <https://x.example.com|a link>\n> quoted\n• item"),
    },
    {"type": "section", "fields": [mrkdwn("*Balance*\n5 credits"), mrkdwn("*In decisions*\n2 credits")]},
    {"type": "divider"},
    TABLE,
    chart("line"),
    chart("bar"),
    {
        "type": "actions",
        "block_id": "row",
        "elements": [
            button("ask", style="primary", confirm=CONFIRM),
            button("end", style="danger"),
            choice("static_select", options=OPTIONS),
            {"type": "overflow", "action_id": "overflow", "options": OPTIONS},
        ],
    },
    {"type": "context", "elements": [mrkdwn("3 trades by 2 people")]},
]
TICKS = [{"type": kind, "action_id": kind, "options": OPTIONS} for kind in ("radio_buttons", "checkboxes")]
SELECTS = [
    choice("static_select", options=OPTIONS),
    choice("multi_static_select", options=OPTIONS),
    choice("users_select"),
    choice("multi_users_select"),
    choice("channels_select"),
    choice("conversations_select"),
    choice("datepicker"),
]
MODAL = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("Everything"),
    "submit": plain("Place it"),
    "blocks": [
        number_input("chance") | {"hint": plain("From 1 to 99.")},
        text_input("why", multiline=True) | {"optional": True},
        *(
            {"type": "alert", "text": mrkdwn(f"{level} words"), "level": level}
            for level in ("info", "warning", "error", "success")
        ),
        *map(
            labelled,
            [
                *SELECTS,
                *TICKS,
                {"type": "timepicker", "action_id": "timepicker"},
                {"type": "datetimepicker", "action_id": "datetimepicker"},
            ],
        ),
        {"type": "actions", "block_id": "more", "elements": [button("push")]},
    ],
}
