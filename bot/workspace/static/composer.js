// Where a person writes, in a channel or a thread: Enter sends, "/", "@" and "#" make offers, drafts outlive a reload.
import { el, freshId } from "./dom.js";
import { icon } from "./icons.js";
import { menu } from "./menus.js";
import { post, store } from "./net.js";
import { offersFor } from "./offers.js";

const drafts = new Map(Object.entries(JSON.parse(sessionStorage.getItem("drafts") ?? "{}")));

function keepDraft(key, text) {
  drafts.set(key, text);
  sessionStorage.setItem("drafts", JSON.stringify(Object.fromEntries([...drafts].filter(([, each]) => each))));
}

export function newComposer(room, isThread = false) {
  const id = freshId("offers");
  const list = el("ul", { id, class: "offers", role: "listbox", "aria-label": "Suggestions", hidden: true });
  const field = el("textarea", { rows: 1, autocomplete: "off", "aria-autocomplete": "list", "aria-controls": id });
  const sendButton = el("button", { type: "submit", class: "button primary send", "aria-label": "Send", title: "Send" }, icon("send"));
  const waiting = el("span", { class: "waiting", role: "status" });
  const hint = el("span", { class: "hint", hidden: true }, el("b", {}, "Shift + Enter"), " for a new line");
  const alsoSend = el("input", { type: "checkbox", id: freshId("also") });
  const also = el("label", { class: "also", for: alsoSend.id, hidden: !isThread }, alsoSend, el("span"));
  const form = el("form", { class: "composer" }, list, field, also, sendButton);
  const closed = el("p", { class: "closed hint", hidden: true });
  let target = null, draft = null, marked = 0, offers = [], hasShortcuts = isThread;

  // The app's global shortcuts, at the left of what is written.
  function addShortcuts() {
    const found = store.state.shortcuts.filter((each) => each.kind === "global");
    hasShortcuts = true;
    if (!found.length) return;
    const opener = el("button", { type: "button", class: "tool", "aria-label": "Shortcuts", title: "Shortcuts" }, icon("shortcuts"));
    field.before(menu(opener, found.map(({ callback_id, name, description }) => ({
      text: name, hint: description, choose: () => post("shortcut", { callback_id }),
    }))));
  }

  function draw(channel, threadTs = null) {
    if (!form.parentNode) room.append(form, closed, el("p", { class: "under" }, waiting, hint));
    if (!hasShortcuts) addShortcuts();
    form.hidden = !channel || channel.read_only;
    closed.hidden = !channel?.read_only;
    const wanted = channel && `${store.state.me}/${channel.id}/${threadTs ?? ""}`;
    if (!channel || wanted === draft) return;
    target = { channel: channel.id, ...(threadTs && { thread_ts: threadTs }) };
    draft = wanted;
    field.value = drafts.get(draft) ?? "";
    const place = channel.kind === "dm" ? channel.name : `#${channel.name}`;
    const name = isThread ? `Reply to thread in ${place}` : `Message ${place}`;
    field.setAttribute("aria-label", name);
    field.placeholder = isThread ? "Reply…" : name;
    also.lastChild.textContent = `Also send to ${place}`;
    alsoSend.checked = false;
    closed.textContent = channel.is_archived ? "This channel is archived: nobody writes in it any more." : "Sending messages to this app has been turned off.";
    suggest();
  }

  function suggest() {
    offers = offersFor(field.value, field.selectionStart, isThread);
    marked = Math.max(0, Math.min(marked, offers.length - 1));
    list.hidden = offers.length === 0;
    list.replaceChildren(...offers.map(offerNode));
    if (isChoosing()) field.setAttribute("aria-activedescendant", `${id}-${marked}`);
    else field.removeAttribute("aria-activedescendant");
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 160)}px`;
    sendButton.disabled = !field.value.trim();
    hint.hidden = sendButton.disabled;
  }

  function offerNode({ title, note, hint: words }, index) {
    const take = (event) => {
      event.preventDefault();
      complete(offers[index]);
    };
    return el("li", { id: `${id}-${index}`, role: "option", "aria-selected": String(index === marked), onmousedown: take },
      el("b", {}, title), " ", el("span", { class: "usage" }, note), words && el("div", { class: "hint" }, words));
  }

  function complete({ from, to, put }) {
    field.setRangeText(put, from, to, "end");
    field.focus();
    typed();
  }

  function typed() {
    keepDraft(draft, field.value);
    suggest();
  }

  function isChoosing() {
    return !list.hidden && !offers[0]?.isSettled;
  }

  // Enter sends a command that is complete, and completes what is not.
  function isCompleting(event) {
    return event.key === "Tab" || (event.key === "Enter" && !event.shiftKey && !offers[marked].isWhole);
  }

  function onKey(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (isChoosing() && step) {
      event.preventDefault();
      marked = (marked + step + offers.length) % offers.length;
      suggest();
    } else if (isChoosing() && isCompleting(event)) {
      event.preventDefault();
      complete(offers[marked]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      list.hidden = true;
      field.removeAttribute("aria-activedescendant");
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    }
  }

  async function send(event) {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    const said = { ...target, text, ...(alsoSend.checked && { reply_broadcast: true }) };
    field.value = "";
    alsoSend.checked = false;
    typed();
    waiting.textContent = text.startsWith("/") && !isThread ? `${text.split(" ")[0]} is on its way…` : "";
    await post("send", said);
    waiting.textContent = "";
  }

  field.addEventListener("input", typed);
  field.addEventListener("keydown", onKey);
  field.addEventListener("blur", () => { list.hidden = true; });
  form.addEventListener("submit", send);
  return { draw, focus: () => field.focus() };
}
