"""From the sentences of a check to the error code that Slack's answer carries."""

OWN_CODES = ("view_too_large", "msg_blocks_too_long", "msg_too_long", "no_text")


def error_code(problems: list[str]) -> str:
    for problem in problems:
        code = problem.split(":", 1)[0]
        if code in OWN_CODES:
            return code
    return (
        "invalid_blocks" if any("json-pointer:/blocks" in each for each in problems) else "invalid_arguments"
    )
