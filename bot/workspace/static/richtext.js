// rich_text and table blocks, whose parts nest.
import { el } from "./dom.js";
import { channelLink, emoji, link, mention } from "./mrkdwn.js";
import { slackDate } from "./times.js";

const WRAP = { bold: "b", italic: "i", strike: "s", code: "code", underline: "u", highlight: "mark" };

function styled(node, style = {}) {
  return Object.keys(WRAP).reduce((inner, name) => (style[name] ? el(WRAP[name], {}, inner) : inner), node);
}

function piece(part) {
  switch (part.type) {
    case "link": return link(part.url, part.text ?? part.url);
    case "emoji": return emoji(part.name);
    case "user": return mention(part.user_id);
    case "channel": return channelLink(part.channel_id);
    case "broadcast": return el("span", { class: "mention" }, `@${part.range}`);
    case "date": return slackDate(part.timestamp, part.format);
    case "color": return part.value;
    default: return part.text ?? "";
  }
}

function pieces(parts) {
  return parts.map((part) => styled(piece(part), part.style));
}

function listNode(list) {
  const tag = list.style === "ordered" ? "ol" : "ul";
  const start = list.offset ? list.offset + 1 : undefined;
  const node = el(tag, { start }, list.elements.map((item) => el("li", {}, pieces(item.elements))));
  node.style.marginLeft = `${(list.indent ?? 0) * 1.5}em`;
  return node;
}

const PARTS = {
  rich_text_section: (part) => el("div", { class: "line" }, pieces(part.elements)),
  rich_text_preformatted: (part) => el("pre", {}, pieces(part.elements)),
  rich_text_quote: (part) => el("blockquote", {}, pieces(part.elements)),
  rich_text_list: listNode,
};

export function richText(block) {
  return block.elements.map((part) => PARTS[part.type](part));
}

function cellNodes(cell) {
  if (cell.type === "rich_text") return richText(cell);
  return [cell.type === "raw_number" ? (cell.text ?? String(cell.value)) : cell.text];
}

export function table(block) {
  const row = (cells, tag) =>
    el("tr", {}, cells.map((cell, column) => {
      const align = block.column_settings?.[column]?.align ?? "left";
      return el(tag, { class: `align-${align}`, scope: tag === "th" ? "col" : null }, cellNodes(cell));
    }));
  const [head, ...body] = block.rows;
  return el("div", { class: "table", role: "group", "aria-label": "Table", tabindex: "0" }, el("table", {},
    el("thead", {}, row(head, "th")), el("tbody", {}, body.map((cells) => row(cells, "td")))));
}
