"""A Slack workspace on this machine: plays Slack towards a Bolt app, and towards people in a browser.

The app gets only configuration (API base URL, token, signing secret) and cannot tell the difference.
Deliberate differences from Slack, none of which an app should rely on:

- One team without external members; channels and direct messages with the app. People stay where they were at the
  start: only the app comes and goes, by `/invite`, `/remove` and conversations.join, until the next start. No search.
- Reactions, pins and bookmarks are kept and given back, and not drawn. Files are not served.
- No OAuth, the tokens are given. In Socket Mode an answer counts over whichever connection it comes.
- Only the event `app_home_opened` (home tab) is sent. `response_urls` of a submission stays empty.
- Methods, arguments, blocks and elements that are not served here are refused by name, where Slack might serve
  them: attachments, external selects, rich text inputs, videos, cards, data tables. Only the app
  uploads files; they are kept in memory, and are gone with the server.
- Rate limits are played only while they are switched on, each method steadily refilled where Slack counts minutes.
  Failed events are tried again within half a second, not within minutes.
- Faults happen only while they are switched on. A call of the app's that is dropped breaks within the answer, where
  Slack's connection may break sooner: it is an error that HTTP clients do not try again by themselves.
- Over HTTP `url_verification` and `ssl_check` are asked once, at the start, where Slack asks when an address is saved
  and later again. Typed command text is escaped (`&amp;`, `&lt;`, `&gt;`) as message text is.
- `views.open` while modals are open replaces them. Ephemeral messages outlive a reload of the page, not the server.
- A command that is answered `in_channel` is not shown itself. Threads stand under their parent message,
  and only the app can reply in them.
- Multi-selects are lists to tick; dates are written the British way, in the viewer's zone.
- A response URL's thirty minutes follow the steerable clock; signatures, trigger ids and rate limits follow real time.
  The clock can be moved forward, never back: real time is only returned to by starting afresh.
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
