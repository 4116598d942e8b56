// The app's Home of the person who looks.
import { drawBlocks } from "./blocks.js";
import { el } from "./dom.js";
import { post, store } from "./net.js";
import { Surface } from "./surface.js";

const blocks = el("div", { class: "blocks" });
const empty = el("p", { class: "hint" }, "This is the app's Home. The app has not filled it yet.");
const region = el("section", { class: "home", role: "region", "aria-label": "Home", tabindex: "0" }, empty, blocks);
const surface = new Surface("home", blocks, { home: true });

export function drawHome(room) {
  if (region.parentNode !== room) room.replaceChildren(region);
  const { home } = store.state;
  empty.hidden = Boolean(home);
  drawBlocks(surface, home?.blocks ?? [], home?.state.values ?? {});
}

export function forgetHome() {
  blocks.replaceChildren();
}

export async function openHome() {
  region.setAttribute("aria-busy", "true");
  await post("home");
  region.removeAttribute("aria-busy");
}
