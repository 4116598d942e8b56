// Text, number and date elements: one native field each, which reads as Slack's state value.
import { el } from "./dom.js";

// Marks a node as the control of an element; `read` gives its stateful value.
export function control(node, context, element, read) {
  node.dataset.block = context.block.block_id;
  node.dataset.action = element.action_id;
  node.dataset.surface = context.surface.name;
  node.read = read && (() => ({ type: element.type, ...read() }));
  return node;
}

function attributes(context, element) {
  const label = context.labelId ? {} : { "aria-label": element.placeholder?.text ?? context.name ?? element.action_id };
  return { id: context.labelId, placeholder: element.placeholder?.text, autofocus: element.focus_on_load, ...label };
}

function triggers(element) {
  return element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
}

function dispatching(node, context, element) {
  if (!context.block.dispatch_action) return;
  if (triggers(element).includes("on_character_entered")) {
    node.addEventListener("input", () => context.surface.typed(context.block, element, node));
  }
  node.addEventListener("keydown", (event) => {
    const isLineBreak = node.tagName === "TEXTAREA" && event.shiftKey;
    if (event.key !== "Enter" || isLineBreak || !triggers(element).includes("on_enter_pressed")) return;
    event.preventDefault();
    context.surface.act(context.block, element, node, node.read());
  });
}

function textField(context, element, value, extra = {}) {
  const tag = element.multiline ? "textarea" : "input";
  const node = el(tag, { ...attributes(context, element), autocomplete: "off", ...extra });
  node.value = value.value ?? "";
  dispatching(node, context, element);
  return control(node, context, element, () => ({ value: node.value.trim() === "" ? null : node.value }));
}

function isDispatching(context) {
  return context.block.type !== "input" || context.block.dispatch_action;
}

export function onChange(node, context, element) {
  if (isDispatching(context)) {
    node.addEventListener("change", () => context.surface.act(context.block, element, node, node.read()));
  }
}

function dateField(type, key) {
  return (context, element, value) => {
    const node = el("input", { ...attributes(context, element), type });
    node.value = value[key] ?? "";
    onChange(node, context, element);
    return control(node, context, element, () => ({ [key]: node.value || null }));
  };
}

function dateTimeField(context, element, value) {
  const node = el("input", { ...attributes(context, element), type: "datetime-local" });
  const seconds = value.selected_date_time;
  const zone = seconds ? new Date(seconds * 1000).getTimezoneOffset() * 60 : 0;
  node.value = seconds ? new Date((seconds - zone) * 1000).toISOString().slice(0, 16) : "";
  onChange(node, context, element);
  const read = () => (node.value ? Math.floor(new Date(node.value).getTime() / 1000) : null);
  return control(node, context, element, () => ({ selected_date_time: read() }));
}

function oneLine(inputmode) {
  return (context, element, value) => textField(context, element, value, { type: "text", inputmode });
}

export const FIELDS = {
  plain_text_input: (context, element, value) =>
    textField(context, element, value, element.multiline ? { rows: 4 } : { type: "text" }),
  number_input: oneLine("decimal"),
  email_text_input: oneLine("email"),
  url_text_input: oneLine("url"),
  datepicker: dateField("date", "selected_date"),
  timepicker: dateField("time", "selected_time"),
  datetimepicker: dateTimeField,
};
