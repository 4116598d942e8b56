// Builds and keeps DOM nodes. Text only ever enters as text, never as markup.

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

let counter = 0;

export function freshId(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}

// Makes `parent` show `items` in order. A node whose item is unchanged, or which `patch` can bring up to date,
// stays in the document, so that focus, caret and half-typed words survive every update.
export function reconcile(parent, items, keyOf, render, patch = () => false) {
  const old = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  const wanted = items.map((item) => {
    const key = String(keyOf(item));
    const node = old.get(key);
    old.delete(key);
    return upToDate(node, item, key, render, patch);
  });
  old.forEach((node) => node.remove());
  let cursor = parent.firstChild;
  for (const node of wanted) {
    if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
  }
}

function upToDate(node, item, key, render, patch) {
  const print = JSON.stringify(item);
  if (node && node.print === print) return node;
  if (node && patch(node, item)) {
    node.print = print;
    return node;
  }
  const fresh = render(item, node);
  fresh.dataset.key = key;
  fresh.print = print;
  if (node) node.replaceWith(fresh);
  return fresh;
}

// Runs a redraw and gives the focus back to the element that stands for the same action afterwards.
export function keepingFocus(redraw) {
  const before = document.activeElement?.closest("[data-action]");
  redraw();
  if (!before || before.isConnected) return;
  const { block, action, surface } = before.dataset;
  const same = [...document.querySelectorAll("[data-action]")].find(
    (node) => node.dataset.block === block && node.dataset.action === action && node.dataset.surface === surface,
  );
  (same?.matches("button, input, select, textarea") ? same : same?.querySelector("button, input, select"))?.focus();
}
