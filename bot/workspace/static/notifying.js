// What Slack would notify the person of: direct messages and mentions elsewhere, by the text that notifications show.
import { el } from "./dom.js";
import { plainText } from "./mrkdwn.js";
import { store } from "./net.js";
import { isPersonal } from "./unread.js";

const LIFE_MS = 8000, MOST = 3;
const place = document.getElementById("notifications");
let told = null, since = 0;

export function drawNotifications() {
  const news = store.state.channels.flatMap((channel) => channel.messages
    .filter((each) => Number(each.ts) > since && isPersonal(channel, each) && channel.id !== store.place)
    .map((each) => ({ ...each, where: channel.kind === "dm" ? "to you" : `in #${channel.name}` })));
  const isFirst = told !== store.state.me;
  told = store.state.me;
  since = Math.max(since, ...store.state.channels.flatMap((channel) => channel.messages.map((each) => Number(each.ts))));
  if (isFirst) place.replaceChildren();
  else news.forEach(show);
}

function show({ author, where, text }) {
  const words = plainText(text);
  const note = el("p", {}, el("b", {}, `${author} ${where}: `), words.length > 140 ? `${words.slice(0, 139)}…` : words);
  place.append(note);
  while (place.children.length > MOST) place.firstChild.remove();
  setTimeout(() => note.remove(), LIFE_MS);
}
