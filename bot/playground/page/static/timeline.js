// A list of messages that stays where its reader is while messages come and change.

import { day } from "./dates.js";
import { el, icon, keepFocus, place, refill } from "./dom.js";
import { redraw, row, spoken } from "./messages.js";

const TOGETHER = 5 * 60; // seconds in which messages of one person need one name
const NEAR = 60; // pixels from the end that still count as being there

export class Timeline {
  /** `label` for screen readers; `open(message)` shows a thread, null where one is open already. */
  constructor({ label, open = null }) {
    this.open = open;
    this.dismissed = new Set();
    this.rows = new Map();
    this.list = el("div.rows");
    this.empty = el("div.empty", { hidden: true });
    this.log = el("div.log", { role: "log", tabindex: "0", "aria-label": label, on: { scroll: () => this.atEnd() && this.pill(false) } }, this.empty, this.list);
    this.more = el("button.pill", { type: "button", hidden: true, on: { click: () => this.toEnd() } }, "New messages", icon("down"));
    this.node = el("div.timeline", this.log, this.more);
    this.messages = [];
    new ResizeObserver(() => this.wasAtEnd && this.toEnd()).observe(this.log);
  }

  /** Another place: begin anew, at the end. */
  begin(label) {
    this.log.setAttribute("aria-label", label);
    this.rows.clear();
    this.list.replaceChildren();
    this.fresh = true;
  }

  /** `messages` in order, `replies` by the ts of what they answer. */
  draw(messages, replies = new Map()) {
    const stay = this.fresh || this.atEnd();
    const before = this.rows.size;
    this.messages = messages.filter((one) => !this.dismissed.has(one.key));
    this.empty.hidden = this.messages.length > 0;
    const nodes = [];
    let last = null;
    for (const message of this.messages) {
      const dated = last === null || day(date(last)) !== day(date(message));
      if (dated && !this.single) nodes.push(this.divider(date(message)));
      nodes.push(this.row(message, replies.get(message.ts) ?? [], !dated && follows(last, message)));
      last = message;
    }
    place(this.list, nodes);
    const shown = new Set(nodes);
    for (const [key, known] of this.rows) if (!shown.has(known.node)) this.rows.delete(key);
    if (stay) this.toEnd();
    else if (this.rows.size > before) this.pill(true);
    this.fresh = false;
  }

  row(message, replies, compact) {
    const sign = `${compact}/${replies.length}/${replies.at(-1)?.ts ?? ""}`;
    const known = this.rows.get(message.key);
    if (known?.message === message && known.sign === sign) return known.node;
    const node = known?.node ?? el("article.row", { data: { ts: message.ts } });
    node.setAttribute("aria-label", spoken(message));
    node.className = ["row", compact && "compact", message.private && "private"].filter(Boolean).join(" ");
    const dismiss = () => {
      this.dismissed.add(message.key);
      this.draw(this.messages);
    };
    const drawn = known?.drawn ?? new Map();
    const shape = { compact, replies, open: this.open, dismiss, drawn };
    if (known?.compact === compact) keepFocus(node, () => redraw(node, message, shape));
    else refill(node, row(message, shape));
    if (known && known.message.seen !== message.seen) glow(node);
    this.rows.set(message.key, { node, message, sign, compact, drawn });
    return node;
  }

  divider(at) {
    return el("div.day", { role: "separator" }, el("span", day(at)));
  }

  find(ts) {
    return this.list.querySelector(`[data-ts="${ts}"]`);
  }

  atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    this.wasAtEnd = scrollHeight - scrollTop - clientHeight < NEAR;
    return this.wasAtEnd;
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.wasAtEnd = true;
    this.pill(false);
  }

  pill(on) {
    this.more.hidden = !on;
  }
}

function glow(node) {
  node.classList.remove("glow");
  requestAnimationFrame(() => node.classList.add("glow"));
}

function date(message) {
  return new Date(message.at * 1000);
}

/** Whether it continues what the same person said a moment ago. */
function follows(last, message) {
  return last !== null && last.user === message.user && !last.private && !message.private && !last.blocks.length && message.at - last.at < TOGETHER;
}
