// The messages of one conversation, with replies under their parent and a line between days.
import { drawBlocks } from "./blocks.js";
import { el, reconcile } from "./dom.js";
import { menu } from "./menus.js";
import { mrkdwn } from "./mrkdwn.js";
import { post, store } from "./net.js";
import { Surface } from "./surface.js";
import { clockTime, longDate } from "./times.js";

export function drawMessages(list, channel, isBack) {
  const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  const isOther = list.dataset.channel !== channel.id;
  list.dataset.channel = channel.id;
  reconcile(list, rows(channel), (row) => row.key, (row) => draw(row, channel), patch);
  if (isOther || isAtEnd || isBack) list.scrollTop = list.scrollHeight;
}

// Replies come right after what they reply to.
function rows(channel) {
  const sorted = channel.messages.map((message) => ({ ...message, root: message.thread_ts ?? message.ts }));
  sorted.sort((a, b) => a.root - b.root || a.ts - b.ts);
  let day = "";
  return sorted.flatMap((message) => {
    const isReply = message.root !== message.ts;
    const row = { key: `${channel.id}/${message.ts}`, message, isReply };
    const ownDay = longDate(new Date(message.at));
    if (isReply || ownDay === day) return [row];
    day = ownDay;
    return [{ key: `day ${ownDay}`, day }, row];
  });
}

function draw(row, channel) {
  if (row.day) return el("div", { class: "day", role: "separator", "aria-label": row.day }, el("span", {}, row.day));
  const { message } = row;
  const body = el("div", { class: "body" });
  const column = el("div", { class: "column" }, el("div", { class: "byline" }), body);
  const node = el("article", {}, avatar(message), column, more(message, channel));
  node.surface = new Surface(message.ts, body, { channel: channel.id, message_ts: message.ts });
  fill(node, row);
  return node;
}

// What can be done with a message besides: the app's shortcuts.
function more(message, channel) {
  const found = store.state.shortcuts.filter((each) => each.kind === "message");
  if (message.ephemeral || !found.length) return null;
  const opener = el("button", { type: "button", class: "button", "aria-label": "More actions" }, "⋮");
  const items = found.map(({ callback_id, name, description }) => ({
    text: name,
    hint: description,
    choose: () => post("shortcut", { callback_id, channel: channel.id, message_ts: message.ts }),
  }));
  const node = menu(opener, items);
  node.classList.add("more");
  return node;
}

// A changed message keeps its node, so that an open menu or a chosen option survives the update.
function patch(node, row) {
  if (row.day || !node.surface) return false;
  fill(node, row);
  return true;
}

function fill(node, { message, isReply }) {
  const time = clockTime(new Date(message.at));
  node.setAttribute("aria-label", `${message.author} at ${time}`);
  node.className = `message${isReply ? " reply" : ""}${message.ephemeral ? " ephemeral" : ""}`;
  node.querySelector(".byline").replaceChildren(...byline(message, time));
  const { surface } = node;
  if (message.blocks.length) {
    surface.root.querySelector(":scope > .plain")?.remove();
    drawBlocks(surface, message.blocks, message.values);
  } else {
    surface.root.replaceChildren(el("div", { class: "text plain" }, mrkdwn(message.text)));
  }
  drawFiles(node, message.files ?? []);
}

// Pictures are shown and open large; whatever else there is can be fetched.
function drawFiles(node, files) {
  const column = node.querySelector(".column");
  const keys = files.map((file) => file.id).join();
  if (column.dataset.files === keys) return;
  column.dataset.files = keys;
  column.querySelectorAll(":scope > .file").forEach((each) => each.remove());
  column.append(...files.map((file) => {
    const path = new URL(file.url_private).pathname;
    const shown = file.mimetype.startsWith("image/") ? el("img", { src: path, alt: file.alt_txt || file.title }) : file.name;
    return el("figure", { class: "file" }, el("figcaption", {}, file.title), el("a", { href: path, target: "_blank" }, shown));
  }));
}

function byline(message, time) {
  const isApp = message.author_id === store.state.app.id;
  return [
    message.ephemeral && el("div", { class: "private" }, "👁 Only visible to you"),
    el("b", {}, message.author),
    isApp && el("span", { class: "badge" }, "APP"),
    el("time", { datetime: message.at }, time),
    message.edited && el("span", { class: "hint" }, "(edited)"),
  ].filter(Boolean);
}

export function avatar(message) {
  const letters = message.author.split(" ").map((word) => word[0]).slice(0, 2).join("");
  const hue = [...message.author_id].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 360;
  const node = el("span", { class: "avatar", "aria-hidden": "true" }, letters);
  node.style.backgroundColor = message.author_id === store.state.app.id ? "#1f3a5f" : `hsl(${hue} 45% 42%)`;
  return node;
}
