// Where elements stand, and what happens when somebody presses them there.

import { act } from "./ask.js";
import { confirmed } from "./dialogs.js";
import { control } from "./elements.js";
import { link } from "./mrkdwn.js";
import { state } from "./store.js";

const busy = new Set();
const next = new Map(); // what was changed again while the change before was still under way
const filled = new Map();

/** The seat of a message's elements. */
export function messageSeat(message) {
  const id = `${message.private ? "private" : "message"}-${message.place}-${message.ts}`;
  const { place, ts, key } = message;
  // What counts is the version that is on the screen in the moment of pressing.
  return seat(id, () => ({ place, ts, seen: state.things.get(key)?.seen, private: message.private }));
}

/** The seat of what stands in a modal or a home tab; what was filled in goes along. */
export function viewSeat(view, faults = {}) {
  const made = seat(`view-${view.id}`, () => ({ view: view.id, values: answers(view) }));
  return { ...made, faults };
}

/** Forget what was filled into a view that is gone. */
export function forget(view) {
  filled.delete(`view-${view}`);
}

/** What was filled in, by block for inputs and by action elsewhere; what is untouched is left out. */
export function answers(view) {
  const values = filled.get(`view-${view.id}`) ?? new Map();
  const told = {};
  for (const block of view.blocks) {
    for (const one of [...(block.elements ?? []), block.element, block.accessory]) {
      const value = one?.action_id && values.get(`${block.block_id}/${one.action_id}`);
      if (value !== undefined && value !== null) told[block.type === "input" ? block.block_id : one.action_id] = value;
    }
  }
  return told;
}

function seat(id, where) {
  if (!filled.has(id)) filled.set(id, new Map());
  const made = {
    id,
    values: filled.get(id),
    busy: (action, block) => busy.has(`${id}-${block}-${action}`),
    press: (one, block, choose) => press(control(one, block, made), one, where, choose),
  };
  return made;
}

/**
 * Ask, if the bot wants it asked; send; and take no second press of the same thing meanwhile.
 * A field that is changed meanwhile is told once more afterwards, as it stands then.
 */
async function press(name, one, where, choose) {
  if (busy.has(name)) return void (one.type !== "button" && next.set(name, [name, one, where, choose]));
  if (one.confirm && !(await confirmed(one.confirm))) return;
  if (one.url) link(one.url, one.url).click();
  mark(name, true);
  await act({ do: "click", as: state.me, action: one.action_id, choose, ...where() });
  mark(name, false);
  const again = next.get(name);
  next.delete(name);
  if (again) press(...again);
}

/** A card may be drawn anew in between, so the node is looked for each time. */
function mark(name, on) {
  if (on) busy.add(name);
  else busy.delete(name);
  for (const node of document.querySelectorAll("[data-focus]")) {
    if (node.dataset.focus !== name || node.tagName !== "BUTTON") continue;
    if (on) node.setAttribute("aria-busy", "true");
    else node.removeAttribute("aria-busy");
  }
}
