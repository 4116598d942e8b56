// A list of messages, in a channel or a thread: it keeps its place while others write, says what is new, and is walked
// through with the arrow keys.
import { el, reconcile } from "./dom.js";
import { drawMessage, fillMessage } from "./message.js";
import { store } from "./net.js";
import { longDate } from "./times.js";
import { hasNewReplies, markRead, newSince } from "./unread.js";

const NEAR_END = 80, TOGETHER_MS = 5 * 60_000;

export class MessageList {
  constructor(label, isThread = false) {
    this.isThread = isThread;
    this.node = el("div", { class: "messages", role: "log", "aria-label": label, "aria-relevant": "additions", tabindex: "0" });
    this.pill = el("button", { type: "button", class: "pill", hidden: true, onclick: () => this.toEnd() });
    this.node.addEventListener("scroll", () => this.look(), { passive: true });
    this.node.addEventListener("load", () => this.wasAtEnd && this.toEnd(), true);
    this.node.addEventListener("keydown", walk);
    this.node.addEventListener("focusin", (event) => reach(event.target, 0));
    this.node.addEventListener("focusout", (event) => reach(event.target, -1));
    document.addEventListener("visibilitychange", () => this.look());
  }

  // `isBack`: the list was away and lost its place.
  draw(channel, messages, threadTs = "", isBack = false) {
    const place = `${store.state.me}/${channel.id}/${threadTs}`;
    const isOther = isBack || place !== this.place;
    const isStaying = !isOther && !this.isAtEnd() && !isOwn(messages.at(-1), this.messages);
    if (isOther) this.line = null;
    if (isOther || !this.isSeen()) this.line ??= newSince(channel, messages, threadTs);
    Object.assign(this, { place, channel, messages, threadTs });
    reconcile(this.node, this.rows(), (row) => row.key, (row) => this.render(row), (node, row) => patch(node, row, channel));
    if (!isStaying) this.toStart(isOther);
    this.reveal();
    this.look();
  }

  rows() {
    let day = "", before = null, hasLine = false;
    if (!this.messages.length) return [{ key: "empty", isEmpty: true }];
    return this.messages.flatMap((message) => {
      const found = [], ownDay = longDate(new Date(message.at)), isParent = message.ts === this.threadTs;
      if (ownDay !== day && !isParent) found.push({ key: `day ${ownDay}`, day: ownDay });
      if (this.line && !hasLine && Number(message.ts) > Number(this.line)) {
        hasLine = Boolean(found.push({ key: "new", isLine: true }));
      }
      const isCompact = !found.length && isTogether(before, message) && before.ts !== this.threadTs;
      found.push({ key: `${this.channel.id}/${message.ts}`, message, isCompact, isInThread: this.isThread, hasNews: this.hasNews(message) });
      if (isParent && this.messages.length > 1) found.push({ key: "replies", count: message.reply_count ?? 0 });
      [day, before] = [ownDay, message];
      return found;
    });
  }

  hasNews(message) {
    return !this.isThread && message.reply_count > 0 && hasNewReplies(this.channel, message);
  }

  render(row) {
    if (row.day) return separator("day", row.day);
    if (row.isEmpty) return el("p", { class: "empty hint" }, emptyWords(this.channel));
    if (row.isLine) return separator("new-line", "New");
    if (row.count !== undefined) return separator("count", row.count === 1 ? "1 reply" : `${row.count} replies`);
    return drawMessage(row, this.channel);
  }

  isAtEnd() {
    return this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < NEAR_END;
  }

  isSeen() {
    return this.isAtEnd() && document.visibilityState === "visible";
  }

  toEnd() {
    this.node.scrollTop = this.node.scrollHeight;
    this.look();
  }

  // Whoever comes to a place begins where they stopped reading, everybody else at the newest.
  toStart(isOther) {
    this.toEnd();
    const line = isOther && this.node.querySelector(":scope > .new-line");
    if (line && line.offsetTop < this.node.scrollTop) this.node.scrollTop = line.offsetTop - 40;
  }

  // The message that a permalink names.
  reveal() {
    const found = store.wanted && this.find(store.wanted);
    if (!found) return;
    store.wanted = null;
    found.classList.add("found");
    found.scrollIntoView({ block: "center" });
    found.focus();
  }

  find(ts) {
    return [...this.node.children].find((each) => each.dataset.key === `${this.channel.id}/${ts}`);
  }

  // What stands in view at the end was read; what does not is counted.
  look() {
    if (!this.channel || !this.node.isConnected) return;
    this.wasAtEnd = this.isAtEnd();
    if (this.wasAtEnd) markRead(this.channel, this.messages, this.threadTs);
    const since = Number(this.channel.read[this.threadTs] ?? 0);
    const count = this.messages.filter((each) => Number(each.ts) > since && !each.ephemeral).length;
    this.pill.hidden = this.wasAtEnd || !count;
    this.pill.textContent = count === 1 ? "↓ 1 new message" : `↓ ${count} new messages`;
  }
}

// Who writes, or is answered, looks at that.
function isOwn(newest, before) {
  const isNew = newest && newest.ts !== before?.at(-1)?.ts;
  return isNew && (newest.ephemeral || newest.author_id === store.state.me);
}

function emptyWords(channel) {
  if (channel.kind === "dm") return `Here ${channel.name} writes to you alone.`;
  return `This is the very beginning of #${channel.name}.`;
}

function isTogether(before, message) {
  const isPlain = (each) => each && !each.ephemeral && !each.subtype && !each.pinned;
  return isPlain(before) && isPlain(message) && before.author_id === message.author_id
    && new Date(message.at) - new Date(before.at) < TOGETHER_MS;
}

function separator(kind, words) {
  return el("div", { class: `separator ${kind}`, role: "separator", "aria-label": words }, el("span", {}, words));
}

// A changed message keeps its node, so that an open menu or a chosen option survives the update.
function patch(node, row, channel) {
  if (!row.message || !node.surface) return false;
  fillMessage(node, row, channel);
  return true;
}

// Up and Down go from message to message; what can be done with one is reached by Tab from it alone.
function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const from = event.target;
  if (!step || !(from === event.currentTarget || from.matches(".message"))) return;
  const all = [...event.currentTarget.querySelectorAll(":scope > .message")];
  const next = from === event.currentTarget ? all.at(-1) : all[all.indexOf(from) + step];
  event.preventDefault();
  next?.focus();
}

function reach(target, tabIndex) {
  target.closest(".message")?.querySelectorAll(".toolbar .tool").forEach((each) => { each.tabIndex = tabIndex; });
}
