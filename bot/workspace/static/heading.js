// What stands above a place: its name, what it is about, who is there, its bookmarks; for the app its two tabs.
import { el, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { showMembers } from "./members.js";
import { link } from "./mrkdwn.js";
import { store } from "./net.js";
import { here } from "./places.js";

const heading = document.getElementById("heading");
const bookmarks = document.getElementById("bookmarks");
const parts = el("div", { class: "about" });

// Only a phone shows it: there the sidebar lies over the room until a place is chosen.
export function startHeading(toggleSidebar) {
  const opener = el("button", { id: "menu", type: "button", "aria-label": "Channels and people", "aria-controls": "sidebar", "aria-expanded": "false", onclick: toggleSidebar }, icon("menu"));
  heading.append(opener, parts);
}

export function drawHeading() {
  const channel = here();
  reconcile(parts, rowsFor(channel), (row) => row.kind, draw);
  reconcile(bookmarks, channel?.bookmarks ?? [], (each) => each.id, ({ link: url, title }) => el("span", {}, link(url, title)));
}

function rowsFor(channel) {
  if (store.place === "threads") return [{ kind: "name", words: "Threads" }];
  return channel?.kind === "channel" ? ofChannel(channel) : ofApp(channel);
}

function ofChannel(channel) {
  const words = channel.is_private ? channel.name : `# ${channel.name}`;
  return [{ kind: "name", words, isPrivate: channel.is_private }, { kind: "topic", words: channel.topic }, { kind: "members", ids: channel.members, count: people(channel) }];
}

function people(channel) {
  return channel.members.filter((id) => id !== store.state.app.id).length;
}

function ofApp(channel) {
  const tabs = [["Home", "home"], ["Messages", store.state.channels.find((each) => each.kind === "dm")?.id]];
  const shown = store.state.app.has_messages ? tabs : tabs.slice(0, 1);
  return [{ kind: "name", words: store.state.app.name }, { kind: "tabs", tabs: shown, current: channel?.id ?? "home" }];
}

function draw({ kind, words, isPrivate, ids, count, tabs, current }) {
  if (kind === "name") return el("h2", {}, isPrivate && icon("lock"), words);
  if (kind === "topic") return el("span", { class: "hint topic", title: words }, words);
  if (kind === "tabs") {
    const tab = ([name, place]) => el("a", { href: `#${place}`, "aria-current": place === current && "page" }, name);
    return el("nav", { class: "tabs", "aria-label": store.state.app.name }, tabs.map(tab));
  }
  const many = count === 1 ? "1 member" : `${count} members`;
  return el("button", { type: "button", class: "button quiet", onclick: () => showMembers(ids) }, many);
}
