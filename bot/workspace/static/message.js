// One message: who wrote what and when, its files, its reactions, its replies, and what can be done with it.
import { drawBlocks } from "./blocks.js";
import { el } from "./dom.js";
import { drawFiles } from "./files.js";
import { emoji, mrkdwn } from "./mrkdwn.js";
import { personName, post, store } from "./net.js";
import { go } from "./places.js";
import { Surface } from "./surface.js";
import { clockTime, fullMoment, nearMoment } from "./times.js";
import { toolbar } from "./toolbar.js";

export function drawMessage(row, channel) {
  const { message, isInThread } = row;
  const body = el("div", { class: "body" });
  const parts = ["byline", "files", "foot"].map((name) => el("div", { class: name }));
  const column = el("div", { class: "column" }, parts[0], body, parts[1], parts[2]);
  const node = el("article", { tabindex: "-1" }, avatar(message.author_id, message.author), column, toolbar(message, channel, isInThread));
  node.surface = new Surface(isInThread ? `thread ${message.ts}` : message.ts, body, { channel: channel.id, message_ts: message.ts });
  fillMessage(node, row, channel);
  return node;
}

export function fillMessage(node, { message, isCompact, isInThread, hasNews }, channel) {
  node.message = message;
  node.setAttribute("aria-label", `${message.author} at ${clockTime(new Date(message.at))}`);
  node.className = classes(message, isCompact);
  const [byline, body, files, foot] = node.querySelector(".column").children;
  drawByline(byline, message, channel, isInThread);
  drawBody(node.surface, body, message);
  drawFiles(files, message.files ?? []);
  drawFoot(foot, { reactions: message.reactions ?? [], count: isInThread ? 0 : message.reply_count, hasNews }, message, channel);
}

function classes(message, isCompact) {
  const marks = { compact: isCompact, ephemeral: message.ephemeral, pinned: message.pinned, system: isSystem(message), gone: message.subtype === "tombstone" };
  return ["message", ...Object.keys(marks).filter((name) => marks[name])].join(" ");
}

// What Slack wrote about its author, who stands in the line above.
function isSystem(message) {
  return Boolean(message.subtype?.startsWith("channel_"));
}

function drawBody(surface, body, message) {
  if (message.blocks.length) {
    body.querySelector(":scope > .plain")?.remove();
    drawBlocks(surface, message.blocks, message.values);
  } else if (message.text.trim()) {
    const text = isSystem(message) ? message.text.replace(/^<@\w+> /, "") : message.text;
    body.replaceChildren(el("div", { class: "text plain" }, mrkdwn(text)));
  }
}

function drawByline(byline, message, channel, isInThread) {
  const print = JSON.stringify([message.at, message.author, message.edited, message.pinned, message.subtype]);
  if (byline.print === print) return;
  byline.print = print;
  byline.replaceChildren(...bylineOf(message, channel, isInThread));
}

function bylineOf(message, channel, isInThread) {
  const time = clockTime(new Date(message.at));
  const isApp = message.author_id === store.state.app.id;
  return [
    message.ephemeral && privateNote(message, channel),
    message.pinned && el("div", { class: "note" }, "📌 Pinned to this channel"),
    message.subtype === "thread_broadcast" && broadcastNote(message, isInThread),
    el("b", {}, message.author),
    isApp && el("span", { class: "badge" }, "APP"),
    el("time", { datetime: message.at, title: fullMoment(new Date(message.at)) }, time),
    message.edited && el("span", { class: "hint" }, "(edited)"),
  ].filter(Boolean);
}

function privateNote({ ts }, channel) {
  const dismiss = () => post("forget", { channel: channel.id, message_ts: ts });
  return el("div", { class: "note" }, "👁 Only visible to you · ", el("button", { type: "button", class: "link", onclick: dismiss }, "Dismiss message"));
}

function broadcastNote(message, isInThread) {
  if (isInThread) return el("div", { class: "note" }, "Also sent to the channel");
  const open = () => go(store.place, message.thread_ts);
  return el("div", { class: "note" }, el("button", { type: "button", class: "link", onclick: open }, "replied to a thread"));
}

function drawFoot(foot, shown, message, channel) {
  const print = JSON.stringify([shown, message.latest_reply]);
  if (foot.print === print) return;
  foot.print = print;
  const parts = [reactions(shown.reactions, message, channel), shown.count && replies(message, channel, shown.hasNews)];
  foot.replaceChildren(...parts.filter(Boolean));
}

function reactions(found, message, channel) {
  if (!found.length) return null;
  return el("div", { class: "reactions" }, found.map(({ name, users, count }) => el("button", {
    type: "button", class: "reaction", "aria-pressed": String(users.includes(store.state.me)),
    "aria-label": `${name}: ${users.map(personName).join(", ")}`, title: users.map(personName).join(", "),
    onclick: () => post("react", { channel: channel.id, message_ts: message.ts, name }),
  }, `${emoji(name)} ${count}`)));
}

function replies(message, channel, hasNews) {
  const words = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  return el("button", { type: "button", class: "replies", onclick: () => go(channel.id, message.ts) },
    el("span", { class: "faces" }, message.reply_users.slice(0, 4).map((id) => avatar(id, personName(id)))),
    el("b", {}, words), " ",
    hasNews && el("span", { class: "fresh" }, "New"), " ",
    el("span", { class: "hint" }, `Last reply ${nearMoment(new Date(Number(message.latest_reply) * 1000))}`));
}

export function avatar(id, name) {
  const letters = name.split(" ").map((word) => word[0]).slice(0, 2).join("");
  const hue = [...id].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 360;
  const node = el("span", { class: "avatar", "aria-hidden": "true" }, letters);
  node.style.backgroundColor = id === store.state.app.id ? "#1f3a5f" : `hsl(${hue} 45% ${hue > 40 && hue < 200 ? 28 : 40}%)`;
  return node;
}
