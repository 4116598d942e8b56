// The threads that the person takes part in, the newest first: a place of its own, from which each is opened.
import { el, reconcile } from "./dom.js";
import { avatar } from "./message.js";
import { plainText } from "./mrkdwn.js";
import { store } from "./net.js";
import { go } from "./places.js";
import { nearMoment } from "./times.js";
import { hasNewReplies, takesPart } from "./unread.js";

const none = el("p", { class: "empty hint" }, "Threads that you take part in stand here.");
const list = el("div", { class: "followed" });
const region = el("section", { class: "home", role: "region", "aria-label": "Threads", tabindex: "0" }, none, list);

export function followedThreads() {
  const found = store.state.channels.flatMap((channel) => channel.messages
    .filter((each) => each.reply_count && takesPart(channel, each))
    .map((parent) => ({ channel, parent, hasNews: hasNewReplies(channel, parent) })));
  return found.sort((a, b) => b.parent.latest_reply - a.parent.latest_reply);
}

export function drawFollowing(room) {
  if (region.parentNode !== room) room.replaceChildren(region);
  const rows = followedThreads().map(rowOf);
  none.hidden = rows.length > 0;
  reconcile(list, rows, (row) => row.key, draw);
}

function rowOf({ channel, parent, hasNews }) {
  const { author, author_id, text, ts, reply_count, latest_reply } = parent;
  const where = channel.kind === "dm" ? channel.name : `# ${channel.name}`;
  const many = reply_count === 1 ? "1 reply" : `${reply_count} replies`;
  const last = `${many}, the last ${nearMoment(new Date(Number(latest_reply) * 1000))}`;
  return { key: `${channel.id}/${ts}`, place: channel.id, ts, author, author_id, words: plainText(text), where, last, hasNews };
}

function draw({ place, ts, author, author_id, words, where, last, hasNews }) {
  return el("button", { type: "button", onclick: () => go(place, ts) },
    avatar(author_id, author),
    el("span", {},
      el("span", { class: "hint" }, where), el("b", {}, author), el("span", { class: "words" }, words),
      el("span", { class: "hint" }, last, " ", hasNews && el("span", { class: "fresh" }, "New"))));
}
