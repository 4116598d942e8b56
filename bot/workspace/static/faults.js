// Faults to switch on: which, in which direction, for what kind, how often; and what is on.
import { ask } from "./asking.js";
import { el, freshId, reconcile } from "./dom.js";

export const NAMES = {
  drop: "Never arrives",
  delay: "Arrives late",
  error: "Answered with HTTP 500",
  limited: "Answered with HTTP 429",
  lost_ack: "Done, but the answer is lost",
  duplicate: "Arrives twice",
  expired_trigger: "Arrives with an expired trigger",
};
const WAYS = { to_app: "from Slack to the app", to_slack: "from the app to Slack" };
const TIMED = { delay: "Seconds late", limited: "Retry after, seconds", duplicate: "Seconds between the two" };

export function startFaults(panel) {
  const name = el("select");
  const direction = el("select");
  const kind = el("select");
  const often = el("select", {}, el("option", { value: "times" }, "So many times"), el("option", { value: "always" }, "Until it is switched off"));
  const times = number(1, 1, 1000);
  const chance = number(100, 1, 100);
  const seconds = number(1, 0.1, 60, "any");
  const problem = el("p", { class: "error", role: "alert" });
  const tiers = el("input", { type: "checkbox", id: freshId("tiers") });
  const list = el("ul", { class: "switched", "aria-label": "Switched on" });
  let told = null;

  // Only what can be: a fault has its directions, a direction its kinds.
  function offer() {
    choices(direction, told.names[name.value].map((each) => [each, WAYS[each]]));
    choices(kind, [["", "Everything"], ...told.kinds[direction.value].map((each) => [each, each])]);
    labels.seconds.hidden = !(name.value in TIMED);
    labels.seconds.firstChild.textContent = TIMED[name.value] ?? "";
    labels.times.hidden = often.value === "always";
  }

  function draw(answer) {
    const isFirst = !told;
    problem.textContent = answer.ok ? "" : answer.error;
    if (!answer.ok) return;
    told = answer;
    if (isFirst) {
      choices(name, Object.keys(told.names).map((each) => [each, NAMES[each] ?? each]));
      offer();
    }
    tiers.checked = told.rate_limits;
    reconcile(list, told.switched, (each) => each.number, (each) => on(each, () => turn({ off: each.number })));
    allOff.disabled = !told.switched.length;
  }

  async function turn(body) {
    draw(await ask("faults", body));
  }

  const labels = { seconds: field("", seconds), times: field("Times", times) };
  const allOff = el("button", { type: "button", class: "button", onclick: () => turn({ off: "all" }) }, "All off");
  const form = el("form", {}, field("What happens", name), field("Direction", direction), field("To what", kind),
    field("How often", often), labels.times, field("Chance, %", chance), labels.seconds,
    el("button", { class: "button primary" }, "Switch on"));
  form.addEventListener("input", offer);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const isAlways = often.value === "always";
    turn({
      name: name.value, direction: direction.value, kind: kind.value, times: isAlways ? null : times.valueAsNumber,
      chance: chance.valueAsNumber / 100, seconds: seconds.valueAsNumber,
    });
  });
  tiers.addEventListener("change", () => turn({ rate_limits: tiers.checked }));
  panel.append(form, problem, el("div", { class: "bar" }, el("label", { for: tiers.id }, tiers, " Play Slack's rate limits"), allOff), list);
  return async () => draw(await ask("faults"));
}

function field(words, control) {
  return el("label", {}, el("span", {}, words), control);
}

function number(value, min, max, step = 1) {
  return el("input", { type: "number", value, min, max, step, required: true });
}

function choices(select, offered) {
  const before = select.value;
  select.replaceChildren(...offered.map(([value, words]) => el("option", { value }, words)));
  if (offered.some(([value]) => value === before)) select.value = before;
}

function on(fault, turnOff) {
  const what = `${NAMES[fault.name]}: ${fault.kind || "everything"} ${WAYS[fault.direction]}`;
  const often = fault.left === null ? "until it is switched off" : fault.left === 1 ? "once" : `${fault.left} times`;
  const chance = fault.chance < 1 ? `, each time with a chance of ${Math.round(fault.chance * 100)}%` : "";
  const struck = fault.struck ? ` (struck ${fault.struck} times so far)` : "";
  const off = el("button", { type: "button", class: "button", "aria-label": `Switch off: ${what}`, onclick: turnOff }, "Off");
  return el("li", {}, el("span", {}, `${what}, ${often}${chance}${struck}`), off);
}
