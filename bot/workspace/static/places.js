// Where the person looks: a channel or the Home, and perhaps a thread beside it. The page's address says it, so that a
// reload comes back to it and the browser's Back goes back: #C1, #C1/thread/171.2, and #C1/171.2 for a permalink.
import { store } from "./net.js";

const APART = ["home", "threads"];

let arrive = () => {};

export function onArrival(callback) {
  arrive = callback;
}

export function readAddress() {
  const [place, second, third] = location.hash.slice(1).split("/");
  const isThread = second === "thread";
  Object.assign(store, { place, thread: isThread ? third : null, wanted: isThread ? null : second });
}

export function go(place, thread = null) {
  const address = `#${place}${thread ? `/thread/${thread}` : ""}`;
  if (location.hash !== address) history.pushState(null, "", address);
  readAddress();
  arrive();
}

// Where one cannot be, the first place that there is stands in.
export function settle() {
  const { channels } = store.state;
  if (APART.includes(store.place) || channels.some((each) => each.id === store.place)) return;
  history.replaceState(null, "", `#${channels[0]?.id ?? "home"}`);
  readAddress();
}

export function here() {
  return store.state.channels.find((each) => each.id === store.place);
}

addEventListener("popstate", () => {
  readAddress();
  arrive();
});
readAddress();
