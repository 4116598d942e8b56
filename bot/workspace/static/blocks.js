// Draws blocks. Nodes of inputs whose ids stay are kept, with whatever is typed in them.
import { chart } from "./charts.js";
import { BUTTONS } from "./buttons.js";
import { CHOICES } from "./choices.js";
import { el, freshId, reconcile } from "./dom.js";
import { FIELDS } from "./inputs.js";
import { markdown, textNodes, withEmoji } from "./mrkdwn.js";
import { richText, table } from "./richtext.js";

const ELEMENTS = { ...BUTTONS, ...CHOICES, ...FIELDS };

function image(part) {
  const url = part.image_url ?? part.slack_file?.url ?? "";
  const isOurs = url.startsWith("/") || url.startsWith(location.origin);
  if (isOurs) return el("img", { src: url, alt: part.alt_text });
  return el("span", { class: "image", role: "img", "aria-label": part.alt_text }, "🖼 ", part.alt_text);
}

function elementNode(surface, block, element, extra = {}) {
  if (element.type === "image") return image(element);
  const value = surface.values[block.block_id]?.[element.action_id] ?? {};
  return ELEMENTS[element.type]({ surface, block, ...extra }, element, value);
}

function plainWords(text) {
  return text?.text.replace(/[*_~`]/g, "").split("\n")[0];
}

function textBox(text) {
  return el("div", { class: "text" }, textNodes(text));
}

function section(block, surface) {
  const name = plainWords(block.text);
  const fields = block.fields && el("div", { class: "fields" }, block.fields.map(textBox));
  const words = el("div", { class: "words" }, block.text && textBox(block.text), fields);
  const accessory = block.accessory && elementNode(surface, block, block.accessory, { name });
  return el("div", { class: "section" }, words, accessory && el("div", { class: "accessory" }, accessory));
}

function input(block, surface) {
  const id = freshId("field");
  const control = elementNode(surface, block, block.element, { labelId: id });
  control.setAttribute("aria-describedby", `${id}-hint ${id}-error`);
  const label = el(control.id === id ? "label" : "div", { class: "label", id: `${id}-label` }, labelWords(block));
  if (control.id === id) label.setAttribute("for", id);
  const hint = el("p", { class: "hint", id: `${id}-hint` }, block.hint ? withEmoji(block.hint.text) : "");
  const error = el("p", { class: "error", id: `${id}-error`, hidden: true });
  return el("div", { class: "input" }, label, control, error, hint);
}

function labelWords(block) {
  const words = withEmoji(block.label.text);
  return block.optional ? [words, el("span", { class: "optional" }, " (optional)")] : [words];
}

function contextPart(part) {
  return part.type === "image" ? image(part) : el("span", { class: "text" }, textNodes(part));
}

const BLOCKS = {
  section,
  input,
  header: (block) => el("h3", { class: "header" }, withEmoji(block.text.text)),
  divider: () => el("hr"),
  context: (block) => el("div", { class: "context" }, block.elements.map(contextPart)),
  actions: (block, surface) =>
    el("div", { class: "actions" }, block.elements.map((element) => elementNode(surface, block, element))),
  image: (block) => el("figure", {}, block.title && el("figcaption", {}, block.title.text), image(block)),
  rich_text: (block) => el("div", { class: "text" }, richText(block)),
  markdown: (block) => el("div", { class: "text" }, markdown(block.text)),
  table,
  data_visualization: chart,
  alert: (block) => el("div", { class: `alert ${block.level ?? "default"}`, role: "note" }, textNodes(block.text)),
};

function render(surface, block, old) {
  if (old) mergeValues(surface, surface.read(old));
  const node = BLOCKS[block.type](block, surface);
  node.classList.add("block");
  node.block = block;
  // Whoever does not confirm finds the element as it was before.
  node.addEventListener("undone", () => {
    const before = render(surface, block);
    Object.assign(before.dataset, node.dataset);
    before.print = node.print;
    node.replaceWith(before);
  });
  return node;
}

function mergeValues(surface, values) {
  for (const [block, actions] of Object.entries(values)) Object.assign((surface.values[block] ??= {}), actions);
}

// An input whose element is the same keeps its field; only its words around it change.
function patch(node, block) {
  const before = node.block;
  if (before.type !== "input" || block.type !== "input") return false;
  if (before.dispatch_action !== block.dispatch_action || !isSameField(before.element, block.element)) return false;
  node.block = block;
  node.querySelector(".label").replaceChildren(...labelWords(block));
  node.querySelector(":scope > .hint").textContent = block.hint ? withEmoji(block.hint.text) : "";
  return true;
}

function isSameField(before, after) {
  if (before.type !== after.type || before.action_id !== after.action_id) return false;
  if (before.type in FIELDS) return before.multiline === after.multiline;
  return JSON.stringify(before) === JSON.stringify(after);
}

export function drawBlocks(surface, blocks, values) {
  surface.values = structuredClone(values);
  reconcile(surface.root, blocks, (block) => block.block_id, (block, old) => render(surface, block, old), patch);
}
