// A bar for what went wrong: the person's last failure, and what the app did that Slack would refuse.
import { el, reconcile } from "./dom.js";
import { post, store } from "./net.js";

const bar = document.getElementById("notices");

export function drawNotices() {
  const { failure, warnings } = store.state;
  const notices = [
    ...(failure ? [{ kind: "failure", sentence: failure }] : []),
    ...warnings.slice(-3).map((sentence) => ({ kind: "warning", sentence })),
  ];
  const rows = notices.length ? [...notices, { kind: "dismiss" }] : [];
  reconcile(bar, rows, (row) => `${row.kind} ${row.sentence}`, draw);
}

function draw({ kind, sentence }) {
  if (kind === "dismiss") return el("button", { type: "button", onclick: () => post("dismiss") }, "Clear notices");
  const role = kind === "failure" ? "alert" : "status";
  return el("p", { class: kind, role }, kind === "failure" ? "" : "⚠ ", sentence);
}
