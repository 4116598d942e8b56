// The confirmation dialog that an element may ask for; resolves to what the person chose.
import { el, freshId } from "./dom.js";
import { textNodes } from "./mrkdwn.js";

export function askFirst(confirm) {
  return new Promise((resolve) => {
    const title = freshId("confirm");
    const style = confirm.style === "danger" ? "button danger filled" : "button primary";
    const answer = (value) => () => {
      dialog.close();
      dialog.remove();
      resolve(value);
    };
    const dialog = el("dialog", { class: "confirm", role: "dialog", "aria-labelledby": title },
      el("h2", { id: title }, confirm.title.text),
      el("div", { class: "text" }, textNodes(confirm.text)),
      el("footer", {},
        el("button", { class: "button", type: "button", onclick: answer(false) }, confirm.deny.text),
        el("button", { class: style, type: "button", onclick: answer(true) }, confirm.confirm.text)));
    dialog.addEventListener("cancel", answer(false));
    document.body.append(dialog);
    dialog.showModal();
  });
}
