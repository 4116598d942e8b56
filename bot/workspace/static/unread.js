// How far the person has read: what is new in a channel or a thread, and since where.
import { ask } from "./asking.js";
import { store } from "./net.js";

export function isInChannel(message) {
  return !message.thread_ts || message.thread_ts === message.ts || message.subtype === "thread_broadcast";
}

export function inThread(channel, parentTs) {
  return channel.messages.filter((each) => each.ts === parentTs || each.thread_ts === parentTs);
}

export function isNews(message, since) {
  return Number(message.ts) > since && message.author_id !== store.state.me && !message.ephemeral;
}

function namesMe(message) {
  return new RegExp(`<@${store.state.me}[|>]`).test(message.text);
}

// Whoever wrote in a thread, began it, or was named there is told when others reply.
export function takesPart(channel, parent) {
  const { me } = store.state;
  return parent.author_id === me || parent.reply_users?.includes(me) || inThread(channel, parent.ts).some(namesMe);
}

function isReplyForMe(channel, message) {
  const parent = !isInChannel(message) && channel.messages.find((each) => each.ts === message.thread_ts);
  return Boolean(parent) && takesPart(channel, parent);
}

// Whether it is for this person above others.
export function isPersonal(channel, message) {
  return isNews(message, 0) && (channel.kind === "dm" || namesMe(message) || isReplyForMe(channel, message));
}

// What is unread in a channel, and how much of it is personal.
export function unreadIn(channel) {
  const since = Number(channel.read[""] ?? 0);
  const news = channel.messages.filter((each) => isInChannel(each) && isNews(each, since));
  return { count: news.length, personal: news.filter((each) => isPersonal(channel, each)).length };
}

// Since when the messages of this list are new to the person; null when none are, or nothing was ever read here.
export function newSince(channel, messages, threadTs = "") {
  const since = channel.read[threadTs];
  return since && messages.some((each) => isNews(each, Number(since))) ? since : null;
}

export function hasNewReplies(channel, message) {
  const since = Number(channel.read[message.ts] ?? 0);
  return inThread(channel, message.ts).some((each) => each.ts !== message.ts && isNews(each, since));
}

// Says once that everything in this list was seen.
export function markRead(channel, messages, threadTs = "") {
  const newest = messages.filter((each) => !each.ephemeral).at(-1)?.ts;
  if (!newest || document.visibilityState !== "visible" || Number(newest) <= Number(channel.read[threadTs] ?? 0)) return;
  channel.read[threadTs] = newest;
  ask("read", { channel: channel.id, ts: newest, ...(threadTs && { thread_ts: threadTs }) }).catch(() => {});
}
