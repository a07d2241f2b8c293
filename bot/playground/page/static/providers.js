// Each provider's sandbox: its own books, and the switches that break it.

import { pull } from "./ask.js";
import { el, icon, refill } from "./dom.js";
import { all, changed } from "./store.js";

let open = "kriptomat";
const unfolded = new Set();

export function draw(body) {
  const vendors = all("vendor");
  const vendor = vendors.find((one) => one.name === open) ?? vendors[0];
  if (!vendor) return refill(body, el("p.empty", "The providers are being looked at …"));
  refill(
    body,
    el("p.lead", "The books are the provider’s own. Break it here, and watch whether the card in the chat stays true."),
    el("div.segments", { role: "group", "aria-label": "Provider" }, vendors.map((one) => segment(one, one === vendor))),
    ledger(vendor),
    power(vendor),
    faults(vendor),
  );
}

/** Show this provider. */
export function turnTo(name) {
  open = name;
  changed("vendor");
}

function segment({ name, title, down, switches }, here) {
  const broken = down || switches.some((one) => one.on);
  return el(
    "button.segment",
    { type: "button", "aria-pressed": String(here), data: { focus: `vendor-${name}` }, on: { click: () => turnTo(name) } },
    title,
    broken && el("span.dot.bad", { title: "Broken on purpose" }, el("span.hidden", " (broken on purpose)")),
  );
}

function ledger({ title, says, columns, rows }) {
  return el(
    "section.panel-card",
    el("header", el("h3", `${title}’s books`), el("p.story", says)),
    rows.length
      ? el(
          "div.table",
          { tabindex: "0", role: "region", "aria-label": `${title}’s books` },
          el("table", el("thead", el("tr", columns.map((one) => el("th", { scope: "col" }, one)))), el("tbody", rows.map((row) => el("tr", row.map((cell) => el("td", cell)))))),
        )
      : el("p.empty", "Nothing is booked. A purchase that is approved appears here."),
  );
}

function power({ name, title, down }) {
  return el(
    "section.panel-card.switch-card",
    toggle({
      id: `power-${name}`,
      on: down,
      label: `${title} cannot be reached`,
      says: "Every connection to it is refused; its books stay. What was approved waits.",
      flip: (on) => pull({ do: "vendor", vendor: name, down: on }, on ? `${title} is being taken away …` : `${title} is coming back …`),
    }),
  );
}

function faults(vendor) {
  const every = unfolded.has(vendor.name);
  const shown = vendor.switches.filter((one) => every || one.common || one.on);
  const groups = [...new Set(shown.map((one) => one.group))];
  const more = () => {
    if (every) unfolded.delete(vendor.name);
    else unfolded.add(vendor.name);
    changed("vendor");
  };
  return el(
    "section.panel-card",
    el("header", el("h3", "Break it"), el("p.story", "A switch strikes every such call until it is off; one for each kind of call.")),
    groups.map((group) => el("div.group", el("h4", group), shown.filter((one) => one.group === group).map((one) => fault(vendor, one)))),
    el("button.btn.wide", { type: "button", "aria-expanded": String(every), data: { focus: `more-${vendor.name}` }, on: { click: more } }, every ? "Show the common ones" : `Show all ${vendor.switches.length} switches`),
  );
}

function fault(vendor, one) {
  return toggle({
    id: `fault-${vendor.name}-${one.id}`,
    on: one.on,
    label: one.label,
    says: one.says,
    mark: one.source === "documented" ? "documented" : null,
    flip: (on) => pull({ do: "switch", vendor: vendor.name, switch: one.id, on }),
  });
}

/** A switch with its sentence. */
export function toggle({ id, on, label, says, mark = null, flip }) {
  return el(
    "button.toggle",
    { type: "button", role: "switch", "aria-checked": String(on), data: { focus: id }, on: { click: () => flip(!on) } },
    el("span.track", { "aria-hidden": "true" }, el("span.thumb")),
    el("span.words", el("span.name", label, mark && el("span.mark-of", { title: "The provider documents this" }, icon("check"), mark)), el("span.says", says)),
  );
}
