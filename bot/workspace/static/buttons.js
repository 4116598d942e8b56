// Buttons and overflow menus: elements that hold no value.
import { el } from "./dom.js";
import { control } from "./inputs.js";
import { withEmoji } from "./mrkdwn.js";

function open(url) {
  if (/^https?:/i.test(url)) window.open(url, "_blank", "noopener,noreferrer");
}

function button(context, element) {
  const press = () => {
    if (element.url) open(element.url);
    if (node.getAttribute("aria-busy") !== "true") context.surface.act(context.block, element, node);
  };
  const node = el("button", {
    type: "button",
    class: `button ${element.style ?? ""}`,
    "aria-label": element.accessibility_label,
    onclick: press,
  }, withEmoji(element.text.text));
  return control(node, context, element);
}

function overflow(context, element) {
  const items = el("div", { role: "menu", class: "menu", hidden: true });
  const opener = el("button", { type: "button", class: "button", "aria-label": "More options" }, "⋯");
  opener.setAttribute("aria-haspopup", "menu");
  const node = control(el("div", { class: "overflow" }, opener, items), context, element);
  const show = (isShown) => {
    items.hidden = !isShown;
    opener.setAttribute("aria-expanded", String(isShown));
    if (isShown) items.firstChild.focus();
  };
  items.append(...element.options.map((option) => menuItem(context, element, node, option, show)));
  opener.addEventListener("click", () => show(items.hidden));
  node.addEventListener("focusout", (event) => node.contains(event.relatedTarget) || show(false));
  node.addEventListener("keydown", (event) => moveInMenu(event, items, () => { show(false); opener.focus(); }));
  return node;
}

function menuItem(context, element, node, option, show) {
  const choose = () => {
    show(false);
    if (option.url) open(option.url);
    context.surface.act(context.block, element, node, { selected_option: option });
  };
  return el("button", { type: "button", role: "menuitem", onclick: choose }, withEmoji(option.text.text));
}

function moveInMenu(event, items, leave) {
  if (items.hidden) return;
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

export const BUTTONS = { button, overflow };
