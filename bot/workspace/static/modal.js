// The stack of modals in one dialog. Each view keeps its own form, so that going back finds what was typed.
import { drawBlocks } from "./blocks.js";
import { el, freshId, reconcile } from "./dom.js";
import { post, store } from "./net.js";
import { Surface } from "./surface.js";

const dialog = document.getElementById("modal");
const forms = new Map();

export function drawModals() {
  const views = store.state.views;
  for (const [id, form] of forms) {
    if (!views.some((view) => view.id === id)) {
      form.node.remove();
      forms.delete(id);
    }
  }
  views.forEach(drawView);
  showTop(views.at(-1));
}

function showTop(view) {
  if (!view) {
    if (dialog.open) dialog.close();
    return;
  }
  const top = forms.get(view.id);
  const isNew = top.node.hidden;
  forms.forEach((form) => { form.node.hidden = form !== top; });
  dialog.setAttribute("aria-labelledby", top.titleId);
  if (!dialog.open) dialog.showModal();
  if (isNew) focusFirst(top.node);
}

function focusFirst(node) {
  const first = node.querySelector(".blocks :is(input, select, textarea, button)");
  (node.querySelector("[autofocus]") ?? first ?? node.querySelector("footer .primary") ?? node.querySelector("footer button"))?.focus();
}

function drawView(view, depth) {
  if (!forms.has(view.id)) forms.set(view.id, newForm(view.id));
  const form = forms.get(view.id);
  const print = JSON.stringify({ ...view, state: null });
  if (form.print === print) return;
  if (form.print) showErrors(form, {});
  form.print = print;
  form.title.textContent = view.title.text;
  drawBlocks(form.surface, view.blocks, view.state.values);
  reconcile(form.footer, footerButtons(view, depth), (button) => button.type, (button) => footerButton(form, button));
}

function newForm(id) {
  const titleId = freshId("title");
  const title = el("h2", { id: titleId });
  const blocks = el("div", { class: "blocks" });
  const problem = el("p", { class: "error", role: "alert", hidden: true });
  const footer = el("footer");
  const close = () => post("close", { view_id: id, all: true });
  const leave = el("button", { type: "button", class: "leave", "aria-label": "Dismiss dialog", onclick: close }, "✕");
  const node = el("form", { hidden: true, novalidate: true }, el("header", {}, title, leave), blocks, problem, footer);
  const form = { id, titleId, title, blocks, problem, footer, node, surface: new Surface(id, blocks, { view_id: id }) };
  node.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(form);
  });
  node.addEventListener("keydown", submitOnEnter);
  blocks.addEventListener("failed", (event) => showProblem(form, event.detail));
  blocks.addEventListener("input", (event) => clearError(event.target.closest(".input")));
  dialog.append(node);
  return form;
}

function submitOnEnter(event) {
  const isField = event.target.matches("input:not([type=checkbox], [type=radio])");
  if (event.key !== "Enter" || event.defaultPrevented || !isField) return;
  event.preventDefault();
  event.currentTarget.requestSubmit();
}

function footerButtons(view, depth) {
  const closeWords = view.close?.text ?? (depth > 0 ? "Back" : view.submit ? "Cancel" : "Close");
  const submitButton = view.submit && { type: "submit", words: view.submit.text };
  return [{ type: "button", words: closeWords }, submitButton].filter(Boolean);
}

function footerButton(form, { type, words }) {
  const isSubmit = type === "submit";
  const close = isSubmit ? null : () => post("close", { view_id: form.id });
  return el("button", { type, class: isSubmit ? "button primary" : "button", onclick: close }, words);
}

async function submit(form) {
  const button = form.footer.querySelector("[type=submit]");
  if (!button || button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  await form.surface.settled();
  const answer = await post("submit", { view_id: form.id, values: form.surface.read() });
  button.removeAttribute("aria-busy");
  showErrors(form, answer.errors ?? {}, answer.ok || answer.errors ? null : answer.error);
}

function showErrors(form, errors, problem = null) {
  showProblem(form, problem);
  form.blocks.querySelectorAll(":scope > .input").forEach((block) => {
    const sentence = errors[block.dataset.key];
    if (sentence) showError(block, sentence);
    else clearError(block);
  });
  form.blocks.querySelector("[aria-invalid=true]")?.focus();
}

function showProblem(form, sentence) {
  form.problem.textContent = sentence ?? "";
  form.problem.hidden = !sentence;
}

function showError(block, sentence) {
  const error = block.querySelector(":scope > .error");
  error.textContent = sentence;
  error.hidden = false;
  error.setAttribute("role", "alert");
  block.querySelector("[data-action]").setAttribute("aria-invalid", "true");
}

function clearError(block) {
  const error = block?.querySelector(":scope > .error");
  if (!error || error.hidden) return;
  error.hidden = true;
  error.removeAttribute("role");
  block.querySelector("[data-action]").removeAttribute("aria-invalid");
}

dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  const view = store.state.views.at(-1);
  if (view && event.target === dialog) post("close", { view_id: view.id });
});
