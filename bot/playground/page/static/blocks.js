// Block Kit, block by block. What is not known here is shown as a box that says so.

import { element } from "./elements.js";
import { el, icon } from "./dom.js";
import { text } from "./mrkdwn.js";

const BLOCKS = {
  section,
  header: (block) => el("div.header", { role: "heading", "aria-level": "3" }, text(block.text)),
  context: (block) => el("div.context", block.elements.map(small)),
  divider: () => el("hr"),
  actions: (block, seat) => el("div.actions", block.elements.map((one) => element(one, block, seat))),
  input,
  image: (block) => picture(block),
};

/**
 * The blocks of a message, a modal or a home tab.
 * `seat` is where they stand: see `elements.js`. With `drawn`, a Map, a block that says the same as
 * before stays the same node: nobody loses the button under the mouse because a line above changed.
 */
export function blocks(list, seat, drawn = new Map()) {
  const nodes = list.map((block) => {
    const sign = JSON.stringify([block, seat.faults?.[block.block_id] ?? null]);
    const known = drawn.get(block.block_id);
    if (known?.sign === sign) return known.node;
    const node = (BLOCKS[block.type] ?? unknown)(block, seat);
    node.classList.add("block");
    drawn.set(block.block_id, { sign, node });
    return node;
  });
  const shown = new Set(nodes);
  for (const [id, { node }] of drawn) if (!shown.has(node)) drawn.delete(id);
  return nodes;
}

function section(block, seat) {
  const body = el("div.section-body");
  if (block.text) body.append(el("div.text", text(block.text)));
  if (block.fields) body.append(el("div.fields", block.fields.map((field) => el("div.field", text(field)))));
  const beside = block.accessory ? element(block.accessory, block, seat) : null;
  return el("div.section", body, beside && el("div.accessory", beside));
}

function small(one) {
  return one.type === "image" ? picture(one, "small") : el("span.text", text(one));
}

function input(block, seat) {
  const fault = seat.faults?.[block.block_id];
  const id = `${seat.id}-${block.block_id}`;
  const many = ["radio_buttons", "checkboxes"].includes(block.element.type);
  const label = [text(block.label), block.optional && el("span.optional", " (optional)")];
  const inner = element(block.element, block, { ...seat, labelled: `${id}-label`, described: fault ? `${id}-fault` : block.hint ? `${id}-hint` : null });
  return el(
    "div.input",
    { class: fault ? "faulty" : "", data: { block: block.block_id } },
    el(many ? "div.label" : "label.label", { id: `${id}-label`, for: many ? null : inner.dataset.control ?? null }, label),
    inner,
    fault && el("p.fault", { id: `${id}-fault`, role: "alert" }, icon("alert"), fault),
    block.hint && el("p.hint", { id: `${id}-hint` }, text(block.hint)),
  );
}

/** Pictures live on other servers, and the page asks no other server: the words stand for them. */
export function picture(block, size = "") {
  const title = block.title ? el("p.title", text(block.title)) : null;
  return el(
    "div.picture",
    { class: size, role: "img", "aria-label": block.alt_text, title: block.image_url ?? null },
    title,
    el("div.frame", icon("picture"), el("span", block.alt_text || "A picture without a description")),
  );
}

/** Nothing is silently left out. */
export function unknown(thing) {
  return el(
    "div.unknown",
    el("p", icon("info"), `Slack shows a “${thing.type}” here. The playground cannot draw it; this is what was sent.`),
    el("details", el("summary", "What was sent"), el("pre", el("code", JSON.stringify(thing, null, 2)))),
  );
}
