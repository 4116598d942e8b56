// Selects, radio buttons, checkboxes and multi-selects.
import { el, freshId } from "./dom.js";
import { control, onChange } from "./inputs.js";
import { textNodes, withEmoji } from "./mrkdwn.js";
import { store } from "./net.js";

function labelled(context, element) {
  if (context.labelId) return { id: context.labelId };
  return { "aria-label": element.placeholder?.text ?? context.name ?? element.action_id };
}

function peopleOptions() {
  return store.state.people.map((each) => ({ value: each.id, words: each.real_name }));
}

function channelOptions() {
  const channels = store.state.channels.filter((each) => each.kind === "channel");
  return channels.map((each) => ({ value: each.id, words: `# ${each.name}` }));
}

function allOptions(element) {
  return [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((group) => group.options)];
}

// For each select without options of its own: the key of its value, and where its options come from.
const KINDS = {
  users_select: ["selected_user", peopleOptions],
  channels_select: ["selected_channel", channelOptions],
  conversations_select: ["selected_conversation", channelOptions],
  multi_users_select: ["selected_users", peopleOptions],
  multi_channels_select: ["selected_channels", channelOptions],
  multi_conversations_select: ["selected_conversations", channelOptions],
};

function optionNode({ value, words }, chosen) {
  return el("option", { value, selected: value === chosen }, words);
}

function worded(options) {
  return options.map((each) => ({ value: each.value, words: withEmoji(each.text.text) }));
}

function staticOptions(element, chosen) {
  const groups = (element.option_groups ?? []).map((group) =>
    el("optgroup", { label: group.label.text }, worded(group.options).map((each) => optionNode(each, chosen))));
  return [...worded(element.options ?? []).map((each) => optionNode(each, chosen)), ...groups];
}

function select(context, element, options, read) {
  const empty = el("option", { value: "" }, element.placeholder?.text ?? "Select an item");
  const node = el("select", { ...labelled(context, element), autofocus: element.focus_on_load }, empty, options);
  onChange(node, context, element);
  return control(node, context, element, () => read(node.value));
}

function staticSelect(context, element, value) {
  const find = (wanted) => allOptions(element).find((each) => each.value === wanted) ?? null;
  const options = staticOptions(element, value.selected_option?.value);
  return select(context, element, options, (wanted) => ({ selected_option: find(wanted) }));
}

function entitySelect(context, element, value) {
  const [key, list] = KINDS[element.type];
  const options = list().map((each) => optionNode(each, value[key]));
  return select(context, element, options, (wanted) => ({ [key]: wanted || null }));
}

// A list of ticks: radio buttons, checkboxes, and all multi-selects.
function ticks(context, element, type, entries, chosen, read) {
  const name = freshId("ticks");
  const label = context.labelId ? { "aria-labelledby": `${context.labelId}-label` } : labelled(context, element);
  const isScrolling = element.type.startsWith("multi_");
  const role = type === "radio" ? "radiogroup" : "group";
  const node = el("div", { class: isScrolling ? "ticks scrolling" : "ticks", role, ...label },
    entries.map((entry) => tick(type, name, entry, chosen.includes(entry.value))));
  onChange(node, context, element);
  const ticked = () => [...node.querySelectorAll("input:checked")].map((each) => each.value);
  return control(node, context, element, () => read(ticked()));
}

function tick(type, name, entry, isChosen) {
  const id = freshId("tick");
  const note = entry.description && el("span", { class: "hint", id: `${id}-note` }, textNodes(entry.description));
  return el("div", { class: "tick" },
    el("input", { type, name, id, value: entry.value, checked: isChosen, "aria-describedby": note && `${id}-note` }),
    el("div", {}, el("label", { for: id }, entry.text ? textNodes(entry.text) : entry.words), note));
}

function oneOf(context, element, value) {
  const chosen = value.selected_option ? [value.selected_option.value] : [];
  const find = (values) => element.options.find((each) => each.value === values[0]) ?? null;
  return ticks(context, element, "radio", element.options, chosen, (values) => ({ selected_option: find(values) }));
}

function someOf(context, element, value) {
  const options = allOptions(element);
  const chosen = (value.selected_options ?? []).map((each) => each.value);
  const pick = (values) => options.filter((each) => values.includes(each.value));
  return ticks(context, element, "checkbox", options, chosen, (values) => ({ selected_options: pick(values) }));
}

function someEntities(context, element, value) {
  const [key, list] = KINDS[element.type];
  return ticks(context, element, "checkbox", list(), value[key] ?? [], (values) => ({ [key]: values }));
}

function entityKind(type) {
  return [type, type.startsWith("multi_") ? someEntities : entitySelect];
}

export const CHOICES = {
  static_select: staticSelect,
  radio_buttons: oneOf,
  checkboxes: someOf,
  multi_static_select: someOf,
  ...Object.fromEntries(Object.keys(KINDS).map(entityKind)),
};
