// A list of messages, in a channel or a thread: it keeps its place while others write, and knows what was seen.
import { el, reconcile } from "./dom.js";
import { store } from "./net.js";
import { drawRow, patchRow, rowsOf } from "./rows.js";
import { markRead, newSince } from "./unread.js";
import { walkable } from "./walking.js";

const NEAR_END = 80, HUSH_MS = 500;

export class MessageList {
  constructor(label) {
    this.node = el("div", { class: "messages", role: "log", "aria-label": label, "aria-relevant": "additions", tabindex: "0" });
    this.pill = el("button", { type: "button", class: "pill", hidden: true, onclick: () => this.toEnd() });
    this.node.addEventListener("scroll", () => this.look(), { passive: true });
    this.node.addEventListener("load", () => this.wasAtEnd && this.toEnd(), true);
    document.addEventListener("visibilitychange", () => this.look());
    walkable(this.node);
  }

  // `isBack`: the list was away and lost its place.
  draw(channel, messages, threadTs = "", isBack = false) {
    const place = `${store.state.me}/${channel.id}/${threadTs}`;
    const isOther = isBack || place !== this.place;
    const isStaying = !isOther && !this.isAtEnd() && !isOwn(messages.at(-1), this.messages);
    if (isOther) this.beginAnew();
    if (isOther || !this.isSeen()) this.line ??= newSince(channel, messages, threadTs);
    Object.assign(this, { place, channel, messages, threadTs });
    reconcile(this.node, rowsOf(this), (row) => row.key, (row) => drawRow(row, channel), (node, row) => patchRow(node, row, channel));
    if (!isStaying) this.toStart(isOther);
    this.reveal();
    this.look();
  }

  // Whoever hears the page hears what comes, and not all that stands in a place when they go there.
  beginAnew() {
    this.line = null;
    this.node.setAttribute("aria-live", "off");
    clearTimeout(this.hush);
    this.hush = setTimeout(() => this.node.setAttribute("aria-live", "polite"), HUSH_MS);
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

// Whoever writes, or is answered, looks at that.
function isOwn(newest, before) {
  const isNew = newest && newest.ts !== before?.at(-1)?.ts;
  return isNew && (newest.ephemeral || newest.author_id === store.state.me);
}
