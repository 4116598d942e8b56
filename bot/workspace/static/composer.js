// Where a person writes, in a channel or a thread: Enter sends, Shift and Enter begin a line.
import { readDraft, writeDraft } from "./drafts.js";
import { el, freshId } from "./dom.js";
import { icon } from "./icons.js";
import { menu } from "./menus.js";
import { post, store } from "./net.js";
import { Offering } from "./offering.js";

export class Composer {
  constructor(room, isThread = false) {
    this.isThread = isThread;
    this.hasShortcuts = isThread;
    this.field = el("textarea", { rows: 1, autocomplete: "off" });
    this.offering = new Offering(this.field, isThread, () => this.typed());
    this.sendButton = el("button", { type: "submit", class: "button primary send", "aria-label": "Send", title: "Send" }, icon("send"));
    this.alsoSend = el("input", { type: "checkbox", id: freshId("also") });
    this.also = el("label", { class: "also", for: this.alsoSend.id, hidden: !isThread }, this.alsoSend, el("span"));
    this.form = el("form", { class: "composer" }, this.offering.list, this.field, this.also, this.sendButton);
    this.closed = el("p", { class: "closed hint", hidden: true });
    this.waiting = el("span", { class: "waiting", role: "status" });
    this.hint = el("span", { class: "hint", hidden: true }, el("b", {}, "Shift + Enter"), " for a new line");
    room.append(this.form, this.closed, el("p", { class: "under" }, this.waiting, this.hint));
    this.listen();
  }

  listen() {
    this.field.addEventListener("input", () => this.typed());
    this.field.addEventListener("keydown", (event) => this.onKey(event));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
  }

  draw(channel, threadTs = null) {
    if (!this.hasShortcuts) this.addShortcuts();
    this.form.hidden = !channel || channel.read_only;
    this.closed.hidden = !channel?.read_only;
    if (channel) this.name(channel);
    const wanted = channel && `${store.state.me}/${channel.id}/${threadTs ?? ""}`;
    if (!channel || wanted === this.draft) return;
    this.draft = wanted;
    this.target = { channel: channel.id, ...(threadTs && { thread_ts: threadTs }) };
    this.field.value = readDraft(wanted);
    this.alsoSend.checked = false;
    this.fit();
  }

  name(channel) {
    const place = channel.kind === "dm" ? channel.name : `#${channel.name}`;
    const name = this.isThread ? `Reply to thread in ${place}` : `Message ${place}`;
    this.field.setAttribute("aria-label", name);
    this.field.placeholder = this.isThread ? "Reply…" : name;
    this.also.lastChild.textContent = `Also send to ${place}`;
    this.closed.textContent = channel.is_archived
      ? "This channel is archived: nobody writes in it any more."
      : "Sending messages to this app has been turned off.";
  }

  // The app's global shortcuts, at the left of what is written.
  addShortcuts() {
    const found = store.state.shortcuts.filter((each) => each.kind === "global");
    this.hasShortcuts = true;
    if (!found.length) return;
    const opener = el("button", { type: "button", class: "tool", "aria-label": "Shortcuts", title: "Shortcuts" }, icon("shortcuts"));
    const items = found.map(({ callback_id, name, description }) => ({
      text: name,
      hint: description,
      choose: () => post("shortcut", { callback_id }),
    }));
    this.field.before(menu(opener, items));
  }

  typed() {
    writeDraft(this.draft, this.field.value);
    this.offering.look();
    this.fit();
  }

  fit() {
    const { field } = this;
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 160)}px`;
    this.sendButton.disabled = !field.value.trim();
    this.hint.hidden = this.sendButton.disabled;
  }

  onKey(event) {
    if (event.isComposing || this.offering.takes(event) || event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  async send() {
    const text = this.field.value.trim();
    if (!text) return;
    const said = { ...this.target, text, ...(this.alsoSend.checked && { reply_broadcast: true }) };
    this.field.value = "";
    this.alsoSend.checked = false;
    this.typed();
    this.waiting.textContent = text.startsWith("/") && !this.isThread ? `${text.split(" ")[0]} is on its way…` : "";
    await post("send", said);
    this.waiting.textContent = "";
  }
}
