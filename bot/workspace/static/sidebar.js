// Who you are, where you can go, what is new there, and what time it is here.
import { el, reconcile } from "./dom.js";
import { followedThreads } from "./following.js";
import { icon } from "./icons.js";
import { post, store, workspaceNow } from "./net.js";
import { openSwitcher } from "./switcher.js";
import { shortMoment } from "./times.js";
import { unreadIn } from "./unread.js";

const STEPS = [["+1 hour", 3600], ["+1 day", 86_400], ["+1 week", 604_800]];

const people = el("select", { id: "you-are" });
const now = el("time");

export function startSidebar(goTo, onSwitch) {
  const jump = el("button", { type: "button", class: "jump", onclick: openSwitcher }, "Jump to… ", el("kbd", {}, /Mac|iP/.test(navigator.platform) ? "⌘ K" : "Ctrl K"));
  document.getElementById("people").append(el("label", { for: "you-are" }, "You are"), people, jump);
  people.addEventListener("change", async () => {
    await post("switch", { user: people.value });
    onSwitch();
  });
  const steps = STEPS.map(([words, seconds]) =>
    el("button", { type: "button", onclick: () => post("clock", { seconds }) }, words));
  const label = el("span", { class: "label" }, "Workspace time");
  document.getElementById("clock").append(label, now, el("div", { class: "steps" }, steps));
  document.getElementById("places").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) goTo(button.dataset.key);
  });
  setInterval(tick, 1000);
}

export function drawSidebar() {
  const { state } = store;
  document.getElementById("team").textContent = state.team;
  reconcile(people, state.people, (each) => each.id, (each) =>
    el("option", { value: each.id }, each.title ? `${each.real_name} – ${each.title}` : each.real_name));
  people.value = state.me;
  drawPlaces();
  tick();
}

function drawPlaces() {
  const { channels } = store.state;
  const heading = (words) => ({ id: words, words, isHeading: true });
  const placesOf = (kind, sign) =>
    channels.filter((each) => each.kind === kind).map((each) => place(each.id, `${sign}${each.name}`, each));
  const news = followedThreads().filter((each) => each.hasNews).length;
  const threads = { ...place("threads", "Threads"), count: news, personal: news };
  const rows = [threads, heading("Channels"), ...placesOf("channel", "# "), heading("Apps"), place("home", "Home"), ...placesOf("dm", "")];
  reconcile(document.getElementById("places"), rows, (row) => row.id, drawPlace);
  const waiting = rows.reduce((sum, row) => sum + (row.personal ?? 0), 0);
  document.title = `${waiting ? `(${waiting}) ` : ""}${store.state.team} – workspace`;
}

function place(id, words, channel) {
  const { count, personal } = channel ? unreadIn(channel) : { count: 0, personal: 0 };
  return { id, words, count, personal, isHere: store.place === id, isPrivate: channel?.is_private };
}

function drawPlace({ isHeading, words, count, personal, isHere, isPrivate }) {
  if (isHeading) return el("h2", {}, words);
  const marks = {
    "aria-current": isHere && "page",
    "aria-description": count > 0 && !isHere && `${count} unread`,
    class: count && !isHere ? "unread" : "",
  };
  const shown = isPrivate ? [icon("lock"), words.slice(2)] : [words];
  const badge = personal > 0 && !isHere && el("span", { class: "count" }, personal);
  return el("button", { type: "button", "aria-label": words, ...marks }, el("span", {}, shown), badge);
}

function tick() {
  if (!store.state) return;
  const moment = workspaceNow();
  now.textContent = shortMoment(moment);
  now.dateTime = moment.toISOString();
}
