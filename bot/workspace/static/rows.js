// What stands in a list of messages, from top to bottom: the messages, and between them days, what is new, and replies.
import { el } from "./dom.js";
import { drawMessage, fillMessage } from "./message.js";
import { longDate } from "./times.js";
import { hasNewReplies, isNews } from "./unread.js";

const TOGETHER_MS = 5 * 60_000;

// `line` is since when messages are new, `threadTs` the parent of a thread's list.
export function rowsOf({ channel, messages, threadTs, line }) {
  if (!messages.length) return [{ key: "empty", words: emptyWords(channel) }];
  let day = "", before = null, hasLine = !line;
  return messages.flatMap((message) => {
    const found = [], ownDay = longDate(new Date(message.at)), isParent = message.ts === threadTs;
    if (ownDay !== day && !isParent) found.push({ key: `day ${ownDay}`, kind: "day", words: ownDay });
    if (!hasLine && isNews(message, Number(line))) {
      hasLine = true;
      found.push({ key: "new", kind: "new-line", words: "New" });
    }
    const isCompact = !found.length && isTogether(before, message) && before.ts !== threadTs;
    found.push(messageRow(channel, message, isCompact, Boolean(threadTs)));
    if (isParent && messages.length > 1) found.push({ key: "replies", kind: "count", words: countWords(message.reply_count ?? 0) });
    [day, before] = [ownDay, message];
    return found;
  });
}

function messageRow(channel, message, isCompact, isInThread) {
  const hasNews = !isInThread && message.reply_count > 0 && hasNewReplies(channel, message);
  return { key: `${channel.id}/${message.ts}`, message, isCompact, isInThread, hasNews };
}

function emptyWords(channel) {
  if (channel.kind === "dm") return `Here ${channel.name} writes to you alone.`;
  return `This is the very beginning of #${channel.name}.`;
}

function countWords(count) {
  return count === 1 ? "1 reply" : `${count} replies`;
}

// Consecutive messages of one author stand under one name.
function isTogether(before, message) {
  const isPlain = (each) => each && !each.ephemeral && !each.subtype && !each.pinned;
  return isPlain(before) && isPlain(message) && before.author_id === message.author_id
    && new Date(message.at) - new Date(before.at) < TOGETHER_MS;
}

export function drawRow(row, channel) {
  if (row.message) return drawMessage(row, channel);
  if (!row.kind) return el("p", { class: "empty hint" }, row.words);
  return el("div", { class: `separator ${row.kind}`, role: "separator", "aria-label": row.words }, el("span", {}, row.words));
}

// A changed message keeps its node, so that an open menu or a chosen option survives the update; one that became
// something else, as a deleted one does, is drawn anew.
export function patchRow(node, row, channel) {
  if (!node.message || node.message.subtype !== row.message?.subtype) return false;
  fillMessage(node, row, channel);
  return true;
}
