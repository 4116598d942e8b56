// Buttons and overflow menus: elements that hold no value.
import { el } from "./dom.js";
import { control } from "./inputs.js";
import { menu } from "./menus.js";
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
  const opener = el("button", { type: "button", class: "button", "aria-label": "More options" }, "⋯");
  const items = element.options.map((option) => ({
    text: withEmoji(option.text.text),
    choose: () => {
      if (option.url) open(option.url);
      context.surface.act(context.block, element, node, { selected_option: option });
    },
  }));
  const node = control(menu(opener, items), context, element);
  return node;
}

export const BUTTONS = { button, overflow };
