// The traffic between the workspace and the app, newest first; each passage unfolds to what was said both ways.
import { ask } from "./asking.js";
import { el, freshId } from "./dom.js";
import { NAMES } from "./faults.js";

const MOST = 400;
const WAYS = { to_app: "→ app", to_slack: "→ Slack", workspace: "workspace" };

export function startInspector(panel) {
  const words = el("input", { type: "search", placeholder: "Filter", "aria-label": "Filter traffic" });
  const way = el("select", { "aria-label": "Direction" },
    el("option", { value: "" }, "Both ways"), el("option", { value: "to_app" }, "To the app"), el("option", { value: "to_slack" }, "To Slack"));
  const marked = el("input", { type: "checkbox", id: freshId("marked") });
  const list = el("ol", { class: "passages", "aria-label": "Traffic" });
  const none = el("p", { class: "hint" }, "Nothing to show.");
  const clear = el("button", { type: "button", class: "button", onclick: () => list.replaceChildren() }, "Clear");
  let known = 0;

  function sift() {
    const wanted = words.value.toLowerCase();
    for (const node of list.children) {
      const { passage, haystack } = node;
      const isWay = !way.value || passage.direction === way.value;
      node.hidden = !isWay || (marked.checked && !passage.is_warning) || !haystack.includes(wanted);
    }
    none.hidden = [...list.children].some((node) => !node.hidden);
  }

  async function refresh() {
    const { passages = [] } = await ask(`traffic?after=${known}`);
    for (const passage of passages) {
      known = Math.max(known, passage.number);
      list.prepend(row(passage));
    }
    while (list.children.length > MOST) list.lastChild.remove();
    sift();
  }

  for (const control of [words, way, marked]) control.addEventListener("input", sift);
  clear.addEventListener("click", sift);
  const only = el("label", { for: marked.id }, marked, " Warnings only");
  panel.append(el("div", { class: "bar" }, words, way, only, clear), none, list);
  return refresh;
}

function row(passage) {
  const node = passage.direction === "workspace" ? remark(passage) : exchange(passage);
  node.passage = passage;
  node.haystack = JSON.stringify(passage).toLowerCase();
  return node;
}

function remark({ at, name }) {
  return el("li", { class: "remark" }, moment(at), el("span", {}, "⚠ ", name));
}

function exchange(passage) {
  const { at, direction, kind, name, status, seconds, faults, is_warning } = passage;
  const what = name && name !== kind ? `${kind} ${name}` : kind;
  const outcome = status ? String(status) : "no answer";
  const summary = el("summary", {},
    moment(at), el("span", { class: "way" }, WAYS[direction]), el("code", {}, what),
    el("span", {}, is_warning ? `⚠ ${outcome}` : outcome), el("span", { class: "hint" }, `${Math.round(seconds * 1000)} ms`),
    faults.map((fault) => el("span", { class: "struck" }, NAMES[fault] ?? fault)));
  const details = el("details", {}, summary);
  details.addEventListener("toggle", () => unfold(details, passage), { once: true });
  return el("li", { class: is_warning ? "warned" : "" }, details);
}

// Drawn only when somebody looks: most passages are never unfolded.
function unfold(details, { request, answer }) {
  for (const [words, said] of [["Request", request], ["Answer", answer]]) {
    const text = typeof said === "string" ? said : JSON.stringify(said, null, 2);
    details.append(el("h3", {}, words), el("pre", { tabindex: "0", "aria-label": words }, text || "(empty)"));
  }
}

function moment(at) {
  return el("time", { datetime: at }, new Date(at).toLocaleTimeString("en-GB"));
}
