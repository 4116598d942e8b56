// The workspace's clock beside the real one, and ways to move it: it only goes forward.
import { ask } from "./asking.js";
import { el } from "./dom.js";

const STEPS = [["+1 hour", 3600], ["+1 day", 86_400], ["+1 week", 604_800]];
const WRITTEN = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" });

export function startClock(panel) {
  const here = el("dd", {}, el("time"));
  const real = el("dd", {}, el("time"));
  const ahead = el("dd");
  const problem = el("p", { class: "error", role: "alert" });
  const steps = STEPS.map(([words, seconds]) => el("button", { type: "button", class: "button", onclick: () => move({ seconds }) }, words));
  const next = el("button", { type: "button", class: "button", disabled: true, onclick: () => move({ to: "next" }) }, "To the next date");
  const moment = el("input", { type: "datetime-local", "aria-label": "Move to", required: true });
  const form = el("form", { class: "bar" }, moment, el("button", { class: "button" }, "Move there"));

  function draw(answer) {
    problem.textContent = answer.ok ? "" : answer.error;
    if (!answer.ok) return;
    write(here, new Date(answer.now));
    write(real, new Date());
    ahead.textContent = span(answer.offset_seconds);
    next.disabled = !answer.next;
    next.textContent = answer.next ? `To the next date: ${WRITTEN.format(new Date(answer.next))}` : "No date ahead was named";
  }

  async function move(body) {
    draw(await ask("clock", body));
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    move({ to: new Date(moment.value).toISOString() });
  });
  const facts = [["Workspace time", here], ["Real time", real], ["Ahead of real time by", ahead]];
  panel.append(el("dl", {}, facts.flatMap(([words, node]) => [el("dt", {}, words), node])),
    el("div", { class: "bar" }, steps, next), form, problem,
    el("p", { class: "hint" }, "The next date is the next one that the app has named to anybody. The clock never runs back: what was already posted would lie in the future."));
  return async () => draw(await ask("clock"));
}

function write(node, date) {
  node.firstChild.textContent = WRITTEN.format(date);
  node.firstChild.dateTime = date.toISOString();
}

function span(seconds) {
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const parts = [[days, "day"], [hours, "hour"], [minutes, "minute"]].filter(([count]) => count);
  return parts.map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`).join(", ") || "nothing";
}
