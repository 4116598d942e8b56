// Slack's mrkdwn as DOM nodes: built from text, so nothing in a message can become markup.
import { el } from "./dom.js";
import { personName, store } from "./net.js";
import { slackDate } from "./times.js";

const EMOJI = {
  white_check_mark: "✅", x: "❌", warning: "⚠️", bulb: "💡", chart_with_upwards_trend: "📈",
  chart_with_downwards_trend: "📉", lock: "🔒", hourglass: "⌛", hourglass_flowing_sand: "⏳", tada: "🎉",
  bell: "🔔", moneybag: "💰", scales: "⚖️", calendar: "📅", eyes: "👀", "+1": "👍", "-1": "👎", star: "⭐",
  information_source: "ℹ️", question: "❓", memo: "📝", dart: "🎯", bar_chart: "📊", rocket: "🚀", bow: "🙇",
  large_green_circle: "🟢", large_yellow_circle: "🟡", red_circle: "🔴", black_circle: "⚫", wave: "👋",
  ballot_box_with_ballot: "☑️", heavy_check_mark: "✔️", arrow_right: "➡️", crystal_ball: "🔮", key: "🔑",
};

const INLINE = new RegExp(
  [
    "`([^`\\n]+)`",
    "<([^<>\\n]+)>",
    "(?<![\\w*])\\*(?=[^\\s*])([^*\\n]*[^\\s*])\\*(?![\\w*])",
    "(?<![\\w_])_(?=[^\\s_])([^\\n]*?[^\\s_])_(?![\\w_])",
    "(?<![\\w~])~(?=[^\\s~])([^~\\n]*[^\\s~])~(?![\\w~])",
    ":([a-z0-9_+-]+):",
  ].join("|"),
  "g",
);

export function unescape(text) {
  return text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);
}

export function emoji(name) {
  return EMOJI[name] ?? `:${name}:`;
}

export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI[name] ?? whole);
}

export function link(url, words) {
  const isSafe = /^(https?:|mailto:)/i.test(url);
  return isSafe ? el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, words) : words;
}

export function mention(id) {
  return el("span", { class: "mention" }, `@${personName(id)}`);
}

export function channelLink(id, name) {
  const known = store.state.channels.find((each) => each.id === id);
  if (known) return el("a", { class: "mention", href: `#${id}` }, `#${known.name}`);
  return el("span", { class: "mention" }, `#${name ?? id}`);
}

function entity(inside) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? null : unescape(inside.slice(bar + 1));
  if (target.startsWith("@")) return mention(target.slice(1));
  if (target.startsWith("#")) return channelLink(target.slice(1), label);
  if (target.startsWith("!date^")) return dateEntity(target, label);
  if (target.startsWith("!")) return el("span", { class: "mention" }, `@${label ?? target.slice(1)}`);
  return link(unescape(target), label ?? unescape(target));
}

function dateEntity(target, fallback) {
  const [, seconds, format, url] = target.split("^");
  const words = el("time", { title: fallback }, slackDate(Number(seconds), unescape(format)));
  return url ? link(url, words) : words;
}

function inline(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, code, target, bold, italic, strike, name] = match;
    nodes.push(unescape(text.slice(end, match.index)));
    end = match.index + whole.length;
    if (code) nodes.push(el("code", {}, unescape(code)));
    else if (target) nodes.push(entity(target));
    else if (bold) nodes.push(el("b", {}, inline(bold)));
    else if (italic) nodes.push(el("i", {}, inline(italic)));
    else if (strike) nodes.push(el("s", {}, inline(strike)));
    else nodes.push(emoji(name));
  }
  return [...nodes, unescape(text.slice(end))];
}

function lineNode(line) {
  const quote = line.match(/^(?:&gt;|>)\s?(.*)$/);
  if (quote) return el("blockquote", {}, inline(quote[1]));
  const item = line.match(/^\s*(?:[•◦▪-]|\d+\.)\s/);
  return el("div", { class: item ? "line item" : "line" }, line ? inline(line) : "\u00a0");
}

export function mrkdwn(text) {
  const parts = text.split(/```([\s\S]+?)```/);
  return parts.flatMap((part, index) => {
    if (index % 2) return [el("pre", {}, unescape(part.replace(/^\n|\n$/g, "")))];
    const lines = part.replace(index ? /^\n/ : /^$/, "").replace(index + 1 < parts.length ? /\n$/ : /$^/, "");
    return lines || parts.length === 1 ? lines.split("\n").map(lineNode) : [];
  });
}

// What remains of mrkdwn where nothing can be drawn.
export function plainText(text) {
  return el("div", {}, mrkdwn(text).flatMap((node) => [node, " "])).textContent.trim();
}

// A text object, plain or mrkdwn.
export function textNodes(text) {
  return text.type === "mrkdwn" ? mrkdwn(text.text) : [withEmoji(text.text)];
}

// The markdown block speaks standard Markdown; what it shares with mrkdwn is said in mrkdwn.
export function markdown(text) {
  const escaped = text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  const translated = escaped
    .replace(/^#{1,6}\s+(.*)$/gm, "*$1*")
    .replace(/^\s*[-*]\s+/gm, "• ")
    .replace(/\*\*(.+?)\*\*/g, "*$1*")
    .replace(/\[([^\]]+)\]\((https?:[^)\s]+)\)/g, "<$2|$1>");
  return mrkdwn(translated);
}
