// Who is in a channel, in a dialog.
import { el } from "./dom.js";
import { avatar } from "./message.js";
import { person, personName, store } from "./net.js";

export function showMembers(ids) {
  const leave = el("button", { type: "button", class: "leave", "aria-label": "Close", onclick: () => dialog.close() }, "✕");
  const dialog = el("dialog", { class: "people", "aria-label": "Members" },
    el("header", {}, el("h2", {}, "Members"), leave), el("ul", { tabindex: "0" }, ids.map(row)));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function row(id) {
  const known = person(id);
  const note = known ? `@${known.name}${known.title ? ` · ${known.title}` : ""}` : "App";
  return el("li", {}, avatar(id, personName(id)), el("span", {}, el("b", {}, personName(id), id === store.state.me && " (you)"), el("span", { class: "hint" }, note)));
}
