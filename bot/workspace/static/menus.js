// Menus that open at a button, work with the keyboard, and close when the focus leaves them.
import { el } from "./dom.js";

export function menu(opener, items) {
  const list = el("div", { role: "menu", class: "menu", hidden: true });
  const node = el("div", { class: "overflow" }, opener, list);
  opener.setAttribute("aria-haspopup", "menu");
  opener.setAttribute("aria-expanded", "false");
  const show = (isShown) => {
    list.hidden = !isShown;
    opener.setAttribute("aria-expanded", String(isShown));
    if (!isShown) return;
    place(list);
    list.firstChild.focus();
  };
  list.append(...items.map((item) => entry(item, show)));
  opener.addEventListener("click", () => show(list.hidden));
  node.addEventListener("focusout", (event) => node.contains(event.relatedTarget) || show(false));
  node.addEventListener("keydown", (event) => move(event, list, () => { show(false); opener.focus(); }));
  return node;
}

// Where it would be cut off it opens the other way.
function place(list) {
  list.classList.remove("leftward", "upward");
  const { right, bottom } = list.getBoundingClientRect();
  const room = list.closest(".messages, .blocks, .home")?.getBoundingClientRect();
  list.classList.toggle("leftward", right > innerWidth - 8);
  list.classList.toggle("upward", Boolean(room) && bottom > room.bottom);
}

function entry({ text, hint, choose }, show) {
  const chosen = () => {
    show(false);
    choose();
  };
  return el("button", { type: "button", role: "menuitem", onclick: chosen }, text, hint && el("div", { class: "hint" }, hint));
}

function move(event, list, leave) {
  if (list.hidden) return;
  if (event.key === "Escape") {
    event.preventDefault();
    leave();
  }
  const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
  if (step) {
    event.preventDefault();
    document.activeElement[step]?.focus();
  }
}
