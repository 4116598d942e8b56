// Puts the page together: one state from the server, one place the person looks at.
import { drawComposer } from "./composer.js";
import { el, keepingFocus } from "./dom.js";
import { drawHome, forgetHome, openHome } from "./home.js";
import { drawMessages } from "./messages.js";
import { drawModals } from "./modal.js";
import { listen, onState, refresh, store } from "./net.js";
import { drawNotices } from "./notices.js";
import { drawSidebar, startSidebar } from "./sidebar.js";

const content = document.getElementById("content");
const heading = document.getElementById("heading");
const messages = el("div", { class: "messages", role: "log", "aria-label": "Messages", tabindex: "0" });
// Only a phone shows it: there the sidebar lies over the room until a place is chosen.
const opener = el("button", { id: "menu", type: "button", "aria-label": "Channels and people", onclick: () => document.body.classList.toggle("at-menu") }, "☰");
let drawnFor = null;

function here() {
  return store.state.channels.find((each) => each.id === store.place);
}

// What one person typed or chose on a message or the Home is not another's.
function forgetOnSwitch() {
  if (drawnFor === store.state.me) return;
  drawnFor = store.state.me;
  messages.replaceChildren();
  forgetHome();
}

function draw() {
  forgetOnSwitch();
  if (store.place !== "home" && !here()) store.place = store.state.channels[0]?.id ?? "home";
  keepingFocus(() => {
    drawSidebar();
    drawHeading();
    drawContent();
    drawNotices();
    drawModals();
  });
}

function drawHeading() {
  const channel = here();
  const words = channel ? (channel.kind === "dm" ? channel.name : `# ${channel.name}`) : store.state.app.name;
  const about = channel ? channel.topic : "Home";
  const people = channel?.members.filter((id) => id !== store.state.app.id) ?? [];
  const count = channel?.kind === "channel" ? `${people.length} members` : "";
  const notes = [el("span", { class: "hint topic" }, about), el("span", { class: "hint" }, count)];
  heading.replaceChildren(opener, el("h2", {}, words), ...notes);
}

function drawContent() {
  const channel = here();
  drawComposer(document.getElementById("composer"), channel);
  if (!channel) {
    drawHome(content);
    return;
  }
  // A list that was away, behind the Home, has lost its place: it comes back at its newest message.
  const isBack = messages.parentNode !== content;
  if (isBack) content.replaceChildren(messages);
  drawMessages(messages, channel, isBack);
}

function go(place) {
  store.place = place;
  document.body.classList.remove("at-menu");
  draw();
  if (place === "home") openHome();
}

function onSwitch() {
  if (store.place === "home") openHome();
}

onState(draw);
startSidebar(go, onSwitch);
await refresh();
listen();
