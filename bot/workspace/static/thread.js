// A thread beside its channel: the message it is about, its replies, and where to write another.
import { Composer } from "./composer.js";
import { el } from "./dom.js";
import { MessageList } from "./list.js";
import { store } from "./net.js";
import { go, here } from "./places.js";
import { inThread } from "./unread.js";

const pane = document.getElementById("thread");
const list = new MessageList("Thread messages");
const where = el("span", { class: "hint" });
const leave = el("button", { type: "button", class: "leave", "aria-label": "Close thread", onclick: closeThread }, "✕");
const room = el("div");
const composer = new Composer(room, true);
let shown = null;

pane.append(el("header", {}, el("h2", {}, "Thread"), where, leave), list.node, list.pill, room);
pane.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) closeThread();
});

// Draws the thread that the page's address names, if it can be seen.
export function drawThread() {
  const channel = here();
  const messages = channel && store.thread ? inThread(channel, store.thread) : [];
  const isOpen = messages[0]?.ts === store.thread;
  pane.hidden = !isOpen;
  if (!isOpen) {
    shown = null;
    list.node.replaceChildren();
    return;
  }
  where.textContent = channel.kind === "dm" ? channel.name : `# ${channel.name}`;
  composer.draw(channel, store.thread);
  list.draw(channel, messages, store.thread, shown !== store.thread);
  if (shown !== store.thread && !list.node.contains(document.activeElement)) enter();
  shown = store.thread;
}

// Where a keyboard would rise from the screen it is not called up unasked.
function enter() {
  if (matchMedia("(hover: none)").matches) list.node.focus();
  else composer.field.focus();
}

// The focus goes back to the message whose thread it was.
function closeThread() {
  const key = `${store.place}/${store.thread}`;
  go(store.place);
  const message = [...document.querySelectorAll("#content .message")].find((each) => each.dataset.key === key);
  (message?.querySelector(".replies") ?? message)?.focus();
}
