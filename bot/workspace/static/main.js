// Puts the page together: one state from the server, one place the person looks at.
import { Composer } from "./composer.js";
import { keepingFocus } from "./dom.js";
import { drawFollowing } from "./following.js";
import { drawHeading, startHeading } from "./heading.js";
import { drawHome, forgetHome, openHome } from "./home.js";
import { MessageList } from "./list.js";
import { drawModals } from "./modal.js";
import { listen, onState, refresh, store } from "./net.js";
import { drawNotices } from "./notices.js";
import { drawNotifications } from "./notifying.js";
import { go, here, onArrival, settle } from "./places.js";
import { drawSidebar, startSidebar } from "./sidebar.js";
import { startSwitcher } from "./switcher.js";
import { drawThread } from "./thread.js";
import { isInChannel } from "./unread.js";

const content = document.getElementById("content");
const list = new MessageList("Messages");
const composer = new Composer(document.getElementById("composer"));
let drawnFor = null;

// What one person typed or chose on a message or the Home is not another's.
function forgetOnSwitch() {
  if (drawnFor === store.state.me) return;
  drawnFor = store.state.me;
  list.node.replaceChildren();
  forgetHome();
}

function draw() {
  forgetOnSwitch();
  settle();
  openThreadOfWanted();
  keepingFocus(() => {
    drawContent();
    drawThread();
    drawSidebar();
    drawHeading();
    drawNotices();
    drawNotifications();
    drawModals();
  });
}

// A permalink to a reply leads into its thread.
function openThreadOfWanted() {
  const message = store.wanted && here()?.messages.find((each) => each.ts === store.wanted);
  if (message && !isInChannel(message)) store.thread = message.thread_ts;
}

function drawContent() {
  const channel = here();
  composer.draw(channel);
  if (!channel) {
    (store.place === "threads" ? drawFollowing : drawHome)(content);
    return;
  }
  // A list that was away, behind the Home, has lost its place.
  const isBack = list.node.parentNode !== content;
  if (isBack) content.replaceChildren(list.node, list.pill);
  list.draw(channel, channel.messages.filter(isInChannel), "", isBack);
}

function showSidebar(isShown) {
  document.body.classList.toggle("at-menu", isShown);
  document.getElementById("menu").setAttribute("aria-expanded", String(document.body.classList.contains("at-menu")));
}

function onPlace() {
  showSidebar(false);
  if (!store.state) return;
  draw();
  if (store.place === "home") openHome();
}

onState(draw);
onArrival(onPlace);
startHeading(() => showSidebar());
startSidebar(go, () => store.place === "home" && openHome());
startSwitcher();
document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();
  content.querySelector(".messages, .home")?.focus();
});
addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && showSidebar(false));
document.getElementById("room").addEventListener("pointerdown", (event) => event.target.closest("#menu") || showSidebar(false));
await refresh();
listen();
if (store.place === "home") openHome();
