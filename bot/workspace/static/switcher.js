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
  new Switcher().open();
}

class Switcher {
  constructor() {
    const id = freshId("places");
    this.field = el("input", {
      type: "text", role: "combobox", autocomplete: "off", placeholder: "Jump to a channel or the app",
      "aria-label": "Jump to", "aria-expanded": "true", "aria-controls": id, "aria-autocomplete": "list",
    });
    this.list = el("ul", { id, role: "listbox", "aria-label": "Places" });
    this.dialog = el("dialog", { class: "switcher", "aria-label": "Jump to" }, this.field, this.list);
    this.marked = 0;
    this.field.addEventListener("input", () => this.mark(0));
    this.field.addEventListener("keydown", (event) => this.onKey(event));
    this.dialog.addEventListener("close", () => this.dialog.remove());
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
  }

  open() {
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.mark(0);
  }

  mark(index) {
    const typed = this.field.value.trim().toLowerCase().replace(/^[#@]/, "");
    this.found = places().filter((each) => each.words.toLowerCase().includes(typed));
    this.marked = this.found.length ? (index + this.found.length) % this.found.length : 0;
    this.list.replaceChildren(...this.found.map((place, each) => this.option(place, each)));
    this.list.children[this.marked]?.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", this.list.children[this.marked]?.id ?? "");
  }

  option({ words, note }, index) {
    const choose = (event) => {
      event.preventDefault();
      this.choose(index);
    };
    return el("li", { id: `${this.list.id}-${index}`, role: "option", "aria-selected": String(index === this.marked), onmousedown: choose },
      el("span", {}, words), note && el("span", { class: "hint" }, note));
  }

  onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step && event.key !== "Enter") return;
    event.preventDefault();
    if (step) this.mark(this.marked + step);
    else this.choose(this.marked);
  }

  choose(index) {
    this.dialog.close();
    this.found[index]?.choose();
  }
}

// Where there is something new comes first, and last where one is already.
function places() {
  const { channels, joinable, app } = store.state;
  const home = { words: `${app.name}, Home`, count: 0, choose: () => go("home") };
  const others = joinable.map(({ id, name }) => ({ words: `# ${name}`, count: 0, note: "Join", choose: () => join(id, name) }));
  const threads = { words: "Threads", count: 0, choose: () => go("threads") };
  return [...channels.map(ownPlace), threads, home, ...others].sort((a, b) => b.count - a.count);
}

function ownPlace(channel) {
  const { count } = unreadIn(channel);
  const words = channel.kind === "dm" ? `${channel.name}, messages` : `# ${channel.name}`;
  const isHere = channel.id === store.place;
  return { words, count: isHere ? -1 : count, note: count > 0 && `${count} unread`, choose: () => go(channel.id) };
}

async function join(id, name) {
  const answer = await post("send", { channel: store.state.channels[0].id, text: `/join #${name}` });
  if (answer.ok) go(id);
}
