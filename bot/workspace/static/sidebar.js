// Who you are, where you can go, and what time it is here.
import { el, reconcile } from "./dom.js";
import { post, store, workspaceNow } from "./net.js";
import { shortMoment } from "./times.js";

const STEPS = [["+1 hour", 3600], ["+1 day", 86_400], ["+1 week", 604_800]];

const seen = new Map();
const people = el("select", { id: "you-are" });
const now = el("time");

export function startSidebar(go, onSwitch) {
  document.getElementById("people").append(el("label", { for: "you-are" }, "You are"), people);
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
    if (button) go(button.dataset.key);
  });
  setInterval(tick, 1000);
}

export function drawSidebar() {
  const { state } = store;
  document.getElementById("team").textContent = state.team;
  document.title = `${state.team} – workspace`;
  reconcile(people, state.people, (each) => each.id, (each) =>
    el("option", { value: each.id }, each.title ? `${each.real_name} – ${each.title}` : each.real_name));
  people.value = state.me;
  drawPlaces();
  tick();
}

function drawPlaces() {
  const { state } = store;
  const heading = (words) => ({ id: words, words, isHeading: true });
  const placesOf = (kind, sign) =>
    state.channels.filter((each) => each.kind === kind).map((each) => place(each.id, `${sign}${each.name}`, each));
  const rows = [heading("Channels"), ...placesOf("channel", "# "), heading("Apps"), place("home", "Home"), ...placesOf("dm", "")];
  reconcile(document.getElementById("places"), rows, (row) => row.id, drawPlace);
}

function place(id, words, channel) {
  const isHere = store.place === id;
  const newest = Number(channel?.messages.at(-1)?.ts ?? 0);
  const key = `${store.state.me}/${id}`;
  if (isHere || !seen.has(key)) seen.set(key, newest);
  return { id, words, isHere, isUnread: newest > seen.get(key) };
}

function drawPlace(row) {
  if (row.isHeading) return el("h2", {}, row.words);
  const marks = { "aria-current": row.isHere ? "page" : null, class: row.isUnread ? "unread" : "" };
  return el("button", { type: "button", "aria-label": row.words, ...marks }, row.words);
}

function tick() {
  if (!store.state) return;
  const moment = workspaceNow();
  now.textContent = shortMoment(moment);
  now.dateTime = moment.toISOString();
}
