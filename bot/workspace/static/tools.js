// The tools around the workspace: what passes between it and the app, faults to switch on, and its clock.
// They are a drawer of the page, and a page of their own, since an open modal bars everything behind it.
import { startClock } from "./clock.js";
import { el, freshId } from "./dom.js";
import { startFaults } from "./faults.js";
import { startInspector } from "./inspector.js";

const TABS = [["Traffic", startInspector], ["Faults", startFaults], ["Clock", startClock]];
const root = document.getElementById("tools");
const isDrawer = root.localName === "aside";
const tabs = TABS.map(([words, start]) => tab(words, start));
const tablist = el("div", { role: "tablist", "aria-label": "Tools" }, tabs.map((each) => each.button));
const opener = el("button", { type: "button", class: "tools-opener", "aria-expanded": "false", "aria-controls": "tools" }, "Traffic, faults, clock");
let current = tabs[0];

function tab(words, start) {
  const [tabId, panelId] = [freshId("tab"), freshId("panel")];
  const panel = el("div", { role: "tabpanel", id: panelId, "aria-labelledby": tabId, hidden: true });
  const button = el("button", { type: "button", role: "tab", id: tabId, "aria-controls": panelId }, words);
  const made = { button, panel, refresh: start(panel) };
  button.addEventListener("click", () => show(made));
  return made;
}

function show(wanted) {
  current = wanted;
  for (const each of tabs) {
    const isShown = each === wanted;
    each.panel.hidden = !isShown;
    each.button.setAttribute("aria-selected", String(isShown));
    each.button.tabIndex = isShown ? 0 : -1;
  }
  look();
}

function step(event) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  show(tabs[(tabs.indexOf(current) + by + tabs.length) % tabs.length]);
  current.button.focus();
}

function toggle(isOpen) {
  root.hidden = !isOpen;
  opener.setAttribute("aria-expanded", String(isOpen));
  (isOpen ? current.button : opener).focus();
  look();
}

// Nobody needs what nobody looks at.
function look() {
  if (!root.hidden && !document.hidden) current.refresh().catch(() => {});
}

tablist.addEventListener("keydown", step);
const ownPage = el("a", { href: "/tools", target: "_blank" }, "In a tab of its own");
const leave = el("button", { type: "button", class: "leave", "aria-label": "Close tools", onclick: () => toggle(false) }, "✕");
root.append(el("header", {}, tablist, isDrawer ? [ownPage, leave] : []), ...tabs.map((each) => each.panel));
if (isDrawer) {
  document.getElementById("sidebar").append(opener);
  opener.addEventListener("click", () => toggle(root.hidden));
  root.addEventListener("keydown", (event) => event.key === "Escape" && toggle(false));
}
show(current);
setInterval(look, 1000);
