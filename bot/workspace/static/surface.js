// A surface is what blocks stand on: a message, a modal or the Home. It sends acts in the order they were made.
import { askFirst } from "./confirm.js";
import { post } from "./net.js";

const TYPING_PAUSE_MS = 150;

export class Surface {
  // `target` names the surface to the server.
  constructor(name, root, target) {
    this.name = name;
    this.root = root;
    this.target = target;
    this.values = {};
    this.queue = Promise.resolve();
    this.typing = new Map();
  }

  controls(within = this.root) {
    return [...within.querySelectorAll("[data-action]")].filter((node) => node.read);
  }

  // What all stateful elements hold right now, as `state.values`.
  read(within = this.root) {
    const values = {};
    for (const node of this.controls(within)) {
      (values[node.dataset.block] ??= {})[node.dataset.action] = node.read();
    }
    return values;
  }

  async act(block, element, node, value = {}) {
    if (element.confirm && !(await askFirst(element.confirm))) {
      node.dispatchEvent(new CustomEvent("undone", { bubbles: true }));
      return;
    }
    this.flush();
    await this.enqueue(() => this.send(block, element, node, value));
  }

  // Characters are sent a moment after the last one; while one request is under way only the newest waits.
  typed(block, element, node) {
    const key = `${block.block_id}/${element.action_id}`;
    const fire = () => {
      this.typing.delete(key);
      if (node.isWaiting || !node.isConnected) return;
      node.isWaiting = true;
      this.enqueue(() => {
        node.isWaiting = false;
        return this.send(block, element, node, node.read(), false);
      });
    };
    clearTimeout(this.typing.get(key)?.timer);
    this.typing.set(key, { fire, timer: setTimeout(fire, TYPING_PAUSE_MS) });
  }

  flush() {
    for (const { fire, timer } of [...this.typing.values()]) {
      clearTimeout(timer);
      fire();
    }
  }

  enqueue(task) {
    this.queue = this.queue.then(task, task);
    return this.queue;
  }

  // Everything that was typed or pressed has been sent and answered.
  settled() {
    this.flush();
    return this.queue;
  }

  async send(block, element, node, value, isBusyShown = true) {
    if (isBusyShown) node.setAttribute("aria-busy", "true");
    const names = { block_id: block.block_id, action_id: element.action_id };
    this.values = this.read();
    const answer = await post("action", { ...this.target, ...names, value, values: this.values });
    node.removeAttribute("aria-busy");
    if (!answer.ok) this.root.dispatchEvent(new CustomEvent("failed", { detail: answer.error }));
  }
}
