"""Block Kit's rules as pure functions: what Slack would say about a view or a message, [] when all is well.

Every sentence ends in the JSON pointer of the culprit. A sentence may open with the error code that
Slack uses for it (`view_too_large: ...`); `error_code` finds that code.
"""

from bot.workspace.checks.messages import check_message
from bot.workspace.checks.verdict import error_code
from bot.workspace.checks.views import check_view

__all__ = ["check_message", "check_view", "error_code"]
