// The quick switcher on Ctrl+K or Cmd+K: type a few letters, go there; public channels that one is not in are joined.
import { el, freshId } from "./dom.js";
import { post, store } from "./net.js";
import { go } from "./places.js";
import { unreadIn } from "./unread.js";

export function startSwitcher() {
  addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (!document.querySelector("dialog[open]")) openSwitcher();
  });
}

export function openSwitcher() {
  const id = freshId("places");
  const field = el("input", { type: "text", role: "combobox", "aria-label": "Jump to", "aria-expanded": "true", "aria-controls": id, "aria-autocomplete": "list", autocomplete: "off", placeholder: "Jump to a channel or the app" });
  const list = el("ul", { id, role: "listbox", "aria-label": "Places" });
  const dialog = el("dialog", { class: "switcher", "aria-label": "Jump to" }, field, list);
  let found = [], marked = 0;

  function draw() {
    const typed = field.value.trim().toLowerCase().replace(/^[#@]/, "");
    found = places().filter((each) => each.words.toLowerCase().includes(typed));
    marked = Math.max(0, Math.min(marked, found.length - 1));
    list.replaceChildren(...found.map(option));
    list.children[marked]?.scrollIntoView({ block: "nearest" });
    if (found.length) field.setAttribute("aria-activedescendant", `${id}-${marked}`);
    else field.removeAttribute("aria-activedescendant");
  }

  function option({ words, note }, index) {
    return el("li", { id: `${id}-${index}`, role: "option", "aria-selected": String(index === marked), onmousedown: (event) => {
      event.preventDefault();
      choose(index);
    } }, el("span", {}, words), note && el("span", { class: "hint" }, note));
  }

  function choose(index) {
    dialog.close();
    found[index]?.choose();
  }

  field.addEventListener("input", () => { marked = 0; draw(); });
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) marked = (marked + step + found.length) % found.length;
    if (event.key === "Enter") choose(marked);
    if (!step && event.key !== "Enter") return;
    event.preventDefault();
    draw();
  });
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  draw();
}

// Where there is something new comes first, and last where one is already.
function places() {
  const { channels, joinable, app } = store.state;
  const mine = channels.map((each) => {
    const { count } = unreadIn(each);
    const words = each.kind === "dm" ? `${each.name}, messages` : `# ${each.name}`;
    const isHere = each.id === store.place;
    return { words, count: isHere ? -1 : count, note: count > 0 && `${count} unread`, choose: () => go(each.id) };
  });
  const home = { words: `${app.name}, Home`, count: 0, choose: () => go("home") };
  const others = joinable.map(({ id, name }) => ({ words: `# ${name}`, count: 0, note: "Join", choose: () => join(id, name) }));
  return [...mine, home, ...others].sort((a, b) => b.count - a.count);
}

async function join(id, name) {
  const answer = await post("send", { channel: store.state.channels[0].id, text: `/join #${name}` });
  if (answer.ok) go(id);
}
