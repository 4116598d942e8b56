// What can be done with a message, at its upper right: react, reply, and the app's shortcuts.
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { menu } from "./menus.js";
import { emoji } from "./mrkdwn.js";
import { post, store } from "./net.js";
import { go } from "./places.js";

const QUICK = [["white_check_mark", "React: done"], ["eyes", "React: taking a look"]];

export function toolbar(message, channel, isInThread) {
  if (message.ephemeral || message.subtype) return null;
  const target = { channel: channel.id, message_ts: message.ts };
  const react = QUICK.map(([name, label]) => tool(label, emoji(name), () => post("react", { ...target, name })));
  const canReply = !isInThread && !channel.read_only;
  const reply = canReply && tool("Reply in thread", icon("thread"), () => go(channel.id, message.thread_ts ?? message.ts));
  return el("div", { class: "toolbar" }, react, reply, more(message, channel, target));
}

function tool(label, shown, onclick) {
  return el("button", { type: "button", class: "tool", title: label, "aria-label": label, tabindex: "-1", onclick }, shown);
}

function more(message, channel, target) {
  const opener = tool("More actions", "⋮");
  const shortcuts = store.state.shortcuts.filter((each) => each.kind === "message").map(({ callback_id, name, description }) => ({
    text: name,
    hint: description,
    choose: () => post("shortcut", { callback_id, ...target }),
  }));
  const link = `${location.origin}/#${channel.id}/${message.ts}`;
  return menu(opener, [...shortcuts, { text: "Copy link", choose: () => navigator.clipboard?.writeText(link).catch(() => {}) }]);
}
