"""A Slack workspace on this machine: plays Slack towards a Bolt app, and towards people in a browser.

The app gets only configuration (API base URL, token, signing secret) and cannot tell the difference.
Deliberate differences from Slack, none of which an app should rely on:

What there is
- One team without external members; channels, and direct messages with the app. People come and go in channels
  by `/invite`, `/remove`, `/join` and `/leave`; nobody makes channels, and nobody edits or deletes what they wrote.
  No search, no presence. "New" stands at every thread with unread replies, where Slack says so only to those who
  take part in it.
- People react with two emoji, and with those that are there; only the app pins, bookmarks and uploads. Uploads are of
  5 MB at most.
- No OAuth, the tokens are given. In Socket Mode an answer counts over whichever connection it comes.
- Only the event `app_home_opened` (home tab) is sent. What a person wrote has text and no blocks.
- Methods, arguments, blocks and elements that are not served here are refused by name, where Slack might serve
  them: attachments, external selects, filters of conversations, rich text inputs, videos, cards, data tables.

How strict it is
- A `thread_ts` that names no message is refused, where Slack posts what nobody sees; so is text of more than 40,000
  characters, where Slack cuts it. `msg_blocks_too_long` begins at 10,000: Slack's own limit lies somewhere above.
- Rate limits are played only while they are switched on, each method steadily refilled where Slack counts minutes.
  Failed events are tried again within half a second, not within minutes.
- Faults happen only while they are switched on. A call of the app's that is dropped breaks within the answer, where
  Slack's connection may break sooner: it is an error that HTTP clients do not try again by themselves.
- Over HTTP `url_verification` and `ssl_check` are asked once, at the start, where Slack asks when an address is saved
  and later again.
- A response URL's thirty minutes follow the steerable clock; signatures, trigger ids and rate limits follow real time.
  The clock can be moved forward, never back: real time is only returned to by starting afresh.
- A restart keeps all messages with their threads, pins, reactions and files, who is where, topics, archives,
  bookmarks and what each has read. Open modals, Homes, response URLs and ephemeral messages end with the server.

How it looks
- `views.open` while modals are open replaces them.
- The app's Home stands beside its messages in the sidebar. Long sections are not folded, links do not unfurl, tables
  do not sort. Multi-selects are lists to tick; dates are written the British way, in the viewer's zone.
- Images from other hosts are not loaded; their alternative text stands in for them.
- Failures are explained in a notice bar, in more words than Slack gives, and what the app did wrong is shown there to
  everybody.
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
