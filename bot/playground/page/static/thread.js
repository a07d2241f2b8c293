// The thread pane: one message and what was answered to it.

import { Composer } from "./composer.js";
import { el, iconButton, refill } from "./dom.js";
import { go } from "./moves.js";
import { messages, nameOf, state, watch } from "./store.js";
import { Timeline } from "./timeline.js";

const head = el("header.thread-head");
const timeline = new Timeline({ label: "Thread" });
timeline.single = true;
const composer = new Composer({ id: "thread-composer", place: () => state.place, thread: () => state.thread });
let shown = null;

export function mount(node) {
  node.append(head, timeline.node, composer.node);
  node.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && leave());
  watch(["message", "place", "me"], () => draw(node));
}

function draw(node) {
  const parent = state.thread === null ? null : messages(state.place).find((one) => one.ts === state.thread);
  const open = parent !== undefined && parent !== null;
  node.hidden = !open;
  document.body.dataset.thread = open ? "open" : "closed";
  if (!open) return void (shown = null);
  const where = `${state.me}/${state.place}/${state.thread}`;
  const opened = shown !== where;
  if (opened) timeline.begin("Thread");
  shown = where;
  const place = state.place === state.team.channel.id ? `#${state.team.channel.name}` : nameOf(state.team.bot.id);
  refill(head, el("h2", "Thread"), el("span.where", place), iconButton("close", "Close the thread", leave, { data: { focus: "thread-close" } }));
  composer.draw();
  timeline.draw(messages(state.place, state.thread));
  if (opened) composer.input.focus({ preventScroll: true });
}

function leave() {
  const back = state.thread;
  go({ thread: null });
  queueMicrotask(() => document.querySelector(`[data-focus="replies-${back}"], [data-focus="answer-${back}"]`)?.focus());
}
