// Where a person writes: Enter sends, "/" offers the app's commands, drafts stay with their channel.
import { el } from "./dom.js";
import { menu } from "./menus.js";
import { post, store } from "./net.js";

const drafts = new Map();
let channel = null;
let draft = null;
let marked = 0;

const list = el("ul", { id: "suggestions", role: "listbox", "aria-label": "Commands", hidden: true });
const field = el("textarea", { rows: 1, autocomplete: "off", "aria-autocomplete": "list", "aria-controls": "suggestions" });
const sendButton = el("button", { type: "submit", class: "button primary" }, "Send");
const waiting = el("p", { class: "waiting", role: "status" });
const form = el("form", { class: "composer" }, list, field, sendButton);
let hasShortcuts = false;

// The app's global shortcuts, at the left of what is written.
function addShortcuts() {
  const found = store.state.shortcuts.filter((each) => each.kind === "global");
  hasShortcuts = true;
  if (!found.length) return;
  const opener = el("button", { type: "button", class: "button", "aria-label": "Shortcuts" }, "⚡");
  const items = found.map(({ callback_id, name, description }) => ({
    text: name,
    hint: description,
    choose: () => post("shortcut", { callback_id }),
  }));
  field.before(menu(opener, items));
}

export function drawComposer(room, shown) {
  if (!form.parentNode) room.append(waiting, form);
  if (!hasShortcuts) addShortcuts();
  form.hidden = !shown || shown.read_only;
  const wanted = shown && `${store.state.me}/${shown.id}`;
  if (!shown || wanted === draft) return;
  drafts.set(draft, field.value);
  [channel, draft] = [shown, wanted];
  field.value = drafts.get(draft) ?? "";
  const name = `Message ${shown.kind === "dm" ? shown.name : `#${shown.name}`}`;
  field.setAttribute("aria-label", name);
  field.placeholder = name;
  suggest();
}

function matches() {
  const [word, ...rest] = field.value.split(" ");
  if (!word.startsWith("/")) return [];
  const isMatch = rest.length ? (name) => name === word : (name) => name.startsWith(word);
  return store.state.commands.filter((each) => isMatch(each.command));
}

function suggest() {
  const found = matches();
  marked = Math.max(0, Math.min(marked, found.length - 1));
  list.hidden = found.length === 0;
  list.replaceChildren(...found.map(suggestion));
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 160)}px`;
}

function suggestion(command, index) {
  const take = (event) => {
    event.preventDefault();
    complete(command);
  };
  return el("li", { role: "option", "aria-selected": String(index === marked), onmousedown: take },
    el("b", {}, command.command), " ", el("span", { class: "usage" }, command.usage_hint),
    el("div", { class: "hint" }, command.description));
}

function complete(command) {
  field.value = `${command.command} `;
  field.focus();
  suggest();
}

function isChoosing() {
  return !list.hidden && !field.value.includes(" ");
}

// Enter sends a command that is complete, and completes one that is not.
function isCompleting(event, command) {
  return event.key === "Tab" || (event.key === "Enter" && command !== field.value);
}

field.addEventListener("input", suggest);

field.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const found = matches();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (isChoosing() && step) {
    event.preventDefault();
    marked = (marked + step + found.length) % found.length;
    suggest();
  } else if (isChoosing() && isCompleting(event, found[marked].command)) {
    event.preventDefault();
    complete(found[marked]);
  } else if (event.key === "Escape") {
    list.hidden = true;
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    form.requestSubmit();
  }
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (!text) return;
  const words = { channel: channel.id, text };
  field.value = "";
  suggest();
  waiting.textContent = text.startsWith("/") ? `${text.split(" ")[0]} is on its way…` : "";
  await post("send", words);
  waiting.textContent = "";
});
