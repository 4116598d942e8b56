// Up and Down go from message to message; what can be done with one is reached by Tab from it alone.
export function walkable(list) {
  list.addEventListener("keydown", walk);
  list.addEventListener("focusin", (event) => reach(event.target, 0));
  list.addEventListener("focusout", (event) => reach(event.target, -1));
}

function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const { target, currentTarget: list } = event;
  if (!step || !(target === list || target.matches(".message"))) return;
  const all = [...list.querySelectorAll(":scope > .message")];
  const next = target === list ? all.at(-1) : all[all.indexOf(target) + step];
  event.preventDefault();
  next?.focus();
}

function reach(target, tabIndex) {
  const tools = target.closest(".message")?.querySelectorAll(".toolbar .tool") ?? [];
  for (const each of tools) each.tabIndex = tabIndex;
}
