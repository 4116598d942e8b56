"""A Slack workspace on this machine: plays Slack towards a Bolt app, and towards people in a browser.

The app gets only configuration (API base URL, token, signing secret) and cannot tell the difference.
Deliberate differences from Slack, none of which an app should rely on:

- One team, public channels and direct messages with the app; no private channels, files, reactions, searches
  or external members. The app is in every channel from the start.
- Only HTTP, no Socket Mode; no OAuth, the token is given. Only the event `app_home_opened` (home tab) is sent.
- Methods, arguments, blocks and elements that are not served here are refused by name, where Slack might serve
  them: attachments, external selects, rich text inputs, files, videos, charts, cards, data tables.
- Rate limits are not played. Failed events are tried again within half a second, not within minutes.
- No `url_verification` at the start. Typed command text is escaped (`&amp;`, `&lt;`, `&gt;`) as message text is.
- `views.open` while modals are open replaces them. Ephemeral messages outlive a reload of the page, not the server.
- A command that is answered `in_channel` is not shown itself. Threads stand under their parent message,
  and only the app can reply in them.
- Multi-selects are lists to tick; dates are written the British way, in the viewer's zone.
- A response URL's thirty minutes follow the steerable clock; signatures and trigger ids follow real time.
- `msg_blocks_too_long` begins at 10,000 characters: Slack's own limit lies somewhere above.
- Images from other hosts are not loaded; their alternative text stands in for them.
- Failures are explained in a notice bar, in more words than Slack gives.
"""

from bot.workspace.app import build_workspace
from bot.workspace.checks import check_message, check_view
from bot.workspace.clock import SteerableClock
from bot.workspace.seed import Channel, Member, Seed

__all__ = [
    "Channel",
    "Member",
    "Seed",
    "SteerableClock",
    "build_workspace",
    "check_message",
    "check_view",
]
