// The list over the composer: what is offered for what is being typed, chosen with the arrow keys, taken with Tab or Enter.
import { el, freshId } from "./dom.js";
import { offersFor } from "./offers.js";

export class Offering {
  constructor(field, isThread, onTaken) {
    Object.assign(this, { field, isThread, onTaken, offers: [], marked: 0 });
    const id = freshId("offers");
    this.list = el("ul", { id, class: "offers", role: "listbox", "aria-label": "Suggestions", hidden: true });
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", id);
    field.addEventListener("blur", () => this.hide());
  }

  look() {
    this.offers = offersFor(this.field.value, this.field.selectionStart, this.isThread);
    this.marked = Math.max(0, Math.min(this.marked, this.offers.length - 1));
    this.list.hidden = this.offers.length === 0;
    this.list.replaceChildren(...this.offers.map((offer, index) => this.option(offer, index)));
    if (this.isChoosing()) this.field.setAttribute("aria-activedescendant", this.list.children[this.marked].id);
    else this.field.removeAttribute("aria-activedescendant");
  }

  option(offer, index) {
    const take = (event) => {
      event.preventDefault();
      this.take(offer);
    };
    return el("li", { id: `${this.list.id}-${index}`, role: "option", "aria-selected": String(index === this.marked), onmousedown: take },
      el("b", {}, offer.title), " ", el("span", { class: "usage" }, offer.note), offer.hint && el("div", { class: "hint" }, offer.hint));
  }

  take({ from, to, put }) {
    this.field.setRangeText(put, from, to, "end");
    this.field.focus();
    this.onTaken();
  }

  hide() {
    this.list.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
  }

  isChoosing() {
    return !this.list.hidden && !this.offers[0]?.isSettled;
  }

  // Enter sends a command that is complete, and completes what is not.
  isTaking(event) {
    return event.key === "Tab" || (event.key === "Enter" && !event.shiftKey && !this.offers[this.marked].isWhole);
  }

  // Whether the key was for the list.
  takes(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (this.list.hidden) return false;
    if (event.key === "Escape") this.hide();
    else if (!this.isChoosing()) return false;
    else if (step) this.move(step);
    else if (this.isTaking(event)) this.take(this.offers[this.marked]);
    else return false;
    event.preventDefault();
    return true;
  }

  move(step) {
    this.marked = (this.marked + step + this.offers.length) % this.offers.length;
    this.look();
    this.list.children[this.marked].scrollIntoView({ block: "nearest" });
  }
}
