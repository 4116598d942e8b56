// What the composer offers while one types: commands, people after "@", channels after "#".
import { store } from "./net.js";

const NAME = /(?:^|\s)([@#])([\w.-]*)$/;

// Each offer says what it puts in the place of which part of the text.
export function offersFor(text, caret, isThread) {
  if (text.startsWith("/") && !isThread) {
    const found = commands(text);
    if (found.length) return found;
  }
  const before = text.slice(0, caret), match = before.match(NAME);
  return match ? names(match[1], match[2].toLowerCase(), caret) : [];
}

function commands(text) {
  const [word, ...rest] = text.split(" ");
  const isMatch = rest.length ? (name) => name === word && !NAME.test(text) : (name) => name.startsWith(word);
  return store.state.commands.filter((each) => isMatch(each.command)).map((each) => ({
    title: each.command, note: each.usage_hint, hint: `${each.description} · ${each.by}`,
    from: 0, to: text.length, put: `${each.command} `, isSettled: rest.length > 0, isWhole: each.command === text,
  }));
}

function names(sign, typed, caret) {
  const known = sign === "@" ? people() : store.state.channels.filter((each) => each.kind === "channel").map((each) => ({ name: each.name, note: each.topic }));
  const found = known.filter((each) => each.name.startsWith(typed) || each.note.toLowerCase().startsWith(typed)).slice(0, 8);
  if (found.some((each) => each.name === typed)) return [];
  const from = caret - typed.length - 1;
  return found.map(({ name, note }) => ({ title: `${sign}${name}`, note, from, to: caret, put: `${sign}${name} ` }));
}

function people() {
  const { people: all, app } = store.state;
  return [...all.map((each) => ({ name: each.name, note: each.real_name })), { name: app.name.toLowerCase(), note: app.name }];
}
